"""Errors that AWS gives for a while after a change are retried, or reported if they last.

The rows are those of AWS's own CloudFormation handlers and of Terraform's provider.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest
from faults.injector import record_calls
from faults.rules import ONE_WRITE_A_SECOND, Rule
from pipelines import deploy, machine, plan_for, summarize, tear_down, wiring_for
from reliability_figures import count

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.reconcile.apply import apply
from sfn_s3_cli.reconcile.desired import Node, unwant
from sfn_s3_cli.reconcile.outcome import Event, Failed
from sfn_s3_cli.resources.base import Address

pytestmark = pytest.mark.usefixtures("bucket")

HURRY = Rule(do="fast", pace=2000)
S3_WAY = {"trigger": {"via": "s3"}}
CHANGED: dict[str, Any] = {
    "tags": {"team": "data"},
    "trigger": {"prefix": "other/"},
    "state_machine": machine(tracing=True, role={"trust_conditions": False}),
}


class Row(NamedTuple):
    """A transient error."""

    operation: str
    code: str
    message: str = ""

    def rule(self, times: int | None) -> Rule:
        return Rule(
            do="error",
            operation=self.operation,
            code=self.code,
            message=self.message,
            status=400,
            times=times,
        )


class Lane(NamedTuple):
    """Errors of one deploy, change or teardown, in the order in which their calls are made.

    Each call waits for those before it: when one fails, the next ones are still to come.
    """

    during: str
    rows: tuple[Row, ...]
    config: Mapping[str, Any] = MappingProxyType({})


NO_TRUST = (
    "Neither the global service principal states.amazonaws.com, nor the regional one is authorized"
    " to assume the provided role."
)
NO_LOGS = "The state machine IAM Role is not authorized to access the Log Destination"
NO_RULE = "'arn:aws:iam::123456789012:role/r' is not authorized to create managed-rule."
NO_EVENTS = "Provided role 'r' cannot be assumed by principal 'events.amazonaws.com'."
BUSY_BUCKET = (
    "A conflicting conditional operation is currently in progress against this resource."
    " Please try again."
)
NO_POLICY = "Incorrect S3 bucket policy is detected for bucket: sfnctl-trail"

LANES = {
    "workflow": Lane(
        "deploy",
        (
            Row("CreateRole", "ConcurrentModification"),
            Row("CreateRole", "MalformedPolicyDocument", "Invalid principal in policy"),
            Row("PutRolePolicy", "NoSuchEntity"),
            Row("PutRolePolicy", "ConcurrentModification"),
            Row("CreateStateMachine", "AccessDeniedException", NO_TRUST),
            Row("CreateStateMachine", "AccessDeniedException", NO_RULE),
            Row("CreateStateMachine", "AccessDeniedException", NO_LOGS),
            Row("CreateStateMachine", "StateMachineDeleting"),
            Row("CreateStateMachine", "ConflictException"),
            Row("PutTargets", "ConcurrentModificationException"),
            Row("PutTargets", "ValidationException", NO_EVENTS),
            Row(
                "PutTargets",
                "ResourceNotFoundException",
                "Rule sfnctl-orders-cloudtrail does not exist.",
            ),
        ),
    ),
    "trail": Lane(
        "deploy",
        (
            Row("CreateBucket", "OperationAborted", BUSY_BUCKET),
            Row("PutBucketPolicy", "NoSuchBucket"),
            Row("PutBucketPolicy", "MalformedPolicy", "Invalid principal in policy"),
            Row("CreateTrail", "InsufficientS3BucketPolicyException", NO_POLICY),
            Row("CreateTrail", "S3BucketDoesNotExistException"),
            Row("CreateTrail", "ConflictException"),
            Row("PutEventSelectors", "ConflictException"),
            Row("PutEventSelectors", "ThrottlingException", "Rate exceeded"),
            Row("PutEventSelectors", "TrailNotFoundException"),
            Row("StartLogging", "TrailNotFoundException"),
            Row("StartLogging", "ConflictException"),
        ),
    ),
    "log-group": Lane(
        "deploy",
        (
            Row("CreateLogGroup", "OperationAbortedException"),
            Row("PutRetentionPolicy", "ResourceNotFoundException"),
        ),
    ),
    "public-access": Lane(
        "deploy", (Row("PutPublicAccessBlock", "OperationAborted", BUSY_BUCKET),)
    ),
    "lifecycle": Lane("deploy", (Row("PutBucketLifecycleConfiguration", "NoSuchBucket"),)),
    "rule": Lane("deploy", (Row("PutRule", "ConcurrentModificationException"),)),
    "queue": Lane("deploy", (Row("CreateQueue", "AWS.SimpleQueueService.QueueDeletedRecently"),)),
    "notification": Lane(
        "deploy",
        (
            Row("TagRole", "NoSuchEntity"),
            Row("PutBucketNotificationConfiguration", "OperationAborted", BUSY_BUCKET),
            Row("PutBucketNotificationConfiguration", "NoSuchBucket"),
        ),
        S3_WAY,
    ),
    "change": Lane(
        "change",
        (
            Row("UpdateAssumeRolePolicy", "ConcurrentModification"),
            Row("UpdateAssumeRolePolicy", "MalformedPolicyDocument", "Invalid principal in policy"),
            Row("TagRole", "ConcurrentModification"),
            Row("UpdateStateMachine", "AccessDeniedException", NO_TRUST),
            Row("UpdateStateMachine", "AccessDeniedException", NO_LOGS),
            Row("UpdateStateMachine", "ConflictException"),
            Row("UpdateStateMachineAlias", "ConflictException"),
        ),
    ),
    "workflow-teardown": Lane(
        "teardown",
        (
            Row("RemoveTargets", "ConcurrentModificationException"),
            Row("DeleteRule", "ValidationException", "Rule can't be deleted since it has targets."),
            Row("DeleteRule", "ConcurrentModificationException"),
            Row("DeleteRolePolicy", "ConcurrentModification"),
            Row("DeleteRole", "DeleteConflict", "Cannot delete entity, must delete policies"),
            Row("DeleteRole", "ConcurrentModification"),
        ),
    ),
    "log-group-teardown": Lane("teardown", (Row("DeleteLogGroup", "OperationAbortedException"),)),
    "trail-teardown": Lane(
        "teardown",
        (
            Row("StopLogging", "ConflictException"),
            Row("DeleteTrail", "ConflictException"),
            Row("DeleteBucket", "OperationAborted", BUSY_BUCKET),
        ),
    ),
}


def share_runs() -> Iterator[Lane]:
    """Puts errors of different calls into one run: the first of each call, the second, ..."""
    alike: dict[str, dict[str, list[Row]]] = {}
    for lane in LANES.values():
        by_call = alike.setdefault(str(lane._replace(rows=())), {})
        for row in lane.rows:
            by_call.setdefault(row.operation, []).append(row)
    lanes = {str(lane._replace(rows=())): lane for lane in LANES.values()}
    for key, by_call in alike.items():
        for rows in itertools.zip_longest(*by_call.values()):
            yield lanes[key]._replace(rows=tuple(filter(None, rows)))


def prepare(aws: Aws, lane: Lane) -> tuple[Node, ...]:
    """Makes what must exist before, and gives the wiring to apply."""
    if lane.during == "deploy":
        return wiring_for(aws, **lane.config)
    deploy(aws, wiring_for(aws, **lane.config))
    return unwant(wiring_for(aws)) if lane.during == "teardown" else wiring_for(aws, **CHANGED)


def apply_wiring(aws: Aws, nodes: tuple[Node, ...]) -> dict[Address, Event]:
    """Applies the plan; gives the last event of each change."""
    return {event.change.address: event for event in apply(plan_for(aws, nodes), aws)}


def find_failed(aws: Aws, nodes: tuple[Node, ...]) -> list[Failed]:
    return [event for event in apply_wiring(aws, nodes).values() if isinstance(event, Failed)]


@pytest.mark.parametrize("lane", LANES.values(), ids=LANES)
def test_an_error_that_lasts_is_reported(aws: Aws, tmp_path: Path, lane: Lane) -> None:
    nodes = prepare(aws, lane)
    for number, row in enumerate(lane.rows):
        with record_calls(HURRY, row.rule(times=None), log=tmp_path / str(number)) as record:
            failed = find_failed(aws, nodes)
        count("faults that last", 1, lost=not failed)
        assert failed, row
        for event in failed:
            text = str(event.error)
            assert text.startswith(f"{row.operation} "), text
            assert f"{row.code}: {row.message}" in text, text
            assert "; gave up after " in text, text
        assert 50 <= record.waited() <= 4 * 150, "it waits, and not for ever"
    assert not find_failed(aws, nodes)
    assert summarize(plan_for(aws, nodes)) == ""


@pytest.mark.parametrize("lane", [*share_runs()], ids=lambda lane: lane.during)
def test_an_error_that_passes_is_retried(aws: Aws, tmp_path: Path, lane: Lane) -> None:
    nodes = prepare(aws, lane)
    rules = [row.rule(times=3) for row in lane.rows]
    with record_calls(HURRY, *rules, log=tmp_path / "passing"):
        failed = find_failed(aws, nodes)
    count("faults that pass", len(rules), lost=len(failed))
    assert not failed, failed
    assert summarize(plan_for(aws, nodes)) == ""


FAILED_ENTRY = {
    "FailedEntryCount": 1,
    "FailedEntries": [
        {
            "TargetId": "sfnctl",
            "ErrorCode": "ConcurrentModificationException",
            "ErrorMessage": "Too busy.",
        }
    ],
}


@pytest.mark.parametrize(("operation", "during"), [("PutTargets", "deploy"), ("RemoveTargets", "")])
def test_a_success_with_failed_entries_is_a_failure(
    aws: Aws, tmp_path: Path, operation: str, during: str
) -> None:
    nodes = wiring_for(aws)
    if not during:
        deploy(aws, nodes)
        nodes = unwant(nodes)
    refused = Rule(do="answer", operation=operation, document=FAILED_ENTRY, times=None)
    with record_calls(HURRY, refused, log=tmp_path / "lasting"):
        event = apply_wiring(aws, nodes)[Address("target", "sfnctl-orders-cloudtrail")]
    assert isinstance(event, Failed)
    assert "ConcurrentModificationException: Too busy." in str(event.error)
    once = Rule(do="answer", operation=operation, document=FAILED_ENTRY, times=2)
    with record_calls(HURRY, once, log=tmp_path / "passing"):
        assert not find_failed(aws, nodes)
    assert summarize(plan_for(aws, nodes)) == ""


def test_cloudtrail_accepts_one_write_per_second(aws: Aws, tmp_path: Path) -> None:
    hurry = Rule(do="fast", pace=4)  # 0.25 seconds: longer than until the next call
    for number, nodes in enumerate((wiring_for(aws), unwant(wiring_for(aws)))):
        with record_calls(hurry, ONE_WRITE_A_SECOND, log=tmp_path / str(number)):
            assert not find_failed(aws, nodes)
        assert summarize(plan_for(aws, nodes)) == ""


def test_a_role_is_deleted_after_its_state_machine(aws: Aws, tmp_path: Path) -> None:
    deploy(aws, wiring_for(aws))
    arn = aws.place.arn("states", "stateMachine:orders")
    still_there = {**aws.stepfunctions.describe_state_machine(stateMachineArn=arn)}
    del still_there["ResponseMetadata"]
    deleting = Rule(
        do="answer",
        operation="DescribeStateMachine",
        since="DeleteStateMachine",
        document={**still_there, "status": "DELETING"},
        times=3,
    )
    with record_calls(HURRY, deleting, log=tmp_path / "log") as record:
        tear_down(aws, wiring_for(aws))
    operations = [call.operation for call in record.calls]
    last_look = len(operations) - operations[::-1].index("DescribeStateMachine")
    role = next(
        number
        for number, call in enumerate(record.calls)
        if call.operation == "DeleteRole" and call.params["RoleName"].endswith("-states")
    )
    assert role >= last_look
