"""Events that are made of an object look like those of AWS."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import EVENTS, needs_samples

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.config.schema import Trigger
from sfn_s3_cli.events import SOURCES, normalised
from sfn_s3_cli.events.execution_input import describe_input
from sfn_s3_cli.events.pattern import build_pattern
from sfn_s3_cli.events.reader import read_object
from sfn_s3_cli.events.source import Upload

each_source = pytest.mark.parametrize("via", SOURCES)
REAL = {"cloudtrail": "cloudtrail-put-object", "s3": "s3-object-created"}
OF_ITS_REQUEST = {"x-amz-acl", "x-amz-storage-class", "sessionContext"}
"""What the sample has because of how its object was uploaded, besides the query of its URL."""


def make_upload(**changes: Any) -> Upload:
    upload = Upload(
        *("acme-orders-dev", "sample1.json", "created", 1400, "b1946ac92492d2347c6235b4d2611184"),
        version_id="IYV3p45BT0ac8hjHg1houSdS1a.Mro8e",
        partition="aws",
        account="123456789012",
        region="eu-west-1",
    )
    return upload._replace(**changes)


def list_fields(value: object, path: str = "") -> Iterator[str]:
    for key, inside in value.items() if isinstance(value, dict) else ():
        yield f"{path}.{key}"
        yield from list_fields(inside, f"{path}.{key}")


@each_source
@needs_samples
def test_it_has_the_fields_of_a_real_event(via: str) -> None:
    real = json.loads((EVENTS / f"{REAL[via]}.json").read_text())
    built = SOURCES[via].build_event(make_upload())
    missing = {*list_fields(real)} - {*list_fields(built)}
    assert [
        each
        for each in missing
        if not OF_ITS_REQUEST.intersection(each.split(".")) and ".X-Amz-" not in each
    ] == []
    shared = ("source", "detail-type", "region", "account", "resources")
    assert [built[name] for name in shared] == [real[name] for name in shared]


@each_source
@pytest.mark.parametrize("version_id", [None, "v1"])
@pytest.mark.parametrize("event", ["created", "deleted"])
def test_it_is_what_the_trigger_matches_and_reads(
    aws: Aws, via: Any, event: Any, version_id: str | None
) -> None:
    trigger = Trigger(via=via, events=(event,), prefix=("in/",))
    upload = make_upload(bucket="acme", key='in/"<a>ü', event=event, version_id=version_id)
    built = SOURCES[via].build_event(upload)
    pattern = json.dumps(build_pattern("acme", trigger, "aws"))
    answer = aws.events.test_event_pattern(EventPattern=pattern, Event=json.dumps(built))
    assert answer["Result"]
    found = read_object(built)
    assert found
    assert (found.bucket, found.key, found.via, found.version_id) == (
        *("acme", upload.key, via),
        version_id,
    )
    assert found.size == (1400 if event == "created" else None)
    given_input = describe_input(trigger)
    assert [
        each for each in list_fields(built) if given_input.find_missing((*each[1:].split("."),))
    ] == []


@each_source
@given(key=st.text(min_size=1, max_size=20))
def test_the_normalised_input_holds_any_key(via: Any, key: str) -> None:
    trigger = Trigger(via=via, input="object")
    event = SOURCES[via].build_event(make_upload(bucket="acme", key=key))
    document = normalised.build_input(event, "acme", trigger)
    assert document["object"]["key"] == key
    found = read_object(document)
    assert found
    assert (found.bucket, found.key, found.event) == ("acme", key, "PutObject")


def test_an_event_without_a_field_is_refused() -> None:
    trigger = Trigger(via="s3", input="object")
    with pytest.raises(ValueError, match=r"the event has no `detail\.reason`"):
        normalised.build_input({"detail": {"object": {}}}, "acme", trigger)
