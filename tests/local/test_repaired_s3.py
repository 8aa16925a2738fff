from __future__ import annotations

import re
from typing import Any

import pytest
from botocore.exceptions import ClientError
from local.local_account import REGION, Account, Inbox


@pytest.fixture
def bucket(account: Account, s3: Any) -> str:
    """A bucket that sends its events to EventBridge."""
    bucket = account.create_bucket()
    s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    return bucket


@pytest.fixture
def inbox(account: Account) -> Inbox:
    return account.create_inbox({"source": ["aws.s3"]})


def test_an_event_for_a_created_object_is_as_documented(
    account: Account, s3: Any, bucket: str, inbox: Inbox
) -> None:
    s3.put_object(Bucket=bucket, Key="in/a b+ü%.csv", Body=b"hello\n")
    (event,) = inbox.take(1)
    detail = event["detail"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", event.pop("time"))
    assert event.pop("id")
    assert detail.pop("request-id")
    assert re.fullmatch("[0-9A-F]+", detail["object"].pop("sequencer"))
    assert event == {
        "version": "0",
        "detail-type": "Object Created",
        "source": "aws.s3",
        "account": account.id,
        "region": REGION,
        "resources": [f"arn:aws:s3:::{bucket}"],
        "detail": {
            "version": "0",
            "bucket": {"name": bucket},
            "object": {
                "key": "in/a b+ü%.csv",
                "size": 6,
                "etag": "b1946ac92492d2347c6235b4d2611184",
            },
            "requester": account.id,
            "source-ip-address": "127.0.0.1",
            "reason": "PutObject",
        },
    }


def test_a_deleted_object_has_neither_size_nor_etag(s3: Any, bucket: str, inbox: Inbox) -> None:
    s3.put_object(Bucket=bucket, Key="a")
    inbox.take(1)
    s3.delete_object(Bucket=bucket, Key="a")
    (event,) = inbox.take(1)
    detail = event["detail"]
    assert event["detail-type"] == "Object Deleted"
    assert set(detail["object"]) == {"key", "sequencer"}
    assert (detail["reason"], detail["deletion-type"]) == ("DeleteObject", "Permanently Deleted")


def test_events_of_a_versioned_bucket_name_the_version(s3: Any, bucket: str, inbox: Inbox) -> None:
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    created = s3.put_object(Bucket=bucket, Key="a")["VersionId"]
    assert inbox.take(1)[0]["detail"]["object"]["version-id"] == created
    marker = s3.delete_object(Bucket=bucket, Key="a")["VersionId"]
    detail = inbox.take(1)[0]["detail"]
    assert detail["object"]["version-id"] == marker
    assert detail["deletion-type"] == "Delete Marker Created"


def test_versions_of_any_key_can_be_listed(account: Account) -> None:
    bucket, s3 = account.create_bucket(), account.client("s3")
    keys = ["in/a\x1b[31m\n.json", "in/b &+%2B<ü>.json"]
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=b"1")
    listed = s3.list_object_versions(Bucket=bucket, Prefix="in/")["Versions"]
    assert [version["Key"] for version in listed] == keys


@pytest.mark.parametrize(
    ("name", "namespace", "code"),
    [
        ("logs-ACCOUNT-REGION-an", None, "MissingNamespaceHeader"),
        ("logs-an", None, "MissingNamespaceHeader"),
        ("logs-an", "global", "MissingNamespaceHeader"),
        ("logs-an", "account-regional", "InvalidNamespaceHeader"),
        ("logs", "account-regional", "InvalidNamespaceHeader"),
        ("logs-999999999999-REGION-an", "account-regional", "InvalidNamespaceHeader"),
        ("logs-ACCOUNT-eu-north-1-an", "account-regional", "InvalidNamespaceHeader"),
        ("logs-ACCOUNT-REGION-an", "account-regional", None),
        ("logs-ACCOUNT-REGION", "global", None),
    ],
)
def test_the_namespace_of_a_bucket_follows_its_name(
    account: Account, s3: Any, name: str, namespace: str | None, code: str | None
) -> None:
    arguments = {"Bucket": name.replace("ACCOUNT", account.id).replace("REGION", REGION)}
    if namespace:
        arguments["BucketNamespace"] = namespace
    if REGION != "us-east-1":
        arguments["CreateBucketConfiguration"] = {"LocationConstraint": REGION}  # type: ignore[assignment]
    if code is None:
        s3.create_bucket(**arguments)
        return
    with pytest.raises(ClientError, match=code):
        s3.create_bucket(**arguments)


def test_a_bucket_of_the_namespace_is_created_once(account: Account, s3: Any) -> None:
    """In every region, unlike a global one in us-east-1."""
    name = f"logs-{account.id}-{REGION}-an"
    arguments: Any = {"Bucket": name, "BucketNamespace": "account-regional"}
    if REGION != "us-east-1":
        arguments["CreateBucketConfiguration"] = {"LocationConstraint": REGION}
    s3.create_bucket(**arguments)
    with pytest.raises(ClientError, match="BucketAlreadyOwnedByYou"):
        s3.create_bucket(**arguments)


def test_with_abac_a_bucket_has_one_way_of_tagging(account: Account, s3: Any) -> None:
    bucket, tagging = account.create_bucket(), {"TagSet": [{"Key": "team", "Value": "data"}]}
    assert s3.get_bucket_abac(Bucket=bucket)["AbacStatus"] == {"Status": "Disabled"}
    s3.put_bucket_tagging(Bucket=bucket, Tagging=tagging)
    s3.put_bucket_abac(Bucket=bucket, AbacStatus={"Status": "Enabled"})
    assert s3.get_bucket_abac(Bucket=bucket)["AbacStatus"] == {"Status": "Enabled"}
    with pytest.raises(ClientError, match="InvalidRequest"):
        s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": []})
    with pytest.raises(ClientError, match="InvalidRequest"):
        s3.delete_bucket_tagging(Bucket=bucket)
    assert s3.get_bucket_tagging(Bucket=bucket)["TagSet"] == tagging["TagSet"]
    s3.put_bucket_abac(Bucket=bucket, AbacStatus={"Status": "Disabled"})
    s3.delete_bucket_tagging(Bucket=bucket)


def test_pages_of_versions_go_on_behind_a_null_version(s3: Any, bucket: str) -> None:
    for key in ("a", "b", "c"):
        s3.put_object(Bucket=bucket, Key=key)
    pages = s3.get_paginator("list_object_versions").paginate(
        Bucket=bucket, PaginationConfig={"PageSize": 1, "MaxItems": 9}
    )
    assert [each["Key"] for page in pages for each in page.get("Versions", [])] == ["a", "b", "c"]
