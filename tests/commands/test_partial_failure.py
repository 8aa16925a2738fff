"""A failed deploy shows what failed, what was done, what was skipped, and how to go on."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from textwrap import dedent

import pytest
from faults.rules import EXPIRED, FAST, Rule, delay_roles, deny, deny_by_s3
from pipelines import pipeline_config
from sfnctl_script import Sfnctl

REQUEST = "(request 00000000-0000-0000-0000-000000000000)"


@pytest.fixture(autouse=True)
def _via_s3(project: Sfnctl, account: str) -> None:
    project.write("sfnctl.yaml", pipeline_config(account, trigger={"via": "s3"}))


MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:orders"


def test_one_failure_does_not_stop_independent_changes(project: Sfnctl) -> None:
    detail = (
        f" on resource: {MACHINE} because no identity-based policy allows the"
        " states:CreateStateMachine action"
    )
    with project.with_faults(deny("CreateStateMachine", "states:CreateStateMachine", detail)):
        ended = project("deploy", "--yes", code=4)
    error = (
        "CreateStateMachine orders: AccessDeniedException: User:"
        " arn:aws:iam::123456789012:user/dev is not authorized to perform:"
        f" states:CreateStateMachine{detail} {REQUEST}"
    )
    done, rest = ended.out[ended.out.index("done  ") :].split("failed  ")
    assert sorted(done.splitlines()) == [
        "done       bucket_notification orders",
        "done       log_group           /aws/vendedlogs/states/orders",
        "done       queue               sfnctl-orders-dlq",
        "done       role                sfnctl-orders-us-east-1-events",
        "done       role                sfnctl-orders-us-east-1-states",
        "done       rule                sfnctl-orders-s3",
    ]
    assert rest == dedent(f"""\
           state_machine       orders  {error}
        skipped    target              sfnctl-orders-s3  because state_machine orders failed
        The deploy of orders is incomplete: 6 created.
        """)
    assert ended.err.splitlines()[-2:] == [
        "Error: 1 failed, 1 skipped, 6 done",
        "Hint: fix the error and run the same command again to finish",
    ]
    statement = {"Effect": "Allow", "Action": "states:CreateStateMachine", "Resource": MACHINE}
    hint = (
        f"      these credentials lack states:CreateStateMachine: add {json.dumps(statement)};"
        " `sfnctl permissions` prints everything that a command needs"
    )
    assert hint in ended.err.splitlines()
    project("deploy", "--yes")


def test_explicit_deny_has_its_own_remedy(project: Sfnctl) -> None:
    detail = " on resource: * with an explicit deny in a service control policy"
    with project.with_faults(deny("CreateRole", "iam:CreateRole", detail)):
        ended = project("deploy", "--yes", "--output", "json", code=4)
    (remedy,) = {each["remedy"] for each in ended.document["failed"]}
    assert remedy == (
        "a policy explicitly denies iam:CreateRole, and no other policy can override that:"
        " ask the administrator of that policy"
    )
    assert {each["name"] for each in ended.document["skipped"]} == {
        "orders",
        "sfnctl-orders-s3",
    }


def test_s3_denial_without_details_names_the_permission(project: Sfnctl, account: str) -> None:
    with project.with_faults(deny_by_s3("GetBucketNotificationConfiguration")):
        ended = project("plan", code=1)
    bucket = f"orders-{account}"
    statement = {
        "Effect": "Allow",
        "Action": "s3:GetBucketNotification",
        "Resource": f"arn:aws:s3:::{bucket}",
    }
    assert ended.err == (
        f"Error: GetBucketNotificationConfiguration {bucket}: AccessDenied: Access Denied"
        f" {REQUEST}\n"
        f"Hint: these credentials lack s3:GetBucketNotification: add {json.dumps(statement)};"
        " `sfnctl permissions` prints everything that a command needs\n"
    )


def test_waiting_for_a_new_role_is_reported_once(project: Sfnctl) -> None:
    with project.with_faults(FAST, *delay_roles(times=5)) as record:
        ended = project("deploy", "--yes")
    waits = [line for line in ended.err.splitlines() if line.startswith("Waiting")]
    assert len(waits) == 2
    assert waits[0] == (
        "Waiting for IAM: Neither the global service principal states.amazonaws.com, nor the"
        " regional one is authorized to assume the provided role."
    )
    assert re.fullmatch(r"Waiting for IAM: Provided role '.*' cannot be assumed by .*", waits[1])
    assert 10 < record.waited() < 20


def test_role_that_never_becomes_usable_has_a_remedy(project: Sfnctl) -> None:
    machine, _ = delay_roles()
    with project.with_faults(FAST, machine) as record:
        ended = project("deploy", "--yes", code=4)
    assert "; gave up after 120 seconds\n" in ended.err
    assert "      check that the role's trust policy names states.amazonaws.com" in ended.err
    assert 100 < record.waited() < 150


def test_refused_first_call_reports_that_nothing_changed(project: Sfnctl) -> None:
    with project.with_faults(replace(EXPIRED, changes=True)):
        ended = project("deploy", "--yes", code=1)
    assert "Error: nothing was changed: 4 failed, 4 skipped, 0 done" in ended.err
    assert "      the credentials have expired: run `aws sso login` or renew them" in ended.err


def test_lost_answers_never_report_that_nothing_changed(project: Sfnctl) -> None:
    """AWS makes every change, and every answer is lost."""
    lost = Rule(do="reset", after=True, changes=True, times=None)
    with project.with_faults(FAST, lost):
        ended = project("deploy", "--yes", code=4)
    assert "nothing was changed" not in ended.err
    project("deploy", "--yes")


def test_exceeded_quota_is_not_retried(project: Sfnctl) -> None:
    full = Rule(
        do="error",
        operation="PutRule",
        code="LimitExceededException",
        message="The requested resource exceeds the maximum number allowed.",
        status=400,
        times=None,
    )
    with project.with_faults(full) as record:
        ended = project("deploy", "--yes", code=4)
    assert [call.operation for call in record.calls].count("PutRule") == 1
    assert "PutRule sfnctl-orders-s3: LimitExceededException: The requested" in ended.err
    assert "a quota is used up: ask AWS to raise it" in ended.err
