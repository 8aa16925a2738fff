"""The permissions of the optimised integrations of Step Functions: a row for each.

https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html leads to a policy for
each of them. Where that policy says `*` although the action has resources, they are named here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.asl.permissions.bedrock import apply_guardrail, invoke_model
from sfn_s3_cli.asl.permissions.grants import (
    ConditionTemplate,
    Grant,
    Integration,
    create_linked_role,
    grant_call,
    pass_instance_profile_role,
    pass_role,
    require_recipient,
    tag_resources,
)
from sfn_s3_cli.asl.permissions.requirements import absent, equals, given, mentions

if TYPE_CHECKING:
    from collections.abc import Mapping


def _create_job(kind: str, create: str, resource: str, name: str, managed_rule: str) -> Integration:
    """A job of SageMaker. Its role and tags may be those of a resource that it uses."""
    arn = f"sagemaker:@:{resource}/{{{name}:cased}}*"
    grants = (
        Grant(f"sagemaker:Create{kind}", arn),
        Grant("sagemaker:AddTags sagemaker:ListTags", arn),
        pass_role(_ROLES, "sagemaker"),
    )
    sync = Grant(f"sagemaker:Describe{kind} sagemaker:Stop{kind}", arn)
    return Integration(f"sagemaker:{create}", grants, (sync,), managed_rule)


def _use_connection(parameter: str) -> Grant:
    return Grant(
        "events:RetrieveConnectionCredentials",
        f"events:@:connection/{{{parameter}}}",
        given(parameter),
    )


_CONSUMABLE = "ConsumableResourcePropertiesOverride.ConsumableResourceList[].ConsumableResource"
_CONSUMABLES = (_CONSUMABLE, f"NodeOverrides.NodePropertyOverrides[].{_CONSUMABLE}")
_TABLE = "dynamodb:@:table/{TableName}"
_FUNCTIONS = "lambda:@:function:{FunctionName:function}"
_PROJECT = "codebuild:@:project/{ProjectName}"
_CLUSTER = "elasticmapreduce:@:cluster/{ClusterId}"
_EKS = "eks:@:cluster/{Name}"
_VIRTUAL_CLUSTER = "emr-containers:@:/virtualclusters/{VirtualClusterId|Id}"
_APPLICATION = "emr-serverless:@:/applications/{ApplicationId}"
_WORKGROUP = "athena:@:workgroup/{WorkGroup|=primary}"
_ENDPOINT = "sagemaker:@:endpoint/{EndpointName:cased}"
_ENDPOINT_CONFIG = "sagemaker:@:endpoint-config/{EndpointConfigName:cased}"
_QUERY = "the query decides what is read and written"
_TASK_ROLES = "the task definition names the roles"
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
                equals("AuthType", "IAM_ROLE"),
            ),
            # https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html
            Grant(
                "execute-api:ManageConnections",
                "execute-api:@:{ApiEndpoint:api}/{Stage}/{Method}/{Path:unslashed}",
                equals("AuthType", "IAM_ROLE") + mentions("Path", "@connections"),
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
                why_wide=_QUERY,
            ),
            Grant(
                "s3:AbortMultipartUpload s3:GetObject s3:ListMultipartUploadParts s3:PutObject",
                "s3:::*/*",
                why_wide=_QUERY,
            ),
            Grant(
                "glue:BatchCreatePartition glue:BatchDeletePartition glue:BatchDeleteTable"
                " glue:BatchGetPartition glue:CreatePartition glue:CreateTable glue:DeleteDatabase"
                " glue:DeletePartition glue:DeleteTable glue:GetPartition glue:GetPartitions"
                " glue:GetTable glue:GetTables glue:UpdatePartition glue:UpdateTable",
                "glue:@:catalog glue:@:database/* glue:@:table/*/*",
                why_wide=_QUERY,
            ),
            Grant(
                "glue:CreateDatabase glue:GetDatabase glue:GetDatabases glue:UpdateDatabase",
                "glue:@:catalog glue:@:database/*",
                why_wide=_QUERY,
            ),
            Grant("glue:DeleteDatabase", "glue:@:userDefinedFunction/*/*", why_wide=_QUERY),
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
    grant_call("athena:getQueryExecution", "athena:GetQueryExecution", "athena:@:workgroup/*"),
    Integration(
        "athena:getQueryResults",
        (
            Grant("athena:GetQueryResults", "athena:@:workgroup/*"),
            Grant("s3:GetObject", "s3:::*/*", why_wide="the query decided where its results are"),
        ),
    ),
    grant_call("athena:stopQueryExecution", "athena:StopQueryExecution", "athena:@:workgroup/*"),
    Integration(
        "batch:submitJob",
        (
            Grant(
                "batch:SubmitJob",
                "batch:@:job/* batch:@:job-queue/{JobQueue} batch:@:job-definition/{JobDefinition}"
                " batch:@:job-definition/{JobDefinition:revisions}",
            ),
            *(
                Grant("batch:SubmitJob", f"batch:@:consumable-resource/{{{each}}}", given(each))
                for each in _CONSUMABLES
            ),
            tag_resources("batch:@:job/*"),
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
            pass_role("RoleArn", "bedrock"),
            tag_resources("bedrock:@:custom-model/*", "CustomModelTags"),
            tag_resources("bedrock:@:model-customization-job/*", "JobTags"),
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
            *invoke_model("ModelId"),
            Grant("s3:GetObject", "{Input.S3Uri:s3_uri}", given("Input.S3Uri")),
            Grant("s3:PutObject", "{Output.S3Uri:s3_uri}", given("Output.S3Uri")),
            apply_guardrail("GuardrailIdentifier"),
        ),
    ),
    # https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/harness-security.html
    grant_call(
        "bedrockagentcore:invokeHarness",
        "bedrock-agentcore:InvokeAgentRuntime bedrock-agentcore:InvokeHarness",
        "bedrock-agentcore:@:harness/{HarnessArn}"
        " bedrock-agentcore:@:harness/{HarnessArn}/harness-endpoint/*",
    ),
    grant_call(
        "codebuild:batchDeleteBuilds",
        "codebuild:BatchDeleteBuilds",
        "codebuild:@:project/{Ids[]:project}",
    ),
    grant_call(
        "codebuild:batchGetReports",
        "codebuild:BatchGetReports",
        "codebuild:@:report-group/{ReportArns[]:report_group}",
    ),
    grant_call(
        "codebuild:deleteBuildBatch",
        "codebuild:DeleteBuildBatch",
        "codebuild:@:project/{Id:project}",
    ),
    grant_call(
        "codebuild:retryBuildBatch",
        "codebuild:RetryBuildBatch",
        "codebuild:@:project/{Id:project}",
        "codebuild:BatchGetBuildBatches codebuild:StopBuildBatch",
        "EventForCodeBuildStartBuildBatch",
    ),
    Integration(
        "codebuild:startBuild",
        (
            Grant("codebuild:StartBuild", _PROJECT),
            pass_role("ServiceRoleOverride", "codebuild"),
        ),
        (Grant("codebuild:BatchGetBuilds codebuild:StopBuild", _PROJECT),),
        "EventForCodeBuildStartBuild",
    ),
    Integration(
        "codebuild:startBuildBatch",
        (
            Grant("codebuild:StartBuildBatch", _PROJECT),
            pass_role("ServiceRoleOverride", "codebuild"),
            pass_role("BuildBatchConfigOverride.ServiceRole", "codebuild"),
        ),
        (Grant("codebuild:BatchGetBuildBatches codebuild:StopBuildBatch", _PROJECT),),
        "EventForCodeBuildStartBuildBatch",
    ),
    grant_call("codebuild:stopBuild", "codebuild:StopBuild", "codebuild:@:project/{Id:project}"),
    grant_call(
        "codebuild:stopBuildBatch", "codebuild:StopBuildBatch", "codebuild:@:project/{Id:project}"
    ),
    grant_call(
        "databrew:startJobRun",
        "databrew:StartJobRun",
        "databrew:@:job/{Name:text}",
        "databrew:ListJobRuns databrew:StopJobRun",
    ),
    grant_call("dynamodb:deleteItem", "dynamodb:DeleteItem", _TABLE),
    grant_call("dynamodb:getItem", "dynamodb:GetItem", _TABLE),
    grant_call("dynamodb:putItem", "dynamodb:PutItem", _TABLE),
    grant_call("dynamodb:updateItem", "dynamodb:UpdateItem", _TABLE),
    Integration(
        "ecs:runTask",
        (
            Grant("ecs:RunTask", "ecs:@:task-definition/{TaskDefinition:revisions}"),
            Grant(
                "iam:PassRole",
                "*",
                conditions=(require_recipient("ecs-tasks"),),
                why_wide=_TASK_ROLES,
            ),
            pass_role("Overrides.ExecutionRoleArn", "ecs-tasks"),
            pass_role("Overrides.TaskRoleArn", "ecs-tasks"),
            # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/infrastructure_IAM_role.html
            pass_role("VolumeConfigurations[].ManagedEBSVolume.RoleArn", "ecs"),
            tag_resources("ecs:@:task/{Cluster|=default:tasks}/*", "Tags|PropagateTags"),
        ),
        (Grant("ecs:DescribeTasks ecs:StopTask", "ecs:@:task/{Cluster|=default:tasks}/*"),),
        "EventsForECSTask",
    ),
    Integration("eks:call", ()),  # Kubernetes decides what it may do
    Integration("eks:runJob", ()),
    Integration(
        "eks:createCluster",
        (
            Grant("eks:CreateCluster", "*"),
            pass_role("RoleArn", "eks"),
            pass_role("ComputeConfig.NodeRoleArn", "eks"),
            tag_resources(_EKS),
        ),
        (Grant("eks:DeleteCluster eks:DescribeCluster", _EKS),),
    ),
    grant_call("eks:deleteCluster", "eks:DeleteCluster", _EKS, "eks:DescribeCluster"),
    Integration(
        "eks:createFargateProfile",
        (
            Grant("eks:CreateFargateProfile", "eks:@:cluster/{ClusterName}"),
            pass_role("PodExecutionRoleArn", "eks"),
            pass_role("PodExecutionRoleArn", "eks-fargate-pods"),
            tag_resources("eks:@:fargateprofile/{ClusterName}/{FargateProfileName}/*"),
        ),
        (
            Grant(
                "eks:DeleteFargateProfile eks:DescribeFargateProfile",
                "eks:@:fargateprofile/{ClusterName}/{FargateProfileName}/*",
            ),
        ),
    ),
    grant_call(
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
            pass_role("NodeRole", "eks"),
            pass_role("NodeRole", "ec2"),
            tag_resources("eks:@:nodegroup/{ClusterName}/{NodegroupName}/*"),
        ),
        (
            Grant(
                "eks:DeleteNodegroup eks:DescribeNodegroup",
                "eks:@:nodegroup/{ClusterName}/{NodegroupName}/*",
            ),
        ),
    ),
    grant_call(
        "eks:deleteNodegroup",
        "eks:DeleteNodegroup",
        "eks:@:nodegroup/{ClusterName}/{NodegroupName}/*",
        "eks:DescribeNodegroup",
    ),
    Integration(
        "elasticmapreduce:addStep",
        (
            Grant("elasticmapreduce:AddJobFlowSteps", _CLUSTER),
            pass_role("ExecutionRoleArn", "elasticmapreduce"),
        ),
        (Grant("elasticmapreduce:CancelSteps elasticmapreduce:DescribeStep", _CLUSTER),),
        "EventForEMRAddJobFlowSteps",
    ),
    grant_call("elasticmapreduce:cancelStep", "elasticmapreduce:CancelSteps", _CLUSTER),
    Integration(
        "elasticmapreduce:createCluster",
        (
            Grant("elasticmapreduce:RunJobFlow", "*"),
            Grant("elasticmapreduce:AddTags", "elasticmapreduce:@:cluster/*", given("Tags")),
            pass_role("ServiceRole", "elasticmapreduce"),
            pass_instance_profile_role("JobFlowRole"),
            pass_role("AutoScalingRole", "application-autoscaling"),
            pass_role("StepExecutionRoleArn", "elasticmapreduce"),
            # https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr.html
            create_linked_role("elasticmapreduce.amazonaws.com*", "AWSServiceRoleForEMRCleanup*"),
        ),
        (
            Grant(
                "elasticmapreduce:DescribeCluster elasticmapreduce:TerminateJobFlows",
                "elasticmapreduce:@:cluster/*",
            ),
        ),
        "EventForEMRRunJobFlow",
    ),
    grant_call(
        "elasticmapreduce:modifyInstanceFleetByName",
        "elasticmapreduce:ListInstanceFleets elasticmapreduce:ModifyInstanceFleet",
        _CLUSTER,
    ),
    grant_call(
        "elasticmapreduce:modifyInstanceGroupByName",
        "elasticmapreduce:ListInstanceGroups elasticmapreduce:ModifyInstanceGroups",
        _CLUSTER,
    ),
    grant_call(
        "elasticmapreduce:setClusterTerminationProtection",
        "elasticmapreduce:SetTerminationProtection",
        _CLUSTER,
    ),
    grant_call(
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
            create_linked_role(
                "emr-containers.amazonaws.com", "AWSServiceRoleForAmazonEMRContainers"
            ),
            tag_resources("emr-containers:@:/virtualclusters/*"),
        ),
    ),
    grant_call(
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
                    ConditionTemplate(
                        "StringEquals", "emr-containers:ExecutionRoleArn", "{ExecutionRoleArn}"
                    ),
                ),
            ),
            tag_resources(f"{_VIRTUAL_CLUSTER}/jobruns/*"),
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
            create_linked_role(
                "ops.emr-serverless.amazonaws.com", "AWSServiceRoleForAmazonEMRServerless*"
            ),
            tag_resources("emr-serverless:@:/applications/*"),
        ),
        (
            Grant(
                "emr-serverless:DeleteApplication emr-serverless:GetApplication",
                "emr-serverless:@:/applications/*",
            ),
        ),
        "EventsForEMRServerlessApplication",
    ),
    grant_call(
        "emr-serverless:deleteApplication",
        "emr-serverless:DeleteApplication",
        _APPLICATION,
        "emr-serverless:GetApplication",
        "EventsForEMRServerlessApplication",
    ),
    grant_call(
        "emr-serverless:startApplication",
        "emr-serverless:StartApplication",
        _APPLICATION,
        "emr-serverless:GetApplication emr-serverless:StopApplication",
        "EventsForEMRServerlessApplication",
    ),
    grant_call(
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
            pass_role("ExecutionRoleArn", "emr-serverless"),
            tag_resources(f"{_APPLICATION}/jobruns/*"),
        ),
        (
            Grant(
                "emr-serverless:CancelJobRun emr-serverless:GetJobRun", f"{_APPLICATION}/jobruns/*"
            ),
        ),
        "EventsForEMRServerlessJob",
    ),
    grant_call(
        "emr-serverless:cancelJobRun",
        "emr-serverless:CancelJobRun",
        f"{_APPLICATION}/jobruns/{{JobRunId}}",
        "emr-serverless:GetJobRun",
        "EventsForEMRServerlessJob",
    ),
    grant_call(
        "events:putEvents",
        "events:PutEvents",
        "events:@:event-bus/{Entries[].EventBusName|=default}",
    ),
    grant_call(
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
                    ConditionTemplate("StringEquals", "states:HTTPEndpoint", "{ApiEndpoint:text}"),
                    ConditionTemplate("StringEquals", "states:HTTPMethod", "{Method}"),
                ),
            ),
            _use_connection("Authentication.ConnectionArn"),
            _use_connection("InvocationConfig.ConnectionArn"),
            Grant(
                "secretsmanager:DescribeSecret secretsmanager:GetSecretValue",
                "secretsmanager:*:*:secret:events!connection/*",
            ),
        ),
    ),
    grant_call("lambda:invoke", "lambda:InvokeFunction", _FUNCTIONS),
    Integration(
        "mediaconvert:createJob",
        (
            # https://docs.aws.amazon.com/step-functions/latest/dg/connect-mediaconvert.html
            Grant(
                "mediaconvert:CreateJob",
                "mediaconvert:@:queues/{Queue|=*} mediaconvert:@:presets/*"
                " mediaconvert:@:jobTemplates/{JobTemplate|=*}",
            ),
            pass_role("Role", "mediaconvert"),
            tag_resources("mediaconvert:@:jobs/*"),
        ),
        (
            Grant(
                "mediaconvert:CancelJob mediaconvert:GetJob",
                "mediaconvert:@:jobs/*",
                conditions=(
                    ConditionTemplate(
                        "StringEquals", "aws:ResourceTag/ManagedByService", "AWSStepFunctions"
                    ),
                ),
            ),
        ),
        "EventsForMediaConvertJob",
    ),
    Integration(
        "sagemaker:createEndpoint",
        (
            Grant("sagemaker:CreateEndpoint", f"{_ENDPOINT} {_ENDPOINT_CONFIG}"),
            Grant("sagemaker:AddTags", _ENDPOINT, given("Tags")),
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
            Grant("sagemaker:AddTags", _ENDPOINT_CONFIG, given("Tags")),
            pass_role("ExecutionRoleArn", "sagemaker"),
        ),
    ),
    Integration(
        "sagemaker:createModel",
        (
            Grant("sagemaker:CreateModel", "sagemaker:@:model/{ModelName:cased}"),
            Grant("sagemaker:AddTags", "sagemaker:@:model/{ModelName:cased}", given("Tags")),
            pass_role("ExecutionRoleArn", "sagemaker"),
        ),
    ),
    _create_job(
        "HyperParameterTuningJob",
        "createHyperParameterTuningJob",
        "hyper-parameter-tuning-job",
        "HyperParameterTuningJobName",
        "EventsForSageMakerTuningJobs",
    ),
    _create_job(
        "LabelingJob",
        "createLabelingJob",
        "labeling-job",
        "LabelingJobName",
        "EventsForSageMakerLabelingJobs",
    ),
    _create_job(
        "ProcessingJob",
        "createProcessingJob",
        "processing-job",
        "ProcessingJobName",
        "EventsForSageMakerProcessingJobs",
    ),
    _create_job(
        "TrainingJob",
        "createTrainingJob",
        "training-job",
        "TrainingJobName",
        "EventsForSageMakerTrainingJobs",
    ),
    _create_job(
        "TransformJob",
        "createTransformJob",
        "transform-job",
        "TransformJobName",
        "EventsForSageMakerTransformJobs",
    ),
    Integration(
        "sns:publish",
        (
            Grant("sns:Publish", "sns:@:{TopicArn|TargetArn}", absent("PhoneNumber")),
            Grant(
                "sns:Publish",
                "*",
                given("PhoneNumber"),
                why_wide="a phone number is not a resource of IAM",
            ),
        ),
    ),
    grant_call("sqs:sendMessage", "sqs:SendMessage", "sqs:@:{QueueUrl:queue}"),
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

_OBJECT = "s3:::{Bucket:objects}/{Key:text}"
_READ_OBJECT = (
    Grant("s3:GetObject", _OBJECT),
    Grant("s3:GetObjectVersion", _OBJECT, given("VersionId")),
)
# https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
_MAP_ROWS = (
    Integration("s3:getObject", _READ_OBJECT),
    Integration(
        "s3:listObjectsV2",
        (
            Grant(
                "s3:ListBucket",
                "s3:::{Bucket}",
                conditions=(ConditionTemplate("StringLike", "s3:prefix", "{Prefix:text}*"),),
            ),
            Grant("s3:GetObject", "s3:::{Bucket:objects}/{Prefix|=:text}*"),
        ),
    ),
    grant_call(
        "s3:putObject",
        "s3:AbortMultipartUpload s3:GetObject s3:ListMultipartUploadParts s3:PutObject",
        "s3:::{Bucket:objects}/{Prefix|=:folder}*",
    ),
)

INTEGRATIONS: Mapping[str, Integration] = {row.name: row for row in _ROWS}
"""By the part of a Task's Resource after `arn:PARTITION:states:::`, without `.sync` or the like."""
MAP_INTEGRATIONS: Mapping[str, Integration] = {row.name: row for row in _MAP_ROWS}
"""The same for the Resource of an ItemReader or a ResultWriter."""

_MANIFEST = "the manifest names the files"
MANIFEST_READER = Integration(
    "s3:getObject",
    (*_READ_OBJECT, Grant("s3:GetObject", "s3:::{Bucket:objects}/*", why_wide=_MANIFEST)),
)
"""The integration of an ItemReader that reads the files of a manifest."""
