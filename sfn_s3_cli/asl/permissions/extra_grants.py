"""What operations of the SDK need in addition to the actions with their own names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.asl.permissions.bedrock import apply_guardrail, invoke_model
from sfn_s3_cli.asl.permissions.grants import Grant, pass_role
from sfn_s3_cli.asl.permissions.requirements import given

if TYPE_CHECKING:
    from collections.abc import Mapping


def _read_objects(parameters: str) -> tuple[Grant, ...]:
    """Reading the objects that these parameters, separated by spaces, name."""
    return tuple(
        Grant("s3:GetObject", f"s3:::{{{each}.Bucket}}/{{{each}.Name:text}}", given(each))
        for each in parameters.split()
    )


def _write_objects(actions: str, bucket: str, prefix: str) -> Grant:
    return Grant(actions, f"s3:::{{{bucket}}}/{{{prefix}|=:text}}*", given(bucket))


def _read_code(bucket: str, key: str) -> Grant:
    return Grant("s3:GetObject", f"s3:::{{{bucket}}}/{{{key}:text}}", given(bucket))


# Rekognition and Textract read objects with the permissions of the caller.
_READ_IMAGE = _read_objects("Image.S3Object")
_READ_VIDEO = _read_objects("Video.S3Object")
_READ_DOCUMENT = _read_objects("Document.S3Object")
_ANALYZE_DOCUMENT = (
    *_read_objects("DocumentLocation.S3Object"),
    _write_objects("s3:PutObject", "OutputConfig.S3Bucket", "OutputConfig.S3Prefix"),
)
_READ_MEDIA = Grant("s3:GetObject", "{Media.MediaFileUri:s3_uri}", given("Media.MediaFileUri"))
_KNOWLEDGE_BASE = "RetrieveAndGenerateConfiguration.KnowledgeBaseConfiguration"
_RERANKING = "RerankingConfiguration.BedrockRerankingConfiguration.ModelConfiguration.ModelArn"
_OUTPUT = "OutputDataConfig.S3OutputDataConfig.S3Uri"
_WRITE_TRANSCRIPT = _write_objects("s3:PutObject", "OutputBucketName", "OutputKey")
_EXTRA_GRANTS: Mapping[str, tuple[Grant, ...]] = {
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
    # https://docs.aws.amazon.com/nova/latest/userguide/video-gen-access.html
    "bedrockruntime:startAsyncInvoke": (
        Grant("s3:PutObject", f"{{{_OUTPUT}:s3_folder}}*", given(_OUTPUT)),
    ),
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport_Requesting.html
    "dynamodb:exportTableToPointInTime": (
        _write_objects(
            "s3:AbortMultipartUpload s3:PutObject s3:PutObjectAcl", "S3Bucket", "S3Prefix"
        ),
    ),
    # https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
    "lambda:createFunction": (_read_code("Code.S3Bucket", "Code.S3Key"),),
    "lambda:updateFunctionCode": (_read_code("S3Bucket", "S3Key"),),
    "polly:startSpeechSynthesisTask": (
        _write_objects("s3:PutObject", "OutputS3BucketName", "OutputS3KeyPrefix"),
        Grant("sns:Publish", "sns:@:{SnsTopicArn}", given("SnsTopicArn")),
    ),
    "rekognition:compareFaces": _read_objects("SourceImage.S3Object TargetImage.S3Object"),
    "rekognition:detectCustomLabels": _READ_IMAGE,
    "rekognition:detectFaces": _READ_IMAGE,
    "rekognition:detectLabels": _READ_IMAGE,
    "rekognition:detectModerationLabels": _READ_IMAGE,
    "rekognition:detectProtectiveEquipment": _READ_IMAGE,
    "rekognition:detectText": _READ_IMAGE,
    "rekognition:indexFaces": _READ_IMAGE,
    "rekognition:recognizeCelebrities": _READ_IMAGE,
    "rekognition:searchFacesByImage": _READ_IMAGE,
    "rekognition:searchUsersByImage": _READ_IMAGE,
    "rekognition:startCelebrityRecognition": _READ_VIDEO,
    "rekognition:startContentModeration": _READ_VIDEO,
    "rekognition:startFaceDetection": _READ_VIDEO,
    "rekognition:startFaceSearch": _READ_VIDEO,
    "rekognition:startLabelDetection": _READ_VIDEO,
    "rekognition:startPersonTracking": _READ_VIDEO,
    "rekognition:startSegmentDetection": _READ_VIDEO,
    "rekognition:startTextDetection": _READ_VIDEO,
    # https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-setup-iam.html
    "ssm:startAutomationExecution": (pass_role("Parameters.AutomationAssumeRole[]", "ssm"),),
    "textract:analyzeDocument": _READ_DOCUMENT,
    "textract:analyzeExpense": _READ_DOCUMENT,
    "textract:analyzeID": _read_objects("DocumentPages[].S3Object"),
    "textract:detectDocumentText": _READ_DOCUMENT,
    "textract:startDocumentAnalysis": _ANALYZE_DOCUMENT,
    "textract:startDocumentTextDetection": _ANALYZE_DOCUMENT,
    "textract:startExpenseAnalysis": _ANALYZE_DOCUMENT,
    "textract:startLendingAnalysis": _ANALYZE_DOCUMENT,
    "transcribe:startCallAnalyticsJob": (_READ_MEDIA,),
    "transcribe:startMedicalTranscriptionJob": (_READ_MEDIA, _WRITE_TRANSCRIPT),
    "transcribe:startTranscriptionJob": (_READ_MEDIA, _WRITE_TRANSCRIPT),
}

EXTRA_GRANTS: Mapping[str, tuple[Grant, ...]] = {
    name.lower(): grants for name, grants in _EXTRA_GRANTS.items()
}
"""By service and operation in lower case: `s3:copyobject`."""

# https://docs.aws.amazon.com/timestream/latest/developerguide/Using-API.endpoint-discovery.html
_DISCOVER_ENDPOINTS = Grant("timestream:DescribeEndpoints", "*")
EXTRA_GRANTS_OF_SERVICES: Mapping[str, tuple[Grant, ...]] = {
    "timestreamquery": (_DISCOVER_ENDPOINTS,),
    "timestreamwrite": (_DISCOVER_ENDPOINTS,),
}
"""For every operation of a service."""
