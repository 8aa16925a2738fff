"""CloudTrail: how it records a call to S3, and which trails log the record."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from sfn_s3_cli.events.cloudtrail import BUCKET_TYPE, EVENT_SOURCE, OBJECT_TYPE, OF_SERVICE
from sfn_s3_cli.json_types import JsonMapping, JsonObject

Record = JsonObject
Selector = JsonMapping


class ObjectCall(NamedTuple):
    """A call that creates or deletes objects, and its result.

    `key` is None for DeleteObjects, which has many. `error` is (code, message) of a failed call.
    """

    name: str
    bucket: str
    key: str | None
    region: str
    time: str
    parameters: Mapping[str, str]
    identity: JsonMapping
    source_ip: str
    user_agent: str
    request_id: str
    extended_request_id: str
    authentication: str
    bytes_in: int
    bytes_out: int
    response: Mapping[str, str]
    error: tuple[str, str] | None = None
    event_type: str = "AwsApiCall"


class TrailSettings(NamedTuple):
    """The settings of a trail that decide what it logs."""

    home_region: str
    is_multi_region: bool
    is_logging: bool
    selectors: tuple[Selector, ...]


def build_record(call: ObjectCall, account: str) -> Record:
    """Build the record of `call` that `account` gets.

    Its key is plain, not URL-encoded (CloudTrail User Guide, "CloudTrail record contents"). That of
    one object of a batch deletion names it only by its ARN, as service events have no parameters
    (CloudTrail User Guide, "AWS service events").
    """
    bucket_arn = f"arn:aws:s3:::{call.bucket}"
    key = {} if call.key is None else {"key": call.key}
    of_service = call.event_type == OF_SERVICE
    parameters = {"bucketName": call.bucket, **key, **call.parameters}
    arn_field = "ARNPrefix" if call.key is None else "ARN"
    failure = dict(zip(("errorCode", "errorMessage"), call.error or (), strict=False))
    return {
        "eventVersion": "1.09",
        "userIdentity": dict(call.identity),
        "eventTime": call.time,
        "eventSource": EVENT_SOURCE,
        "eventName": call.name,
        "awsRegion": call.region,
        "sourceIPAddress": call.source_ip,
        "userAgent": f"[{call.user_agent}]",
        **failure,
        "requestParameters": None if of_service else parameters,
        "responseElements": None if of_service else dict(call.response) or None,
        "additionalEventData": {
            "SignatureVersion": "SigV4",
            "CipherSuite": "ECDHE-RSA-AES128-GCM-SHA256",
            "bytesTransferredIn": call.bytes_in,
            "AuthenticationMethod": call.authentication,
            "x-amz-id-2": call.extended_request_id,
            "bytesTransferredOut": call.bytes_out,
        },
        "requestID": call.request_id,
        "eventID": str(uuid.uuid4()),
        "readOnly": False,
        "resources": [
            {"type": OBJECT_TYPE, arn_field: f"{bucket_arn}/{call.key or ''}"},
            {"accountId": account, "type": BUCKET_TYPE, "ARN": bucket_arn},
        ],
        "eventType": call.event_type,
        "managementEvent": False,
        "recipientAccountId": account,
        "eventCategory": "Data",
    }


def is_logged(record: Record, trails: Iterable[TrailSettings]) -> bool:
    """Whether any of an account's trails logs this record of a data event."""
    return any(
        trail.is_logging
        and (trail.is_multi_region or trail.home_region == record["awsRegion"])
        and any(_selects(selector, record) for selector in trail.selectors)
        for trail in trails
    )


def _selects(selector: Selector, record: Record) -> bool:
    if "FieldSelectors" in selector:
        return all(_field_matches(field, record) for field in selector["FieldSelectors"])
    return selector.get("ReadWriteType", "All") in ("All", "WriteOnly") and any(
        _covers(value, record["resources"][0])
        for resource in selector.get("DataResources", [])
        if resource["Type"] == OBJECT_TYPE
        for value in resource.get("Values", [])
    )


def _covers(value: str, resource: Mapping[str, str]) -> bool:
    """Whether a value covers the object: `arn:aws:s3`, or `BUCKET-ARN/PREFIX` of the object."""
    if value in ("arn:aws:s3", "arn:aws:s3:::"):
        return True
    return "/" in value and _read_arn(resource).startswith(value)


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "Equals": str.__eq__,
    "StartsWith": str.startswith,
    "EndsWith": str.endswith,
}


def _field_matches(field: JsonMapping, record: Record) -> bool:
    """Whether one of the positive operators matches, and all of the negative ones do.

    CloudTrail User Guide, "Filtering data events by using advanced event selectors".
    """
    observed = _read_field(field["Field"], record)
    positive = [
        observed is not None and test(observed, value)
        for name, test in _OPERATORS.items()
        for value in field.get(name, [])
    ]
    negative = [
        observed is None or not test(observed, value)
        for name, test in _OPERATORS.items()
        for value in field.get(f"Not{name}", [])
    ]
    return (any(positive) or not positive) and all(negative)


def _read_field(field: str, record: Record) -> str | None:
    match field:
        case "resources.type":
            return OBJECT_TYPE
        case "resources.ARN":
            return _read_arn(record["resources"][0])
        case "readOnly":
            return "true" if record["readOnly"] else "false"
        case "userIdentity.arn":
            arn: str | None = record["userIdentity"].get("arn")
            return arn
        case _:
            value: str | None = record.get(field)
            return value


def _read_arn(resource: Mapping[str, str]) -> str:
    return resource.get("ARN") or resource["ARNPrefix"]
