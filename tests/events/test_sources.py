"""Each source as a whole, and a made-up one: what a new source needs to work everywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from string import ascii_lowercase
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import EVENTS, needs_samples

from sfn_s3_cli import fit
from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.config.schema import Pipeline, Trigger, json_schema
from sfn_s3_cli.events import SOURCES, samples
from sfn_s3_cli.events.envelope import wrap
from sfn_s3_cli.events.execution_input import describe_input
from sfn_s3_cli.events.normalised import build_input, build_transformer
from sfn_s3_cli.events.overlap import find_common
from sfn_s3_cli.events.pattern import build_pattern
from sfn_s3_cli.events.reader import read_object
from sfn_s3_cli.events.s3_object import S3Object
from sfn_s3_cli.events.source import Upload

REAL_EVENTS = {"cloudtrail": "cloudtrail-put-object", "s3": "s3-object-created"}
AFFIXES = st.lists(st.text("ab/{.", min_size=1, max_size=3), max_size=3, unique=True).map(tuple)
LETTERS = tuple(ascii_lowercase)
NEEDED = {"id", "account", "source", "time", "region", "resources", "detail-type"}
"""The fields that TestEventPattern requires."""

each_source = pytest.mark.parametrize("via", SOURCES)


def list_fields(value: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every field of an event, at any depth."""
    yield path
    for key, inside in value.items() if isinstance(value, dict) else ():
        yield from list_fields(inside, (*path, key))


def find_unknown(event: object, trigger: Trigger) -> list[tuple[str, ...]]:
    """The fields of an event that the trigger's input is not known to have."""
    given = describe_input(trigger)
    return [field for field in list_fields(event) if given.find_missing(field) is not None]


def test_editors_suggest_exactly_the_sources() -> None:
    via = json_schema()["$defs"]["Trigger"]["properties"]["via"]
    assert via["anyOf"][0]["enum"] == [*SOURCES]


@each_source
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    events=st.sampled_from([("created",), ("deleted",), ("created", "deleted")]),
    prefix=AFFIXES,
    suffix=AFFIXES,
)
def test_pattern_matches_only_the_matching_sample(
    aws: Aws, via: Any, events: Any, prefix: tuple[str, ...], suffix: tuple[str, ...]
) -> None:
    trigger = Trigger(via=via, events=events, prefix=prefix, suffix=suffix)
    pattern = json.dumps(build_pattern("acme", trigger, "aws"))
    for build, is_match in ((samples.build_matching, True), (samples.build_other, False)):
        for event in build("acme", trigger, "aws"):
            assert event.keys() >= NEEDED
            answer = aws.events.test_event_pattern(EventPattern=pattern, Event=json.dumps(event))
            assert answer["Result"] is is_match, event


@pytest.mark.parametrize(
    "trigger", [Trigger(via="s3", prefix=LETTERS), Trigger(via="s3", suffix=LETTERS)]
)
def test_there_is_always_a_key_that_does_not_match(trigger: Trigger) -> None:
    [event] = samples.build_other("acme", trigger, "aws")
    assert event["detail"]["object"]["key"] == "{"


@each_source
@pytest.mark.parametrize("event", ["created", "deleted"])
def test_source_reads_its_own_samples(via: Any, event: Any) -> None:
    trigger = Trigger(via=via, events=(event,))
    for sample in SOURCES[via].build_samples("acme", "in/a.json", trigger, "aws"):
        found = SOURCES[via].read_object(sample)
        assert found
        assert (found.bucket, found.key, found.via) == ("acme", "in/a.json", via)
        assert read_object(sample) == found
        assert [each for each in SOURCES if SOURCES[each].read_object(sample)] == [via]


@each_source
@pytest.mark.parametrize("event", ["created", "deleted"])
def test_source_knows_the_fields_of_its_sample(via: Any, event: Any) -> None:
    trigger = Trigger(via=via, events=(event,))
    for sample in samples.build_matching("acme", trigger, "aws"):
        assert find_unknown(sample, trigger) == []


@each_source
@needs_samples
def test_source_knows_the_fields_of_a_real_event(via: Any) -> None:
    event = json.loads((EVENTS / f"{REAL_EVENTS[via]}.json").read_text())
    assert len(list(list_fields(event))) > 20
    assert find_unknown(event, Trigger(via=via)) == []


@each_source
def test_source_can_have_the_fields_it_shares(via: Any) -> None:
    given = describe_input(Trigger(via=via))
    for path in SOURCES[via].FIELDS.values():
        assert given.find_missing(tuple(path.split("."))) is None, path


def build_made_up_pattern(bucket: str, *_: Any) -> dict[str, Any]:
    return {"source": ["aws.s3"], "detail": {"file": {"in": [bucket]}}}


def build_made_up_samples(bucket: str, key: str, *_: Any) -> list[dict[str, Any]]:
    return [wrap("Object Mirrored", {"file": {"in": bucket, "key": key}})]


def read_made_up_object(event: Any) -> S3Object | None:
    match event:
        case {"time": time, "detail": {"file": {"in": bucket, "key": key}}}:
            return S3Object(bucket, key, "mirrored", time, "mirror")
    return None


MIRROR: Any = SimpleNamespace(
    VIA="mirror",
    SUMMARY="a mirror of the bucket",
    DELAY_NOTE="The mirror needs a moment.",
    FIELDS={"bucket": "detail.file.in", "key": "detail.file.key", "event": "detail-type"},
    EVENT_FIELD="detail-type",
    EVENT_VALUES={"created": ("File Made",), "deleted": ("File Gone",)},
    OBJECT="detail.file",
    IS_SUGGESTED=False,
    REPORTS_EVERY_DELETION=False,
    build_pattern=build_made_up_pattern,
    build_samples=build_made_up_samples,
    build_event=lambda upload: build_made_up_samples(upload.bucket, upload.key)[0],
    read_object=read_made_up_object,
    describe_detail=lambda _events: {"file": {"in": {}, "key": {}}},
    find_missed=lambda _trigger: "",
    list_gaps=lambda _trigger: (),
)


@pytest.fixture
def mirror(monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    """A pipeline whose trigger uses the made-up source."""
    monkeypatch.setitem(SOURCES, MIRROR.VIA, MIRROR)
    settings = {"name": "orders", "bucket": "acme", "state_machine": {"definition": "a.json"}}
    return Pipeline.model_validate({**settings, "trigger": {"via": MIRROR.VIA}})


def test_new_source_matches_and_reads_its_events(aws: Aws, mirror: Pipeline) -> None:
    pattern = json.dumps(build_pattern("acme", mirror.trigger, "aws"))
    for build, is_match in ((samples.build_matching, True), (samples.build_other, False)):
        [event] = build("acme", mirror.trigger, "aws")
        answer = aws.events.test_event_pattern(EventPattern=pattern, Event=json.dumps(event))
        assert answer["Result"] is is_match
        assert read_object(event) == read_made_up_object(event)
        assert find_unknown(event, mirror.trigger) == []


def test_new_source_is_compared_with_others(mirror: Pipeline) -> None:
    one, by_s3 = (
        build_pattern("acme", Trigger.model_validate({"via": via, "prefix": prefix}), "aws")
        for via, prefix in (("mirror", ""), ("s3", "in/"))
    )
    assert mirror.trigger.via == "mirror"
    assert [str(each.keys) for each in find_common(one, by_s3)] == ["in/*"]


def test_new_source_gives_the_normalised_input(mirror: Pipeline) -> None:
    as_object = mirror.trigger.model_copy(update={"input": "object"})
    assert build_transformer("acme", as_object) == {
        "InputPathsMap": {"object": "$.detail.file", "event": "$.detail-type", "time": "$.time"},
        "InputTemplate": (
            '{"bucket": "acme", "object": <object>, "event": <event>, "time": <time>,'
            ' "via": "mirror"}'
        ),
    }


def test_new_source_starts_test_cases(mirror: Pipeline) -> None:
    upload = Upload("acme", "a.json", "created", 1, "", None, "aws", "123456789012", "eu-west-1")
    event = SOURCES[MIRROR.VIA].build_event(upload)
    as_object = mirror.trigger.model_copy(update={"input": "object"})
    assert build_input(event, "acme", as_object) == {
        "bucket": "acme",
        "object": {"in": "acme", "key": "a.json"},
        "event": "Object Mirrored",
        "time": event["time"],
        "via": "mirror",
    }
    assert build_input(event, "acme", mirror.trigger) == event


def test_new_source_is_checked_against_the_definition(mirror: Pipeline) -> None:
    parameters = {"Bucket.$": "$.detail.file.in", "Key.$": "$.detail.object.key", "Body": "x"}
    put = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:s3:putObject",
        "Parameters": parameters,
        "End": True,
    }
    definition = {"StartAt": "Put", "States": {"Put": put}}
    fields, loop = fit.check_definition(mirror, definition)
    assert (fields.code, fields.message, fields.remedy) == (
        "EVENT_FIELD",
        (
            "the state 'Put' reads `$.detail.object.key`,"
            " but the event of `via: mirror` has no `detail.object`"
        ),
        "read `$.detail.file.key`",
    )
    assert (loop.code, loop.severity) == ("ENDLESS_LOOP", "error")
