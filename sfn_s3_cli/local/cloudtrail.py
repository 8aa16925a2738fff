"""CloudTrail: what it records of a call to S3, and which trails log that record."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

Record = dict[str, Any]
Selector = Mapping[str, Any]


class ObjectCall(NamedTuple):
    """A call that creates or deletes objects, and how it ended.

    `key` is None for DeleteObjects, which names many. `error` is (code, message) of a failed call.
    """

    name: str
    bucket: str
    key: str | None
    region: str
    time: str
    parameters: Mapping[str, str]
    identity: Mapping[str, Any]
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


class Trail(NamedTuple):
    """A trail as far as it decides what is logged."""

    home_region: str
    multi_region: bool
    logging: bool
    selectors: tuple[Selector, ...]


def record(call: ObjectCall, account: str) -> Record:
    """The record of `call` as `account` gets it; its key is plain, not URL-encoded (CloudTrail User
    Guide, "CloudTrail record contents")."""
    bucket_arn = f"arn:aws:s3:::{call.bucket}"
    key = {} if call.key is None else {"key": call.key}
    objects = "ARNPrefix" if call.key is None else "ARN"
    failure = dict(zip(("errorCode", "errorMessage"), call.error or (), strict=False))
    return {
        "eventVersion": "1.09",
        "userIdentity": dict(call.identity),
        "eventTime": call.time,
        "eventSource": "s3.amazonaws.com",
        "eventName": call.name,
        "awsRegion": call.region,
        "sourceIPAddress": call.source_ip,
        "userAgent": f"[{call.user_agent}]",
        **failure,
        "requestParameters": {
            "bucketName": call.bucket,
            **key,
            **call.parameters,
        },
        "responseElements": dict(call.response) or None,
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
            {"type": "AWS::S3::Object", objects: f"{bucket_arn}/{call.key or ''}"},
            {"accountId": account, "type": "AWS::S3::Bucket", "ARN": bucket_arn},
        ],
        "eventType": call.event_type,
        "managementEvent": False,
        "recipientAccountId": account,
        "eventCategory": "Data",
    }


def logged(record: Record, trails: Iterable[Trail]) -> bool:
    """Whether any of an account's trails logs this record of a data event."""
    return any(
        trail.logging
        and (trail.multi_region or trail.home_region == record["awsRegion"])
        and any(_selects(selector, record) for selector in trail.selectors)
        for trail in trails
    )


def _selects(selector: Selector, record: Record) -> bool:
    if "FieldSelectors" in selector:
        return all(_field_matches(field, record) for field in selector["FieldSelectors"])
    return selector.get("ReadWriteType", "All") in ("All", "WriteOnly") and any(
        _covers(value, record["resources"][0])
        for resource in selector.get("DataResources", [])
        if resource["Type"] == "AWS::S3::Object"
        for value in resource.get("Values", [])
    )


def _covers(value: str, resource: Mapping[str, str]) -> bool:
    """`arn:aws:s3` covers every bucket, `BUCKET-ARN/PREFIX` the keys that start so."""
    if value in ("arn:aws:s3", "arn:aws:s3:::"):
        return True
    return "/" in value and _object_arn(resource).startswith(value)


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "Equals": str.__eq__,
    "StartsWith": str.startswith,
    "EndsWith": str.endswith,
}


def _field_matches(field: Mapping[str, Any], record: Record) -> bool:
    """A field's positive operators are OR-ed, its negative ones AND-ed, and both AND-ed (CloudTrail
    User Guide, "Filtering data events by using advanced event selectors")."""
    observed = _value(field["Field"], record)
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


def _value(field: str, record: Record) -> str | None:
    match field:
        case "resources.type":
            return "AWS::S3::Object"
        case "resources.ARN":
            return _object_arn(record["resources"][0])
        case "readOnly":
            return "true" if record["readOnly"] else "false"
        case "userIdentity.arn":
            arn: str | None = record["userIdentity"].get("arn")
            return arn
        case _:
            value: str | None = record.get(field)
            return value


def _object_arn(resource: Mapping[str, str]) -> str:
    return resource.get("ARN") or resource["ARNPrefix"]
