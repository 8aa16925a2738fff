from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from local.local_account import REGION, Account


def test_a_trail_keeps_the_tags_it_was_created_with(account: Account, cloudtrail: Any) -> None:
    tags = [{"Key": "team", "Value": "data"}]
    arn = cloudtrail.create_trail(
        Name="audit", S3BucketName=account.create_log_bucket("audit"), TagsList=tags
    )["TrailARN"]
    assert cloudtrail.list_tags(ResourceIdList=[arn])["ResourceTagList"] == [
        {"ResourceId": arn, "TagsList": tags}
    ]


def test_deleting_a_trail_deletes_its_tags(account: Account, cloudtrail: Any) -> None:
    bucket = account.create_log_bucket("audit")
    arn = f"arn:aws:cloudtrail:{REGION}:{account.id}:trail/audit"
    cloudtrail.create_trail(Name="audit", S3BucketName=bucket)
    cloudtrail.add_tags(ResourceId=arn, TagsList=[{"Key": "team", "Value": "data"}])
    cloudtrail.delete_trail(Name=arn)
    cloudtrail.create_trail(Name="audit", S3BucketName=bucket)
    assert cloudtrail.list_tags(ResourceIdList=[arn])["ResourceTagList"][0]["TagsList"] == []


def test_a_trail_of_the_same_name_is_refused(account: Account, cloudtrail: Any) -> None:
    bucket = account.create_log_bucket("audit")
    cloudtrail.create_trail(Name="audit", S3BucketName=bucket)
    with pytest.raises(ClientError, match="TrailAlreadyExistsException"):
        cloudtrail.create_trail(Name="audit", S3BucketName=bucket)


def test_a_missing_log_bucket_is_refused(cloudtrail: Any) -> None:
    with pytest.raises(ClientError, match="S3BucketDoesNotExistException"):
        cloudtrail.create_trail(Name="audit", S3BucketName="nowhere")


def test_a_log_bucket_must_let_cloudtrail_write(account: Account, cloudtrail: Any) -> None:
    without_policy, for_another_trail = (
        account.create_bucket(),
        account.create_log_bucket("another"),
    )
    for bucket in (without_policy, for_another_trail):
        with pytest.raises(ClientError) as refused:
            cloudtrail.create_trail(Name="audit", S3BucketName=bucket)
        assert refused.value.response["Error"] == {
            "Code": "InsufficientS3BucketPolicyException",
            "Message": f"Incorrect S3 bucket policy is detected for bucket: {bucket}",
        }


def test_a_sixth_trail_is_refused(account: Account, cloudtrail: Any) -> None:
    for n in range(5):
        cloudtrail.create_trail(
            Name=f"trail{n}", S3BucketName=account.create_log_bucket(f"trail{n}")
        )
    with pytest.raises(ClientError, match="MaximumNumberOfTrailsExceededException"):
        cloudtrail.create_trail(Name="trail5", S3BucketName=account.create_log_bucket("trail5"))


def test_a_missing_trail_cannot_be_deleted(cloudtrail: Any) -> None:
    with pytest.raises(ClientError, match="TrailNotFoundException"):
        cloudtrail.delete_trail(Name="audit")


def test_too_many_values_of_selectors_are_refused(account: Account, cloudtrail: Any) -> None:
    cloudtrail.create_trail(Name="audit", S3BucketName=account.create_log_bucket("audit"))

    def put_basic(number: int, *more: str) -> None:
        values = [f"arn:aws:s3:::acme/{each}/" for each in range(number)]
        resource = {"Type": "AWS::S3::Object", "Values": [*values, *more]}
        cloudtrail.put_event_selectors(
            TrailName="audit", EventSelectors=[{"DataResources": [resource]}]
        )

    def put_advanced(number: int) -> None:
        values = [f"arn:aws:s3:::acme/{each}/" for each in range(number)]
        fields = [
            {"Field": "eventCategory", "Equals": ["Data"]},
            {"Field": "resources.ARN", "StartsWith": values},
        ]
        selectors = [{"FieldSelectors": fields}]
        cloudtrail.put_event_selectors(TrailName="audit", AdvancedEventSelectors=selectors)

    put_basic(250, "arn:aws:s3")
    put_advanced(499)
    for put, number in ((put_basic, 251), (put_advanced, 500)):
        with pytest.raises(ClientError, match="InvalidEventSelectorsException"):
            put(number)
