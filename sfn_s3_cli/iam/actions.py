"""The IAM actions that each call needs."""

from __future__ import annotations

_PREFIXES = {"resourcegroupstaggingapi": "tag", "s3control": "s3", "stepfunctions": "states"}

# Operations whose action has another name, or that need more than one action: for tags on creation,
# for a version that is published, for a role that is passed on, for the key of what is encrypted.
# https://docs.aws.amazon.com/service-authorization/latest/reference/
_ACTIONS: dict[str, tuple[str, ...]] = {
    "cloudtrail:CreateTrail": ("cloudtrail:CreateTrail", "cloudtrail:AddTags"),
    "cloudwatch:PutMetricAlarm": ("cloudwatch:PutMetricAlarm", "cloudwatch:TagResource"),
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
    "s3:HeadObject": ("s3:GetObject",),
    "s3:ListObjectVersions": ("s3:ListBucketVersions",),
    "s3:PutBucketEncryption": ("s3:PutEncryptionConfiguration",),
    "s3:PutBucketLifecycleConfiguration": ("s3:PutLifecycleConfiguration",),
    "s3:PutBucketNotificationConfiguration": ("s3:PutBucketNotification",),
    "s3:PutPublicAccessBlock": ("s3:PutBucketPublicAccessBlock",),
    "sqs:CreateQueue": ("sqs:CreateQueue", "sqs:TagQueue"),
    "sqs:ReceiveMessage": ("sqs:ReceiveMessage", "kms:Decrypt"),
    "states:CreateStateMachine": (
        "states:CreateStateMachine",
        "states:PublishStateMachineVersion",
        "states:TagResource",
        "iam:PassRole",
        "kms:DescribeKey",
        "kms:GenerateDataKey",
    ),
    "states:DescribeExecution": ("states:DescribeExecution", "kms:Decrypt"),
    "states:DescribeStateMachine": ("states:DescribeStateMachine", "kms:Decrypt"),
    "states:GetExecutionHistory": ("states:GetExecutionHistory", "kms:Decrypt"),
    "states:UpdateStateMachine": (
        "states:UpdateStateMachine",
        "states:PublishStateMachineVersion",
        "iam:PassRole",
        "kms:DescribeKey",
        "kms:GenerateDataKey",
    ),
    "sts:GetCallerIdentity": (),  # always allowed
}


def list_actions(service: str, operation: str) -> tuple[str, ...]:
    """The IAM actions behind an operation of a botocore client, the main one first.

    >>> list_actions("stepfunctions", "ListExecutions")
    ('states:ListExecutions',)
    >>> list_actions("s3", "HeadBucket")
    ('s3:ListBucket',)
    """
    action = f"{_PREFIXES.get(service, service)}:{operation}"
    return _ACTIONS.get(action, (action,))
