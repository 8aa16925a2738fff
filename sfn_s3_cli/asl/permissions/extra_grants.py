"""What operations of the SDK need in addition to the actions with their own names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.asl.permissions.bedrock import apply_guardrail, invoke_model
from sfn_s3_cli.asl.permissions.grants import ConditionTemplate, Grant, pass_role
from sfn_s3_cli.asl.permissions.requirements import absent, equals, given, matches
from sfn_s3_cli.asl.permissions.s3_grants import S3_GRANTS

if TYPE_CHECKING:
    from collections.abc import Mapping

_KNOWLEDGE_BASE = "RetrieveAndGenerateConfiguration.KnowledgeBaseConfiguration"
_RERANKING = "RerankingConfiguration.BedrockRerankingConfiguration.ModelConfiguration.ModelArn"
_NAMED = "secretsmanager:@:secret:{SecretId|Name:secret}"
_INDEX = "s3vectors:@:bucket/{VectorBucketName}/index/{IndexArn|IndexName}"
_TABLES = "s3tables:@:bucket/{TableBucketARN}/table/*"
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
_CAPACITY = (
    "CapacityProviderConfig.LambdaManagedInstancesCapacityProviderConfig.CapacityProviderArn"
)
_FUNCTION_SETTINGS = (
    # https://docs.aws.amazon.com/lambda/latest/dg/permissions-layer-cross-account.html
    Grant("lambda:GetLayerVersion", "{Layers[]}", given("Layers[]")),
    Grant(
        "ec2:DescribeSecurityGroups ec2:DescribeSubnets ec2:DescribeVpcs",
        "*",
        given("VpcConfig.SubnetIds[]"),
    ),
    # https://docs.aws.amazon.com/lambda/latest/dg/configuration-filesystem.html
    Grant(
        "elasticfilesystem:DescribeMountTargets",
        "{FileSystemConfigs[].Arn}",
        matches("FileSystemConfigs[].Arn", ":elasticfilesystem:"),
    ),
    Grant("lambda:PassCapacityProvider", f"{{{_CAPACITY}}}", given(_CAPACITY)),
)


def _use_image(parameter: str) -> Grant:
    """The image of a function: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html."""
    return Grant(
        "ecr:GetRepositoryPolicy ecr:SetRepositoryPolicy",
        f"{{{parameter}:image}}",
        given(parameter),
    )


# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
_MANAGE_PASSWORD = (
    Grant(
        "secretsmanager:CreateSecret secretsmanager:TagResource",
        "secretsmanager:@:secret:rds!*",
        given("ManageMasterUserPassword"),
    ),
)
_CHANGE_PASSWORD = (
    *_MANAGE_PASSWORD,
    Grant(
        "secretsmanager:RotateSecret",
        "secretsmanager:@:secret:rds!*",
        given("RotateMasterUserPassword"),
    ),
)
_DESCRIBE_VPCS = (Grant("ec2:DescribeVpcs", "*", given("VPC")),)
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutAccountPolicy.html
_ACCOUNT_POLICIES = {
    "DATA_PROTECTION_POLICY": "DataProtectionPolicy",
    "FIELD_INDEX_POLICY": "IndexPolicy",
    "SUBSCRIPTION_FILTER_POLICY": "SubscriptionFilter",
    "TRANSFORMER_POLICY": "Transformer",
}
_UNMASK = (
    Grant("logs:Unmask", "logs:@:log-group:{LogGroupName|LogGroupIdentifier}", given("Unmask")),
)
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-permissions.html
_METADATA_TABLES = (
    Grant(
        "s3tables:CreateNamespace s3tables:CreateTable s3tables:CreateTableBucket"
        " s3tables:GetTable s3tables:PutTableBucketPolicy s3tables:PutTableEncryption"
        " s3tables:PutTablePolicy",
        "s3tables:@:bucket/*",
    ),
)
# https://docs.aws.amazon.com/ARG/latest/userguide/gettingstarted-prereqs-permissions.html
_LIST_GROUP = (
    Grant("cloudformation:DescribeStacks cloudformation:ListStackResources tag:GetResources", "*"),
)
_BEARER_TOKEN = ConditionTemplate(
    "StringEquals", "sts:AWSServiceName", "codeartifact.amazonaws.com"
)
_SET_ROLE = (
    pass_role("AttributeValue", "sns")._replace(when=matches("AttributeName", "RoleArn$")),
)
_LAUNCH = (Grant("ec2:RunInstances", "*", given("LaunchTemplate|MixedInstancesPolicy")),)
_EXTRA_GRANTS: Mapping[str, tuple[Grant, ...]] = {
    # https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html
    "autoscaling:createAutoScalingGroup": _LAUNCH,
    "autoscaling:updateAutoScalingGroup": _LAUNCH,
    # https://docs.aws.amazon.com/aws-backup/latest/devguide/access-control.html
    "backup:createBackupVault": (Grant("backup-storage:MountCapsule", "*"),),
    "batch:createComputeEnvironment": (
        Grant(
            "eks:DescribeCluster",
            "{EksConfiguration.EksClusterArn}",
            given("EksConfiguration.EksClusterArn"),
        ),
        Grant(
            "batch:SetCapacityTags",
            "batch:@:compute-environment/{ComputeEnvironmentName}",
            given("ComputeResources.CapacityTags"),
        ),
    ),
    "batch:updateComputeEnvironment": (
        Grant(
            "batch:SetCapacityTags",
            "batch:@:compute-environment/{ComputeEnvironment}",
            given("ComputeResources.CapacityTags"),
        ),
    ),
    "bedrockagentcore:invokeAgentRuntime": (
        Grant(
            "bedrock-agentcore:InvokeAgentRuntimeForUser",
            "bedrock-agentcore:@:runtime/{AgentRuntimeArn}"
            " bedrock-agentcore:@:runtime/{AgentRuntimeArn}/*",
            given("RuntimeUserId"),
        ),
    ),
    # https://docs.aws.amazon.com/bedrock/latest/userguide/rerank-prereq.html
    "bedrockagentruntime:rerank": (
        Grant("bedrock:InvokeModel", f"{{{_RERANKING}}}", given(_RERANKING)),
    ),
    # https://docs.aws.amazon.com/bedrock/latest/userguide/kb-permissions.html
    "bedrockagentruntime:retrieveAndGenerate": (
        Grant(
            "bedrock:Retrieve",
            f"bedrock:@:knowledge-base/{{{_KNOWLEDGE_BASE}.KnowledgeBaseId}}",
            given(_KNOWLEDGE_BASE),
        ),
        *invoke_model(f"{_KNOWLEDGE_BASE}.ModelArn"),
    ),
    "bedrockruntime:converse": (apply_guardrail("GuardrailConfig.GuardrailIdentifier"),),
    "bedrockruntime:invokeModel": (apply_guardrail("GuardrailIdentifier"),),
    "cloudwatchlogs:filterLogEvents": _UNMASK,
    "cloudwatchlogs:getLogEvents": _UNMASK,
    **{
        f"cloudwatchlogs:{operation}": tuple(
            Grant(f"logs:{verb}{noun}", "*", equals("PolicyType", kind))
            for kind, noun in _ACCOUNT_POLICIES.items()
        )
        for operation, verb in (("deleteAccountPolicy", "Delete"), ("putAccountPolicy", "Put"))
    },
    "codeartifact:getAuthorizationToken": (
        Grant("sts:GetServiceBearerToken", "*", conditions=(_BEARER_TOKEN,)),
    ),
    # https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_SetIdentityPoolRoles.html
    "cognitoidentity:setIdentityPoolRoles": (
        pass_role("Roles.authenticated", "cognito-identity"),
        pass_role("Roles.unauthenticated", "cognito-identity"),
    ),
    "docdb:createDBCluster": _MANAGE_PASSWORD,
    "docdb:modifyDBCluster": _CHANGE_PASSWORD,
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-examples.html
    "dynamodb:createTable": (
        Grant(
            "dynamodb:PutResourcePolicy",
            "dynamodb:@:table/{TableName}",
            given("ResourcePolicy"),
        ),
    ),
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/kds_gettingstarted.html
    "dynamodb:enableKinesisStreamingDestination": (
        Grant(
            "kinesis:DescribeStream kinesis:PutRecord kinesis:PutRecords",
            "kinesis:@:stream/{StreamArn}",
        ),
    ),
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/globaltables-security.html
    "dynamodb:updateTable": (
        Grant(
            "dynamodb:BatchWriteItem dynamodb:CreateTable dynamodb:CreateTableReplica"
            " dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query dynamodb:Scan"
            " dynamodb:UpdateItem",
            "dynamodb:*:ACCOUNT:table/{TableName}",
            given("ReplicaUpdates[].Create"),
        ),
        Grant(
            "dynamodb:DeleteTable dynamodb:DeleteTableReplica",
            "dynamodb:*:ACCOUNT:table/{TableName}",
            given("ReplicaUpdates[].Delete"),
        ),
        Grant(
            "iam:CreateServiceLinkedRole",
            "iam::ACCOUNT:role/aws-service-role/replication.dynamodb.amazonaws.com"
            "/AWSServiceRoleForDynamoDBReplication",
            given("ReplicaUpdates[].Create"),
            (
                ConditionTemplate(
                    "StringLike", "iam:AWSServiceName", "replication.dynamodb.amazonaws.com"
                ),
            ),
        ),
    ),
    # https://docs.aws.amazon.com/ebs/latest/userguide/ebsapi-permissions.html
    "ebs:startSnapshot": (Grant("ec2:CreateTags", "ec2:REGION::snapshot/*", given("Tags[]")),),
    # https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html
    "ec2:createFlowLogs": (
        Grant(
            "logs:CreateLogDelivery logs:DeleteLogDelivery",
            "*",
            matches("LogDestinationType", "s3|kinesis-data-firehose"),
        ),
    ),
    # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-fleet-prerequisites.html
    "ec2:createFleet": (Grant("ec2:RunInstances", "*"),),
    "ecrpublic:getAuthorizationToken": (Grant("sts:GetServiceBearerToken", "*"),),
    # https://docs.aws.amazon.com/efs/latest/ug/API_CreateMountTarget.html
    "efs:createMountTarget": (
        Grant("ec2:CreateNetworkInterface ec2:DescribeNetworkInterfaces ec2:DescribeSubnets", "*"),
    ),
    "efs:deleteMountTarget": (Grant("ec2:DeleteNetworkInterface", "*"),),
    "efs:describeMountTargetSecurityGroups": (Grant("ec2:DescribeNetworkInterfaceAttribute", "*"),),
    "efs:modifyMountTargetSecurityGroups": (Grant("ec2:ModifyNetworkInterfaceAttribute", "*"),),
    "elasticbeanstalk:updateTagsForResource": (
        Grant("elasticbeanstalk:AddTags", "{ResourceArn}", given("TagsToAdd")),
        Grant("elasticbeanstalk:RemoveTags", "{ResourceArn}", given("TagsToRemove")),
    ),
    "fsx:deleteVolume": (
        Grant(
            "fsx:BypassSnaplockEnterpriseRetention",
            "fsx:@:volume/*/{VolumeId}",
            given("OntapConfiguration.BypassSnaplockEnterpriseRetention"),
        ),
    ),
    # https://docs.aws.amazon.com/glue/latest/webapi/API_CreateConnection.html
    "glue:createConnection": (
        Grant("glue:PassConnection", "glue:@:connection/{ConnectionInput.Name:text}"),
    ),
    # https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddRoleToInstanceProfile.html
    "iam:addRoleToInstanceProfile": (pass_role("RoleName", "ec2"),),
    # https://docs.aws.amazon.com/kms/latest/APIReference/API_ReplicateKey.html
    "kms:replicateKey": (Grant("kms:CreateKey", "*"),),
    "lambda:createFunction": (*_FUNCTION_SETTINGS, _use_image("Code.ImageUri")),
    "lambda:updateFunctionCode": (_use_image("ImageUri"),),
    "lambda:updateFunctionConfiguration": _FUNCTION_SETTINGS,
    # https://docs.aws.amazon.com/amazon-mq/latest/api-reference/brokers.html
    "mq:createBroker": (
        Grant(
            "ec2:CreateNetworkInterface ec2:CreateNetworkInterfacePermission"
            " ec2:DeleteNetworkInterface ec2:DeleteNetworkInterfacePermission"
            " ec2:DescribeInternetGateways ec2:DescribeNetworkInterfacePermissions"
            " ec2:DescribeNetworkInterfaces ec2:DescribeRouteTables ec2:DescribeSecurityGroups"
            " ec2:DescribeSubnets ec2:DescribeVpcs ec2:DetachNetworkInterface",
            "*",
        ),
    ),
    "polly:startSpeechSynthesisTask": (
        Grant("sns:Publish", "sns:@:{SnsTopicArn}", given("SnsTopicArn")),
    ),
    "rds:createDBCluster": _MANAGE_PASSWORD,
    "rds:createDBInstance": _MANAGE_PASSWORD,
    "rds:modifyDBCluster": _CHANGE_PASSWORD,
    "rds:modifyDBInstance": _CHANGE_PASSWORD,
    "rds:restoreDBClusterFromS3": _MANAGE_PASSWORD,
    "rds:restoreDBInstanceFromS3": _MANAGE_PASSWORD,
    # https://docs.aws.amazon.com/redshift/latest/APIReference/API_GetClusterCredentials.html
    "redshift:getClusterCredentials": (
        Grant(
            "redshift:CreateClusterUser",
            "redshift:@:dbuser:{ClusterIdentifier}/{DbUser}",
            given("AutoCreate"),
        ),
        Grant(
            "redshift:JoinGroup",
            "redshift:@:dbgroup:{ClusterIdentifier}/{DbGroups[]}",
            given("DbGroups[]"),
        ),
    ),
    "resourcegroups:listGroupResources": _LIST_GROUP,
    "resourcegroups:searchResources": _LIST_GROUP,
    "route53:associateVPCWithHostedZone": _DESCRIBE_VPCS,
    "route53:createHostedZone": _DESCRIBE_VPCS,
    "s3:createBucketMetadataConfiguration": _METADATA_TABLES,
    "s3:createBucketMetadataTableConfiguration": _METADATA_TABLES,
    "s3:updateBucketMetadataInventoryTableConfiguration": _METADATA_TABLES,
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_CreateTable.html
    "s3tables:createTable": (
        Grant("s3tables:PutTableData", _TABLES, given("Metadata")),
        Grant("s3tables:PutTableEncryption", _TABLES, given("EncryptionConfiguration")),
        Grant("s3tables:PutTableStorageClass", _TABLES, given("StorageClassConfiguration")),
    ),
    "s3tables:createTableBucket": (
        Grant(
            "s3tables:PutTableBucketEncryption",
            "s3tables:@:bucket/{Name}",
            given("EncryptionConfiguration"),
        ),
        Grant(
            "s3tables:PutTableBucketStorageClass",
            "s3tables:@:bucket/{Name}",
            given("StorageClassConfiguration"),
        ),
    ),
    "s3vectors:listVectors": (
        Grant("s3vectors:GetVectors", _INDEX, given("ReturnData|ReturnMetadata")),
    ),
    "s3vectors:queryVectors": (
        Grant("s3vectors:GetVectors", _INDEX, given("Filter|ReturnMetadata")),
    ),
    # https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html
    "secretsmanager:batchGetSecretValue": (
        Grant(
            "secretsmanager:GetSecretValue",
            "secretsmanager:@:secret:{SecretIdList[]:secret}",
            absent("Filters[].Key"),
        ),
        Grant(
            "secretsmanager:GetSecretValue",
            "*",
            given("Filters[].Key"),
            why_wide="the filters decide which secrets are read",
        ),
        Grant("secretsmanager:ListSecrets", "*", given("Filters[].Key")),
    ),
    "secretsmanager:createSecret": (
        Grant(
            "secretsmanager:ReplicateSecretToRegions", _NAMED, given("AddReplicaRegions[].Region")
        ),
    ),
    "secretsmanager:rotateSecret": (
        Grant(
            "lambda:InvokeFunction",
            "lambda:@:function:{RotationLambdaARN:function}",
            given("RotationLambdaARN"),
        ),
    ),
    "secretsmanager:validateResourcePolicy": (
        Grant("secretsmanager:PutResourcePolicy", _NAMED, given("SecretId")),
    ),
    # https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
    "sfn:createStateMachine": (
        Grant(
            "states:PublishStateMachineVersion", "states:@:stateMachine:{Name}", given("Publish")
        ),
    ),
    "sfn:updateStateMachine": (
        Grant(
            "states:PublishStateMachineVersion",
            "states:@:stateMachine:{StateMachineArn:machine}",
            given("Publish"),
        ),
    ),
    # https://docs.aws.amazon.com/step-functions/latest/dg/test-state-isolation.html
    "sfn:testState": (Grant("states:RevealSecrets", "*", given("RevealSecrets")),),
    # https://docs.aws.amazon.com/sns/latest/dg/sns-topic-attributes.html
    "sns:createTopic": tuple(
        pass_role(f"Attributes.{protocol}{result}FeedbackRoleArn", "sns")
        for protocol in ("Application", "Firehose", "HTTP", "Lambda", "SQS")
        for result in ("Failure", "Success")
    ),
    "sns:setSubscriptionAttributes": _SET_ROLE,
    "sns:setTopicAttributes": _SET_ROLE,
    "sns:subscribe": (pass_role("Attributes.SubscriptionRoleArn", "sns"),),
    # https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-setup-iam.html
    "ssm:startAutomationExecution": (pass_role("Parameters.AutomationAssumeRole[]", "ssm"),),
    # https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_UpdateAssociation.html
    "ssm:updateAssociation": (Grant("ssm:DescribeAssociation", "*"),),
    "wafv2:getWebACLForResource": (Grant("wafv2:GetWebACL", "*"),),
}


def _combine(*tables: Mapping[str, tuple[Grant, ...]]) -> Mapping[str, tuple[Grant, ...]]:
    names = dict.fromkeys(name for table in tables for name in table)
    return {
        name.lower(): tuple(grant for table in tables for grant in table.get(name, ()))
        for name in names
    }


EXTRA_GRANTS = _combine(_EXTRA_GRANTS, S3_GRANTS)
"""By service and operation in lower case: `s3:copyobject`."""

# https://docs.aws.amazon.com/timestream/latest/developerguide/Using-API.endpoint-discovery.html
_DISCOVER_ENDPOINTS = Grant("timestream:DescribeEndpoints", "*")
EXTRA_GRANTS_OF_SERVICES: Mapping[str, tuple[Grant, ...]] = {
    "timestreamquery": (_DISCOVER_ENDPOINTS,),
    "timestreamwrite": (_DISCOVER_ENDPOINTS,),
}
"""For every operation of a service."""
