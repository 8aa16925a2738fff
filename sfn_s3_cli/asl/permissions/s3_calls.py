"""The `aws-sdk` calls of S3 whose permissions do not follow the rule of sdk_calls.py.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
"""

from __future__ import annotations

from sfn_s3_cli.asl.permissions.grants import Grant, Integration, grant_call, pass_role, rename
from sfn_s3_cli.asl.permissions.requirements import absent, equals, given, matches

_BUCKET = "s3:::{Bucket}"
_OBJECT = "s3:::{Bucket:objects}/{Key:text}"
_OBJECTS = "s3:::{Bucket:objects}/*"
_GRANTS = "GrantFullControl|GrantRead|GrantReadACP|GrantWriteACP"
_LOCK = (
    "ObjectLockMode|ObjectLockRetainUntilDate|ObjectLockEventHold"
    "|ObjectLockEventHoldDurationDays|ObjectLockEventHoldDurationYears"
)
_LIST_MISSING_KEYS = Grant("s3:ListBucket", _BUCKET, when_catching="NoSuchKey")
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html
_BYPASS_RETENTION = given("BypassGovernanceRetention")
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
_COMPARE = Grant("s3:GetObject", _OBJECT, matches("IfMatch", r"^(?!\*$)"))
_WRITE = (
    Grant("s3:PutObject", _OBJECT),
    Grant("s3:PutObjectAcl", _OBJECT, given(f"ACL|{_GRANTS}")),
    Grant("s3:PutObjectRetention", _OBJECT, given(_LOCK)),
    Grant("s3:PutObjectLegalHold", _OBJECT, given("ObjectLockLegalHoldStatus")),
    Grant("s3:PutObjectTagging", _OBJECT, given("Tagging")),
)
_SOURCE = "{CopySource:copy_source}"
_IS_VERSION = matches("CopySource", r"\?versionId=")
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
_READ_SOURCE = (
    Grant("s3:GetObject", _SOURCE),
    Grant("s3:GetObjectVersion", _SOURCE, _IS_VERSION),
)
_COPY_TAGS = tuple(
    grant
    for keeps_tags in (absent("TaggingDirective"), equals("TaggingDirective", "COPY"))
    for grant in (
        Grant("s3:GetObjectTagging", _SOURCE, keeps_tags),
        Grant("s3:GetObjectVersionTagging", _SOURCE, keeps_tags + _IS_VERSION),
        Grant("s3:PutObjectTagging", _OBJECT, keeps_tags),
    )
)
_COPIES_ANNOTATIONS = given("AnnotationDirective") + equals("AnnotationDirective", "COPY")
_COPY_ANNOTATIONS = (
    Grant("s3:GetObjectAnnotation", _SOURCE, _COPIES_ANNOTATIONS),
    Grant("s3:PutObjectAnnotation", _OBJECT, _COPIES_ANNOTATIONS),
)


def _use_object(operation: str, action: str, versioned: str, *more: Grant) -> Integration:
    """A call on an object, or on one of its versions."""
    grants = (
        Grant(f"s3:{action}", _OBJECT),
        Grant(f"s3:{versioned}", _OBJECT, given("VersionId")),
        *more,
    )
    return Integration(f"s3:{operation}", grants)


_RENAMED = (
    *rename(
        "s3",
        _BUCKET,
        "headBucket=ListBucket listObjects=ListBucket listObjectsV2=ListBucket"
        " listObjectVersions=ListBucketVersions listMultipartUploads=ListBucketMultipartUploads"
        " deleteBucketAnalyticsConfiguration=PutAnalyticsConfiguration"
        " deleteBucketCors=PutBucketCORS deleteBucketEncryption=PutEncryptionConfiguration"
        " deleteBucketIntelligentTieringConfiguration=PutIntelligentTieringConfiguration"
        " deleteBucketInventoryConfiguration=PutInventoryConfiguration"
        " deleteBucketLifecycle=PutLifecycleConfiguration"
        " deleteBucketMetricsConfiguration=PutMetricsConfiguration"
        " deleteBucketOwnershipControls=PutBucketOwnershipControls"
        " deleteBucketReplication=PutReplicationConfiguration"
        " deleteBucketTagging=PutBucketTagging deletePublicAccessBlock=PutBucketPublicAccessBlock"
        " getBucketAccelerateConfiguration=GetAccelerateConfiguration"
        " getBucketAnalyticsConfiguration=GetAnalyticsConfiguration"
        " getBucketEncryption=GetEncryptionConfiguration"
        " getBucketIntelligentTieringConfiguration=GetIntelligentTieringConfiguration"
        " getBucketInventoryConfiguration=GetInventoryConfiguration"
        " getBucketLifecycle=GetLifecycleConfiguration"
        " getBucketLifecycleConfiguration=GetLifecycleConfiguration"
        " getBucketMetricsConfiguration=GetMetricsConfiguration"
        " getBucketNotificationConfiguration=GetBucketNotification"
        " getBucketReplication=GetReplicationConfiguration"
        " getObjectLockConfiguration=GetBucketObjectLockConfiguration"
        " getPublicAccessBlock=GetBucketPublicAccessBlock"
        " listBucketAnalyticsConfigurations=GetAnalyticsConfiguration"
        " listBucketIntelligentTieringConfigurations=GetIntelligentTieringConfiguration"
        " listBucketInventoryConfigurations=GetInventoryConfiguration"
        " listBucketMetricsConfigurations=GetMetricsConfiguration"
        " putBucketAccelerateConfiguration=PutAccelerateConfiguration"
        " putBucketAnalyticsConfiguration=PutAnalyticsConfiguration"
        " putBucketEncryption=PutEncryptionConfiguration"
        " putBucketIntelligentTieringConfiguration=PutIntelligentTieringConfiguration"
        " putBucketInventoryConfiguration=PutInventoryConfiguration"
        " putBucketLifecycle=PutLifecycleConfiguration"
        " putBucketLifecycleConfiguration=PutLifecycleConfiguration"
        " putBucketMetricsConfiguration=PutMetricsConfiguration"
        " putBucketNotificationConfiguration=PutBucketNotification"
        " putObjectLockConfiguration=PutBucketObjectLockConfiguration"
        " putPublicAccessBlock=PutBucketPublicAccessBlock",
    ),
    *rename("s3", _OBJECT, "uploadPart=PutObject listParts=ListMultipartUploadParts"),
    # Buckets on Outposts: https://docs.aws.amazon.com/AmazonS3/latest/s3-outposts/S3OutpostsIAM.html
    *rename(
        "s3control",
        "{Bucket}",
        "deleteBucket=DeleteBucket deleteBucketLifecycleConfiguration=PutLifecycleConfiguration"
        " deleteBucketPolicy=DeleteBucketPolicy"
        " deleteBucketReplication=PutReplicationConfiguration deleteBucketTagging=PutBucketTagging"
        " getBucket=GetBucket getBucketLifecycleConfiguration=GetLifecycleConfiguration"
        " getBucketPolicy=GetBucketPolicy getBucketReplication=GetReplicationConfiguration"
        " getBucketTagging=GetBucketTagging getBucketVersioning=GetBucketVersioning"
        " putBucketLifecycleConfiguration=PutLifecycleConfiguration"
        " putBucketPolicy=PutBucketPolicy putBucketTagging=PutBucketTagging"
        " putBucketVersioning=PutBucketVersioning",
        prefix="s3-outposts",
    ),
    *rename(
        "s3control",
        "*",
        "createBucket=CreateBucket listRegionalBuckets=ListRegionalBuckets",
        prefix="s3-outposts",
    ),
    *rename(
        "s3control",
        "*",
        "deletePublicAccessBlock=PutAccountPublicAccessBlock"
        " getPublicAccessBlock=GetAccountPublicAccessBlock"
        " putPublicAccessBlock=PutAccountPublicAccessBlock",
        prefix="s3",
    ),
    *rename(
        "s3control",
        "s3express:@:accesspoint/{Name}",
        "deleteAccessPointScope=DeleteAccessPointScope getAccessPointScope=GetAccessPointScope"
        " putAccessPointScope=PutAccessPointScope",
        prefix="s3express",
    ),
    *rename(
        "s3control",
        "*",
        "listAccessPointsForDirectoryBuckets=ListAccessPointsForDirectoryBuckets",
        prefix="s3express",
    ),
    *rename("s3", "*", "listDirectoryBuckets=ListAllMyDirectoryBuckets", prefix="s3express"),
    *rename(
        "s3",
        "s3express:@:bucket/{Bucket}",
        "createSession=CreateSession renameObject=CreateSession",
        prefix="s3express",
    ),
    grant_call("s3:listBuckets", "s3:ListAllMyBuckets", "*"),
    grant_call(
        "s3:writeGetObjectResponse",
        "s3-object-lambda:WriteGetObjectResponse",
        "s3-object-lambda:@:accesspoint/*",
    ),
)

S3_CALLS = (
    *_RENAMED,
    # Without permission to list the bucket, S3 answers 403 instead of 404 for a missing key:
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
    _use_object("headObject", "GetObject", "GetObjectVersion", _LIST_MISSING_KEYS),
    _use_object("getObject", "GetObject", "GetObjectVersion", _LIST_MISSING_KEYS),
    _use_object("getObjectAcl", "GetObjectAcl", "GetObjectVersionAcl"),
    _use_object("putObjectAcl", "PutObjectAcl", "PutObjectVersionAcl"),
    _use_object("getObjectTagging", "GetObjectTagging", "GetObjectVersionTagging"),
    _use_object("putObjectTagging", "PutObjectTagging", "PutObjectVersionTagging"),
    _use_object("deleteObjectTagging", "DeleteObjectTagging", "DeleteObjectVersionTagging"),
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html
    _use_object(
        "getObjectAttributes",
        "GetObjectAttributes",
        "GetObjectVersionAttributes",
        Grant("s3:GetObject", _OBJECT),
        Grant("s3:GetObjectVersion", _OBJECT, given("VersionId")),
    ),
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html
    _use_object(
        "deleteObject",
        "DeleteObject",
        "DeleteObjectVersion",
        Grant("s3:BypassGovernanceRetention", _OBJECT, _BYPASS_RETENTION),
        _COMPARE,
    ),
    Integration(
        "s3:deleteObjects",
        (
            Grant("s3:DeleteObject", _OBJECTS),
            Grant("s3:DeleteObjectVersion", _OBJECTS, given("Delete.Objects[].VersionId")),
            Grant("s3:BypassGovernanceRetention", _OBJECTS, _BYPASS_RETENTION),
            Grant("s3:GetObject", _OBJECTS, matches("Delete.Objects[].ETag", r"^(?!\*$)")),
        ),
    ),
    Integration(
        "s3:putObjectRetention",
        (
            Grant("s3:PutObjectRetention", _OBJECT),
            Grant("s3:BypassGovernanceRetention", _OBJECT, _BYPASS_RETENTION),
        ),
    ),
    Integration("s3:putObject", (*_WRITE, _COMPARE)),
    Integration("s3:createMultipartUpload", _WRITE),
    Integration("s3:completeMultipartUpload", (Grant("s3:PutObject", _OBJECT), _COMPARE)),
    Integration(
        "s3:copyObject",
        (*_READ_SOURCE, *_COPY_TAGS, *_COPY_ANNOTATIONS, *_WRITE, _COMPARE),
    ),
    Integration("s3:uploadPartCopy", (*_READ_SOURCE, Grant("s3:PutObject", _OBJECT))),
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
    Integration(
        "s3:createBucket",
        (
            Grant("s3:CreateBucket", _BUCKET),
            Grant("s3:TagResource", _BUCKET, given("CreateBucketConfiguration.Tags")),
            Grant("s3:PutBucketAcl", _BUCKET, matches("ACL", "^(?!private$)")),
            Grant("s3:PutBucketAcl", _BUCKET, given(f"{_GRANTS}|GrantWrite")),
            Grant(
                "s3:PutBucketObjectLockConfiguration s3:PutBucketVersioning",
                _BUCKET,
                given("ObjectLockEnabledForBucket"),
            ),
            Grant("s3:PutBucketOwnershipControls", _BUCKET, given("ObjectOwnership")),
        ),
    ),
    Integration(
        "s3:putBucketReplication",
        (
            Grant("s3:PutReplicationConfiguration", _BUCKET),
            pass_role("ReplicationConfiguration.Role", "s3"),
        ),
    ),
    Integration(
        "s3control:putBucketReplication",
        (
            Grant("s3-outposts:PutReplicationConfiguration", "{Bucket}"),
            pass_role("ReplicationConfiguration.Role", "s3-outposts"),
        ),
    ),
)
