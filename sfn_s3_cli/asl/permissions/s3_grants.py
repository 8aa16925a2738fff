"""The objects that services other than S3 read and write with the permissions of the caller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.asl.permissions.grants import Grant
from sfn_s3_cli.asl.permissions.requirements import absent, given

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_s3_cli.asl.permissions.requirements import Requirements


def _read(bucket: str, key: str, version: str = "") -> tuple[Grant, ...]:
    """Reading an object, or a version of it."""
    name = f"s3:::{{{bucket}}}/{{{key}:text}}"
    grant = Grant("s3:GetObject", name, given(bucket))
    if not version:
        return (grant,)
    return grant, Grant("s3:GetObjectVersion", name, given(bucket) + given(version))


def _read_version(parameter: str) -> tuple[Grant, ...]:
    name = f"s3:::{{{parameter}.Bucket}}/{{{parameter}.Key:text}}"
    return (Grant("s3:GetObjectVersion", name, given(parameter)),)


def _read_objects(parameters: str) -> tuple[Grant, ...]:
    """Reading the objects that these parameters, separated by spaces, name."""
    return tuple(
        grant
        for each in parameters.split()
        for grant in _read(f"{each}.Bucket", f"{each}.Name", f"{each}.Version")
    )


def _read_address(parameter: str, converter: str, when: Requirements = ()) -> Grant:
    return Grant("s3:GetObject", f"{{{parameter}:{converter}}}", given(parameter) + when)


def _write(bucket: str, prefix: str, actions: str = "s3:PutObject") -> Grant:
    return Grant(actions, f"s3:::{{{bucket}}}/{{{prefix}|=:text}}*", given(bucket))


# https://docs.aws.amazon.com/lambda/latest/api/API_FunctionCode.html
def _read_code(owner: str) -> tuple[Grant, ...]:
    return _read(f"{owner}S3Bucket", f"{owner}S3Key", f"{owner}S3ObjectVersion")


# Rekognition and Textract read objects with the permissions of the caller.
_READ_IMAGE = _read_objects("Image.S3Object")
_READ_VIDEO = _read_objects("Video.S3Object")
_READ_DOCUMENT = _read_objects("Document.S3Object")
_ANALYZE_DOCUMENT = (
    *_read_objects("DocumentLocation.S3Object"),
    _write("OutputConfig.S3Bucket", "OutputConfig.S3Prefix"),
)
_TRAINING = "TrainingData.Assets[].GroundTruthManifest.S3Object"
_TESTING = "TestingData.Assets[].GroundTruthManifest.S3Object"
_TRAINED = _write("OutputConfig.S3Bucket", "OutputConfig.S3KeyPrefix")
_READ_MEDIA = _read_address("Media.MediaFileUri", "s3_uri")
_READ_VOCABULARY = _read_address("VocabularyFileUri", "s3_uri", absent("DataAccessRoleArn"))
_READ_MEDICAL_VOCABULARY = _read_address("VocabularyFileUri", "s3_uri")
_READ_FILTER = _read_address("VocabularyFilterFileUri", "s3_uri", absent("DataAccessRoleArn"))
_WRITE_TRANSCRIPT = _write("OutputBucketName", "OutputKey")
_OUTPUT = "OutputDataConfig.S3OutputDataConfig.S3Uri"
# https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
_READ_TEMPLATE = (_read_address("TemplateURL", "s3_url"),)
_READ_TEMPLATE_AND_POLICY = (*_READ_TEMPLATE, _read_address("StackPolicyURL", "s3_url"))
_READ_PACKAGE = _read("PackageSource.S3BucketName", "PackageSource.S3Key")
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticache.html
_EXPORT_SNAPSHOT = (
    _write("TargetBucket", "TargetSnapshotName", "s3:DeleteObject s3:PutObject"),
    Grant("s3:GetBucketAcl", "s3:::{TargetBucket}", given("TargetBucket")),
)
_READ_SNAPSHOTS = (Grant("s3:GetObject", "{SnapshotArns[]}", given("SnapshotArns[]")),)
_READ_SET = (_read_address("Location", "s3_url"),)
_BATCH = "DataSourceConfiguration.DataSourceS3Configuration"
_MODEL = "DataModelConfiguration.DataModelS3Configuration"
_REPORT = "ReportConfiguration.ReportS3Configuration"
_TRUST_STORE = _read(
    "CaCertificatesBundleS3Bucket",
    "CaCertificatesBundleS3Key",
    "CaCertificatesBundleS3ObjectVersion",
)
_BUNDLE = "CaCertificatesBundleSource.CaCertificatesBundleS3Location"
_TRUST_BUNDLE = _read(f"{_BUNDLE}.Bucket", f"{_BUNDLE}.Key", f"{_BUNDLE}.Version")
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/work-with-ami-store-restore.html
_STORE_IMAGE = (
    Grant(
        "s3:AbortMultipartUpload s3:DeleteObject s3:GetObject s3:PutObject s3:PutObjectTagging",
        "s3:::{Bucket:objects}/*",
    ),
    Grant("s3:ListBucket", "s3:::{Bucket}"),
    Grant("ebs:GetSnapshotBlock ebs:ListChangedBlocks ebs:ListSnapshotBlocks", "*"),
)
_RESTORE_IMAGE = (
    Grant("s3:GetObject", "s3:::{Bucket:objects}/{ObjectKey:text}"),
    Grant("s3:ListBucket", "s3:::{Bucket}"),
    Grant("ebs:CompleteSnapshot ebs:PutSnapshotBlock ebs:StartSnapshot", "*"),
)

_REJECTED = "MagneticStoreWriteProperties.MagneticStoreRejectedDataLocation.S3Configuration"
# https://docs.aws.amazon.com/timestream/latest/developerguide/writes.error-reporting.html
_REJECT_DATA = (
    Grant("s3:GetBucketAcl", f"s3:::{{{_REJECTED}.BucketName}}", given(f"{_REJECTED}.BucketName")),
    _write(f"{_REJECTED}.BucketName", f"{_REJECTED}.ObjectKeyPrefix"),
)
_RESULT = "ResultConfiguration.OutputConfiguration.S3"
_AUTOMATE = (
    _read_address("InputConfiguration.S3Uri", "s3_uri"),
    Grant(
        "s3:PutObject",
        "{OutputConfiguration.S3Uri:s3_folder}*",
        given("OutputConfiguration.S3Uri"),
    ),
)
_STORAGE = "StorageConfig.S3Config.BucketName"
_STORE_FOR_CONNECT = (
    Grant("s3:GetBucketAcl s3:GetBucketLocation", f"s3:::{{{_STORAGE}}}", given(_STORAGE)),
)
_LOGGING = "DistributionConfig.Logging.Bucket"


def _log_to(bucket: str) -> tuple[Grant, ...]:
    """Letting CloudFront write logs: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html."""
    return (
        Grant("s3:GetBucketAcl s3:PutBucketAcl", f"s3:::{{{bucket}:bucket_host}}", given(bucket)),
    )


S3_GRANTS: Mapping[str, tuple[Grant, ...]] = {
    "applicationdiscovery:startImportTask": (_read_address("ImportUrl", "s3_url"),),
    # https://docs.aws.amazon.com/bedrock/latest/userguide/bda-using-api.html
    "bedrockdataautomationruntime:invokeDataAutomation": _AUTOMATE,
    "bedrockdataautomationruntime:invokeDataAutomationAsync": _AUTOMATE,
    # https://docs.aws.amazon.com/nova/latest/userguide/video-gen-access.html
    "bedrockruntime:startAsyncInvoke": (
        Grant("s3:PutObject", f"{{{_OUTPUT}:s3_folder}}*", given(_OUTPUT)),
    ),
    "cloudformation:createChangeSet": _READ_TEMPLATE,
    "cloudformation:createStack": _READ_TEMPLATE_AND_POLICY,
    "cloudformation:createStackSet": _READ_TEMPLATE,
    "cloudformation:estimateTemplateCost": _READ_TEMPLATE,
    "cloudformation:getTemplateSummary": _READ_TEMPLATE,
    "cloudformation:setStackPolicy": (_read_address("StackPolicyURL", "s3_url"),),
    "cloudformation:updateStack": _READ_TEMPLATE_AND_POLICY,
    "cloudformation:updateStackSet": _READ_TEMPLATE,
    "cloudformation:validateTemplate": _READ_TEMPLATE,
    "cleanrooms:startProtectedQuery": (
        Grant(
            "s3:GetBucketLocation s3:ListBucket",
            f"s3:::{{{_RESULT}.Bucket}}",
            given(f"{_RESULT}.Bucket"),
        ),
        _write(f"{_RESULT}.Bucket", f"{_RESULT}.KeyPrefix"),
    ),
    "cloudfront:createDistribution": _log_to(_LOGGING),
    "cloudfront:createDistributionWithTags": _log_to(f"DistributionConfigWithTags.{_LOGGING}"),
    "cloudfront:createTrustStore": _TRUST_BUNDLE,
    "cloudfront:updateDistribution": _log_to(_LOGGING),
    "cloudfront:updateTrustStore": _TRUST_BUNDLE,
    "config:putConformancePack": (_read_address("TemplateS3Uri", "s3_uri"),),
    "config:putOrganizationConformancePack": (_read_address("TemplateS3Uri", "s3_uri"),),
    "connect:associateInstanceStorageConfig": _STORE_FOR_CONNECT,
    "connect:createPrompt": (
        Grant("s3:GetObject s3:GetObjectAcl", "{S3Uri:s3_uri}", given("S3Uri")),
    ),
    "connect:updatePrompt": (
        Grant("s3:GetObject s3:GetObjectAcl", "{S3Uri:s3_uri}", given("S3Uri")),
    ),
    "connect:updateInstanceStorageConfig": _STORE_FOR_CONNECT,
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport_Requesting.html
    "dynamodb:exportTableToPointInTime": (
        _write("S3Bucket", "S3Prefix", "s3:AbortMultipartUpload s3:PutObject s3:PutObjectAcl"),
    ),
    "ec2:createRestoreImageTask": _RESTORE_IMAGE,
    # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-data-feeds.html
    "ec2:createSpotDatafeedSubscription": (
        Grant("s3:GetBucketAcl s3:PutBucketAcl", "s3:::{Bucket}"),
    ),
    "ec2:createStoreImageTask": _STORE_IMAGE,
    "elasticache:copySnapshot": _EXPORT_SNAPSHOT,
    "elasticache:createCacheCluster": _READ_SNAPSHOTS,
    "elasticache:createReplicationGroup": _READ_SNAPSHOTS,
    "elasticache:exportServerlessCacheSnapshot": (
        _write("S3BucketName", "ServerlessCacheSnapshotName", "s3:DeleteObject s3:PutObject"),
        Grant("s3:ListAllMyBuckets", "*"),
    ),
    "elasticbeanstalk:createApplicationVersion": _read(
        "SourceBundle.S3Bucket", "SourceBundle.S3Key"
    ),
    "elasticloadbalancingv2:addTrustStoreRevocations": _read(
        "RevocationContents[].S3Bucket",
        "RevocationContents[].S3Key",
        "RevocationContents[].S3ObjectVersion",
    ),
    "elasticloadbalancingv2:createTrustStore": _TRUST_STORE,
    "elasticloadbalancingv2:modifyTrustStore": _TRUST_STORE,
    "elasticsearch:createPackage": _READ_PACKAGE,
    "elasticsearch:updatePackage": _READ_PACKAGE,
    "guardduty:createThreatEntitySet": _READ_SET,
    "guardduty:createTrustedEntitySet": _READ_SET,
    "guardduty:updateThreatEntitySet": _READ_SET,
    "guardduty:updateTrustedEntitySet": _READ_SET,
    "iot:associateSbomWithPackageVersion": _read_version("Sbom.S3Location"),
    "iot:createPackageVersion": _read_version("Artifact.S3Location"),
    "iot:updatePackageVersion": _read_version("Artifact.S3Location"),
    "kafkaconnect:createCustomPlugin": _read(
        "Location.S3Location.BucketArn",
        "Location.S3Location.FileKey",
        "Location.S3Location.ObjectVersion",
    ),
    "lambda:createFunction": _read_code("Code."),
    "lambda:publishLayerVersion": _read_code("Content."),
    "lambda:updateFunctionCode": _read_code(""),
    "memorydb:copySnapshot": _EXPORT_SNAPSHOT,
    "memorydb:createCluster": _READ_SNAPSHOTS,
    "opensearch:createPackage": _READ_PACKAGE,
    "opensearch:updatePackage": _READ_PACKAGE,
    "polly:startSpeechSynthesisTask": (_write("OutputS3BucketName", "OutputS3KeyPrefix"),),
    "rekognition:compareFaces": _read_objects("SourceImage.S3Object TargetImage.S3Object"),
    "rekognition:copyProjectVersion": (_TRAINED,),
    "rekognition:createDataset": _read_objects("DatasetSource.GroundTruthManifest.S3Object"),
    "rekognition:createFaceLivenessSession": (
        _write("Settings.OutputConfig.S3Bucket", "Settings.OutputConfig.S3KeyPrefix"),
    ),
    "rekognition:createProjectVersion": (*_read_objects(f"{_TRAINING} {_TESTING}"), _TRAINED),
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
    "rekognition:startMediaAnalysisJob": (*_read_objects("Input.S3Object"), _TRAINED),
    "rekognition:startPersonTracking": _READ_VIDEO,
    "rekognition:startSegmentDetection": _READ_VIDEO,
    "rekognition:startTextDetection": _READ_VIDEO,
    "sesv2:createImportJob": (_read_address("ImportDataSource.S3Url", "s3_url"),),
    # https://docs.aws.amazon.com/waf/latest/developerguide/shd-srt-access.html
    "shield:associateDRTLogBucket": (
        Grant("s3:GetBucketPolicy s3:PutBucketPolicy", "s3:::{LogBucket}"),
    ),
    "shield:disassociateDRTLogBucket": (
        Grant("s3:DeleteBucketPolicy s3:GetBucketPolicy s3:PutBucketPolicy", "s3:::{LogBucket}"),
    ),
    # https://docs.aws.amazon.com/signer/latest/api/API_StartSigningJob.html
    "signer:startSigningJob": (
        *_read("Source.S3.BucketName", "Source.S3.Key", "Source.S3.Version"),
        _write("Destination.S3.BucketName", "Destination.S3.Prefix"),
    ),
    "textract:analyzeDocument": _READ_DOCUMENT,
    "textract:analyzeExpense": _READ_DOCUMENT,
    "textract:analyzeID": _read_objects("DocumentPages[].S3Object"),
    "textract:createAdapterVersion": (
        *_read_objects("DatasetConfig.ManifestS3Object"),
        _write("OutputConfig.S3Bucket", "OutputConfig.S3Prefix"),
    ),
    "textract:detectDocumentText": _READ_DOCUMENT,
    "textract:startDocumentAnalysis": _ANALYZE_DOCUMENT,
    "textract:startDocumentTextDetection": _ANALYZE_DOCUMENT,
    "textract:startExpenseAnalysis": _ANALYZE_DOCUMENT,
    "textract:startLendingAnalysis": _ANALYZE_DOCUMENT,
    # https://docs.aws.amazon.com/timestream/latest/developerguide/batch-load-prerequisites.html
    "timestreamwrite:createBatchLoadTask": (
        Grant(
            "s3:GetBucketAcl s3:ListBucket",
            f"s3:::{{{_BATCH}.BucketName}}",
            given(f"{_BATCH}.BucketName"),
        ),
        _write(f"{_BATCH}.BucketName", f"{_BATCH}.ObjectKeyPrefix", "s3:GetObject"),
        *_read(f"{_MODEL}.BucketName", f"{_MODEL}.ObjectKey"),
        _write(f"{_REPORT}.BucketName", f"{_REPORT}.ObjectKeyPrefix"),
        Grant("s3:GetBucketAcl", f"s3:::{{{_REPORT}.BucketName}}", given(f"{_REPORT}.BucketName")),
    ),
    "timestreamwrite:createTable": _REJECT_DATA,
    "timestreamwrite:updateTable": _REJECT_DATA,
    "transcribe:createMedicalVocabulary": (_READ_MEDICAL_VOCABULARY,),
    "transcribe:createVocabulary": (_READ_VOCABULARY,),
    "transcribe:createVocabularyFilter": (_READ_FILTER,),
    "transcribe:startCallAnalyticsJob": (_READ_MEDIA,),
    "transcribe:startMedicalTranscriptionJob": (_READ_MEDIA, _WRITE_TRANSCRIPT),
    "transcribe:startTranscriptionJob": (_READ_MEDIA, _WRITE_TRANSCRIPT),
    "transcribe:updateMedicalVocabulary": (_READ_MEDICAL_VOCABULARY,),
    "transcribe:updateVocabulary": (_READ_VOCABULARY,),
    "transcribe:updateVocabularyFilter": (_READ_FILTER,),
    "translate:createParallelData": (_read_address("ParallelDataConfig.S3Uri", "s3_uri"),),
    "translate:updateParallelData": (_read_address("ParallelDataConfig.S3Uri", "s3_uri"),),
}
"""By service and operation."""
