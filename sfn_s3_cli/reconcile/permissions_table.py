"""Which actions it takes to read, make and remove each kind of resource."""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple


class When(Enum):
    """What is done to a resource: it is read, also for what a removal would lose, or changed."""

    READ = auto()
    READ_WANTED = auto()
    READ_UNWANTED = auto()
    MAKE = auto()
    REMOVE = auto()
    PURGE = auto()


READ, READ_WANTED, READ_UNWANTED, MAKE, REMOVE, PURGE = When


class Row(NamedTuple):
    """`about` is a kind or a trait of a resource, `sid` names the statement that has the actions.

    A `*` in the Sid stands for what a role is for: Events or States.
    """

    about: str
    when: When
    sid: str
    actions: str


# fmt: off
TABLE = (
    Row("given bucket", READ_WANTED, "Bucket", "s3:ListBucket"),
    Row("created bucket", READ, "Bucket",
        "s3:GetBucketPublicAccessBlock s3:GetBucketTagging s3:ListBucket"),
    Row("created bucket", READ_UNWANTED, "Bucket", "s3:ListBucketVersions"),
    Row("created bucket", MAKE, "Bucket",
        "s3:CreateBucket s3:PutBucketPublicAccessBlock s3:PutBucketTagging s3:TagResource"),
    Row("created bucket", REMOVE, "Bucket", "s3:DeleteBucket"),
    Row("created bucket", PURGE, "BucketObjects", "s3:DeleteObject s3:DeleteObjectVersion"),

    Row("bucket_notification", READ, "Bucket", "s3:GetBucketNotification"),
    Row("bucket_notification", READ_UNWANTED, "Unscoped", "events:ListRules"),
    Row("bucket_notification", MAKE, "Bucket", "s3:PutBucketNotification"),
    Row("bucket_notification", MAKE, "Unscoped", "events:ListRules"),
    Row("bucket_notification", MAKE, "OtherPipelines", "iam:GetRole iam:TagRole"),
    Row("bucket_notification", REMOVE, "Bucket", "s3:PutBucketNotification"),
    Row("bucket_notification", REMOVE, "OtherPipelines", "iam:GetRole iam:TagRole"),
    Row("bucket_notification", REMOVE, "EventsRole", "iam:UntagRole"),

    Row("log_bucket", READ, "LogBucket",
        "s3:GetBucketPolicy s3:GetBucketPublicAccessBlock s3:GetBucketTagging"
        " s3:GetEncryptionConfiguration s3:GetLifecycleConfiguration"),
    Row("log_bucket", READ_UNWANTED, "LogBucket", "s3:ListBucketVersions"),
    Row("log_bucket", MAKE, "LogBucket",
        "s3:CreateBucket s3:PutBucketPolicy s3:PutBucketPublicAccessBlock s3:PutBucketTagging"
        " s3:PutEncryptionConfiguration s3:PutLifecycleConfiguration s3:TagResource"),
    Row("log_bucket", REMOVE, "LogBucket", "s3:DeleteBucket"),
    Row("log_bucket", PURGE, "LogBucketObjects", "s3:DeleteObject s3:DeleteObjectVersion"),

    Row("trail", READ, "Trail",
        "cloudtrail:GetEventSelectors cloudtrail:GetTrail cloudtrail:ListTags"),
    Row("trail", MAKE, "Trail",
        "cloudtrail:AddTags cloudtrail:CreateTrail cloudtrail:RemoveTags cloudtrail:UpdateTrail"),
    Row("trail", REMOVE, "Trail",
        "cloudtrail:DeleteTrail cloudtrail:PutEventSelectors cloudtrail:StartLogging"),

    Row("event_selector", READ, "Trail", "cloudtrail:GetTrailStatus"),
    Row("event_selector", REMOVE, "Trail", "cloudtrail:PutEventSelectors cloudtrail:StopLogging"),
    Row("event_selector", REMOVE, "EventsRole", "iam:UntagRole"),
    Row("own selector", MAKE, "Trail", "cloudtrail:PutEventSelectors cloudtrail:StartLogging"),
    Row("joined selector", READ, "JoinedTrail",
        "cloudtrail:GetEventSelectors cloudtrail:GetTrailStatus"),
    Row("joined selector", READ_WANTED, "JoinedTrail", "cloudtrail:GetTrail"),
    Row("joined selector", MAKE, "JoinedTrail", "cloudtrail:PutEventSelectors"),
    Row("joined selector", MAKE, "Trail", "cloudtrail:PutEventSelectors cloudtrail:StopLogging"),
    Row("joined selector", REMOVE, "JoinedTrail", "cloudtrail:PutEventSelectors"),

    Row("rule", READ, "Rule", "events:DescribeRule events:ListTagsForResource"),
    Row("rule", MAKE, "Rule", "events:PutRule events:TagResource events:UntagResource"),
    Row("rule", REMOVE, "Rule", "events:DeleteRule"),
    Row("target", READ, "Rule", "events:ListTargetsByRule"),
    Row("target", MAKE, "Rule", "events:PutTargets"),
    Row("target", MAKE, "PassRoleToEvents", "iam:PassRole"),
    Row("target", REMOVE, "Rule", "events:RemoveTargets"),

    Row("queue", READ, "Queue", "sqs:GetQueueAttributes sqs:GetQueueUrl sqs:ListQueueTags"),
    Row("queue", MAKE, "Queue",
        "sqs:CreateQueue sqs:SetQueueAttributes sqs:TagQueue sqs:UntagQueue"),
    Row("queue", REMOVE, "Queue", "sqs:DeleteQueue"),

    Row("log_group", READ, "Unscoped", "logs:DescribeLogGroups"),
    Row("log_group", READ, "LogGroup", "logs:ListTagsForResource"),
    Row("log_group", MAKE, "LogGroup",
        "logs:CreateLogGroup logs:PutRetentionPolicy logs:TagResource logs:UntagResource"),
    Row("log_group", REMOVE, "LogGroup", "logs:DeleteLogGroup"),

    Row("role", READ, "*Role",
        "iam:GetRole iam:GetRolePolicy iam:ListAttachedRolePolicies iam:ListRolePolicies"),
    Row("role", MAKE, "*Role", "iam:TagRole iam:UntagRole iam:UpdateAssumeRolePolicy"),
    Row("unbounded role", MAKE, "*Role", "iam:CreateRole iam:DeleteRolePermissionsBoundary"),
    Row("unbounded policy", MAKE, "*Role", "iam:PutRolePolicy"),
    Row("bounded role", MAKE, "Bounded*Role", "iam:CreateRole iam:PutRolePermissionsBoundary"),
    Row("bounded policy", MAKE, "Bounded*Role", "iam:PutRolePolicy"),
    Row("no policy", MAKE, "*Role", "iam:DeleteRolePolicy"),
    Row("role", REMOVE, "*Role", "iam:DeleteRole iam:DeleteRolePolicy"),

    Row("state_machine", READ, "StateMachine",
        "states:DescribeStateMachine states:DescribeStateMachineAlias states:ListTagsForResource"),
    Row("state_machine", MAKE, "StateMachine",
        "states:CreateStateMachine states:CreateStateMachineAlias"
        " states:PublishStateMachineVersion states:TagResource states:UntagResource"
        " states:UpdateStateMachine states:UpdateStateMachineAlias"),
    Row("state_machine", MAKE, "PassRoleToStates", "iam:PassRole"),
    Row("state_machine", REMOVE, "StateMachine", "states:DeleteStateMachine states:ListExecutions"),
    Row("state_machine", REMOVE, "Executions", "states:StopExecution"),

    # Who may not ask these is told so, and no more.
    Row("validation", READ, "Unscoped",
        "events:TestEventPattern states:ValidateStateMachineDefinition"),

    Row("executions", READ, "StateMachine", "states:ListExecutions"),
    Row("executions", READ, "Executions", "states:DescribeExecution"),
)
# fmt: on
