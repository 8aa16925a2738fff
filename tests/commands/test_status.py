"""What `sfnctl status` says beyond the state of each resource."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from faults.rules import Rule
from pipelines import another_trail, pipeline_config
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.iam.names import Names
from sfn_s3_cli.resources import event_selector

DISABLED = (
    "Note: The trigger is disabled (`trigger.enabled: false`): no upload starts an execution."
)
BILLED = {
    "cloudtrail": "Note: Trail sfnctl logs the data events of bucket {} although the trigger is"
    " disabled, and AWS bills them.",
    "s3": "Note: Bucket {} sends its events to EventBridge although the trigger is disabled, and"
    " AWS bills them.",
}


def read_notes(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("Note: ")]


@pytest.mark.parametrize("via", BILLED)
def test_a_disabled_trigger_is_named(project: Sfnctl, aws: Aws, account: str, via: str) -> None:
    off = pipeline_config(account, trigger={"via": via, "enabled": False})
    project.write("sfnctl.yaml", off)
    expected = {DISABLED, BILLED[via].format(f"orders-{account}")}
    assert expected < {*read_notes(project("deploy", "--yes").out)}
    assert {*read_notes(project("plan", "--exit-code").out)} == expected
    assert {*read_notes(project("status", "--exit-code").out)} == expected
    codes = [each["code"] for each in project("status", "-o", "json").documents[0]["notes"]]
    assert sorted(codes) == ["STILL_BILLED", "TRIGGER_DISABLED"]
    on = pipeline_config(account, trigger={"via": via})
    project.write("sfnctl.yaml", on)
    assert not expected & {*read_notes(project("plan").out)}
    project("deploy", "--yes")
    assert read_notes(project("status").out) == []


def test_a_trail_that_cannot_write_is_named(project: Sfnctl, aws: Aws) -> None:
    project("deploy", "--yes")
    assert project("status", "-o", "json").documents[0]["notes"] == []
    aws.s3.delete_bucket_policy(Bucket=Names("orders", aws.place).log_bucket)
    (note,) = project("status", "-o", "json").documents[0]["notes"]
    assert (note["code"], note["facts"]) == (
        "TRAIL_DELIVERY_FAILS",
        {"trail": "sfnctl", "error": "AccessDenied", "last": "never"},
    )
    assert read_notes(project("status").out) == [f"Note: {note['message']}"]
    assert f"Note: {note['message']}" in read_notes(project("plan").out)


def test_the_last_delivery_of_a_trail_is_dated() -> None:
    status: Any = {
        "LatestDeliveryError": "AccessDenied",
        "LatestDeliveryTime": datetime(2026, 11, 1, 10, 30, 5, 120_000, UTC),
    }
    reason = event_selector._read_delivery("audit", status)
    assert reason is not None
    assert reason.facts["last"] == "2026-11-01T10:30:05Z"
    status["LatestDeliveryError"] = ""
    assert event_selector._read_delivery("audit", status) is None


def send_dead_letters(aws: Aws, *codes: str | None) -> str:
    """Sends a message with each code, as EventBridge does; returns the queue's URL."""
    url = aws.sqs.get_queue_url(QueueName="sfnctl-orders-dlq")["QueueUrl"]
    for code in codes:
        attributes: Any = {"ERROR_CODE": {"DataType": "String", "StringValue": code}}
        aws.sqs.send_message(
            QueueUrl=url, MessageBody="{}", MessageAttributes=attributes if code else {}
        )
    return url


def read_dead_letters(project: Sfnctl) -> tuple[str, Any]:
    text = [line for line in project("status").out.splitlines() if line.startswith("Dead")]
    return text[0], project("status", "-o", "json").documents[0]["dead_letters"]


def test_dead_letters_are_counted_by_reason(project: Sfnctl, aws: Aws) -> None:
    project("deploy", "--yes")
    assert read_dead_letters(project) == (
        "Dead letters: 0",
        {"number": 0, "read": 0, "errors": [], "not_read": None},
    )
    url = send_dead_letters(aws, "NO_PERMISSIONS", "RESOURCE_ALREADY_EXISTS", "NO_PERMISSIONS")
    send_dead_letters(aws, None)
    text, document = read_dead_letters(project)
    assert text == (
        "Dead letters: 4; of 4 read: 2 NO_PERMISSIONS, 1 without ERROR_CODE,"
        " 1 RESOURCE_ALREADY_EXISTS (duplicates: their executions exist)"
    )
    assert document == {
        "number": 4,
        "read": 4,
        "errors": [
            {"code": "NO_PERMISSIONS", "number": 2, "needs_care": True},
            {"code": "", "number": 1, "needs_care": True},
            {"code": "RESOURCE_ALREADY_EXISTS", "number": 1, "needs_care": False},
        ],
        "not_read": None,
    }
    visible = aws.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert len(visible) == 4


def test_a_sample_of_fifty_dead_letters_is_read(project: Sfnctl, aws: Aws) -> None:
    project("deploy", "--yes")
    send_dead_letters(aws, *["THROTTLING"] * 62)
    text, document = read_dead_letters(project)
    assert text == "Dead letters: 62; of 50 read: 50 THROTTLING"
    assert (document["number"], document["read"]) == (62, 50)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("AccessDenied", "these credentials lack sqs:ReceiveMessage"),
        ("KMS.DisabledException", "the queue's key cannot be used: KMS.DisabledException"),
    ],
)
def test_dead_letters_that_cannot_be_read_are_counted(
    project: Sfnctl, aws: Aws, code: str, reason: str
) -> None:
    project("deploy", "--yes")
    send_dead_letters(aws, "NO_RESOURCE")
    rule = Rule(do="error", operation="ReceiveMessage", times=None, code=code, status=403)
    with project.with_faults(rule):
        text, document = read_dead_letters(project)
    assert text == f"Dead letters: 1, not read: {reason}"
    assert (document["number"], document["read"]) == (1, 0)
    assert document["not_read"]["message"] == reason


def test_a_queue_with_a_redrive_policy_is_not_read(project: Sfnctl, aws: Aws, account: str) -> None:
    project("deploy", "--yes")
    url = send_dead_letters(aws, "NO_RESOURCE")
    aws.sqs.create_queue(QueueName="archive")
    arn = f"arn:aws:sqs:us-east-1:{account}:archive"
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 1})
    aws.sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": policy})
    for _ in range(2):
        text, document = read_dead_letters(project)
        assert document["not_read"]["code"] == "DEAD_LETTERS_COUNTED"
        assert text == f"Dead letters: 1, not read: {document['not_read']['message']}"


def test_dead_letters_in_flight_are_only_counted(project: Sfnctl, aws: Aws) -> None:
    project("deploy", "--yes")
    url = send_dead_letters(aws, "NO_RESOURCE")
    aws.sqs.receive_message(QueueUrl=url)
    text, document = read_dead_letters(project)
    assert (text, document["read"]) == ("Dead letters: 1", 0)


def test_a_resource_that_cannot_serve_is_unusable(project: Sfnctl, aws: Aws, account: str) -> None:
    """It is nobody else's: the reason says what is wrong."""
    another_trail(aws, "silent")
    aws.cloudtrail.stop_logging(Name="silent")
    project.write("sfnctl.yaml", pipeline_config(account, trigger={"trail": "silent"}))
    shown = project("status", "--exit-code", code=3).out
    assert "unusable  event_selector      orders  cannot join the trail silent" in shown
    assert "not ours" not in shown
