"""A watched bucket whose objects are encrypted with a KMS key."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from faults.rules import deny_by_s3
from pipelines import machine, pipeline_config
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.iam.names import Names

KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
KEY = f"arn:aws:kms:us-east-1:111122223333:key/{KEY_ID}"
ELSEWHERE = f"arn:aws:kms:us-east-1:999999999999:key/{KEY_ID}"
Encrypt = Callable[[str | None], None]


BY_CLOUDTRAIL = {
    "Bucket.$": "$.detail.requestParameters.bucketName",
    "Key.$": "$.detail.requestParameters.key",
}
BY_S3 = {"Bucket.$": "$.detail.bucket.name", "Key.$": "$.detail.object.key"}


def make_definition(*calls: str, arguments: dict[str, str] = BY_CLOUDTRAIL) -> str:
    """A workflow that makes these calls to S3, one after the other, for the object of the event."""
    states: dict[str, Any] = {}
    for position, call in enumerate(calls):
        states[f"S{position}"] = {
            "Type": "Task",
            "Resource": f"arn:aws:states:::aws-sdk:s3:{call}",
            "Parameters": arguments,
            "ResultPath": None,
            "Next": f"S{position + 1}",
        }
    states[f"S{len(calls)}"] = {"Type": "Succeed"}
    return json.dumps({"StartAt": "S0", "States": states})


@pytest.fixture
def encrypt(aws: Aws, account: str) -> Encrypt:
    """Sets the default encryption of the watched bucket: a key, AWS's own for S3, or none."""

    def put(key: str | None, algorithm: str = "aws:kms") -> None:
        default: Any = {"SSEAlgorithm": algorithm} | ({"KMSMasterKeyID": key} if key else {})
        aws.s3.put_bucket_encryption(
            Bucket=f"orders-{account}",
            ServerSideEncryptionConfiguration={
                "Rules": [{"ApplyServerSideEncryptionByDefault": default}]
            },
        )

    return put


def read_key_statement(aws: Aws) -> Any:
    """The statement of the workflow's role about the bucket's key."""
    role = Names("orders", aws.place).states_role
    policy: Any = aws.iam.get_role_policy(RoleName=role, PolicyName="sfnctl")
    found = [
        each
        for each in policy["PolicyDocument"]["Statement"]
        if each.get("Sid") == "SfnctlBucketKey"
    ]
    return found[0] if found else None


def read_codes(project: Sfnctl) -> list[str]:
    notes = project("plan", "-o", "json").documents[0]["notes"]
    return [each["code"] for each in notes if each["code"].startswith("BUCKET_KEY")]


@pytest.mark.parametrize(
    ("calls", "actions"),
    [
        (["getObject"], ["kms:Decrypt"]),
        (["getObject", "deleteObject"], ["kms:Decrypt"]),
        (["deleteObject"], []),
    ],
)
def test_the_role_may_use_the_key_as_it_uses_the_objects(
    project: Sfnctl, aws: Aws, encrypt: Encrypt, calls: list[str], actions: list[str]
) -> None:
    key = aws.place.arn("kms", f"key/{KEY_ID}")
    encrypt(key)
    project.write("workflow.asl.json", make_definition(*calls))
    project("deploy", "--yes")
    assert read_key_statement(aws) == (
        {
            "Sid": "SfnctlBucketKey",
            "Effect": "Allow",
            "Action": actions,
            "Resource": key,
            "Condition": {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}},
        }
        if actions
        else None
    )
    assert project("plan").out == "Nothing to do.\n"
    assert project("status", "--exit-code").code == 0


def test_a_workflow_that_writes_may_encrypt(
    project: Sfnctl, aws: Aws, account: str, encrypt: Encrypt
) -> None:
    writes = {
        "Effect": "Allow",
        "Action": "s3:Put*",
        "Resource": f"arn:aws:s3:::orders-{account}/*",
    }
    config = pipeline_config(account, state_machine=machine(role={"statements": [writes]}))
    project.write("sfnctl.yaml", config)
    encrypt(KEY_ID)
    project("deploy", "--yes")
    statement = read_key_statement(aws)
    assert statement["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    assert statement["Resource"] == aws.place.arn("kms", f"key/{KEY_ID}")


def test_a_change_of_the_buckets_key_is_planned(
    project: Sfnctl, aws: Aws, encrypt: Encrypt
) -> None:
    project.write("workflow.asl.json", make_definition("getObject"))
    project("deploy", "--yes")
    encrypt(aws.place.arn("kms", f"key/{KEY_ID}"))
    assert "drifted   role" in project("status", "--exit-code", code=3).out
    project("deploy", "--yes")
    assert read_key_statement(aws)
    encrypt(None)  # AWS's own key for S3 needs no permission
    project("deploy", "--yes")
    assert read_key_statement(aws) is None
    encrypt("alias/aws/s3")
    project("deploy", "--yes")  # removes what executions might have needed
    assert project("plan").out == "Nothing to do.\n"


def test_a_key_by_alias_is_named_with_its_statement(
    project: Sfnctl, aws: Aws, encrypt: Encrypt
) -> None:
    project.write("workflow.asl.json", make_definition("getObject"))
    encrypt("alias/orders")
    assert read_codes(project) == ["BUCKET_KEY_ALIAS"]
    project("deploy", "--yes")
    assert read_key_statement(aws) is None
    assert read_codes(project) == []


@pytest.mark.parametrize(
    ("allowed", "lacking"),
    [
        ({"Action": "kms:Decrypt", "Resource": KEY}, None),
        ({"Action": ["KMS:*"], "Resource": ["*"]}, None),
        ({"Action": "kms:GenerateDataKey", "Resource": KEY}, "kms:Decrypt"),
        ({"Action": "kms:Decrypt", "Resource": KEY, "Effect": "Deny"}, "kms:Decrypt"),
        ({"Action": "*", "Resource": "arn:aws:s3:::other/*"}, "kms:Decrypt"),
    ],
)
def test_a_statement_for_a_key_by_alias_ends_the_note(
    project: Sfnctl, account: str, encrypt: Encrypt, allowed: Any, lacking: str | None
) -> None:
    statements = [{"Effect": "Allow", **allowed}]
    config = pipeline_config(account, state_machine=machine(role={"statements": statements}))
    project.write("sfnctl.yaml", config)
    project.write("workflow.asl.json", make_definition("getObject"))
    encrypt("alias/orders")
    notes = project("plan", "-o", "json").documents[0]["notes"]
    found = [each["facts"]["actions"] for each in notes if each["code"] == "BUCKET_KEY_ALIAS"]
    assert found == ([lacking] if lacking else [])


def test_a_key_of_another_account_needs_its_owner(
    project: Sfnctl, aws: Aws, encrypt: Encrypt
) -> None:
    project.write("workflow.asl.json", make_definition("getObject"))
    encrypt(ELSEWHERE)
    assert read_codes(project) == ["BUCKET_KEY_OF_OTHER_ACCOUNT"]
    project("deploy", "--yes")
    assert read_key_statement(aws)["Resource"] == ELSEWHERE


def test_a_denied_read_takes_no_key_away(
    project: Sfnctl, aws: Aws, account: str, encrypt: Encrypt
) -> None:
    project.write("sfnctl.yaml", pipeline_config(account, trigger={"via": "s3"}))
    project.write("workflow.asl.json", make_definition("getObject", arguments=BY_S3))
    encrypt(aws.place.arn("kms", f"key/{KEY_ID}"))
    project("deploy", "--yes")
    with project.with_faults(deny_by_s3("GetBucketEncryption")):
        planned = project("plan", "-o", "json").documents[0]
    assert planned["changes"] == []
    assert [each["code"] for each in planned["notes"]] == ["BUCKET_KEY_NOT_CHECKED"]


def test_other_workflows_do_not_ask_for_the_key(project: Sfnctl, account: str) -> None:
    watched = f"orders-{account}"
    with project.with_faults() as record:
        project("plan")
    asked = [call.params for call in record.calls if call.operation == "GetBucketEncryption"]
    assert watched not in [params["Bucket"] for params in asked]
    assert record.calls
