"""What `sfnctl status` says beyond the state of each resource."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from textwrap import dedent
from typing import Any

import pytest
from faults.rules import Rule
from pipelines import THEIRS, another_trail, pipeline_config
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.iam import policies
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

DAY = timedelta(days=1)


def read_notes(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("Note: ")]


@pytest.mark.parametrize("via", BILLED)
def test_a_disabled_trigger_is_named(project: Sfnctl, aws: Aws, account: str, via: str) -> None:
    off = pipeline_config(account, trigger={"via": via, "enabled": False})
    project.write("sfnctl.yaml", off)
    expected = {DISABLED, BILLED[via].format(f"orders-{account}")}
    assert expected < {*read_notes(project("deploy", "--yes").out)}
    watch = project("watch-executions", "--timeout", "0s", code=6)
    assert watch.err.splitlines() == [
        "Watching orders for executions that start from now on; press Ctrl-C to stop.",
        DISABLED,
        "Error: no execution ended within --timeout",
        "Hint: the trigger is disabled",
    ]
    assert {*read_notes(project("plan", "--exit-code").out)} == expected
    assert {*read_notes(project("status", "--exit-code").out)} == expected
    codes = [each["code"] for each in project("status", "-o", "json").documents[0]["notes"]]
    assert sorted(codes) == ["STILL_BILLED", "TRIGGER_DISABLED"]
    on = pipeline_config(account, trigger={"via": via})
    project.write("sfnctl.yaml", on)
    assert not expected & {*read_notes(project("plan").out)}
    project("deploy", "--yes")
    assert read_notes(project("status").out) == []
    project.write("sfnctl.yaml", off)
    assert expected == {*read_notes(project("plan").out)}
    assert read_notes(project("status").out) == [], "the rule is still enabled"
    assert "disabled" not in project("watch-executions", "--no-follow").err
    denied = Rule(do="error", operation="DescribeRule", code="AccessDeniedException", status=400)
    with project.with_faults(denied):
        assert DISABLED in project("watch-executions", "--no-follow").err.splitlines()


def test_a_rule_that_somebody_disabled_is_named(project: Sfnctl, aws: Aws) -> None:
    project("deploy", "--yes")
    aws.events.disable_rule(Name="sfnctl-orders-cloudtrail")
    note = (
        "The trigger is disabled on AWS (rule sfnctl-orders-cloudtrail), but enabled in the config:"
        " no upload starts an execution until the config is deployed."
    )
    ended = project("status", "--exit-code", "-o", "json", code=3).document
    assert [(each["code"], each["message"]) for each in ended["notes"]] == [
        ("TRIGGER_DISABLED_ON_AWS", note)
    ]
    drifted = [each for each in ended["resources"] if each["state"] != "ok"]
    assert [(each["kind"], each["fields"]) for each in drifted] == [("rule", ["enabled"])]
    watch = project("watch-executions", "--timeout", "0s", code=6).err.splitlines()
    assert watch[1:] == [
        f"Note: {note}",
        "Error: no execution ended within --timeout",
        "Hint: the trigger is disabled",
    ]
    project("deploy", "--yes")
    assert "disabled" not in project("status", "--exit-code").out


def test_additions_of_others_count_only_if_strict(project: Sfnctl, aws: Aws, account: str) -> None:
    project("deploy", "--yes")
    role, queue = "sfnctl-orders-us-east-1-states", "sfnctl-orders-dlq"
    arn = f"arn:aws:sqs:us-east-1:{account}:{queue}"
    wide = json.dumps(policies.document({"Effect": "Allow", "Action": "s3:*", "Resource": "*"}))
    aws.iam.put_role_policy(RoleName=role, PolicyName="wide", PolicyDocument=wide)
    audit = aws.iam.create_policy(PolicyName="audit", PolicyDocument=wide)["Policy"]["Arn"]
    aws.iam.attach_role_policy(RoleName="sfnctl-orders-us-east-1-events", PolicyArn=audit)
    rule = "sfnctl-orders-cloudtrail"
    aws.events.put_targets(Rule=rule, Targets=[{"Id": "theirs", "Arn": arn}])
    log_bucket = Names("orders", aws.place).log_bucket
    add_statement(aws, log_bucket)
    add_queue_statement(aws, queue)
    add_selector(aws)
    aws.events.disable_rule(Name=rule)
    shown = project("status", "--exit-code", code=3).out.replace(account, "ACCOUNT")
    assert shown == dedent("""\
        ok                bucket              orders-ACCOUNT
        ok                event_selector      orders
        changed by others log_bucket          sfnctl-trail-ACCOUNT-us-east-1-an  policy statements of others: Theirs
        ok                log_group           /aws/vendedlogs/states/orders
        changed by others queue               sfnctl-orders-dlq  policy statements of others: Theirs
        changed by others role                sfnctl-orders-us-east-1-events  policies of others: audit (attached)
        changed by others role                sfnctl-orders-us-east-1-states  policies of others: wide (inline)
        drifted           rule                sfnctl-orders-cloudtrail  enabled; changed by others: targets of others: arn:aws:sqs:us-east-1:ACCOUNT:sfnctl-orders-dlq
        ok                state_machine       orders
        ok                target              sfnctl-orders-cloudtrail
        changed by others trail               sfnctl  selectors of others: theirs
        Note: The trigger is disabled on AWS (rule sfnctl-orders-cloudtrail), but enabled in the config: no upload starts an execution until the config is deployed.
        Dead letters: 0
        Executions: none yet
        """)  # noqa: E501
    aws.events.enable_rule(Name=rule)
    resources = project("status", "--exit-code", "-o", "json").document["resources"]
    found = {(each["kind"], each["name"]): each for each in resources if each["additions"]}
    assert {each["state"] for each in found.values()} == {"changed by others"}
    assert len(found) == 6
    assert found["role", "sfnctl-orders-us-east-1-events"]["additions"] == {
        "code": "OTHER_POLICIES",
        "message": "policies of others: audit (attached)",
        "remedy": "",
        "facts": {"names": ["audit (attached)"], "inline": [], "attached": [audit]},
    }
    project("status", "--exit-code", "--strict", code=3)
    assert project("status", "--strict", code=2).err == (
        "Error: --strict changes only what --exit-code counts\nHint: add --exit-code\n"
    )


def add_statement(aws: Aws, bucket: str) -> None:
    theirs = {"Sid": "Theirs", "Effect": "Deny", "Principal": "*", "Action": "s3:PutBucketAcl"}
    policy = json.loads(aws.s3.get_bucket_policy(Bucket=bucket)["Policy"])
    policy["Statement"].append({**theirs, "Resource": f"arn:aws:s3:::{bucket}"})
    aws.s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))


def add_queue_statement(aws: Aws, name: str) -> None:
    url = aws.sqs.get_queue_url(QueueName=name)["QueueUrl"]
    found = aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy", "QueueArn"])
    policy = json.loads(found["Attributes"]["Policy"])
    theirs = {"Sid": "Theirs", "Effect": "Deny", "Principal": "*", "Action": "sqs:AddPermission"}
    policy["Statement"].append({**theirs, "Resource": found["Attributes"]["QueueArn"]})
    aws.sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})


def add_selector(aws: Aws) -> None:
    found = aws.cloudtrail.get_event_selectors(TrailName="sfnctl")["AdvancedEventSelectors"]
    aws.cloudtrail.put_event_selectors(TrailName="sfnctl", AdvancedEventSelectors=[*found, THEIRS])


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
    """What `status` says of them, without their ages; it exits with 3 if they need care."""
    text, _, _ = project("status").out.partition("Dead")[2].partition("Executions")
    ended = project("status", "--exit-code", "-o", "json", code=None)
    letters = ended.document["dead_letters"]
    assert ended.code == (3 if letters["needs_care"] else 0)
    times = [letters.pop("oldest"), *(each.pop("oldest") for each in letters["errors"])]
    assert all(datetime.now(UTC) - datetime.fromisoformat(each) < DAY for each in times if each)
    return re.sub(r"\d+ (seconds?|minutes?) old", "N old", f"Dead{text}"), letters


def test_dead_letters_are_counted_by_reason(project: Sfnctl, aws: Aws) -> None:
    project("deploy", "--yes")
    assert read_dead_letters(project) == (
        "Dead letters: 0\n",
        {"number": 0, "read": 0, "needs_care": False, "errors": [], "not_read": None},
    )
    send_dead_letters(aws, "RESOURCE_ALREADY_EXISTS")
    text, document = read_dead_letters(project)
    assert text == (
        "Dead letters: 1 RESOURCE_ALREADY_EXISTS, N old (duplicates: their executions exist)\n"
    )
    assert not document["needs_care"]
    url = send_dead_letters(aws, "NO_PERMISSIONS", "NO_PERMISSIONS")
    send_dead_letters(aws, None)
    text, document = read_dead_letters(project)
    assert text == (
        "Dead letters: 4, the oldest N old\n"
        "    2 NO_PERMISSIONS, the oldest N old\n"
        "    1 without ERROR_CODE, N old\n"
        "    1 RESOURCE_ALREADY_EXISTS, N old (duplicates: their executions exist)\n"
    )
    assert document == {
        "number": 4,
        "read": 4,
        "needs_care": True,
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
    assert text == ("Dead letters: 62, 50 of them read\n    50 THROTTLING, the oldest N old\n")
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
    assert text == f"Dead letters: 1, not read: {reason}\n"
    assert (document["number"], document["read"], document["needs_care"]) == (1, 0, True)
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
        assert text == f"Dead letters: 1, not read: {document['not_read']['message']}\n"


def test_dead_letters_in_flight_are_only_counted(project: Sfnctl, aws: Aws) -> None:
    project("deploy", "--yes")
    url = send_dead_letters(aws, "NO_RESOURCE")
    aws.sqs.receive_message(QueueUrl=url)
    text, document = read_dead_letters(project)
    assert document["not_read"]["code"] == "DEAD_LETTERS_NOT_RECEIVED"
    assert text == (
        "Dead letters: 1, not read: SQS returns none of them: others have received them and not"
        " deleted them yet, or they have just been deleted\n"
    )


def test_a_resource_that_cannot_serve_is_unusable(project: Sfnctl, aws: Aws, account: str) -> None:
    """It is nobody else's: the reason says what is wrong."""
    another_trail(aws, "silent")
    aws.cloudtrail.stop_logging(Name="silent")
    project.write("sfnctl.yaml", pipeline_config(account, trigger={"trail": "silent"}))
    shown = project("status", "--exit-code", code=3).out
    assert "unusable  event_selector      orders  cannot join the trail silent" in shown
    assert "not ours" not in shown
