"""The calls of `aws-sdk` integrations that do not follow the rule: a row for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.asl.permissions.extra_grants import inference
from sfn_s3_cli.asl.permissions.grants import Grant, Integration, one, passed, tagged

if TYPE_CHECKING:
    from collections.abc import Mapping

_BUCKET = "s3:::{Bucket}"
_OBJECT = "s3:::{Bucket:objects}/{Key:text}"
_MODEL = "bedrock:REGION::foundation-model/{ModelId:model}"
_STATEMENT = "the statement names the tables"
_TRANSACTION = "dynamodb:@:table/{{TransactItems[].{}.TableName}}"
_SECRET = Grant(
    "secretsmanager:GetSecretValue", "secretsmanager:@:secret:{SecretArn:secret}", "SecretArn"
)
_LOGIN = "redshift:GetClusterCredentials redshift:GetClusterCredentialsWithIAM"


def _renamed(service: str, resource: str, names: str) -> tuple[Integration, ...]:
    """Operations that IAM knows by another name, each `operation=Action`."""
    pairs = (name.partition("=") for name in names.split())
    return tuple(
        one(f"{service}:{operation}", f"{service}:{action}", resource)
        for operation, _, action in pairs
    )


_TO_MISS_A_KEY = Grant("s3:ListBucket", _BUCKET, caught="NoSuchKey")


def _of_object(operation: str, action: str, versioned: str, *besides: Grant) -> Integration:
    """A call about an object, or about one of its versions."""
    grants = (
        Grant(f"s3:{action}", _OBJECT),
        Grant(f"s3:{versioned}", _OBJECT, "VersionId"),
        *besides,
    )
    return Integration(f"s3:{operation}", grants)


def _executed(operation: str) -> Integration:
    actions = "dynamodb:PartiQL" + " dynamodb:PartiQL".join(
        ("Delete", "Insert", "Select", "Update")
    )
    return Integration(operation, (Grant(actions, "dynamodb:@:table/*", why=_STATEMENT),))


def _rule(action: str, name: str, *passing: Grant) -> Integration:
    """A call about a rule of the default event bus, or of the bus that is given."""
    grants = (*_on_rule(action, name), *passing)
    return Integration(f"eventbridge:{action[0].lower()}{action[1:]}", grants)


def _on_rule(action: str, name: str, given: str = "") -> tuple[Grant, Grant]:
    other_bus = f"events:@:rule/{{EventBusName:bus}}{{{name}}}"
    return (
        Grant(f"events:{action}", f"events:@:rule/{{{name}}}", f"{given}&!EventBusName"),
        Grant(f"events:{action}", other_bus, f"{given}&EventBusName"),
    )


# https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
_COPY = (
    Grant("s3:GetObject s3:GetObjectTagging", "{CopySource:copy_source}"),
    Grant("s3:GetObjectVersion", "{CopySource:copy_source}", r"CopySource~\?versionId="),
    Grant("s3:PutObject s3:PutObjectTagging", _OBJECT),
)

_ROWS = (
    *_renamed(
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
    *_renamed(
        "s3",
        _OBJECT,
        "completeMultipartUpload=PutObject createMultipartUpload=PutObject uploadPart=PutObject"
        " listParts=ListMultipartUploadParts",
    ),
    Integration(
        "s3:putBucketReplication",
        (
            Grant("s3:PutReplicationConfiguration", _BUCKET),
            passed("ReplicationConfiguration.Role", "s3"),
        ),
    ),
    one("s3:listBuckets", "s3:ListAllMyBuckets", "*"),
    # Without the right to list the bucket, a key that is not there is answered with 403:
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
    _of_object("headObject", "GetObject", "GetObjectVersion", _TO_MISS_A_KEY),
    _of_object("getObject", "GetObject", "GetObjectVersion", _TO_MISS_A_KEY),
    _of_object("deleteObject", "DeleteObject", "DeleteObjectVersion"),
    _of_object("getObjectAcl", "GetObjectAcl", "GetObjectVersionAcl"),
    _of_object("putObjectAcl", "PutObjectAcl", "PutObjectVersionAcl"),
    _of_object("getObjectTagging", "GetObjectTagging", "GetObjectVersionTagging"),
    _of_object("putObjectTagging", "PutObjectTagging", "PutObjectVersionTagging"),
    _of_object("deleteObjectTagging", "DeleteObjectTagging", "DeleteObjectVersionTagging"),
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html
    _of_object(
        "getObjectAttributes",
        "GetObjectAttributes",
        "GetObjectVersionAttributes",
        Grant("s3:GetObject", _OBJECT),
        Grant("s3:GetObjectVersion", _OBJECT, "VersionId"),
    ),
    Integration(
        "s3:deleteObjects",
        (
            Grant("s3:DeleteObject", "s3:::{Bucket:objects}/*"),
            Grant(
                "s3:DeleteObjectVersion",
                "s3:::{Bucket:objects}/*",
                "Delete.Objects[].VersionId",
            ),
        ),
    ),
    Integration(
        "s3:putObject",
        (
            Grant("s3:PutObject", _OBJECT),
            Grant("s3:PutObjectAcl", _OBJECT, "ACL"),
            Grant("s3:PutObjectTagging", _OBJECT, "Tagging"),
        ),
    ),
    Integration("s3:copyObject", _COPY),
    Integration("s3:uploadPartCopy", _COPY),
    one("lambda:invoke", "lambda:InvokeFunction", "lambda:@:function:{FunctionName:function}"),
    Integration(
        "athena:createWorkGroup",
        (
            Grant("athena:CreateWorkGroup", "athena:@:workgroup/{Name}"),
            tagged("athena:@:workgroup/{Name}"),
            passed("Configuration.ExecutionRole", "athena"),
        ),
    ),
    *(
        one(
            f"athena:{action[0].lower()}{action[1:]}",
            f"athena:{action}",
            "athena:@:workgroup/{WorkGroup|=primary}",
        )
        for action in ("CreateNamedQuery", "ListNamedQueries", "ListQueryExecutions")
    ),
    _rule("DeleteRule", "Name"),
    _rule("DescribeRule", "Name"),
    _rule("DisableRule", "Name"),
    _rule("EnableRule", "Name"),
    _rule("ListTargetsByRule", "Rule"),
    _rule("PutRule", "Name", passed("RoleArn", "events"), *_on_rule("TagResource", "Name", "Tags")),
    _rule("PutTargets", "Rule", passed("Targets[].RoleArn", "events")),
    _rule("RemoveTargets", "Rule"),
    one("ssm:getParametersByPath", "ssm:GetParametersByPath", "ssm:@:parameter/{Path:tree}"),
    one("sns:publishBatch", "sns:Publish", "sns:@:{TopicArn}"),
    *_renamed(
        "sqs",
        "sqs:@:{QueueUrl:queue}",
        "changeMessageVisibilityBatch=ChangeMessageVisibility deleteMessageBatch=DeleteMessage"
        " sendMessageBatch=SendMessage",
    ),
    *map(_executed, ("dynamodb:batchExecuteStatement", "dynamodb:executeStatement")),
    _executed("dynamodb:executeTransaction"),
    Integration(
        "dynamodb:transactGetItems", (Grant("dynamodb:GetItem", _TRANSACTION.format("Get")),)
    ),
    Integration(
        "dynamodb:transactWriteItems",
        tuple(
            Grant(f"dynamodb:{action}", _TRANSACTION.format(key), f"TransactItems[].{key}")
            for key, action in (
                ("ConditionCheck", "ConditionCheckItem"),
                ("Delete", "DeleteItem"),
                ("Put", "PutItem"),
                ("Update", "UpdateItem"),
            )
        ),
    ),
    one("dynamodb:batchGetItem", "dynamodb:BatchGetItem", "dynamodb:@:table/{RequestItems#}"),
    one("dynamodb:batchWriteItem", "dynamodb:BatchWriteItem", "dynamodb:@:table/{RequestItems#}"),
    one("cloudwatch:putMetricData", "cloudwatch:PutMetricData", "*"),
    Integration("bedrockruntime:converse", inference("ModelId")),
    Integration("bedrockruntime:invokeModel", inference("ModelId")),
    Integration(
        "bedrockruntime:startAsyncInvoke",
        (Grant("bedrock:InvokeModel", f"{_MODEL} bedrock:@:async-invoke/*"),),
    ),
    Integration(
        "timestreamquery:query",
        (Grant("timestream:Select", "timestream:@:database/*/table/*", why=_STATEMENT),),
    ),
    Integration(
        "kms:reEncrypt",
        (
            Grant("kms:ReEncryptFrom", "kms:@:key/{SourceKeyId:key}"),
            Grant("kms:ReEncryptTo", "kms:@:key/{DestinationKeyId:key}"),
        ),
    ),
    *(
        Integration(
            f"redshiftdata:{operation}",
            (
                Grant(
                    f"redshift-data:{action}",
                    "redshift:@:cluster:{ClusterIdentifier}",
                    "ClusterIdentifier",
                ),
                Grant(
                    f"redshift-data:{action}",
                    "redshift-serverless:@:workgroup/*",
                    "WorkgroupName",
                ),
                _SECRET,
                Grant(
                    _LOGIN,
                    "redshift:@:dbname:{ClusterIdentifier}/*",
                    "ClusterIdentifier&!SecretArn",
                ),
                Grant(
                    "redshift:GetClusterCredentials",
                    "redshift:@:dbuser:{ClusterIdentifier}/{DbUser}",
                    "ClusterIdentifier&!SecretArn",
                ),
                Grant(
                    "redshift-serverless:GetCredentials",
                    "redshift-serverless:@:workgroup/*",
                    "WorkgroupName&!SecretArn",
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
            (Grant(f"rds-data:{action}", "rds:@:cluster:{ResourceArn}"), _SECRET),
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
            passed("Target.RoleArn", "scheduler"),
        ),
    ),
    Integration(
        "scheduler:updateSchedule",
        (
            Grant("scheduler:UpdateSchedule", "scheduler:@:schedule/{GroupName|=default}/{Name}"),
            passed("Target.RoleArn", "scheduler"),
        ),
    ),
    one(
        "sfn:startSyncExecution",
        "states:StartSyncExecution",
        "states:@:stateMachine:{StateMachineArn:machine}",
    ),
    *(
        one(f"apigatewaymanagementapi:{operation}", "execute-api:ManageConnections", "*")
        for operation in ("deleteConnection", "getConnection", "postToConnection")
    ),
)

DEVIATIONS: Mapping[str, Integration] = {row.name.lower(): row for row in _ROWS}
"""The operations of which IAM has its own idea."""
