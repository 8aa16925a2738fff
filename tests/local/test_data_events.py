"""Which calls to S3 reach EventBridge as CloudTrail's events."""

from __future__ import annotations

import http.client
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from local.local_account import REGION, Account, Inbox, select_writes, wait_until

CLOUDTRAIL = {"source": ["aws.s3"], "detail-type": [{"suffix": "via CloudTrail"}]}


@pytest.fixture
def inbox(account: Account, bucket: str) -> Inbox:
    """What a trail that logs the writes to `bucket` sends to EventBridge."""
    account.create_trail(AdvancedEventSelectors=select_writes(f"arn:aws:s3:::{bucket}/"))
    return account.create_inbox(CLOUDTRAIL)


def list_calls(events: list[Any]) -> list[tuple[str, str | None]]:
    details = [event["detail"] for event in events]
    return [(each["eventName"], (each["requestParameters"] or {}).get("key")) for each in details]


def delete_all(record: dict[str, Any], *names: str) -> dict[str, Any]:
    for name in names:
        assert record.pop(name)
    return record


def test_put_arrives_as_cloudtrail_records_it(
    account: Account, s3: Any, bucket: str, inbox: Inbox
) -> None:
    put = s3.put_object(Bucket=bucket, Key="in/a.csv", Body=b"12345")
    answered = put["ResponseMetadata"]["HTTPHeaders"]
    (event,) = inbox.take(1)
    detail = event.pop("detail")
    assert delete_all(event, "id", "time") == {
        "version": "0",
        "detail-type": "AWS API Call via CloudTrail",
        "source": "aws.s3",
        "account": account.id,
        "region": REGION,
        "resources": [],
    }
    assert delete_all(detail, "eventID", "eventTime", "userAgent") == {
        "eventVersion": "1.09",
        "userIdentity": {
            "type": "Root",
            "principalId": account.id,
            "arn": f"arn:aws:iam::{account.id}:root",
            "accountId": account.id,
            "accessKeyId": account.id,
        },
        "eventSource": "s3.amazonaws.com",
        "eventName": "PutObject",
        "awsRegion": REGION,
        "sourceIPAddress": "127.0.0.1",
        "requestParameters": {
            "bucketName": bucket,
            "key": "in/a.csv",
            "Host": account.endpoint_url.removeprefix("http://"),
        },
        "responseElements": None,
        "additionalEventData": {
            "SignatureVersion": "SigV4",
            "CipherSuite": "ECDHE-RSA-AES128-GCM-SHA256",
            "bytesTransferredIn": 5,
            "AuthenticationMethod": "AuthHeader",
            "x-amz-id-2": answered["x-amz-id-2"],
            "bytesTransferredOut": 0,
        },
        "requestID": answered["x-amz-request-id"],
        "readOnly": False,
        "resources": [
            {"type": "AWS::S3::Object", "ARN": f"arn:aws:s3:::{bucket}/in/a.csv"},
            {
                "accountId": account.id,
                "type": "AWS::S3::Bucket",
                "ARN": f"arn:aws:s3:::{bucket}",
            },
        ],
        "eventType": "AwsApiCall",
        "managementEvent": False,
        "recipientAccountId": account.id,
        "eventCategory": "Data",
    }


def test_each_creation_and_deletion_is_one_event(s3: Any, bucket: str, inbox: Inbox) -> None:
    s3.put_object(Bucket=bucket, Key="put", Body=b"1")
    s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "put"})
    upload = s3.create_multipart_upload(Bucket=bucket, Key="parts")["UploadId"]
    part = s3.upload_part(Bucket=bucket, Key="parts", UploadId=upload, PartNumber=1, Body=b"1")
    s3.complete_multipart_upload(
        Bucket=bucket,
        Key="parts",
        UploadId=upload,
        MultipartUpload={"Parts": [{"ETag": part["ETag"], "PartNumber": 1}]},
    )
    s3.put_object_tagging(Bucket=bucket, Key="put", Tagging={"TagSet": []})
    s3.get_object(Bucket=bucket, Key="put")["Body"].read()
    s3.delete_object(Bucket=bucket, Key="put")
    assert list_calls(inbox.take(4)) == [
        ("PutObject", "put"),
        ("CopyObject", "copy"),
        ("CompleteMultipartUpload", "parts"),
        ("DeleteObject", "put"),
    ]


def test_bulk_delete_is_a_call_and_a_service_event_per_key(
    s3: Any, bucket: str, inbox: Inbox
) -> None:
    s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "a & b"}, {"Key": "c"}]})
    events = inbox.take(3)
    assert [
        (event["detail-type"], *(event["detail"][name] for name in ("eventName", "eventType")))
        for event in events
    ] == [
        ("AWS API Call via CloudTrail", "DeleteObjects", "AwsApiCall"),
        ("AWS Service Event via CloudTrail", "DeleteObject", "AwsServiceEvent"),
        ("AWS Service Event via CloudTrail", "DeleteObject", "AwsServiceEvent"),
    ]
    call, *records = (event["detail"] for event in events)
    assert call["requestParameters"].keys() == {"bucketName", "delete", "Host"}
    assert [each["requestParameters"] for each in records] == [None, None]
    assert [each["resources"][0] for each in records] == [
        {"type": "AWS::S3::Object", "ARN": f"arn:aws:s3:::{bucket}/{key}"} for key in ("a & b", "c")
    ]


@pytest.mark.parametrize(
    "key", ["with space", "a+b", "100%", "%41", "grüße/日本.csv", "q?a=b&c", "//double"]
)
def test_keys_arrive_unchanged(key: str, s3: Any, bucket: str, inbox: Inbox) -> None:
    s3.put_object(Bucket=bucket, Key=key)
    (event,) = inbox.take(1)
    assert event["detail"]["requestParameters"]["key"] == key


def test_failed_call_arrives_with_its_error(s3: Any, bucket: str, inbox: Inbox) -> None:
    with pytest.raises(s3.exceptions.ClientError, match="NoSuchKey"):
        s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "none"})
    (event,) = inbox.take(1)
    assert event["detail"]["errorCode"] == "NoSuchKey"
    assert event["detail"]["errorMessage"] == "The specified key does not exist."


def test_call_to_a_missing_bucket_arrives_at_its_caller(account: Account, s3: Any) -> None:
    account.create_trail(AdvancedEventSelectors=select_writes("arn:aws:s3:::nowhere/"))
    inbox = account.create_inbox(CLOUDTRAIL)
    with pytest.raises(s3.exceptions.NoSuchBucket):
        s3.put_object(Bucket="nowhere", Key="a")
    (event,) = inbox.take(1)
    assert event["detail"]["errorCode"] == "NoSuchBucket"


def test_presigned_and_virtual_host_calls_arrive(
    account: Account, s3: Any, bucket: str, inbox: Inbox
) -> None:
    url = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "a b"})
    address = account.endpoint_url.removeprefix("http://")
    connection = http.client.HTTPConnection(address)
    connection.request("PUT", url.removeprefix(account.endpoint_url), body=b"1")
    assert connection.getresponse().read() == b""
    signature = f"AWS4-HMAC-SHA256 Credential={account.id}/20260101/{REGION}/s3/aws4_request"
    headers = {"Host": f"{bucket}.s3.{REGION}.amazonaws.com", "Authorization": signature}
    connection.request("PUT", "/c%20d", body=b"1", headers=headers)
    assert connection.getresponse().read() == b""
    connection.close()
    events = inbox.take(2)
    assert list_calls(events) == [("PutObject", "a b"), ("PutObject", "c d")]
    assert [event["detail"]["additionalEventData"]["AuthenticationMethod"] for event in events] == [
        "QueryString",
        "AuthHeader",
    ]
    assert set(events[0]["detail"]["requestParameters"]) == {
        "bucketName",
        "key",
        "Host",
        "Expires",
    }


def test_assumed_role_is_named_as_the_caller(account: Account, bucket: str, inbox: Inbox) -> None:
    role = account.create_role("writer")
    credentials = account.client("sts").assume_role(RoleArn=role, RoleSessionName="me")[
        "Credentials"
    ]
    boto3.client(
        "s3",
        region_name=REGION,
        endpoint_url=account.endpoint_url,
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    ).put_object(Bucket=bucket, Key="a")
    (event,) = inbox.take(1)
    identity = event["detail"]["userIdentity"]
    assert identity["type"] == "AssumedRole"
    assert identity["arn"] == f"arn:aws:sts::{account.id}:assumed-role/writer/me"


def test_basic_selector_logs_only_its_prefix(account: Account, s3: Any, bucket: str) -> None:
    resource = {"Type": "AWS::S3::Object", "Values": [f"arn:aws:s3:::{bucket}/in/"]}
    selector = {"ReadWriteType": "WriteOnly", "DataResources": [resource]}
    account.create_trail(EventSelectors=[selector])
    inbox = account.create_inbox(CLOUDTRAIL)
    s3.put_object(Bucket=bucket, Key="out/a")
    s3.put_object(Bucket=bucket, Key="in/a")
    assert list_calls(inbox.take(1)) == [("PutObject", "in/a")]


def test_nothing_arrives_while_logging_is_off(
    account: Account, s3: Any, bucket: str, inbox: Inbox
) -> None:
    cloudtrail = account.client("cloudtrail")
    cloudtrail.stop_logging(Name="audit")
    s3.put_object(Bucket=bucket, Key="unseen")
    wait_until(lambda: cloudtrail.get_trail_status(Name="audit")["IsLogging"] is False)
    cloudtrail.start_logging(Name="audit")
    s3.put_object(Bucket=bucket, Key="seen")
    assert list_calls(inbox.take(1)) == [("PutObject", "seen")]


def test_two_trails_that_log_a_call_send_one_event(
    account: Account, s3: Any, bucket: str, inbox: Inbox
) -> None:
    account.create_trail("second", AdvancedEventSelectors=select_writes(f"arn:aws:s3:::{bucket}/"))
    s3.put_object(Bucket=bucket, Key="a")
    s3.put_object(Bucket=bucket, Key="b")
    assert list_calls(inbox.take(2)) == [("PutObject", "a"), ("PutObject", "b")]


def test_call_in_another_region_needs_a_multi_region_trail(account: Account) -> None:
    bucket = account.create_bucket("eu-central-1")
    selectors = select_writes(f"arn:aws:s3:::{bucket}/")
    account.create_trail(AdvancedEventSelectors=selectors)
    inbox = account.create_inbox(CLOUDTRAIL, "eu-central-1")
    s3 = account.client("s3", "eu-central-1")
    s3.put_object(Bucket=bucket, Key="before")
    account.client("cloudtrail").update_trail(Name="audit", IsMultiRegionTrail=True)
    s3.put_object(Bucket=bucket, Key="after")
    (event,) = inbox.take(1)
    assert event["detail"]["requestParameters"]["key"] == "after"
    assert event["region"] == event["detail"]["awsRegion"] == "eu-central-1"


def test_workflow_that_writes_is_named_by_its_role(
    account: Account, bucket: str, inbox: Inbox
) -> None:
    put = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:s3:putObject",
        "Parameters": {"Bucket": bucket, "Key": "out/ä b", "Body.$": "$"},
        "End": True,
    }
    definition = json.dumps({"StartAt": "Put", "States": {"Put": put}})
    machine = account.create_machine(definition, may=["s3:PutObject"])
    account.client("stepfunctions").start_execution(stateMachineArn=machine, name="run")
    (event,) = inbox.take(1)
    detail = event["detail"]
    assert detail["requestParameters"]["key"] == "out/ä b"
    assert detail["sourceIPAddress"] == "states.amazonaws.com"
    assert detail["userIdentity"] == {
        "type": "AssumedRole",
        "arn": f"arn:aws:sts::{account.id}:assumed-role/machine/run",
        "accountId": account.id,
        "invokedBy": "states.amazonaws.com",
    }


@pytest.mark.parametrize("via", ["cloudtrail", "s3"])
def test_every_upload_starts_one_execution(
    via: str, account: Account, s3: Any, bucket: str
) -> None:
    if via == "cloudtrail":
        account.create_trail(AdvancedEventSelectors=select_writes(f"arn:aws:s3:::{bucket}/in/"))
        key = {"detail": {"requestParameters": {"key": [{"prefix": "in/"}]}}}
    else:
        s3.put_bucket_notification_configuration(
            Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}}
        )
        key = {"detail": {"object": {"key": [{"prefix": "in/"}]}}}
    machine = account.create_machine()
    events = account.client("events")
    events.put_rule(Name="uploads", EventPattern=json.dumps({"source": ["aws.s3"], **key}))
    events.put_targets(Rule="uploads", Targets=[account.target()])
    with ThreadPoolExecutor(4) as uploads:
        for n in range(100):
            uploads.submit(s3.put_object, Bucket=bucket, Key=f"in/{n}")
    stepfunctions = account.client("stepfunctions")

    def succeeded() -> list[Any]:
        pages = stepfunctions.get_paginator("list_executions").paginate(
            stateMachineArn=machine, statusFilter="SUCCEEDED"
        )
        found = [execution["executionArn"] for page in pages for execution in page["executions"]]
        return found if len(found) >= 100 else []

    inputs = [
        json.loads(stepfunctions.describe_execution(executionArn=arn)["input"])["detail"]
        for arn in wait_until(succeeded)
    ]
    keys = [detail.get("requestParameters", detail.get("object"))["key"] for detail in inputs]
    assert sorted(keys) == sorted(f"in/{n}" for n in range(100))
