"""Operations to IAM actions: what AWS asks the caller's policies about, for each call we make."""

from __future__ import annotations

_PREFIXES = {"stepfunctions": "states"}

# Where the action is not called as the operation, and where AWS checks more than one: for what a
# call does besides, as sfnctl makes it (tags on creation, a version, a role that is passed on).
# https://docs.aws.amazon.com/service-authorization/latest/reference/
_ACTIONS: dict[str, tuple[str, ...]] = {
    "cloudtrail:CreateTrail": ("cloudtrail:CreateTrail", "cloudtrail:AddTags"),
    "events:PutRule": ("events:PutRule", "events:TagResource"),
    "events:PutTargets": ("events:PutTargets", "iam:PassRole"),
    "iam:CreateRole": ("iam:CreateRole", "iam:TagRole"),
    "logs:CreateLogGroup": ("logs:CreateLogGroup", "logs:TagResource"),
    "s3:CreateBucket": ("s3:CreateBucket", "s3:TagResource"),
    "s3:DeleteObject": ("s3:DeleteObject", "s3:DeleteObjectVersion"),
    "s3:DeleteObjects": ("s3:DeleteObject", "s3:DeleteObjectVersion"),
    "s3:GetBucketEncryption": ("s3:GetEncryptionConfiguration",),
    "s3:GetBucketLifecycleConfiguration": ("s3:GetLifecycleConfiguration",),
    "s3:GetBucketNotificationConfiguration": ("s3:GetBucketNotification",),
    "s3:GetPublicAccessBlock": ("s3:GetBucketPublicAccessBlock",),
    "s3:HeadBucket": ("s3:ListBucket",),
    "s3:ListObjectVersions": ("s3:ListBucketVersions",),
    "s3:PutBucketEncryption": ("s3:PutEncryptionConfiguration",),
    "s3:PutBucketLifecycleConfiguration": ("s3:PutLifecycleConfiguration",),
    "s3:PutBucketNotificationConfiguration": ("s3:PutBucketNotification",),
    "s3:PutPublicAccessBlock": ("s3:PutBucketPublicAccessBlock",),
    "sqs:CreateQueue": ("sqs:CreateQueue", "sqs:TagQueue"),
    "states:CreateStateMachine": (
        "states:CreateStateMachine",
        "states:PublishStateMachineVersion",
        "states:TagResource",
        "iam:PassRole",
    ),
    "states:UpdateStateMachine": (
        "states:UpdateStateMachine",
        "states:PublishStateMachineVersion",
        "iam:PassRole",
    ),
    "sts:GetCallerIdentity": (),  # the one question that nobody may be denied
}


def actions_of(service: str, operation: str) -> tuple[str, ...]:
    """The IAM actions behind an operation of a botocore client, the main one first.

    >>> actions_of("stepfunctions", "ListExecutions")
    ('states:ListExecutions',)
    >>> actions_of("s3", "HeadBucket")
    ('s3:ListBucket',)
    """
    action = f"{_PREFIXES.get(service, service)}:{operation}"
    return _ACTIONS.get(action, (action,))
