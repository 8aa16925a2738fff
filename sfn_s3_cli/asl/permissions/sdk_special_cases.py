"""The `aws-sdk` calls whose permissions do not follow the rule of sdk_calls.py: a row for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.asl.permissions.bedrock import invoke_model
from sfn_s3_cli.asl.permissions.grants import (
    Grant,
    Integration,
    grant_call,
    pass_role,
    rename,
    tag_resources,
)
from sfn_s3_cli.asl.permissions.keys import grant_on_key
from sfn_s3_cli.asl.permissions.neptune import NEPTUNE_CALLS
from sfn_s3_cli.asl.permissions.requirements import absent, given
from sfn_s3_cli.asl.permissions.s3_calls import S3_CALLS
from sfn_s3_cli.asl.permissions.tagging import TAGGING_CALLS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_s3_cli.asl.permissions.requirements import Requirements

_MODEL = "bedrock:REGION::foundation-model/{ModelId:model}"
_STATEMENT = "the statement names the tables"
_FILL_TABLE = (
    "dynamodb:BatchWriteItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem"
    " dynamodb:Query dynamodb:Scan dynamodb:UpdateItem"
)
_TRANSACTION = "dynamodb:@:table/{{TransactItems[].{}.TableName}}"
_GET_SECRET = Grant(
    "secretsmanager:GetSecretValue",
    "secretsmanager:@:secret:{SecretArn:secret}",
    given("SecretArn"),
)
_GET_CREDENTIALS = "redshift:GetClusterCredentials redshift:GetClusterCredentialsWithIAM"


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


_ROWS = (
    *S3_CALLS,
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
    Integration(
        "sns:createTopic",
        (Grant("sns:CreateTopic", "sns:@:{Name}"), tag_resources("sns:@:{Name}")),
    ),
    grant_call("sns:publishBatch", "sns:Publish", "sns:@:{TopicArn}"),
    *rename(
        "sqs",
        "sqs:@:{QueueUrl:queue}",
        "changeMessageVisibilityBatch=ChangeMessageVisibility deleteMessageBatch=DeleteMessage"
        " sendMessageBatch=SendMessage",
    ),
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/backuprestore_IAM.html
    Integration(
        "dynamodb:restoreTableFromBackup",
        (
            Grant("dynamodb:RestoreTableFromBackup", "{BackupArn}"),
            Grant(_FILL_TABLE, "dynamodb:@:table/{TargetTableName}"),
        ),
    ),
    Integration(
        "dynamodb:restoreTableToPointInTime",
        (
            Grant(
                "dynamodb:RestoreTableToPointInTime",
                "dynamodb:@:table/{SourceTableName|SourceTableArn}",
            ),
            Grant(_FILL_TABLE, "dynamodb:@:table/{TargetTableName}"),
        ),
    ),
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataImport.Requesting.html
    Integration(
        "dynamodb:importTable",
        (
            Grant("dynamodb:ImportTable", "dynamodb:@:table/{TableCreationParameters.TableName}"),
            Grant(
                "s3:GetObject",
                "s3:::{S3BucketSource.S3Bucket:objects}/{S3BucketSource.S3KeyPrefix|=:text}*",
            ),
            Grant("s3:ListBucket", "s3:::{S3BucketSource.S3Bucket}"),
            Grant(
                "logs:CreateLogGroup logs:CreateLogStream logs:DescribeLogGroups"
                " logs:DescribeLogStreams logs:PutLogEvents logs:PutRetentionPolicy",
                "logs:@:log-group:/aws-dynamodb/*",
            ),
        ),
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
        (
            Grant("bedrock:InvokeModel", f"{_MODEL} bedrock:@:async-invoke/*"),
            tag_resources("bedrock:@:async-invoke/*"),
        ),
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
            ("describeTable", "DescribeTable"),
            ("executeStatement", "ExecuteStatement"),
            ("listDatabases", "ListDatabases"),
            ("listSchemas", "ListSchemas"),
            ("listTables", "ListTables"),
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
    *NEPTUNE_CALLS,
    *TAGGING_CALLS,
    grant_call(
        "iotjobsdataplane:startCommandExecution",
        "iot:StartCommandExecution",
        "{CommandArn} {TargetArn}",
    ),
    grant_call("lambda:getLayerVersionByArn", "lambda:GetLayerVersion", "{Arn}"),
    *(
        grant_call(f"apigatewaymanagementapi:{operation}", "execute-api:ManageConnections", "*")
        for operation in ("deleteConnection", "getConnection", "postToConnection")
    ),
)

SPECIAL_CASES: Mapping[str, Integration] = {row.name.lower(): row for row in _ROWS}
"""By service and operation in lower case: `s3:headbucket`."""
