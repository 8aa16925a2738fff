"""The fault layer itself: plain calls to the embedded cloud, and runs of sfnctl."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from fake_clock import FakeClock
from faults import injector
from faults.active_rule import ActiveRule
from faults.injector import record_calls
from faults.record import Record
from faults.rules import FAST, Rule, delay_roles, deny, edit, throttle
from pipelines import HELLO, pipeline_config
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.iam.policies import trust_service

TRUST = json.dumps(trust_service("states.amazonaws.com", account=""))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "calls.jsonl"


def list_queues(aws: Aws) -> list[str]:
    return [url.rpartition("/")[2] for url in aws.sqs.list_queues().get("QueueUrls", [])]


def list_attempts(record: Record) -> list[tuple[str, bool]]:
    return [(call.outcome, call.sent) for call in record.calls]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rule(do="reset"), [("ConnectionClosedError", False), ("ok", True)]),
        (Rule(do="reset", after=True), [("ok", True), ("ok", True)]),
        (Rule(do="timeout"), [("ReadTimeoutError", False), ("ok", True)]),
        (Rule(do="timeout", after=True), [("ok", True), ("ok", True)]),
        (Rule(do="error"), [("InternalFailure", False), ("ok", True)]),
        (Rule(do="error", after=True), [("ok", True), ("ok", True)]),
        (throttle("CreateQueue"), [("ThrottlingException", False)] * 2 + [("ok", True)]),
    ],
)
def test_botocore_retries_a_transient_fault(
    aws: Aws, log: Path, rule: Rule, expected: list[tuple[str, bool]]
) -> None:
    with record_calls(rule, FAST, log=log) as record:
        answer = aws.sqs.create_queue(QueueName="a")
    assert list_attempts(record) == expected
    assert answer["ResponseMetadata"]["RetryAttempts"] == len(expected) - 1
    assert record.waited("botocore") > 0
    assert list_queues(aws) == ["a"]


def test_a_call_whose_answer_is_lost_takes_effect(aws: Aws, log: Path) -> None:
    lost = Rule(do="error", operation="CreateQueue", after=True, times=None)
    with (
        record_calls(lost, FAST, log=log) as record,
        pytest.raises(ClientError, match="at its best"),
    ):
        aws.sqs.create_queue(QueueName="a")
    assert list_attempts(record) == [("ok", True)] * 8
    assert list_queues(aws) == ["a"]


def test_a_denied_call_is_not_sent(aws: Aws, log: Path) -> None:
    rule = deny("CreateQueue", "sqs:CreateQueue")
    with record_calls(rule, log=log) as record, pytest.raises(ClientError) as raised:
        aws.sqs.create_queue(QueueName="a")
    assert "not authorized to perform: sqs:CreateQueue" in str(raised.value)
    assert raised.value.response["Error"]["Code"] == "AccessDeniedException"
    assert list_attempts(record) == [("AccessDeniedException", False)]
    assert list_queues(aws) == []


def test_a_given_answer_is_a_success(aws: Aws, log: Path) -> None:
    failed = {"FailedEntryCount": 1, "FailedEntries": [{"TargetId": "x", "ErrorCode": "Busy"}]}
    with record_calls(Rule(do="answer", operation="PutTargets", document=failed), log=log):
        answer = aws.events.put_targets(Rule="none", Targets=[{"Id": "x", "Arn": "arn:aws:x"}])
    assert answer["FailedEntries"] == failed["FailedEntries"]
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_a_stale_read_repeats_the_first_answer_for_a_while(aws: Aws, log: Path) -> None:
    with record_calls(Rule(do="stale", operation="ListQueues", times=2), log=log):
        seen = [list_queues(aws)]
        aws.sqs.create_queue(QueueName="a")
        seen += [list_queues(aws) for _ in range(3)]
    assert seen == [[], [], [], ["a"]]


def test_a_stale_read_repeats_a_refusal(aws: Aws, log: Path) -> None:
    with record_calls(Rule(do="stale", operation="DescribeRule"), log=log):
        for _ in range(2):
            with pytest.raises(aws.events.exceptions.ResourceNotFoundException):
                aws.events.describe_rule(Name="a")
            aws.events.put_rule(Name="a", EventPattern='{"source": ["b"]}')
        assert aws.events.describe_rule(Name="a")["Name"] == "a"


def test_a_rule_applies_to_matching_attempts_only(aws: Aws, log: Path) -> None:
    rules = (
        Rule(do="error", code="a", status=400, first=3, times=2),
        Rule(do="error", code="b", status=400, changes=True, first=2),
        Rule(do="error", code="c", status=400, service="s3", operation="(Head|List)Buckets"),
        Rule(do="error", code="d", status=400, since="CreateBucket", operation="ListQueues"),
    )
    codes = []
    calls: list[Callable[[], Any]] = [
        aws.sqs.list_queues,
        aws.s3.list_buckets,
        aws.sqs.list_queues,
        aws.s3.list_buckets,
        lambda: aws.s3.create_bucket(Bucket=f"bucket-{aws.place.account}"),
        aws.sqs.list_queues,
        lambda: aws.sqs.create_queue(QueueName="a"),
    ]
    aws.place  # noqa: B018  (asks STS before anything is counted)
    with record_calls(*rules, log=log) as record:
        for call in calls:
            try:
                call()
                codes.append("")
            except ClientError as error:
                codes.append(error.response["Error"]["Code"])
    assert codes == ["", "c", "a", "a", "", "d", "b"]
    assert record.fired == {0: 2, 1: 1, 2: 1, 3: 1}


def test_a_rule_that_does_not_fire_fails_the_test(aws: Aws, log: Path) -> None:
    rule = Rule(do="reset", operation="CreateQueue")
    with (
        pytest.raises(AssertionError, match=r"never fired: .*operation='CreateQueue'"),
        record_calls(rule, FAST, log=log),
    ):
        aws.sqs.list_queues()


def test_the_fast_clock_is_a_hundred_times_as_fast(
    aws: Aws, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = FakeClock()
    real_time = SimpleNamespace(monotonic=lambda: clock.slept, sleep=clock.sleep)
    monkeypatch.setattr(injector, "time", real_time)
    arn = f"arn:aws:iam::{aws.place.account}:role/young"
    is_young, _ = delay_roles(within=18)
    refusals = 0
    with record_calls(is_young, FAST, log=log) as record:
        aws.iam.create_role(RoleName="young", AssumeRolePolicyDocument=TRUST)
        while refusals < 10:
            try:
                aws.stepfunctions.create_state_machine(
                    name="m", definition=json.dumps(HELLO), roleArn=arn
                )
                break
            except ClientError as error:
                assert "authorized to assume the provided role." in str(error)  # noqa: PT017
                refusals += 1
                aws.clock.sleep(5)
    assert (refusals, record.waited()) == (4, 20)
    assert clock.slept == pytest.approx(0.2)


def test_eventbridge_names_the_role_it_cannot_assume(aws: Aws, log: Path) -> None:
    _, is_young = delay_roles(times=1)
    aws.events.put_rule(Name="a", EventPattern='{"source": ["b"]}')
    role = f"arn:aws:iam::{aws.place.account}:role/young"
    target = {"Id": "x", "Arn": aws.place.arn("sqs", "q"), "RoleArn": role}
    with record_calls(is_young, log=log):
        aws.iam.create_role(RoleName="young", AssumeRolePolicyDocument=TRUST)
        with pytest.raises(ClientError, match=f"Provided role '{role}' cannot be assumed by"):
            aws.events.put_targets(Rule="a", Targets=[target])  # type: ignore[list-item]
        aws.events.put_targets(Rule="a", Targets=[target])  # type: ignore[list-item]


def test_edits_by_others_are_made_but_not_recorded(aws: Aws, log: Path) -> None:
    rule = edit(aws, "aws.sqs.create_queue(QueueName='theirs')", operation="ListQueues")
    with record_calls(rule, log=log) as record:
        assert list_queues(aws) == ["theirs"]
    assert [call.operation for call in record.calls] == ["ListQueues"]


def test_seeded_pauses_are_the_same_each_time(aws: Aws, log: Path) -> None:
    rule = Rule(do="sleep", seconds=0.01, seed=7, times=None)
    with record_calls(rule, log=log) as record:
        list_queues(aws)
        list_queues(aws)
    assert record.fired == {0: 2}
    first, second = ActiveRule(rule), ActiveRule(rule)
    assert [first.pause() for _ in "abc"] == [second.pause() for _ in "abc"]
    assert len({first.pause() for _ in "abc"}) == 3


@pytest.fixture
def deployable(project: Sfnctl, account: str) -> Sfnctl:
    project.write("sfnctl.yaml", pipeline_config(account, trigger={"via": "s3"}))
    return project


@pytest.mark.parametrize("after", [False, True])
def test_a_child_is_killed_before_or_after_a_call(
    deployable: Sfnctl, aws: Aws, after: bool
) -> None:
    with deployable.with_faults(Rule(do="signal", operation="CreateQueue", after=after)) as record:
        deployable("deploy", "--yes", code=-9)
    assert ("CreateQueue" in [call.operation for call in record.calls]) == after
    assert bool(list_queues(aws)) == after


@pytest.mark.parametrize(("signal", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_child_gets_a_signal(deployable: Sfnctl, signal: str, code: int) -> None:
    rule = Rule(do="signal", signal=signal, operation="CreateStateMachine")
    with deployable.with_faults(rule):
        deployable("deploy", "--yes", code=code)


def test_a_child_waits_for_roles_on_the_fast_clock(deployable: Sfnctl) -> None:
    with deployable.with_faults(*delay_roles(times=5), FAST) as record:
        deployable("deploy", "--yes")
    assert record.fired == {0: 5, 1: 5, 2: 1}
    assert record.waited() > 10


def test_calls_without_a_fault_are_recorded_too(deployable: Sfnctl) -> None:
    with deployable.with_faults() as record:
        deployable("plan")
    assert {call.outcome for call in record.calls} >= {"ok", "StateMachineDoesNotExist"}
    assert not [call.operation for call in record.calls if call.changes]
    (identity,) = [call for call in record.calls if call.operation == "GetCallerIdentity"]
    assert identity == ("sts", "GetCallerIdentity", {}, "ok", True)
