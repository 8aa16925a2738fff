"""What each optimised integration of Step Functions needs its role to allow: a row for each.

Pages of https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html have a policy
for each; where a page says `*` and the action knows a resource, the resource is named here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.asl.permissions.extra_grants import guardrail, inference, profile
from sfn_s3_cli.asl.permissions.grants import (
    Condition,
    Grant,
    Integration,
    linked,
    one,
    passed,
    passed_to,
    tagged,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


def _job(kind: str, create: str, resource: str, name: str, rule: str) -> Integration:
    """A job of SageMaker. Its role and tags are given, or those of what it uses."""
    arn = f"sagemaker:@:{resource}/{{{name}:cased}}*"
    grants = (
        Grant(f"sagemaker:Create{kind}", arn),
        Grant("sagemaker:AddTags sagemaker:ListTags", arn),
        passed(_ROLES, "sagemaker"),
    )
    sync = Grant(f"sagemaker:Describe{kind} sagemaker:Stop{kind}", arn)
    return Integration(f"sagemaker:{create}", grants, (sync,), rule)


def _connection(path: str) -> Grant:
    return Grant("events:RetrieveConnectionCredentials", f"events:@:connection/{{{path}}}", path)


_TABLE = "dynamodb:@:table/{TableName}"
_FUNCTIONS = "lambda:@:function:{FunctionName:function}"
_PROJECT = "codebuild:@:project/{ProjectName}"
_CLUSTER = "elasticmapreduce:@:cluster/{ClusterId}"
_EKS = "eks:@:cluster/{Name}"
_VIRTUAL_CLUSTER = "emr-containers:@:/virtualclusters/{VirtualClusterId|Id}"
_APPLICATION = "emr-serverless:@:/applications/{ApplicationId}"
_WORKGROUP = "athena:@:workgroup/{WorkGroup|=primary}"
_RESULTS = "ResultConfiguration.EncryptionConfiguration.KmsKey"
_ENDPOINT = "sagemaker:@:endpoint/{EndpointName:cased}"
_ENDPOINT_CONFIG = "sagemaker:@:endpoint-config/{EndpointConfigName:cased}"
_QUERY = "the query decides what is read and written"
_TASK_ROLES = "the roles stand in the task definition"
_ROLES = "RoleArn|TrainingJobDefinition.RoleArn|TrainingJobDefinitions[].RoleArn"

CREDENTIALS = Integration("credentials", (Grant("sts:AssumeRole", "{RoleArn}"),))
FUNCTION = Integration("function", (Grant("lambda:InvokeFunction", _FUNCTIONS),))
DISTRIBUTED_MAP = Integration(
    # https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
    "map",
    (
        Grant("states:StartExecution", "states:@:stateMachine:MACHINE"),
        Grant(
            "states:DescribeExecution states:StopExecution",
            "states:@:execution:MACHINE:* states:@:execution:MACHINE/{Label|=*:text}:*",
        ),
        Grant("states:RedriveExecution", "states:@:execution:MACHINE/{Label|=*:text}:*"),
    ),
)

_ROWS = (
    Integration(
        "apigateway:invoke",
        (
            Grant(
                "execute-api:Invoke",
                "execute-api:@:{ApiEndpoint:api}/{Stage}/{Method}/{Path:unslashed}",
                "AuthType=IAM_ROLE",
            ),
            # https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html
            Grant(
                "execute-api:ManageConnections",
                "execute-api:@:{ApiEndpoint:api}/{Stage}/{Method}/{Path:unslashed}",
                "AuthType=IAM_ROLE&Path^@connections",
            ),
        ),
    ),
    Integration(
        "athena:startQueryExecution",
        (
            Grant("athena:StartQueryExecution", _WORKGROUP),
            Grant("athena:GetDataCatalog", "athena:@:datacatalog/*"),
            Grant("lakeformation:GetDataAccess", "*"),
            Grant(
                "s3:CreateBucket s3:GetBucketLocation s3:ListBucket s3:ListBucketMultipartUploads",
                "s3:::*",
                why=_QUERY,
            ),
            Grant(
                "s3:AbortMultipartUpload s3:GetObject s3:ListMultipartUploadParts s3:PutObject",
                "s3:::*/*",
                why=_QUERY,
            ),
            Grant(
                "glue:BatchCreatePartition glue:BatchDeletePartition glue:BatchDeleteTable"
                " glue:BatchGetPartition glue:CreatePartition glue:CreateTable glue:DeleteDatabase"
                " glue:DeletePartition glue:DeleteTable glue:GetPartition glue:GetPartitions"
                " glue:GetTable glue:GetTables glue:UpdatePartition glue:UpdateTable",
                "glue:@:catalog glue:@:database/* glue:@:table/*/*",
                why=_QUERY,
            ),
            Grant(
                "glue:CreateDatabase glue:GetDatabase glue:GetDatabases glue:UpdateDatabase",
                "glue:@:catalog glue:@:database/*",
                why=_QUERY,
            ),
            Grant("glue:DeleteDatabase", "glue:@:userDefinedFunction/*/*", why=_QUERY),
            # https://docs.aws.amazon.com/athena/latest/ug/encryption.html
            Grant("kms:Decrypt kms:GenerateDataKey", f"kms:@:key/{{{_RESULTS}:key}}", _RESULTS),
        ),
        (
            Grant(
                "athena:BatchGetQueryExecution athena:GetQueryExecution athena:GetQueryResults"
                " athena:GetWorkGroup"
                " athena:ListQueryExecutions athena:StopQueryExecution",
                _WORKGROUP,
            ),
        ),
    ),
    one("athena:getQueryExecution", "athena:GetQueryExecution", "athena:@:workgroup/*"),
    Integration(
        "athena:getQueryResults",
        (
            Grant("athena:GetQueryResults", "athena:@:workgroup/*"),
            Grant("s3:GetObject", "s3:::*/*", why="the results lie where the query wrote them"),
        ),
    ),
    one("athena:stopQueryExecution", "athena:StopQueryExecution", "athena:@:workgroup/*"),
    Integration(
        "batch:submitJob",
        (
            Grant(
                "batch:SubmitJob",
                "batch:@:job/* batch:@:job-queue/{JobQueue} batch:@:job-definition/{JobDefinition}"
                " batch:@:job-definition/{JobDefinition:revisions}",
            ),
            tagged("batch:@:job/*"),
        ),
        (
            Grant("batch:DescribeJobs", "*"),
            Grant("batch:TerminateJob", "batch:@:job/*"),
        ),
        "EventsForBatchJobs",
    ),
    Integration(
        "bedrock:createModelCustomizationJob",
        (
            Grant(
                "bedrock:CreateModelCustomizationJob",
                "bedrock:REGION::foundation-model/{BaseModelIdentifier} bedrock:@:custom-model/*"
                " bedrock:@:model-customization-job/*",
            ),
            passed("RoleArn", "bedrock"),
            tagged("bedrock:@:custom-model/*", "CustomModelTags"),
            tagged("bedrock:@:model-customization-job/*", "JobTags"),
        ),
        (
            Grant(
                "bedrock:GetModelCustomizationJob bedrock:StopModelCustomizationJob",
                "bedrock:@:model-customization-job/*",
            ),
        ),
    ),
    Integration(
        "bedrock:invokeModel",
        (
            *inference("ModelId"),
            Grant("s3:GetObject", "{Input.S3Uri:s3_uri}", "Input.S3Uri"),
            Grant("s3:PutObject", "{Output.S3Uri:s3_uri}", "Output.S3Uri"),
            guardrail("GuardrailIdentifier"),
        ),
    ),
    # https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/harness-security.html
    one(
        "bedrockagentcore:invokeHarness",
        "bedrock-agentcore:InvokeAgentRuntime bedrock-agentcore:InvokeHarness",
        "bedrock-agentcore:@:harness/{HarnessArn}"
        " bedrock-agentcore:@:harness/{HarnessArn}/harness-endpoint/*",
    ),
    one(
        "codebuild:batchDeleteBuilds",
        "codebuild:BatchDeleteBuilds",
        "codebuild:@:project/{Ids[]:project}",
    ),
    one(
        "codebuild:batchGetReports",
        "codebuild:BatchGetReports",
        "codebuild:@:report-group/{ReportArns[]:report_group}",
    ),
    one(
        "codebuild:deleteBuildBatch",
        "codebuild:DeleteBuildBatch",
        "codebuild:@:project/{Id:project}",
    ),
    one(
        "codebuild:retryBuildBatch",
        "codebuild:RetryBuildBatch",
        "codebuild:@:project/{Id:project}",
        "codebuild:BatchGetBuildBatches codebuild:StopBuildBatch",
        "EventForCodeBuildStartBuildBatch",
    ),
    one(
        "codebuild:startBuild",
        "codebuild:StartBuild",
        _PROJECT,
        "codebuild:BatchGetBuilds codebuild:StopBuild",
        "EventForCodeBuildStartBuild",
    ),
    one(
        "codebuild:startBuildBatch",
        "codebuild:StartBuildBatch",
        _PROJECT,
        "codebuild:BatchGetBuildBatches codebuild:StopBuildBatch",
        "EventForCodeBuildStartBuildBatch",
    ),
    one("codebuild:stopBuild", "codebuild:StopBuild", "codebuild:@:project/{Id:project}"),
    one("codebuild:stopBuildBatch", "codebuild:StopBuildBatch", "codebuild:@:project/{Id:project}"),
    one(
        "databrew:startJobRun",
        "databrew:StartJobRun",
        "databrew:@:job/{Name:text}",
        "databrew:ListJobRuns databrew:StopJobRun",
    ),
    one("dynamodb:deleteItem", "dynamodb:DeleteItem", _TABLE),
    one("dynamodb:getItem", "dynamodb:GetItem", _TABLE),
    one("dynamodb:putItem", "dynamodb:PutItem", _TABLE),
    one("dynamodb:updateItem", "dynamodb:UpdateItem", _TABLE),
    Integration(
        "ecs:runTask",
        (
            Grant("ecs:RunTask", "ecs:@:task-definition/{TaskDefinition:revisions}"),
            Grant("iam:PassRole", "*", conditions=(passed_to("ecs-tasks"),), why=_TASK_ROLES),
            passed("Overrides.ExecutionRoleArn", "ecs-tasks"),
            passed("Overrides.TaskRoleArn", "ecs-tasks"),
            # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/infrastructure_IAM_role.html
            passed("VolumeConfigurations[].ManagedEBSVolume.RoleArn", "ecs"),
            tagged("ecs:@:task/{Cluster|=default:tasks}/*", "Tags|PropagateTags"),
        ),
        (Grant("ecs:DescribeTasks ecs:StopTask", "ecs:@:task/{Cluster|=default:tasks}/*"),),
        "EventsForECSTask",
    ),
    Integration("eks:call", ()),  # what it may do is up to Kubernetes
    Integration("eks:runJob", ()),
    Integration(
        "eks:createCluster",
        (Grant("eks:CreateCluster", "*"), passed("RoleArn", "eks"), tagged(_EKS)),
        (Grant("eks:DeleteCluster eks:DescribeCluster", _EKS),),
    ),
    one("eks:deleteCluster", "eks:DeleteCluster", _EKS, "eks:DescribeCluster"),
    Integration(
        "eks:createFargateProfile",
        (
            Grant("eks:CreateFargateProfile", "eks:@:cluster/{ClusterName}"),
            passed("PodExecutionRoleArn", "eks"),
            passed("PodExecutionRoleArn", "eks-fargate-pods"),
            tagged("eks:@:fargateprofile/{ClusterName}/{FargateProfileName}/*"),
        ),
        (
            Grant(
                "eks:DeleteFargateProfile eks:DescribeFargateProfile",
                "eks:@:fargateprofile/{ClusterName}/{FargateProfileName}/*",
            ),
        ),
    ),
    one(
        "eks:deleteFargateProfile",
        "eks:DeleteFargateProfile",
        "eks:@:fargateprofile/{ClusterName}/{FargateProfileName}/*",
        "eks:DescribeFargateProfile",
    ),
    Integration(
        "eks:createNodegroup",
        (
            Grant("eks:CreateNodegroup", "eks:@:cluster/{ClusterName}"),
            # https://docs.aws.amazon.com/step-functions/latest/dg/eks-iam.html
            Grant("ec2:DescribeSubnets", "*"),
            Grant("iam:GetRole iam:ListAttachedRolePolicies", "iam::ACCOUNT:role/{NodeRole}"),
            passed("NodeRole", "eks"),
            passed("NodeRole", "ec2"),
            tagged("eks:@:nodegroup/{ClusterName}/{NodegroupName}/*"),
        ),
        (
            Grant(
                "eks:DeleteNodegroup eks:DescribeNodegroup",
                "eks:@:nodegroup/{ClusterName}/{NodegroupName}/*",
            ),
        ),
    ),
    one(
        "eks:deleteNodegroup",
        "eks:DeleteNodegroup",
        "eks:@:nodegroup/{ClusterName}/{NodegroupName}/*",
        "eks:DescribeNodegroup",
    ),
    Integration(
        "elasticmapreduce:addStep",
        (
            Grant("elasticmapreduce:AddJobFlowSteps", _CLUSTER),
            passed("ExecutionRoleArn", "elasticmapreduce"),
        ),
        (Grant("elasticmapreduce:CancelSteps elasticmapreduce:DescribeStep", _CLUSTER),),
        "EventForEMRAddJobFlowSteps",
    ),
    one("elasticmapreduce:cancelStep", "elasticmapreduce:CancelSteps", _CLUSTER),
    Integration(
        "elasticmapreduce:createCluster",
        (
            Grant("elasticmapreduce:RunJobFlow", "*"),
            Grant("elasticmapreduce:AddTags", "elasticmapreduce:@:cluster/*", "Tags"),
            passed("ServiceRole", "elasticmapreduce"),
            profile("JobFlowRole"),
            passed("AutoScalingRole", "application-autoscaling"),
            # https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr.html
            linked("elasticmapreduce.amazonaws.com*", "AWSServiceRoleForEMRCleanup*"),
        ),
        (
            Grant(
                "elasticmapreduce:DescribeCluster elasticmapreduce:TerminateJobFlows",
                "elasticmapreduce:@:cluster/*",
            ),
        ),
        "EventForEMRRunJobFlow",
    ),
    one(
        "elasticmapreduce:modifyInstanceFleetByName",
        "elasticmapreduce:ListInstanceFleets elasticmapreduce:ModifyInstanceFleet",
        _CLUSTER,
    ),
    one(
        "elasticmapreduce:modifyInstanceGroupByName",
        "elasticmapreduce:ListInstanceGroups elasticmapreduce:ModifyInstanceGroups",
        _CLUSTER,
    ),
    one(
        "elasticmapreduce:setClusterTerminationProtection",
        "elasticmapreduce:SetTerminationProtection",
        _CLUSTER,
    ),
    one(
        "elasticmapreduce:terminateCluster",
        "elasticmapreduce:TerminateJobFlows",
        _CLUSTER,
        "elasticmapreduce:DescribeCluster",
        "EventForEMRTerminateJobFlows",
    ),
    Integration(
        "emr-containers:createVirtualCluster",
        (
            Grant("emr-containers:CreateVirtualCluster", "*"),
            linked("emr-containers.amazonaws.com", "AWSServiceRoleForAmazonEMRContainers"),
            tagged("emr-containers:@:/virtualclusters/*"),
        ),
    ),
    one(
        "emr-containers:deleteVirtualCluster",
        "emr-containers:DeleteVirtualCluster",
        _VIRTUAL_CLUSTER,
        "emr-containers:DescribeVirtualCluster",
    ),
    Integration(
        "emr-containers:startJobRun",
        (
            Grant(
                "emr-containers:StartJobRun",
                _VIRTUAL_CLUSTER,
                conditions=(
                    Condition(
                        "StringEquals", "emr-containers:ExecutionRoleArn", "{ExecutionRoleArn}"
                    ),
                ),
            ),
            tagged(f"{_VIRTUAL_CLUSTER}/jobruns/*"),
        ),
        (
            Grant(
                "emr-containers:CancelJobRun emr-containers:DescribeJobRun",
                f"{_VIRTUAL_CLUSTER}/jobruns/*",
            ),
        ),
    ),
    Integration(
        "emr-serverless:createApplication",
        (
            Grant("emr-serverless:CreateApplication", "*"),
            linked("ops.emr-serverless.amazonaws.com", "AWSServiceRoleForAmazonEMRServerless*"),
            tagged("emr-serverless:@:/applications/*"),
        ),
        (
            Grant(
                "emr-serverless:DeleteApplication emr-serverless:GetApplication",
                "emr-serverless:@:/applications/*",
            ),
        ),
        "EventsForEMRServerlessApplication",
    ),
    one(
        "emr-serverless:deleteApplication",
        "emr-serverless:DeleteApplication",
        _APPLICATION,
        "emr-serverless:GetApplication",
        "EventsForEMRServerlessApplication",
    ),
    one(
        "emr-serverless:startApplication",
        "emr-serverless:StartApplication",
        _APPLICATION,
        "emr-serverless:GetApplication emr-serverless:StopApplication",
        "EventsForEMRServerlessApplication",
    ),
    one(
        "emr-serverless:stopApplication",
        "emr-serverless:StopApplication",
        _APPLICATION,
        "emr-serverless:GetApplication",
        "EventsForEMRServerlessApplication",
    ),
    Integration(
        "emr-serverless:startJobRun",
        (
            Grant("emr-serverless:StartJobRun", _APPLICATION),
            passed("ExecutionRoleArn", "emr-serverless"),
            tagged(f"{_APPLICATION}/jobruns/*"),
        ),
        (
            Grant(
                "emr-serverless:CancelJobRun emr-serverless:GetJobRun", f"{_APPLICATION}/jobruns/*"
            ),
        ),
        "EventsForEMRServerlessJob",
    ),
    one(
        "emr-serverless:cancelJobRun",
        "emr-serverless:CancelJobRun",
        f"{_APPLICATION}/jobruns/{{JobRunId}}",
        "emr-serverless:GetJobRun",
        "EventsForEMRServerlessJob",
    ),
    one(
        "events:putEvents",
        "events:PutEvents",
        "events:@:event-bus/{Entries[].EventBusName|=default}",
    ),
    one(
        "glue:startJobRun",
        "glue:StartJobRun",
        "glue:@:job/{JobName:text}",
        "glue:BatchStopJobRun glue:GetJobRun glue:GetJobRuns",
    ),
    Integration(
        "http:invoke",
        (
            # https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html
            Grant(
                "states:InvokeHTTPEndpoint",
                "states:@:stateMachine:MACHINE states:@:stateMachine:MACHINE:*",
                conditions=(
                    Condition("StringEquals", "states:HTTPEndpoint", "{ApiEndpoint:text}"),
                    Condition("StringEquals", "states:HTTPMethod", "{Method}"),
                ),
            ),
            _connection("Authentication.ConnectionArn"),
            _connection("InvocationConfig.ConnectionArn"),
            Grant(
                "secretsmanager:DescribeSecret secretsmanager:GetSecretValue",
                "secretsmanager:*:*:secret:events!connection/*",
            ),
        ),
    ),
    one("lambda:invoke", "lambda:InvokeFunction", _FUNCTIONS),
    Integration(
        "mediaconvert:createJob",
        (
            # https://docs.aws.amazon.com/step-functions/latest/dg/connect-mediaconvert.html
            Grant(
                "mediaconvert:CreateJob",
                "mediaconvert:@:queues/{Queue|=*} mediaconvert:@:presets/*"
                " mediaconvert:@:jobTemplates/{JobTemplate|=*}",
            ),
            passed("Role", "mediaconvert"),
            tagged("mediaconvert:@:jobs/*"),
        ),
        (Grant("mediaconvert:CancelJob mediaconvert:GetJob", "mediaconvert:@:jobs/*"),),
        "EventsForMediaConvertJob",
    ),
    Integration(
        "sagemaker:createEndpoint",
        (
            Grant("sagemaker:CreateEndpoint", f"{_ENDPOINT} {_ENDPOINT_CONFIG}"),
            Grant("sagemaker:AddTags", _ENDPOINT, "Tags"),
        ),
    ),
    Integration(
        "sagemaker:updateEndpoint",
        (Grant("sagemaker:UpdateEndpoint", f"{_ENDPOINT} {_ENDPOINT_CONFIG}"),),
    ),
    Integration(
        "sagemaker:createEndpointConfig",
        (
            Grant("sagemaker:CreateEndpointConfig", _ENDPOINT_CONFIG),
            Grant("sagemaker:AddTags", _ENDPOINT_CONFIG, "Tags"),
            passed("ExecutionRoleArn", "sagemaker"),
        ),
    ),
    Integration(
        "sagemaker:createModel",
        (
            Grant("sagemaker:CreateModel", "sagemaker:@:model/{ModelName:cased}"),
            Grant("sagemaker:AddTags", "sagemaker:@:model/{ModelName:cased}", "Tags"),
            passed("ExecutionRoleArn", "sagemaker"),
        ),
    ),
    _job(
        "HyperParameterTuningJob",
        "createHyperParameterTuningJob",
        "hyper-parameter-tuning-job",
        "HyperParameterTuningJobName",
        "EventsForSageMakerTuningJobs",
    ),
    _job(
        "LabelingJob",
        "createLabelingJob",
        "labeling-job",
        "LabelingJobName",
        "EventsForSageMakerLabelingJobs",
    ),
    _job(
        "ProcessingJob",
        "createProcessingJob",
        "processing-job",
        "ProcessingJobName",
        "EventsForSageMakerProcessingJobs",
    ),
    _job(
        "TrainingJob",
        "createTrainingJob",
        "training-job",
        "TrainingJobName",
        "EventsForSageMakerTrainingJobs",
    ),
    _job(
        "TransformJob",
        "createTransformJob",
        "transform-job",
        "TransformJobName",
        "EventsForSageMakerTransformJobs",
    ),
    Integration(
        "sns:publish",
        (
            Grant("sns:Publish", "sns:@:{TopicArn|TargetArn}", "!PhoneNumber"),
            Grant("sns:Publish", "*", "PhoneNumber", why="a phone is no resource of IAM"),
        ),
    ),
    one("sqs:sendMessage", "sqs:SendMessage", "sqs:@:{QueueUrl:queue}"),
    Integration(
        "states:startExecution",
        (Grant("states:StartExecution", "states:@:stateMachine:{StateMachineArn:machine}"),),
        (
            Grant(
                "states:DescribeExecution states:StopExecution",
                "states:@:execution:{StateMachineArn:executions}:*",
            ),
        ),
        "EventsForStepFunctionsExecution",
    ),
)

_BUCKETS = (
    # https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
    Integration(
        "s3:getObject",
        (
            Grant("s3:GetObject", "s3:::{Bucket:objects}/{Key:text}"),
            Grant("s3:GetObjectVersion", "s3:::{Bucket:objects}/{Key:text}", "VersionId"),
        ),
    ),
    Integration(
        "s3:getObject MANIFEST",
        (
            Grant("s3:GetObject", "s3:::{Bucket:objects}/{Key:text}"),
            Grant("s3:GetObjectVersion", "s3:::{Bucket:objects}/{Key:text}", "VersionId"),
            Grant("s3:GetObject", "s3:::{Bucket:objects}/*", why="the manifest names the files"),
        ),
    ),
    Integration(
        "s3:listObjectsV2",
        (
            Grant(
                "s3:ListBucket",
                "s3:::{Bucket}",
                conditions=(Condition("StringLike", "s3:prefix", "{Prefix:text}*"),),
            ),
            Grant("s3:GetObject", "s3:::{Bucket:objects}/{Prefix|=:text}*"),
        ),
    ),
    Integration(
        "s3:putObject",
        (
            Grant(
                "s3:AbortMultipartUpload s3:GetObject s3:ListMultipartUploadParts s3:PutObject",
                "s3:::{Bucket:objects}/{Prefix|=:folder}*",
            ),
        ),
    ),
)

TABLE: Mapping[str, Integration] = {row.name: row for row in _ROWS}
"""By what follows `arn:PARTITION:states:::` in a Task's Resource, without `.sync` and the like."""
READERS: Mapping[str, Integration] = {row.name: row for row in _BUCKETS}
"""The same for ItemReader and ResultWriter."""
