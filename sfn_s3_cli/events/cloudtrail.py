"""CloudTrail: a trail records the calls to S3, and each record reaches EventBridge as an event."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sfn_s3_cli.documents.shape import open_fields, plain_fields
from sfn_s3_cli.events.envelope import AWS_S3, SAMPLE_ID, SAMPLE_TIME, wrap
from sfn_s3_cli.events.keys import match_arn, match_key
from sfn_s3_cli.events.s3_object import S3Object, as_size, as_text
from sfn_s3_cli.events.source import Gap
from sfn_s3_cli.iam.names import NO_TRAIL, OWN_TRAIL

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sfn_s3_cli.documents.shape import Shape
    from sfn_s3_cli.events.source import Upload
    from sfn_s3_cli.events.trigger import Trigger
    from sfn_s3_cli.json_types import JsonObject

VIA = "cloudtrail"
TITLE = "CloudTrail"
SUMMARY = "a trail: best effort, but says who uploaded and leaves the bucket alone"
# Selectors are eventually consistent, and events arrive within an average of about five minutes:
# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/how-cloudtrail-works.html
STARTS_WITHIN = timedelta(minutes=15)
ARRIVES_WITHIN = timedelta(minutes=10)
DELAY_NOTE = "CloudTrail delivers an event some seconds to a few minutes after the upload."
IS_SUGGESTED = False  # each event costs money
REPORTS_EVERY_DELETION = True

API_CALL = "AWS API Call via CloudTrail"
SERVICE_EVENT = "AWS Service Event via CloudTrail"
EVENT_SOURCE = "s3.amazonaws.com"
OF_SERVICE = "AwsServiceEvent"
"""The `eventType` of the records of a batch deletion."""
OBJECT_TYPE, BUCKET_TYPE = "AWS::S3::Object", "AWS::S3::Bucket"

# The calls that create or delete an object. Parts of a multipart upload create none. The record of
# DeleteObjects names no keys, but each object has a record too, which is called DeleteObject
# (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html).
CALLS: Mapping[str, tuple[str, ...]] = {
    "created": ("PutObject", "CopyObject", "CompleteMultipartUpload", "PostObject"),
    "deleted": ("DeleteObject",),
}
EVENT_FIELD, EVENT_VALUES = "detail.eventName", CALLS

FIELDS: Mapping[str, str] = {
    "bucket": "detail.requestParameters.bucketName",
    "key": "detail.requestParameters.key",
    "event": "detail.eventName",
    "requester": "detail.userIdentity.arn",
    "source_ip": "detail.sourceIPAddress",
    "version_id": "detail.responseElements.x-amz-version-id",
    "request_id": "detail.requestID",
    "time": "detail.eventTime",
    "region": "detail.awsRegion",
}

OBJECT = "detail.requestParameters"

# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
_RECORD: Mapping[str, Shape] = {
    **plain_fields(
        "eventVersion eventTime eventSource eventName awsRegion sourceIPAddress userAgent errorCode"
        " errorMessage requestID eventID eventType apiVersion managementEvent readOnly"
        " recipientAccountId sharedEventID vpcEndpointId vpcEndpointAccountId eventCategory"
        " sessionCredentialFromConsole"
    ),
    **open_fields(
        "userIdentity requestParameters responseElements additionalEventData resources tlsDetails"
        " serviceEventDetails addendum edgeDeviceDetails insightDetails eventContext"
    ),
}


def describe_way(trail: str | None) -> tuple[str, ...]:
    """Name the trail that logs the bucket's data events.

    >>> describe_way("none")
    ('CloudTrail', 'a trail of others logs the events')
    """
    if trail == NO_TRAIL:
        return ("CloudTrail", "a trail of others logs the events")
    return (f"CloudTrail trail {trail or OWN_TRAIL}", "logs data events of the bucket")


def build_pattern(bucket: str, trigger: Trigger, partition: str) -> JsonObject:
    """Build the event pattern that matches the trigger's events.

    Failed calls cause events too, hence the condition on `errorCode`
    (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html).
    """
    call = {
        "eventName": _list_calls(trigger),
        "requestParameters": {"bucketName": [bucket], **match_key(trigger)},
    }
    every = {"eventSource": [EVENT_SOURCE], "errorCode": [{"exists": False}]}
    if not matches_batches(trigger):
        return {"source": [AWS_S3], "detail-type": [API_CALL], "detail": {**every, **call}}
    in_batch = {
        "eventName": [*CALLS["deleted"]],
        "eventType": [OF_SERVICE],
        "resources": match_arn(f"arn:{partition}:s3:::{bucket}", trigger),
    }
    by_itself = {"eventType": [{"anything-but": OF_SERVICE}], **call}
    return {
        "source": [AWS_S3],
        "detail-type": [API_CALL, SERVICE_EVENT],
        "detail": {**every, "$or": [by_itself, in_batch]},
    }


def matches_batches(trigger: Trigger) -> bool:
    """Whether the objects of a batch deletion start executions.

    Their records may name the object only by its ARN, where no input transformer finds the key.
    """
    return "deleted" in trigger.events and trigger.input == "event"


def build_samples(bucket: str, key: str, trigger: Trigger, partition: str) -> list[JsonObject]:
    """Build an event of each form that the trigger asks for, with the fields of patterns."""
    parameters = {"bucketName": bucket, "key": key}
    calls = [
        wrap(API_CALL, _build_record(CALLS[event][0], "AwsApiCall", requestParameters=parameters))
        for event in trigger.events
    ]
    arn = f"arn:{partition}:s3:::{bucket}"
    resources = [{"type": OBJECT_TYPE, "ARN": f"{arn}/{key}"}, {"type": BUCKET_TYPE, "ARN": arn}]
    in_batch = _build_record(CALLS["deleted"][0], OF_SERVICE, resources=resources)
    return [*calls, wrap(SERVICE_EVENT, in_batch)] if matches_batches(trigger) else calls


def _build_record(call: str, event_type: str, **more: object) -> JsonObject:
    return {"eventSource": EVENT_SOURCE, "eventName": call, "eventType": event_type, **more}


def build_event(upload: Upload) -> JsonObject:
    """Build the event of a call that uploads or deletes the object, with the documented fields.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
    """
    is_created = upload.event == "created"
    version = {"x-amz-version-id": upload.version_id} if upload.version_id else {}
    encryption = {"x-amz-server-side-encryption": "AES256"} if is_created else {}
    arn = f"arn:{upload.partition}:s3:::{upload.bucket}"
    record: JsonObject = {
        "eventVersion": "1.09",
        "userIdentity": _build_identity(upload),
        "eventTime": SAMPLE_TIME,
        "eventSource": EVENT_SOURCE,
        "eventName": CALLS[upload.event][0],
        "awsRegion": upload.region,
        "sourceIPAddress": "203.0.113.9",
        "userAgent": "[aws-cli/2.15.0]",
        "requestParameters": {
            "bucketName": upload.bucket,
            "Host": f"{upload.bucket}.s3.{upload.region}.amazonaws.com",
            "key": upload.key,
        },
        "responseElements": {**encryption, **version} or None,
        "additionalEventData": {
            "SignatureVersion": "SigV4",
            "CipherSuite": "TLS_AES_128_GCM_SHA256",
            "bytesTransferredIn": upload.size if is_created else 0,
            "AuthenticationMethod": "AuthHeader",
            "x-amz-id-2": "EXAMPLEx2id",
            "bytesTransferredOut": 0,
        },
        "requestID": "5892AC19E7992AA1",
        "eventID": SAMPLE_ID,
        "readOnly": False,
        "resources": [
            {"type": OBJECT_TYPE, "ARN": f"{arn}/{upload.key}"},
            {"accountId": upload.account, "type": BUCKET_TYPE, "ARN": arn},
        ],
        "eventType": "AwsApiCall",
        "managementEvent": False,
        "recipientAccountId": upload.account,
        "eventCategory": "Data",
    }
    event = wrap(API_CALL, record)
    return {**event, "account": upload.account, "region": upload.region}


def _build_identity(upload: Upload) -> JsonObject:
    return {
        "type": "IAMUser",
        "principalId": "AIDAEXAMPLEPRINCIPAL1",
        "arn": f"arn:{upload.partition}:iam::{upload.account}:user/alice",
        "accountId": upload.account,
        "accessKeyId": "AKIAEXAMPLEACCESSKEY",
        "userName": "alice",
    }


def describe_detail(_events: Collection[str]) -> Mapping[str, Shape]:
    """Describe the fields that `detail` can have: those of a record."""
    return _RECORD


def find_missed(trigger: Trigger) -> str:
    """Say which events the trigger asks for that start no execution; empty if all do."""
    if "deleted" not in trigger.events or matches_batches(trigger):
        return ""
    return (
        f"batch deletions, such as those of the S3 console, start no execution: with"
        f" `input: {trigger.input}` EventBridge cannot insert the key from their records"
    )


def list_gaps(trigger: Trigger) -> Sequence[Gap]:
    """List the fields that some of the trigger's events lack: what was sent with the request."""
    remedy = (
        "test whether it exists; if not, take the key from the ARN in `detail.resources`,"
        " or use `via: s3`"
    )
    gap = Gap(OBJECT, "the record of a batch deletion", remedy)
    return (gap,) if matches_batches(trigger) else ()


def read_object(event: Mapping[str, object]) -> S3Object | None:
    """Read the object from an event; None if CloudTrail did not send it."""
    match event:
        case {
            "detail-type": detail_type,
            "time": str(time),
            "detail": {"eventName": str(name), **record},
        } if detail_type in (API_CALL, SERVICE_EVENT) and (address := _read_address(record)):
            return S3Object(
                *address,
                event=name,
                time=time,
                via=VIA,
                size=_read_size(name, record),
                version_id=_read_version(record),
                requester=_read_requester(record.get("userIdentity")),
                source_ip=as_text(record.get("sourceIPAddress")),
            )
    return None


def _read_address(record: Mapping[object, object]) -> tuple[str, str] | None:
    """Read bucket and key. The record of a batch deletion may name its object only by its ARN."""
    match record.get("requestParameters"):
        case {"bucketName": str(bucket), "key": str(key)}:
            return bucket, key
    resources = record.get("resources")
    for resource in resources if isinstance(resources, list) else []:
        match resource:
            case {"type": kind, "ARN": str(arn)} if kind == OBJECT_TYPE:
                bucket, _, key = arn.partition(":::")[2].partition("/")
                return (bucket, key) if key else None
    return None


def _read_size(call: str, record: Mapping[object, object]) -> int | None:
    """Read the object's size: of the calls, only a PutObject transfers the whole object."""
    match record.get("additionalEventData"):
        case {"bytesTransferredIn": received} if call == "PutObject":
            return as_size(received)
    return None


def _read_version(record: Mapping[object, object]) -> str | None:
    match record.get("responseElements"):
        case {"x-amz-version-id": version}:
            return as_text(version)
    return None


def _read_requester(identity: object) -> str | None:
    """Read the user's name, else `role/session`, the calling service or the account."""
    match identity:
        case {"userName": str(name)}:
            return name
        case {"arn": str(arn)}:
            return arn.split(":", 5)[-1].removeprefix("assumed-role/")
        case {"invokedBy": str(name)} | {"accountId": str(name)}:
            return name
    return None


def build_advanced_selector(name: str, bucket_arn: str, trigger: Trigger) -> JsonObject:
    """Build the selector that makes a trail log the trigger's events, and no others: they cost.

    Its fields are sorted by name. The calls imply `readOnly`, and a trail has 500 values at most. A
    selector cannot combine prefixes with suffixes; the rule checks the suffixes (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html).
    """
    return {
        "Name": name,
        "FieldSelectors": [
            {"Field": "eventCategory", "Equals": ["Data"]},
            {"Field": "eventName", "Equals": _list_calls(trigger)},
            {"Field": "resources.ARN", "StartsWith": _list_arns(bucket_arn, trigger)},
            {"Field": "resources.type", "Equals": [OBJECT_TYPE]},
        ],
    }


def build_basic_selector(bucket_arn: str, trigger: Trigger) -> JsonObject:
    """Build the same for a trail with basic selectors, which cannot select by event name."""
    return {
        "ReadWriteType": "WriteOnly",
        "IncludeManagementEvents": False,
        "DataResources": [{"Type": OBJECT_TYPE, "Values": _list_arns(bucket_arn, trigger)}],
        "ExcludeManagementEventSources": [],
    }


def _list_calls(trigger: Trigger) -> list[str]:
    return [call for event in trigger.events for call in CALLS[event]]


def _list_arns(bucket_arn: str, trigger: Trigger) -> list[str]:
    return [f"{bucket_arn}/{prefix}" for prefix in trigger.prefix or ("",)]
