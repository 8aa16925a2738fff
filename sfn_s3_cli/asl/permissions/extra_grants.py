"""What operations of the SDK need besides the actions of their own names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.asl.permissions.grants import Grant, passed, passed_to
from sfn_s3_cli.asl.permissions.identifiers import GEOGRAPHIES

if TYPE_CHECKING:
    from collections.abc import Mapping

# The caller's own rights decide on the objects that these read and write.
_IMAGE = "Image.S3Object"
_READ: Mapping[str, str] = {
    "rekognition:compareFaces": "SourceImage.S3Object TargetImage.S3Object",
    "rekognition:detectCustomLabels": _IMAGE,
    "rekognition:detectFaces": _IMAGE,
    "rekognition:detectLabels": _IMAGE,
    "rekognition:detectModerationLabels": _IMAGE,
    "rekognition:detectProtectiveEquipment": _IMAGE,
    "rekognition:detectText": _IMAGE,
    "rekognition:indexFaces": _IMAGE,
    "rekognition:recognizeCelebrities": _IMAGE,
    "rekognition:searchFacesByImage": _IMAGE,
    "rekognition:searchUsersByImage": _IMAGE,
    "rekognition:startCelebrityRecognition": "Video.S3Object",
    "rekognition:startContentModeration": "Video.S3Object",
    "rekognition:startFaceDetection": "Video.S3Object",
    "rekognition:startFaceSearch": "Video.S3Object",
    "rekognition:startLabelDetection": "Video.S3Object",
    "rekognition:startPersonTracking": "Video.S3Object",
    "rekognition:startSegmentDetection": "Video.S3Object",
    "rekognition:startTextDetection": "Video.S3Object",
    "textract:analyzeDocument": "Document.S3Object",
    "textract:analyzeExpense": "Document.S3Object",
    "textract:analyzeID": "DocumentPages[].S3Object",
    "textract:detectDocumentText": "Document.S3Object",
    "textract:startDocumentAnalysis": "DocumentLocation.S3Object",
    "textract:startDocumentTextDetection": "DocumentLocation.S3Object",
    "textract:startExpenseAnalysis": "DocumentLocation.S3Object",
    "textract:startLendingAnalysis": "DocumentLocation.S3Object",
}
_MEDIA = Grant("s3:GetObject", "{Media.MediaFileUri:s3_uri}", "Media.MediaFileUri")


def _written(actions: str, bucket: str, prefix: str) -> Grant:
    return Grant(actions, f"s3:::{{{bucket}}}/{{{prefix}|=:text}}*", bucket)


def _object(bucket: str, key: str) -> Grant:
    return Grant("s3:GetObject", f"s3:::{{{bucket}}}/{{{key}:text}}", bucket)


_BASE = "RetrieveAndGenerateConfiguration.KnowledgeBaseConfiguration"
_RERANKING = "RerankingConfiguration.BedrockRerankingConfiguration.ModelConfiguration.ModelArn"
_OUTPUT = "OutputDataConfig.S3OutputDataConfig.S3Uri"
_PROFILE = "an instance profile names its role to EC2 alone"


def profile(path: str) -> Grant:
    """The role of an instance profile, which may have any name."""
    return Grant("iam:PassRole", "*", path, (passed_to("ec2"),), _PROFILE)


# https://docs.aws.amazon.com/bedrock/latest/userguide/inference-prereq.html
_IS_PROFILE = rf"^arn:[^:]+:bedrock:.*inference-profile/|^(?:{GEOGRAPHIES})"


def inference(path: str) -> tuple[Grant, ...]:
    """What it takes to run a model, or what stands for models: a profile, a router, a prompt.

    https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
    """
    return (
        Grant("bedrock:InvokeModel", f"bedrock:REGION::foundation-model/{{{path}:model}}", path),
        Grant(
            "bedrock:GetInferenceProfile",
            f"bedrock:@:inference-profile/{{{path}}}",
            f"{path}~{_IS_PROFILE}",
        ),
        Grant("bedrock:GetPromptRouter", f"{{{path}}}", f"{path}^prompt-router/"),
        Grant("bedrock:RenderPrompt", f"{{{path}}}", f"{path}^:prompt/"),
    )


def guardrail(path: str) -> Grant:
    """https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-permissions.html"""
    return Grant("bedrock:ApplyGuardrail", f"bedrock:@:guardrail/{{{path}}}", path)


# https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
_ENCRYPTED = Grant("kms:Decrypt kms:GenerateDataKey", "kms:@:key/{SSEKMSKeyId:key}", "SSEKMSKeyId")
_TEXTRACTED = (_written("s3:PutObject", "OutputConfig.S3Bucket", "OutputConfig.S3Prefix"),)
_TRANSCRIPT = _written("s3:PutObject", "OutputBucketName", "OutputKey")
_BESIDES: Mapping[str, tuple[Grant, ...]] = {
    **{
        name: (
            *(
                Grant("s3:GetObject", f"s3:::{{{each}.Bucket}}/{{{each}.Name:text}}", each)
                for each in paths.split()
            ),
            *(_TEXTRACTED if name.startswith("textract:start") else ()),
        )
        for name, paths in _READ.items()
    },
    "batch:createComputeEnvironment": (profile("ComputeResources.InstanceRole"),),
    # https://docs.aws.amazon.com/bedrock/latest/userguide/rerank-prereq.html
    "bedrockagentruntime:rerank": (Grant("bedrock:InvokeModel", f"{{{_RERANKING}}}", _RERANKING),),
    # https://docs.aws.amazon.com/bedrock/latest/userguide/kb-permissions.html
    "bedrockagentruntime:retrieveAndGenerate": (
        Grant("bedrock:Retrieve", f"bedrock:@:knowledge-base/{{{_BASE}.KnowledgeBaseId}}", _BASE),
        *inference(f"{_BASE}.ModelArn"),
    ),
    "bedrockruntime:converse": (guardrail("GuardrailConfig.GuardrailIdentifier"),),
    "bedrockruntime:invokeModel": (guardrail("GuardrailIdentifier"),),
    # https://docs.aws.amazon.com/nova/latest/userguide/video-gen-access.html
    "bedrockruntime:startAsyncInvoke": (
        Grant("s3:PutObject", f"{{{_OUTPUT}:s3_folder}}*", _OUTPUT),
    ),
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport_Requesting.html
    "dynamodb:exportTableToPointInTime": (
        _written("s3:AbortMultipartUpload s3:PutObject s3:PutObjectAcl", "S3Bucket", "S3Prefix"),
    ),
    "ec2:associateIamInstanceProfile": (profile("IamInstanceProfile"),),
    "ec2:replaceIamInstanceProfileAssociation": (profile("IamInstanceProfile"),),
    "ec2:runInstances": (profile("IamInstanceProfile"),),
    # https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
    "lambda:createFunction": (_object("Code.S3Bucket", "Code.S3Key"),),
    "lambda:updateFunctionCode": (_object("S3Bucket", "S3Key"),),
    "polly:startSpeechSynthesisTask": (
        _written("s3:PutObject", "OutputS3BucketName", "OutputS3KeyPrefix"),
        Grant("sns:Publish", "sns:@:{SnsTopicArn}", "SnsTopicArn"),
    ),
    "s3:copyObject": (_ENCRYPTED,),
    "s3:createMultipartUpload": (_ENCRYPTED,),
    "s3:putObject": (_ENCRYPTED,),
    # https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-setup-iam.html
    "ssm:startAutomationExecution": (passed("Parameters.AutomationAssumeRole[]", "ssm"),),
    "transcribe:startCallAnalyticsJob": (_MEDIA,),
    "transcribe:startMedicalTranscriptionJob": (_MEDIA, _TRANSCRIPT),
    "transcribe:startTranscriptionJob": (_MEDIA, _TRANSCRIPT),
}

BESIDES: Mapping[str, tuple[Grant, ...]] = {
    name.lower(): grants for name, grants in _BESIDES.items()
}
"""By the names of operations in lower case."""

# https://docs.aws.amazon.com/timestream/latest/developerguide/Using-API.endpoint-discovery.html
_ENDPOINTS = Grant("timestream:DescribeEndpoints", "*")
OF_SERVICES: Mapping[str, tuple[Grant, ...]] = {
    "timestreamquery": (_ENDPOINTS,),
    "timestreamwrite": (_ENDPOINTS,),
}
"""What each operation of a service needs besides."""
