"""The permissions on keys of KMS that calls need: services use a key with those of the caller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.asl.permissions.grants import ConditionTemplate, Grant
from sfn_s3_cli.asl.permissions.requirements import absent, matches

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sfn_s3_cli.asl.permissions.requirements import Requirements

# https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
_FOR_A_SERVICE = ConditionTemplate("Bool", "kms:GrantIsForAWSResource", "true")

_USUAL = "CreateGrant Decrypt DescribeKey GenerateDataKey"
"""What a service may need if its guide does not say."""
_STORE = "Decrypt GenerateDataKey"
"""To write an object to S3, in parts: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html"""
_CONFIGURE = "Decrypt DescribeKey GenerateDataKey"
_DELEGATE = "CreateGrant DescribeKey"
_NONE = ""
"""For a key that only the service itself uses, or a role that the call passes."""

# The guide of each service, and the dependent actions of
# https://docs.aws.amazon.com/service-authorization/latest/reference/
_OF_SERVICES: Mapping[str, str] = {
    "aiops": _CONFIGURE,
    "app-integrations": "CreateGrant",
    "athena": _STORE,
    # https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupVault.html
    "backup": "CreateGrant Decrypt DescribeKey GenerateDataKey RetireGrant",
    "chime": _DELEGATE,
    "codebuild": _NONE,
    "codepipeline": _NONE,
    "config": _NONE,
    "connect": _DELEGATE,
    "databrew": _NONE,
    "drs": _DELEGATE,
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
    "dynamodb": "CreateGrant Decrypt DescribeKey Encrypt GenerateDataKey"
    " GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo",
    # https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html
    "ebs": "CreateGrant Decrypt DescribeKey GenerateDataKeyWithoutPlaintext"
    " ReEncryptFrom ReEncryptTo",
    "ec2": "CreateGrant Decrypt DescribeKey GenerateDataKeyWithoutPlaintext"
    " ReEncryptFrom ReEncryptTo",
    # https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
    "ecr": _DELEGATE,
    "ecs": _NONE,
    # https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html
    "eks": _DELEGATE,
    "elasticfilesystem": "CreateGrant Decrypt DescribeKey GenerateDataKeyWithoutPlaintext",
    "elasticmapreduce": _NONE,
    "emr-containers": _NONE,
    # https://docs.aws.amazon.com/opensearch-service/latest/developerguide/encryption-at-rest.html
    "es": _DELEGATE,
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-cmkey.html
    "events": _CONFIGURE,
    "firehose": _DELEGATE,
    "forecast": _NONE,
    "imagebuilder": "Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext",
    "kafka": _DELEGATE,
    # https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
    "lambda": "CreateGrant Decrypt DescribeKey Encrypt GenerateDataKey",
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    "logs": _NONE,
    "neptune-graph": "CreateGrant Decrypt DescribeKey",
    "osis": "DescribeKey GenerateDataKeyWithoutPlaintext",
    "personalize": _NONE,
    "pipes": _CONFIGURE,
    "redshift": "CreateGrant Decrypt DescribeKey GenerateDataKey RetireGrant",
    "redshift-serverless": "CreateGrant Decrypt DescribeKey GenerateDataKey RetireGrant",
    # https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-configuring-dnssec-cmk-requirements.html
    "route53": "CreateGrant DescribeKey GetPublicKey Sign",
    "s3": _STORE,
    # https://docs.aws.amazon.com/sagemaker/latest/dg/api-permissions-reference.html
    "sagemaker": _DELEGATE,
    "scheduler": _CONFIGURE,
    # https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecret.html
    "secretsmanager": "Decrypt Encrypt GenerateDataKey",
    "securitylake": "CreateGrant DescribeKey GenerateDataKey",
    "ses": _NONE,
    # https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
    "states": _CONFIGURE,
    "textract": _CONFIGURE,
    "transcribe": "Decrypt DescribeKey Encrypt GenerateDataKey",
}
"""Actions on the keys that calls name, by prefix in IAM."""
_OF_OPERATIONS: Mapping[str, str] = {
    "bedrockruntime:startasyncinvoke": _STORE,
    # The trail is CloudTrail's own to encrypt, but not an event data store:
    # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html
    "cloudtrail:createeventdatastore": _STORE,
    "cloudtrail:createtrail": _NONE,
    "cloudtrail:updateeventdatastore": _STORE,
    "cloudtrail:updatetrail": _NONE,
    "dynamodb:exporttabletopointintime": _STORE,
    "glue:createintegration": _DELEGATE,
    "glue:createsecurityconfiguration": _NONE,
    "glue:putdatacatalogencryptionsettings": _NONE,
    "redshift:createintegration": _DELEGATE,
    "rds:createintegration": _DELEGATE,
    "s3:createbucketmetadataconfiguration": "DescribeKey",
    "s3:putbucketencryption": _NONE,
    "s3:putbucketinventoryconfiguration": _NONE,
    "s3:putbucketreplication": _NONE,
    "s3:updatebucketmetadataannotationtableconfiguration": "DescribeKey",
    "s3:updatebucketmetadatainventorytableconfiguration": "DescribeKey",
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_UpdateObjectEncryption.html
    "s3:updateobjectencryption": "Decrypt Encrypt GenerateDataKey",
    "s3control:createjob": _NONE,
    "s3control:putbucketreplication": _NONE,
    "s3control:putstoragelensconfiguration": _NONE,
    # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_OnlineStoreSecurityConfig.html
    "sagemaker:createfeaturegroup": "CreateGrant Decrypt DescribeKey Encrypt GenerateDataKey"
    " ListGrants ReEncryptFrom ReEncryptTo RetireGrant RevokeGrant",
    # https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
    "secretsmanager:createsecret": _STORE,
}
"""The same, by service and operation in lower case."""
_OF_OTHER_REGIONS: Mapping[str, str] = {
    # https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ReplicateSecretToRegions.html
    "AddReplicaRegions[].KmsKeyId": "Encrypt GenerateDataKey",
    "ReplicaUpdates[].Create.KMSMasterKeyId": "",
    "ReplicaUpdates[].Update.KMSMasterKeyId": "",
}
"""Parameters with the key of another region, and the actions on it if they differ."""


def grant_on_key(
    actions: str,
    parameter: str,
    when: Requirements = (),
    conditions: tuple[ConditionTemplate, ...] = (),
    place: str = "@",
) -> Iterator[Grant]:
    """Actions on the key of a parameter; under an alias, on the keys that have this alias.

    https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
    """
    alias = ConditionTemplate(
        "ForAnyValue:StringLike", "kms:ResourceAliases", f"{{{parameter}:alias}}"
    )
    key, aliased = (f"kms:{place}:key/{{{parameter}:{each}}}" for each in ("key", "aliased_key"))
    yield Grant(actions, key, when, conditions)
    yield Grant(actions, aliased, when, (*conditions, alias))


def use_key(
    actions: str, parameter: str, when: Requirements = (), place: str = "@"
) -> Iterator[Grant]:
    """What a service needs to use the key of a parameter for the caller.

    Everybody in the account may use AWS's own keys through their services.
    """
    is_own = matches(parameter, r"^(?!(?:arn:.*:)?alias/aws/)")
    names = actions.split()
    usual = [f"kms:{each}" for each in names if each != "CreateGrant"]
    if usual:
        yield from grant_on_key(" ".join(usual), parameter, is_own + when, (), place)
    if "CreateGrant" in names:
        conditions = (_FOR_A_SERVICE,)
        yield from grant_on_key("kms:CreateGrant", parameter, is_own + when, conditions, place)


def use_named_keys(call: str, prefix: str, parameters: tuple[str, ...]) -> Iterator[Grant]:
    """What a call needs to use the keys that its parameters name."""
    if call == "ssm:putparameter":
        yield from _encrypt_parameter()
        return
    actions = _OF_OPERATIONS.get(call, _OF_SERVICES.get(prefix, _USUAL))
    for each in parameters:
        if each in _OF_OTHER_REGIONS:
            yield from use_key(_OF_OTHER_REGIONS[each] or actions, each, (), "*:ACCOUNT")
        else:
            yield from use_key(actions, each)


def _encrypt_parameter() -> Iterator[Grant]:
    """A parameter of the advanced tier is encrypted with a data key.

    https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
    """
    for when in (absent("Tier"), matches("Tier", "Standard|Intelligent-Tiering")):
        yield from use_key("Encrypt", "KeyId", when)
    yield from use_key("GenerateDataKey", "KeyId", matches("Tier", "Advanced|Intelligent-Tiering"))
