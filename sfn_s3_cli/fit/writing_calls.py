"""The calls that write or delete S3 objects, and which of their parameters say where."""

from __future__ import annotations

from typing import NamedTuple


class WritingCall(NamedTuple):
    """A call, the parameter with the bucket and the parameter with the key.

    Without a key, the bucket's parameter is an `s3://` address. A `*` means that AWS appends to
    the value, a `/*` that it does so after a slash.
    """

    call: str
    bucket: str
    key: str = ""
    event: str = "created"
    """What happens to the object."""
    is_batch: bool = False
    """Whether it names its objects in a list, which is not read."""


_REJECTED = "MagneticStoreWriteProperties.MagneticStoreRejectedDataLocation.S3Configuration"

# fmt: off
WRITING_CALLS = {row.call.lower(): row for row in (
    WritingCall("athena:startQueryExecution", "ResultConfiguration.OutputLocation*"),
    WritingCall("bedrock:createModelCustomizationJob", "OutputDataConfig.S3Uri*"),
    WritingCall("bedrock:createModelInvocationJob", "OutputDataConfig.S3OutputDataConfig.S3Uri*"),
    WritingCall("bedrock:invokeModel", "Output.S3Uri"),
    WritingCall("bedrockdataautomationruntime:invokeDataAutomation",
                "OutputConfiguration.S3Uri*"),
    WritingCall("bedrockdataautomationruntime:invokeDataAutomationAsync",
                "OutputConfiguration.S3Uri*"),
    WritingCall("bedrockruntime:startAsyncInvoke", "OutputDataConfig.S3OutputDataConfig.S3Uri*"),
    WritingCall("cleanrooms:startProtectedQuery",
                "ResultConfiguration.OutputConfiguration.S3.Bucket",
                "ResultConfiguration.OutputConfiguration.S3.KeyPrefix*"),
    WritingCall("cloudwatchlogs:createExportTask", "Destination", "DestinationPrefix*"),
    WritingCall("comprehend:startEntitiesDetectionJob", "OutputDataConfig.S3Uri*"),
    WritingCall("dynamodb:exportTableToPointInTime", "S3Bucket", "S3Prefix*"),
    WritingCall("ec2:createStoreImageTask", "Bucket", "ImageId*"),
    WritingCall("elasticache:copySnapshot", "TargetBucket", "TargetSnapshotName*"),
    WritingCall("elasticache:exportServerlessCacheSnapshot",
                "S3BucketName", "ServerlessCacheSnapshotName*"),
    WritingCall("memorydb:copySnapshot", "TargetBucket", "TargetSnapshotName*"),
    WritingCall("polly:startSpeechSynthesisTask", "OutputS3BucketName", "OutputS3KeyPrefix*"),
    WritingCall("rds:startExportTask", "S3BucketName", "S3Prefix*"),
    WritingCall("rekognition:copyProjectVersion",
                "OutputConfig.S3Bucket", "OutputConfig.S3KeyPrefix*"),
    WritingCall("rekognition:createFaceLivenessSession",
                "Settings.OutputConfig.S3Bucket", "Settings.OutputConfig.S3KeyPrefix*"),
    WritingCall("rekognition:createProjectVersion",
                "OutputConfig.S3Bucket", "OutputConfig.S3KeyPrefix*"),
    WritingCall("rekognition:startMediaAnalysisJob",
                "OutputConfig.S3Bucket", "OutputConfig.S3KeyPrefix*"),
    WritingCall("s3:copyObject", "Bucket", "Key"),
    WritingCall("s3:deleteObject", "Bucket", "Key", "deleted"),
    WritingCall("s3:deleteObjects", "Bucket", "Delete.Objects", "deleted", is_batch=True),
    WritingCall("s3:createMultipartUpload", "Bucket", "Key"),
    WritingCall("s3:putObject", "Bucket", "Key"),
    WritingCall("sagemaker:createTrainingJob", "OutputDataConfig.S3OutputPath*"),
    WritingCall("sagemaker:createTransformJob", "TransformOutput.S3OutputPath*"),
    WritingCall("signer:startSigningJob", "Destination.S3.BucketName", "Destination.S3.Prefix*"),
    WritingCall("textract:createAdapterVersion", "OutputConfig.S3Bucket", "OutputConfig.S3Prefix*"),
    WritingCall("textract:startDocumentAnalysis",
                "OutputConfig.S3Bucket", "OutputConfig.S3Prefix*"),
    WritingCall("textract:startDocumentTextDetection",
                "OutputConfig.S3Bucket", "OutputConfig.S3Prefix*"),
    WritingCall("textract:startExpenseAnalysis",
                "OutputConfig.S3Bucket", "OutputConfig.S3Prefix*"),
    WritingCall("textract:startLendingAnalysis",
                "OutputConfig.S3Bucket", "OutputConfig.S3Prefix*"),
    WritingCall("timestreamwrite:createBatchLoadTask",
                "ReportConfiguration.ReportS3Configuration.BucketName",
                "ReportConfiguration.ReportS3Configuration.ObjectKeyPrefix*"),
    WritingCall("timestreamwrite:createTable", _REJECTED + ".BucketName",
                _REJECTED + ".ObjectKeyPrefix*"),
    WritingCall("timestreamwrite:updateTable", _REJECTED + ".BucketName",
                _REJECTED + ".ObjectKeyPrefix*"),
    WritingCall("transcribe:startMedicalTranscriptionJob", "OutputBucketName", "OutputKey*"),
    WritingCall("transcribe:startTranscriptionJob", "OutputBucketName", "OutputKey*"),
    WritingCall("translate:startTextTranslationJob", "OutputDataConfig.S3Uri*"),
)}
# fmt: on
RESULT_WRITER = WritingCall("", "Bucket", "Prefix/*")
"""How a distributed Map writes its results."""
