"""The parameters that name the resources of the `aws-sdk` calls that follow the rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

RESOURCES: Mapping[tuple[str, str], str] = {
    ("acm", "certificate"): "acm:@:certificate/{CertificateArn}",
    ("athena", "workgroup"): "athena:@:workgroup/{WorkGroup}",
    ("backup", "backupVault"): "backup:@:backup-vault:{BackupVaultName}",
    ("batch", "job"): "batch:@:job/{JobId}",
    ("batch", "job-queue"): "batch:@:job-queue/{JobQueue}",
    ("bedrock", "agent"): "bedrock:@:agent/{AgentId}",
    ("bedrock", "agent-alias"): "bedrock:@:agent-alias/{AgentId}/{AgentAliasId}",
    ("bedrock", "flow"): "bedrock:@:flow/{FlowIdentifier}",
    ("bedrock", "flow-alias"): "bedrock:@:flow/{FlowIdentifier}/alias/{FlowAliasIdentifier}",
    ("bedrock", "knowledge-base"): "bedrock:@:knowledge-base/{KnowledgeBaseId}",
    ("bedrock", "model-invocation-job"): "bedrock:@:model-invocation-job/{JobIdentifier}",
    ("bedrock-agentcore", "runtime"): "bedrock-agentcore:@:runtime/{AgentRuntimeArn}"
    " bedrock-agentcore:@:runtime/{AgentRuntimeArn}/*",
    ("cloudfront", "distribution"): "cloudfront::ACCOUNT:distribution/{DistributionId}",
    ("codebuild", "project"): "codebuild:@:project/{ProjectName}",
    ("codepipeline", "pipeline"): "codepipeline:@:{PipelineName|Name}",
    ("cognito-idp", "userpool"): "cognito-idp:@:userpool/{UserPoolId}",
    ("datasync", "task"): "datasync:@:task/{TaskArn}",
    ("dynamodb", "index"): "dynamodb:@:table/{TableName}/index/{IndexName}",
    ("dynamodb", "table"): "dynamodb:@:table/{TableName|TableArn|ResourceArn}",
    ("ec2", "instance"): "ec2:@:instance/{InstanceId|InstanceIds[]}",
    ("ec2", "volume"): "ec2:@:volume/{VolumeId}",
    ("ecr", "repository"): "ecr:@:repository/{RepositoryName}",
    ("ecs", "cluster"): "ecs:@:cluster/{Cluster|ClusterName|Clusters[]}",
    ("ecs", "service"): "ecs:@:service/{Cluster|=default:services}/{Service|ServiceName}",
    ("eks", "cluster"): "eks:@:cluster/{ClusterName|Name}",
    ("elasticmapreduce", "cluster"): "elasticmapreduce:@:cluster/{ClusterId|JobFlowId}",
    ("emr-serverless", "application"): "emr-serverless:@:/applications/{ApplicationId}",
    (
        "emr-serverless",
        "jobRun",
    ): "emr-serverless:@:/applications/{ApplicationId}/jobruns/{JobRunId}",
    ("es", "domain"): "es:@:domain/{DomainName}",
    ("events", "event-bus"): "events:@:event-bus/{EventBusName}",
    ("firehose", "deliverystream"): "firehose:@:deliverystream/{DeliveryStreamName}",
    ("glue", "crawler"): "glue:@:crawler/{Name|CrawlerName:text}",
    ("glue", "job"): "glue:@:job/{JobName:text}",
    ("glue", "workflow"): "glue:@:workflow/{Name:text}",
    ("iot", "topic"): "iot:@:topic/{Topic:text}",
    ("kinesis", "stream"): "kinesis:@:stream/{StreamARN|StreamName}",
    ("kms", "key"): "kms:@:key/{KeyId:key}",
    ("lambda", "function"): "lambda:@:function:{FunctionName:function}",
    ("logs", "log-group"): "logs:@:log-group:{LogGroupName|LogGroupIdentifier}"
    " logs:@:log-group:{LogGroupName|LogGroupIdentifier}:*",
    ("logs", "log-stream"): "logs:@:log-group:{LogGroupName}:log-stream:{LogStreamName}",
    ("rds", "cluster"): "rds:@:cluster:{DBClusterIdentifier}",
    ("rds", "db"): "rds:@:db:{DBInstanceIdentifier}",
    ("redshift", "cluster"): "redshift:@:cluster:{ClusterIdentifier}",
    ("rekognition", "collection"): "rekognition:@:collection/{CollectionId}",
    ("route53", "hostedzone"): "route53:::hostedzone/{HostedZoneId|Id}",
    ("s3", "bucket"): "s3:::{Bucket}",
    ("s3", "object"): "s3:::{Bucket:objects}/{Key:text}",
    ("sagemaker", "endpoint"): "sagemaker:@:endpoint/{EndpointName:cased}",
    ("sagemaker", "pipeline"): "sagemaker:@:pipeline/{PipelineName:cased}",
    ("scheduler", "schedule"): "scheduler:@:schedule/{GroupName|=default}/{Name}",
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
    ("transcribe", "transcriptionjob"): "transcribe:@:transcription-job/{TranscriptionJobName}",
}
"""Templates, separated by spaces, by prefix and type of resource in IAM; see notation.py."""
