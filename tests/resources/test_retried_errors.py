"""Errors that AWS gives for a while after a change, and no emulator does, are retried."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from fake_clock import FakeClock, without_jitter
from pipelines import wiring_for

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.errors import AwsError
from sfn_s3_cli.resources.base import Removal
from sfn_s3_cli.resources.kinds import KINDS
from sfn_s3_cli.resources.observation import Found
from sfn_s3_cli.resources.role import FoundRole


@pytest.fixture
def clock(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    without_jitter(monkeypatch)
    aws.clock = clock = FakeClock()
    return clock


def make_resource(aws: Aws, kind: str) -> Any:
    # The events role is read again before it is deleted, the states role is not.
    return next(
        node.resource
        for node in wiring_for(aws)
        if node.resource.kind == kind and not node.resource.name.endswith("-events")
    )


TRAIL = {"Name": "sfnctl"}
QUEUE = {"QueueUrl": "http://127.0.0.1/sfnctl-orders-dlq"}
RULE = {"RuleArn": "arn:aws:events:us-east-1:123456789012:rule/sfnctl-orders-cloudtrail"}
ALL_WELL = {"FailedEntryCount": 0, "FailedEntries": []}
TOO_BUSY = {
    "FailedEntryCount": 1,
    "FailedEntries": [
        {
            "TargetId": "sfnctl",
            "ErrorCode": "ConcurrentModificationException",
            "ErrorMessage": "Too busy.",
        }
    ],
}


@pytest.mark.parametrize(
    ("kind", "service", "operation", "code", "message", "answer"),
    [
        (
            "queue",
            "sqs",
            "create_queue",
            "AWS.SimpleQueueService.QueueDeletedRecently",
            "You must wait 60 seconds after deleting a queue",
            QUEUE,
        ),
        ("rule", "events", "put_rule", "ConcurrentModificationException", "Too busy.", RULE),
        (
            "target",
            "events",
            "put_targets",
            "ValidationException",
            "Provided role 'x' cannot be assumed by principal 'events.amazonaws.com'.",
            ALL_WELL,
        ),
        (
            "trail",
            "cloudtrail",
            "create_trail",
            "InsufficientS3BucketPolicyException",
            "Incorrect S3 bucket policy is detected for bucket: x",
            TRAIL,
        ),
    ],
)
def test_a_creation_waits_until_aws_agrees(
    aws: Aws,
    clock: FakeClock,
    kind: str,
    service: str,
    operation: str,
    code: str,
    message: str,
    answer: dict[str, Any],
) -> None:
    resource = make_resource(aws, kind)
    with Stubber(getattr(aws, service)) as stub:
        for _ in range(5):
            stub.add_client_error(operation, code, message)
        stub.add_response(operation, answer)
        KINDS[kind].create(aws, resource)
        stub.assert_no_pending_responses()
    assert clock.slept == 7.75


@pytest.mark.parametrize(
    ("kind", "service", "operations", "code", "message"),
    [
        (
            "rule",
            "events",
            ["delete_rule"],
            "ValidationException",
            "Rule can't be deleted since it has targets.",
        ),
        (
            "role",
            "iam",
            ["delete_role_policy", "delete_role"],
            "DeleteConflict",
            "Cannot delete entity, must delete policies first.",
        ),
    ],
)
def test_a_deletion_waits_until_aws_agrees(
    aws: Aws,
    clock: FakeClock,
    kind: str,
    service: str,
    operations: list[str],
    code: str,
    message: str,
) -> None:
    resource = make_resource(aws, kind)
    *before, operation = operations
    with Stubber(getattr(aws, service)) as stub:
        for each in before:
            stub.add_response(each, {})
        for _ in range(5):
            stub.add_client_error(operation, code, message)
        stub.add_response(operation, {})
        found = FoundRole if kind == "role" else Found
        KINDS[kind].delete(aws, found(resource, owner=resource.owner), Removal())
        stub.assert_no_pending_responses()
    assert clock.slept == 7.75


def test_any_other_error_is_not_retried(aws: Aws, clock: FakeClock) -> None:
    resource = make_resource(aws, "target")
    with Stubber(aws.events) as stub:
        stub.add_client_error("put_targets", "ValidationException", "RoleArn is required.")
        with pytest.raises(ClientError):
            KINDS["target"].create(aws, resource)
    assert clock.slept == 0


def test_failed_entries_of_a_successful_call_are_retried(aws: Aws, clock: FakeClock) -> None:
    target = make_resource(aws, "target")
    with Stubber(aws.events) as stub:
        stub.add_response("put_targets", TOO_BUSY)
        stub.add_response("put_targets", ALL_WELL)
        KINDS["target"].create(aws, target)
        stub.add_response("remove_targets", TOO_BUSY)
        stub.add_response("remove_targets", ALL_WELL)
        KINDS["target"].delete(aws, Found(target, owner=target.owner), Removal())
        stub.assert_no_pending_responses()


def test_entries_that_keep_failing_are_an_error(aws: Aws, clock: FakeClock) -> None:
    target = make_resource(aws, "target")
    with Stubber(aws.events) as stub:
        for operation in ["put_targets"] * 6 + ["remove_targets"] * 6:
            stub.add_response(operation, TOO_BUSY)
        with pytest.raises(
            AwsError,
            match=r"^PutTargets sfnctl-orders-cloudtrail: ConcurrentModification.*: Too busy",
        ):
            KINDS["target"].create(aws, target)
        with pytest.raises(
            AwsError,
            match=r"^RemoveTargets sfnctl-orders-cloudtrail: ConcurrentModification.*: Too",
        ):
            KINDS["target"].delete(aws, Found(target, owner=target.owner), Removal())
    assert clock.slept == 15.5
