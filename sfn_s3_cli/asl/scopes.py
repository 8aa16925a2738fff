"""What parameters name the resources of the calls by the SDK that follow the rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SCOPES: Mapping[tuple[str, str], str] = {
    ("acm", "certificate"): "acm:@:certificate/{CertificateArn}",
    ("backup", "backupVault"): "backup:@:backup-vault:{BackupVaultName}",
    ("datasync", "task"): "datasync:@:task/{TaskArn}",
    ("ecr", "repository"): "ecr:@:repository/{RepositoryName}",
    ("route53", "hostedzone"): "route53:::hostedzone/{HostedZoneId|Id}",
    ("bedrock", "agent"): "bedrock:@:agent/{AgentId}",
    ("bedrock", "agent-alias"): "bedrock:@:agent-alias/{AgentId}/{AgentAliasId}",
    ("bedrock", "flow"): "bedrock:@:flow/{FlowIdentifier}",
    ("bedrock", "flow-alias"): "bedrock:@:flow/{FlowIdentifier}/alias/{FlowAliasIdentifier}",
    ("bedrock", "knowledge-base"): "bedrock:@:knowledge-base/{KnowledgeBaseId}",
    ("bedrock", "model-invocation-job"): "bedrock:@:model-invocation-job/{JobIdentifier}",
    ("codebuild", "project"): "codebuild:@:project/{ProjectName}",
    ("codepipeline", "pipeline"): "codepipeline:@:{PipelineName|Name}",
    ("cognito-idp", "userpool"): "cognito-idp:@:userpool/{UserPoolId}",
    ("ec2", "instance"): "ec2:@:instance/{InstanceId|InstanceIds[]}",
    ("ec2", "volume"): "ec2:@:volume/{VolumeId}",
    ("ecs", "service"): "ecs:@:service/{Cluster|=default}/{Service|ServiceName}",
    ("eks", "cluster"): "eks:@:cluster/{ClusterName|Name}",
    ("elasticmapreduce", "cluster"): "elasticmapreduce:@:cluster/{ClusterId|JobFlowId}",
    ("emr-serverless", "application"): "emr-serverless:@:/applications/{ApplicationId}",
    (
        "emr-serverless",
        "jobRun",
    ): "emr-serverless:@:/applications/{ApplicationId}/jobruns/{JobRunId}",
    ("rds", "cluster"): "rds:@:cluster:{DBClusterIdentifier}",
    ("rds", "db"): "rds:@:db:{DBInstanceIdentifier}",
    ("redshift", "cluster"): "redshift:@:cluster:{ClusterIdentifier}",
    ("rekognition", "collection"): "rekognition:@:collection/{CollectionId}",
    ("scheduler", "schedule"): "scheduler:@:schedule/{GroupName|=default}/{Name}",
    ("transcribe", "transcriptionjob"): "transcribe:@:transcription-job/{TranscriptionJobName}",
    ("bedrock-agentcore", "runtime"): "bedrock-agentcore:@:runtime/{AgentRuntimeArn}"
    " bedrock-agentcore:@:runtime/{AgentRuntimeArn}/*",
    ("cloudfront", "distribution"): "cloudfront::ACCOUNT:distribution/{DistributionId}",
    ("es", "domain"): "es:@:domain/{DomainName}",
    ("iot", "topic"): "iot:@:topic/{Topic:text}",
    ("athena", "workgroup"): "athena:@:workgroup/{WorkGroup}",
    ("batch", "job"): "batch:@:job/{JobId}",
    ("batch", "job-queue"): "batch:@:job-queue/{JobQueue}",
    ("dynamodb", "index"): "dynamodb:@:table/{TableName}/index/{IndexName}",
    ("dynamodb", "table"): "dynamodb:@:table/{TableName|TableArn|ResourceArn}",
    ("ecs", "cluster"): "ecs:@:cluster/{Cluster|ClusterName|Clusters[]}",
    ("events", "event-bus"): "events:@:event-bus/{EventBusName}",
    ("firehose", "deliverystream"): "firehose:@:deliverystream/{DeliveryStreamName}",
    ("glue", "crawler"): "glue:@:crawler/{Name|CrawlerName:text}",
    ("glue", "job"): "glue:@:job/{JobName:text}",
    ("glue", "workflow"): "glue:@:workflow/{Name:text}",
    ("kinesis", "stream"): "kinesis:@:stream/{StreamARN|StreamName}",
    ("kms", "key"): "kms:@:key/{KeyId:key}",
    ("lambda", "function"): "lambda:@:function:{FunctionName:function}",
    ("logs", "log-group"): "logs:@:log-group:{LogGroupName|LogGroupIdentifier}"
    " logs:@:log-group:{LogGroupName|LogGroupIdentifier}:*",
    ("logs", "log-stream"): "logs:@:log-group:{LogGroupName}:log-stream:{LogStreamName}",
    ("s3", "bucket"): "s3:::{Bucket}",
    ("s3", "object"): "s3:::{Bucket:objects}/{Key:text}",
    ("sagemaker", "endpoint"): "sagemaker:@:endpoint/{EndpointName:cased}",
    ("sagemaker", "pipeline"): "sagemaker:@:pipeline/{PipelineName:cased}",
    ("secretsmanager", "Secret"): "secretsmanager:@:secret:{SecretId|Name:secret}",
    ("sns", "topic"): "sns:@:{TopicArn|TargetArn|ResourceArn}",
    ("sqs", "queue"): "sqs:@:{QueueUrl|QueueName:queue}",
    ("ssm", "parameter"): "ssm:@:parameter/{Name|Names[]:parameter}",
    ("states", "activity"): "states:@:activity:{ActivityArn}",
    ("states", "execution"): "states:@:execution:{ExecutionArn}",
    ("states", "express"): "states:@:express:{ExecutionArn}",
    ("states", "maprun"): "states:@:mapRun:{MapRunArn}",
    ("states", "statemachine"): "states:@:stateMachine:{StateMachineArn:machine}",
    ("sts", "role"): "{RoleArn}",
}
"""What names a resource, by service and type of resource as IAM calls them."""
