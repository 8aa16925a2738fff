"""CloudTrail: the conditions for a new trail, its tags, and whether it can write."""

from __future__ import annotations

import json
from functools import partial
from http import HTTPStatus

from sfn_s3_cli.local import policies
from sfn_s3_cli.local.internals import (
    CLOUDTRAIL,
    RESPONSES,
    S3,
    Action,
    Answer,
    Request,
    refuse,
    respond,
)

_TRAILS_PER_REGION = 5
_NO_BUCKET = "S3BucketDoesNotExistException"
_DATA_RESOURCES, _VALUES = 250, 500


def install() -> None:
    """Makes trails behave as on AWS."""
    actions = CLOUDTRAIL["_DISPATCH"]
    actions["CreateTrail"] = partial(create_trail, actions["CreateTrail"])
    actions["PutEventSelectors"] = partial(put_event_selectors, actions["PutEventSelectors"])
    actions["DeleteTrail"] = partial(delete_trail, actions["DeleteTrail"])
    actions["GetTrailStatus"] = partial(get_trail_status, actions["GetTrailStatus"])


def create_trail(original: Action, data: Request) -> Answer:
    """The policy of the log bucket must let CloudTrail write, tags are kept, and a region has at
    most five trails (CloudTrail API, CreateTrail; User Guide, "Quotas")."""
    name = data["Name"]
    if CLOUDTRAIL["_find_visible_trail"](name)[2] is not None:
        account = RESPONSES["get_account_id"]()
        return refuse(
            "TrailAlreadyExistsException", f"Trail {name} already exists for customer: {account}"
        )
    if len(list(CLOUDTRAIL["_visible_trail_items"]())) >= _TRAILS_PER_REGION:
        account = RESPONSES["get_account_id"]()
        return refuse(
            "MaximumNumberOfTrailsExceededException",
            f"User: {account} already has {_TRAILS_PER_REGION} trails in this region.",
        )
    arn = CLOUDTRAIL["_trail_arn"](name)
    if refused := _check_log_bucket(data["S3BucketName"], data.get("S3KeyPrefix", ""), arn):
        return refused
    answer = original(data)
    if answer[0] == HTTPStatus.OK:
        tags = {tag["Key"]: tag.get("Value", "") for tag in data.get("TagsList", [])}
        CLOUDTRAIL["_trail_tags"][arn] = tags
    return answer


def put_event_selectors(original: Action, data: Request) -> Answer:
    """At most 250 data resources in basic selectors, without those that stand for all, and 500
    values in advanced ones (CloudTrail User Guide, "Quotas")."""
    resources = [
        resource
        for selector in data.get("EventSelectors") or []
        for resource in selector.get("DataResources") or []
    ]
    everything = (":s3", ":::", ":lambda")
    values = [value for each in resources for value in each.get("Values", [])]
    basic = sum(not value.endswith(everything) for value in values)
    advanced = sum(
        len(values)
        for selector in data.get("AdvancedEventSelectors") or []
        for field in selector["FieldSelectors"]
        for operator, values in field.items()
        if operator != "Field"
    )
    if basic > _DATA_RESOURCES or advanced > _VALUES:
        return refuse(
            "InvalidEventSelectorsException",
            f"The trail has {basic} data resources and {advanced} values of conditions, more than"
            f" the maximum of {_DATA_RESOURCES} and {_VALUES}.",
        )
    return original(data)


def delete_trail(original: Action, data: Request) -> Answer:
    """Deletes the tags too: a later trail of the same name has none of them."""
    trail = CLOUDTRAIL["_find_visible_trail"](data["Name"])[2]
    answer = original(data)
    if answer[0] == HTTPStatus.OK:
        CLOUDTRAIL["_trail_tags"].pop(trail["TrailARN"], None)
    return answer


def get_trail_status(original: Action, data: Request) -> Answer:
    """Says why S3 refuses the log files (CloudTrail API, GetTrailStatus, "LatestDeliveryError")."""
    answer = original(data)
    if answer[0] != HTTPStatus.OK:
        return answer
    trail = CLOUDTRAIL["_find_visible_trail"](data["Name"])[2]
    refused = _check_log_bucket(
        trail["S3BucketName"], trail.get("S3KeyPrefix", ""), trail["TrailARN"]
    )
    if refused is None:
        return answer
    is_missing = json.loads(refused[2])["__type"] == _NO_BUCKET
    error = "NoSuchBucket" if is_missing else "AccessDenied"
    return respond({**json.loads(answer[2]), "LatestDeliveryError": error})


def _check_log_bucket(bucket: str, prefix: str, trail_arn: str) -> Answer | None:
    owner = S3["_bucket_owner_account"](bucket)
    if owner is None:
        return refuse(_NO_BUCKET, f"S3 bucket {bucket} does not exist!")
    account = RESPONSES["get_account_id"]()
    conditions = {
        "aws:sourcearn": trail_arn,
        "aws:sourceaccount": account,
        "s3:x-amz-acl": "bucket-owner-full-control",
    }
    folder = f"{prefix}/" if prefix else ""
    needed = (
        ("s3:GetBucketAcl", f"arn:aws:s3:::{bucket}"),
        ("s3:PutObject", f"arn:aws:s3:::{bucket}/{folder}AWSLogs/{account}/CloudTrail/log"),
    )
    policy = S3["_bucket_policies"].get_scoped(owner, None, bucket)
    if all(
        policies.allows(policy, "cloudtrail.amazonaws.com", action, resource, conditions)
        for action, resource in needed
    ):
        return None
    return refuse(
        "InsufficientS3BucketPolicyException",
        f"Incorrect S3 bucket policy is detected for bucket: {bucket}",
    )
