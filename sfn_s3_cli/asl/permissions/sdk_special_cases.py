"""The `aws-sdk` calls whose permissions do not follow the rule of sdk_calls.py: a row for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.asl.permissions.bedrock import invoke_model
from sfn_s3_cli.asl.permissions.grants import (
    Grant,
    Integration,
    grant_call,
    pass_role,
    tag_resources,
)
from sfn_s3_cli.asl.permissions.keys import grant_on_key
from sfn_s3_cli.asl.permissions.requirements import absent, given, matches

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_s3_cli.asl.permissions.requirements import Requirements

_BUCKET = "s3:::{Bucket}"
_OBJECT = "s3:::{Bucket:objects}/{Key:text}"
_MODEL = "bedrock:REGION::foundation-model/{ModelId:model}"
_STATEMENT = "the statement names the tables"
_TRANSACTION = "dynamodb:@:table/{{TransactItems[].{}.TableName}}"
_GET_SECRET = Grant(
    "secretsmanager:GetSecretValue",
    "secretsmanager:@:secret:{SecretArn:secret}",
    given("SecretArn"),
)
_GET_CREDENTIALS = "redshift:GetClusterCredentials redshift:GetClusterCredentialsWithIAM"


def _rename(service: str, resource: str, names: str) -> tuple[Integration, ...]:
    """Operations whose action has another name, each as `operation=Action`."""
    pairs = (name.partition("=") for name in names.split())
    return tuple(
        grant_call(f"{service}:{operation}", f"{service}:{action}", resource)
        for operation, _, action in pairs
    )


_LIST_MISSING_KEYS = Grant("s3:ListBucket", _BUCKET, when_catching="NoSuchKey")


def _use_object(operation: str, action: str, versioned: str, *more: Grant) -> Integration:
    """A call on an object, or on one of its versions."""
    grants = (
        Grant(f"s3:{action}", _OBJECT),
        Grant(f"s3:{versioned}", _OBJECT, given("VersionId")),
        *more,
    )
    return Integration(f"s3:{operation}", grants)


def _run_partiql(operation: str) -> Integration:
    actions = "dynamodb:PartiQL" + " dynamodb:PartiQL".join(
        ("Delete", "Insert", "Select", "Update")
    )
    return Integration(operation, (Grant(actions, "dynamodb:@:table/*", why_wide=_STATEMENT),))


def _use_rule(action: str, name: str, *more: Grant) -> Integration:
    """A call on a rule of the default event bus, or of the bus that it names."""
    grants = (*_grant_on_rule(action, name), *more)
    return Integration(f"eventbridge:{action[0].lower()}{action[1:]}", grants)


def _grant_on_rule(action: str, name: str, when: Requirements = ()) -> tuple[Grant, Grant]:
    other_bus = f"events:@:rule/{{EventBusName:bus}}{{{name}}}"
    return (
        Grant(f"events:{action}", f"events:@:rule/{{{name}}}", when + absent("EventBusName")),
        Grant(f"events:{action}", other_bus, when + given("EventBusName")),
    )


# https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
_COPY = (
    Grant("s3:GetObject s3:GetObjectTagging", "{CopySource:copy_source}"),
    Grant(
        "s3:GetObjectVersion", "{CopySource:copy_source}", matches("CopySource", r"\?versionId=")
    ),
    Grant("s3:PutObject s3:PutObjectTagging", _OBJECT),
)

_ROWS = (
    *_rename(
        "s3",
        _BUCKET,
        "headBucket=ListBucket listObjects=ListBucket listObjectsV2=ListBucket"
        " listObjectVersions=ListBucketVersions listMultipartUploads=ListBucketMultipartUploads"
        " deleteBucketAnalyticsConfiguration=PutAnalyticsConfiguration"
        " deleteBucketCors=PutBucketCORS deleteBucketEncryption=PutEncryptionConfiguration"
        " deleteBucketIntelligentTieringConfiguration=PutIntelligentTieringConfiguration"
        " deleteBucketInventoryConfiguration=PutInventoryConfiguration"
        " deleteBucketLifecycle=PutLifecycleConfiguration"
        " deleteBucketMetricsConfiguration=PutMetricsConfiguration"
        " deleteBucketOwnershipControls=PutBucketOwnershipControls"
        " deleteBucketReplication=PutReplicationConfiguration"
        " deleteBucketTagging=PutBucketTagging deletePublicAccessBlock=PutBucketPublicAccessBlock"
        " getBucketAccelerateConfiguration=GetAccelerateConfiguration"
        " getBucketAnalyticsConfiguration=GetAnalyticsConfiguration"
        " getBucketEncryption=GetEncryptionConfiguration"
        " getBucketIntelligentTieringConfiguration=GetIntelligentTieringConfiguration"
        " getBucketInventoryConfiguration=GetInventoryConfiguration"
        " getBucketLifecycle=GetLifecycleConfiguration"
        " getBucketLifecycleConfiguration=GetLifecycleConfiguration"
        " getBucketMetricsConfiguration=GetMetricsConfiguration"
        " getBucketNotificationConfiguration=GetBucketNotification"
        " getBucketReplication=GetReplicationConfiguration"
        " getObjectLockConfiguration=GetBucketObjectLockConfiguration"
        " getPublicAccessBlock=GetBucketPublicAccessBlock"
        " listBucketAnalyticsConfigurations=GetAnalyticsConfiguration"
        " listBucketIntelligentTieringConfigurations=GetIntelligentTieringConfiguration"
        " listBucketInventoryConfigurations=GetInventoryConfiguration"
        " listBucketMetricsConfigurations=GetMetricsConfiguration"
        " putBucketAccelerateConfiguration=PutAccelerateConfiguration"
        " putBucketAnalyticsConfiguration=PutAnalyticsConfiguration"
        " putBucketEncryption=PutEncryptionConfiguration"
        " putBucketIntelligentTieringConfiguration=PutIntelligentTieringConfiguration"
        " putBucketInventoryConfiguration=PutInventoryConfiguration"
        " putBucketLifecycle=PutLifecycleConfiguration"
        " putBucketLifecycleConfiguration=PutLifecycleConfiguration"
        " putBucketMetricsConfiguration=PutMetricsConfiguration"
        " putBucketNotificationConfiguration=PutBucketNotification"
        " putObjectLockConfiguration=PutBucketObjectLockConfiguration"
        " putPublicAccessBlock=PutBucketPublicAccessBlock",
    ),
    *_rename(
        "s3",
        _OBJECT,
        "completeMultipartUpload=PutObject createMultipartUpload=PutObject uploadPart=PutObject"
        " listParts=ListMultipartUploadParts",
    ),
    Integration(
        "s3:putBucketReplication",
        (
            Grant("s3:PutReplicationConfiguration", _BUCKET),
            pass_role("ReplicationConfiguration.Role", "s3"),
        ),
    ),
    grant_call("s3:listBuckets", "s3:ListAllMyBuckets", "*"),
    # Without permission to list the bucket, S3 answers 403 instead of 404 for a missing key:
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
    _use_object("headObject", "GetObject", "GetObjectVersion", _LIST_MISSING_KEYS),
    _use_object("getObject", "GetObject", "GetObjectVersion", _LIST_MISSING_KEYS),
    _use_object("deleteObject", "DeleteObject", "DeleteObjectVersion"),
    _use_object("getObjectAcl", "GetObjectAcl", "GetObjectVersionAcl"),
    _use_object("putObjectAcl", "PutObjectAcl", "PutObjectVersionAcl"),
    _use_object("getObjectTagging", "GetObjectTagging", "GetObjectVersionTagging"),
    _use_object("putObjectTagging", "PutObjectTagging", "PutObjectVersionTagging"),
    _use_object("deleteObjectTagging", "DeleteObjectTagging", "DeleteObjectVersionTagging"),
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html
    _use_object(
        "getObjectAttributes",
        "GetObjectAttributes",
        "GetObjectVersionAttributes",
        Grant("s3:GetObject", _OBJECT),
        Grant("s3:GetObjectVersion", _OBJECT, given("VersionId")),
    ),
    Integration(
        "s3:deleteObjects",
        (
            Grant("s3:DeleteObject", "s3:::{Bucket:objects}/*"),
            Grant(
                "s3:DeleteObjectVersion",
                "s3:::{Bucket:objects}/*",
                given("Delete.Objects[].VersionId"),
            ),
        ),
    ),
    Integration(
        "s3:putObject",
        (
            Grant("s3:PutObject", _OBJECT),
            Grant("s3:PutObjectAcl", _OBJECT, given("ACL")),
            Grant("s3:PutObjectTagging", _OBJECT, given("Tagging")),
        ),
    ),
    Integration("s3:copyObject", _COPY),
    Integration("s3:uploadPartCopy", _COPY),
    grant_call(
        "lambda:invoke", "lambda:InvokeFunction", "lambda:@:function:{FunctionName:function}"
    ),
    Integration(
        "athena:createWorkGroup",
        (
            Grant("athena:CreateWorkGroup", "athena:@:workgroup/{Name}"),
            tag_resources("athena:@:workgroup/{Name}"),
            pass_role("Configuration.ExecutionRole", "athena"),
        ),
    ),
    *(
        grant_call(
            f"athena:{action[0].lower()}{action[1:]}",
            f"athena:{action}",
            "athena:@:workgroup/{WorkGroup|=primary}",
        )
        for action in ("CreateNamedQuery", "ListNamedQueries", "ListQueryExecutions")
    ),
    _use_rule("DeleteRule", "Name"),
    _use_rule("DescribeRule", "Name"),
    _use_rule("DisableRule", "Name"),
    _use_rule("EnableRule", "Name"),
    _use_rule("ListTargetsByRule", "Rule"),
    _use_rule(
        "PutRule",
        "Name",
        pass_role("RoleArn", "events"),
        *_grant_on_rule("TagResource", "Name", given("Tags")),
    ),
    _use_rule("PutTargets", "Rule", pass_role("Targets[].RoleArn", "events")),
    _use_rule("RemoveTargets", "Rule"),
    grant_call("ssm:getParametersByPath", "ssm:GetParametersByPath", "ssm:@:parameter/{Path:tree}"),
    grant_call("sns:publishBatch", "sns:Publish", "sns:@:{TopicArn}"),
    *_rename(
        "sqs",
        "sqs:@:{QueueUrl:queue}",
        "changeMessageVisibilityBatch=ChangeMessageVisibility deleteMessageBatch=DeleteMessage"
        " sendMessageBatch=SendMessage",
    ),
    *map(_run_partiql, ("dynamodb:batchExecuteStatement", "dynamodb:executeStatement")),
    _run_partiql("dynamodb:executeTransaction"),
    Integration(
        "dynamodb:transactGetItems", (Grant("dynamodb:GetItem", _TRANSACTION.format("Get")),)
    ),
    Integration(
        "dynamodb:transactWriteItems",
        tuple(
            Grant(f"dynamodb:{action}", _TRANSACTION.format(key), given(f"TransactItems[].{key}"))
            for key, action in (
                ("ConditionCheck", "ConditionCheckItem"),
                ("Delete", "DeleteItem"),
                ("Put", "PutItem"),
                ("Update", "UpdateItem"),
            )
        ),
    ),
    grant_call(
        "dynamodb:batchGetItem", "dynamodb:BatchGetItem", "dynamodb:@:table/{RequestItems#}"
    ),
    grant_call(
        "dynamodb:batchWriteItem", "dynamodb:BatchWriteItem", "dynamodb:@:table/{RequestItems#}"
    ),
    grant_call("cloudwatch:putMetricData", "cloudwatch:PutMetricData", "*"),
    Integration("bedrockruntime:converse", invoke_model("ModelId")),
    Integration("bedrockruntime:invokeModel", invoke_model("ModelId")),
    Integration(
        "bedrockruntime:startAsyncInvoke",
        (Grant("bedrock:InvokeModel", f"{_MODEL} bedrock:@:async-invoke/*"),),
    ),
    Integration(
        "timestreamquery:query",
        (Grant("timestream:Select", "timestream:@:database/*/table/*", why_wide=_STATEMENT),),
    ),
    Integration(
        "kms:reEncrypt",
        (
            *grant_on_key("kms:ReEncryptFrom", "SourceKeyId"),
            *grant_on_key("kms:ReEncryptTo", "DestinationKeyId"),
        ),
    ),
    *(
        Integration(
            f"redshiftdata:{operation}",
            (
                Grant(
                    f"redshift-data:{action}",
                    "redshift:@:cluster:{ClusterIdentifier}",
                    given("ClusterIdentifier"),
                ),
                Grant(
                    f"redshift-data:{action}",
                    "redshift-serverless:@:workgroup/*",
                    given("WorkgroupName"),
                ),
                _GET_SECRET,
                Grant(
                    _GET_CREDENTIALS,
                    "redshift:@:dbname:{ClusterIdentifier}/*",
                    given("ClusterIdentifier") + absent("SecretArn"),
                ),
                Grant(
                    "redshift:GetClusterCredentials",
                    "redshift:@:dbuser:{ClusterIdentifier}/{DbUser}",
                    given("ClusterIdentifier") + absent("SecretArn"),
                ),
                Grant(
                    "redshift-serverless:GetCredentials",
                    "redshift-serverless:@:workgroup/*",
                    given("WorkgroupName") + absent("SecretArn"),
                ),
            ),
        )
        for operation, action in (
            ("batchExecuteStatement", "BatchExecuteStatement"),
            ("executeStatement", "ExecuteStatement"),
        )
    ),
    *(
        Integration(
            f"rdsdata:{action[0].lower()}{action[1:]}",
            (Grant(f"rds-data:{action}", "rds:@:cluster:{ResourceArn}"), _GET_SECRET),
        )
        for action in (
            "BatchExecuteStatement",
            "BeginTransaction",
            "CommitTransaction",
            "ExecuteStatement",
            "RollbackTransaction",
        )
    ),
    Integration(
        "scheduler:createSchedule",
        (
            Grant("scheduler:CreateSchedule", "scheduler:@:schedule/{GroupName|=default}/{Name}"),
            pass_role("Target.RoleArn", "scheduler"),
        ),
    ),
    Integration(
        "scheduler:updateSchedule",
        (
            Grant("scheduler:UpdateSchedule", "scheduler:@:schedule/{GroupName|=default}/{Name}"),
            pass_role("Target.RoleArn", "scheduler"),
        ),
    ),
    grant_call(
        "sfn:startSyncExecution",
        "states:StartSyncExecution",
        "states:@:stateMachine:{StateMachineArn:machine}",
    ),
    *(
        grant_call(f"apigatewaymanagementapi:{operation}", "execute-api:ManageConnections", "*")
        for operation in ("deleteConnection", "getConnection", "postToConnection")
    ),
)

SPECIAL_CASES: Mapping[str, Integration] = {row.name.lower(): row for row in _ROWS}
"""By service and operation in lower case: `s3:headbucket`."""
