"""Which object an execution's input is about."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import EVENTS, needs_samples

from sfn_s3_cli.events.reader import read_object, read_object_text
from sfn_s3_cli.events.s3_object import S3Object

CLOUDTRAIL: dict[str, Any] = {
    "detail-type": "AWS API Call via CloudTrail",
    "source": "aws.s3",
    "time": "2026-01-02T12:00:00Z",
    "detail": {
        "eventName": "PutObject",
        "sourceIPAddress": "203.0.113.9",
        "userIdentity": {
            "type": "IAMUser",
            "arn": "arn:aws:iam::123456789012:user/alice",
            "userName": "alice",
        },
        "requestParameters": {"bucketName": "acme", "key": "in/a+b%20c.json"},
        "responseElements": {"x-amz-version-id": "v1"},
        "additionalEventData": {"bytesTransferredIn": 1400.0},
    },
}

S3: dict[str, Any] = {
    "detail-type": "Object Created",
    "source": "aws.s3",
    "time": "2026-01-02T12:00:00Z",
    "detail": {
        "bucket": {"name": "acme"},
        "object": {"key": "in/a+b%20c.json", "size": 5, "etag": "e1", "version-id": "v1"},
        "requester": "123456789012",
        "source-ip-address": "203.0.113.9",
        "reason": "CopyObject",
    },
}

NORMALISED: dict[str, Any] = {
    "bucket": "acme",
    "object": {"key": "in/a+b%20c.json"},
    "event": "CopyObject",
    "time": "2026-01-02T12:00:00Z",
    "via": "s3",
}


def read_changed(**changes: Any) -> S3Object:
    event = deepcopy(CLOUDTRAIL)
    event["detail"] |= changes
    found = read_object(event)
    assert found
    return found


def test_cloudtrail_event_is_read() -> None:
    assert read_object(CLOUDTRAIL) == S3Object(
        bucket="acme",
        key="in/a+b%20c.json",
        event="PutObject",
        time="2026-01-02T12:00:00Z",
        via="cloudtrail",
        size=1400,
        version_id="v1",
        requester="alice",
        source_ip="203.0.113.9",
    )


def test_s3_event_is_read() -> None:
    assert read_object(S3) == S3Object(
        bucket="acme",
        key="in/a+b%20c.json",
        event="CopyObject",
        time="2026-01-02T12:00:00Z",
        via="s3",
        size=5,
        etag="e1",
        version_id="v1",
        requester="123456789012",
        source_ip="203.0.113.9",
    )


def test_s3_event_without_reason_has_its_type() -> None:
    detail = {"bucket": {"name": "acme"}, "object": {"key": "a"}}
    event = S3 | {"detail-type": "Object Tags Added", "detail": detail}
    assert read_object(event) == S3Object(
        "acme", "a", "Object Tags Added", "2026-01-02T12:00:00Z", "s3"
    )


OF_NORMALISED = S3Object("acme", "in/a+b%20c.json", "CopyObject", "2026-01-02T12:00:00Z", "s3")


def test_normalised_input_is_read() -> None:
    assert read_object(NORMALISED) == OF_NORMALISED
    attributes = {**NORMALISED["object"], "size": 0, "etag": "e1", "version-id": "v1"}
    assert read_object(NORMALISED | {"object": attributes}) == replace(
        OF_NORMALISED, size=0, etag="e1", version_id="v1"
    )


@pytest.mark.parametrize("via", ["cloudtrail", "another"])
def test_what_an_uploader_names_like_a_field_is_not_read(via: str) -> None:
    """The parameters of a request have any names."""
    parameters = {"key": "a", "size": 7, "etag": "e", "version-id": "v", "": 8}
    found = read_object(NORMALISED | {"object": parameters, "via": via})
    assert found == replace(OF_NORMALISED, key="a", via=via)


def test_document_leaves_out_unknown_values() -> None:
    assert replace(OF_NORMALISED, size=0).document() == {
        "bucket": "acme",
        "key": "in/a+b%20c.json",
        "event": "CopyObject",
        "time": "2026-01-02T12:00:00Z",
        "via": "s3",
        "size": 0,
    }


@pytest.mark.parametrize(
    ("identity", "requester"),
    [
        (
            {
                "type": "AssumedRole",
                "arn": "arn:aws:sts::123456789012:assumed-role/loader/nightly",
                "invokedBy": "glue.amazonaws.com",
            },
            "loader/nightly",
        ),
        ({"type": "AWSService", "invokedBy": "s3.amazonaws.com"}, "s3.amazonaws.com"),
        ({"type": "Root", "arn": "arn:aws:iam::123456789012:root"}, "root"),
        ({"type": "AWSAccount", "accountId": "210987654321"}, "210987654321"),
        ({"type": "Unknown"}, None),
    ],
)
def test_requester_has_a_short_name(identity: dict[str, str], requester: str | None) -> None:
    assert read_changed(userIdentity=identity).requester == requester


def test_only_a_put_transfers_the_size_of_the_object() -> None:
    assert read_changed(eventName="CompleteMultipartUpload").size is None
    assert read_changed(eventName="CopyObject").size is None


@pytest.mark.parametrize("size", [True, "5", 5.5, float("nan"), float("inf"), None])
def test_strange_size_is_unknown(size: object) -> None:
    assert read_changed(additionalEventData={"bytesTransferredIn": size}).size is None


@pytest.mark.parametrize(
    "parameters", [None, {"bucketName": "acme"}, {"bucketName": "acme", "key": "in/a:::b.json"}]
)
def test_record_of_a_batch_is_read_from_its_arn(parameters: dict[str, str] | None) -> None:
    event = deepcopy(CLOUDTRAIL) | {"detail-type": "AWS Service Event via CloudTrail"}
    event["detail"] |= {
        "eventName": "DeleteObject",
        "eventType": "AwsServiceEvent",
        "requestParameters": parameters,
        "resources": [
            {"type": "AWS::S3::Bucket", "ARN": "arn:aws-cn:s3:::acme"},
            {"type": "AWS::S3::Object", "ARN": "arn:aws-cn:s3:::acme/in/a:::b.json"},
        ],
    }
    found = read_object(event)
    assert found
    assert (found.bucket, found.key, found.event) == ("acme", "in/a:::b.json", "DeleteObject")


def test_call_of_delete_objects_has_no_object() -> None:
    event = deepcopy(CLOUDTRAIL)
    event["detail"]["requestParameters"] = {"bucketName": "acme", "delete": ""}
    event["detail"]["resources"] = [
        {"type": "AWS::S3::Object", "ARNPrefix": "arn:aws:s3:::acme/"},
        {"type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::acme"},
    ]
    assert read_object(event) is None


@pytest.mark.parametrize(
    "text", [None, "", "{}", "[1]", "nonsense", '{"key": "a"}', "[" * 100_000, "9" * 5000]
)
def test_other_input_has_no_object(text: str | None) -> None:
    assert read_object_text(text) is None


def test_object_is_read_from_text() -> None:
    assert read_object_text(json.dumps(S3)) == read_object(S3)


@needs_samples
def test_real_events_are_read() -> None:
    of_cloudtrail = read_object_text((EVENTS / "cloudtrail-put-object.json").read_text())
    of_s3 = read_object_text((EVENTS / "s3-object-created.json").read_text())
    assert of_cloudtrail
    assert of_s3
    assert of_cloudtrail.document() == {
        "bucket": "acme-orders-dev",
        "key": "sample1.json",
        "event": "PutObject",
        "time": "2020-05-08T08:37:38Z",
        "via": "cloudtrail",
        "size": 1400,
        "requester": "alice@example.com",
        "source_ip": "203.0.113.9",
    }
    assert of_s3.document() == {
        "bucket": "acme-orders-dev",
        "key": "sample1.json",
        "event": "PutObject",
        "time": "2021-11-12T00:00:00Z",
        "via": "s3",
        "size": 1400,
        "etag": "b1946ac92492d2347c6235b4d2611184",
        "version_id": "IYV3p45BT0ac8hjHg1houSdS1a.Mro8e",
        "requester": "123456789012",
        "source_ip": "203.0.113.9",
    }


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def list_paths(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value within a JSON document."""
    keys = list(document) if isinstance(document, dict) else []
    return [path] + [inner for key in keys for inner in list_paths(document[key], (*path, key))]


@st.composite
def damaged_events(draw: st.DrawFn) -> Any:
    """An event with up to three of its values replaced by anything."""
    event: Any = deepcopy(draw(st.sampled_from([CLOUDTRAIL, S3, NORMALISED])))
    for _ in range(draw(st.integers(1, 3))):
        *path, last = draw(st.sampled_from(list_paths(event)[1:]))
        inner = event
        for key in path:
            inner = inner[key]
        inner[last] = draw(ANYTHING)
    return event


@given(ANYTHING | damaged_events())
def test_no_document_makes_the_reader_raise(document: object) -> None:
    found = read_object(document)
    if found is not None:
        assert read_object_text(json.dumps(document)) == found
        assert all(isinstance(value, str | int) for value in found.document().values())
