"""AWS's reads may lag behind its writes: they miss a new resource, or show an old state."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pytest
from faults.injector import record_calls
from faults.rules import FAST, Rule
from kind_cases import TOPIC
from pipelines import deploy, plan_for, summarize, wiring_for
from reliability_figures import count
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.resources.change import Action


class Unseen(NamedTuple):
    """The answer by which AWS says that a resource does not exist, although it does."""

    kind: str
    operation: str
    code: str
    service: str = ""

    @property
    def rule(self) -> Rule:
        return Rule(
            do="error",
            service=self.service,
            operation=self.operation,
            code=self.code,
            status=404,
            times=1,
        )


UNSEEN = [
    Unseen("alarm", "ListTagsForResource", "ResourceNotFoundException", "cloudwatch"),
    Unseen("role", "GetRole", "NoSuchEntity"),
    Unseen("rule", "DescribeRule", "ResourceNotFoundException"),
    Unseen("target", "ListTargetsByRule", "ResourceNotFoundException"),
    Unseen("queue", "GetQueueUrl", "AWS.SimpleQueueService.NonExistentQueue"),
    Unseen("trail", "GetTrail", "TrailNotFoundException"),
    Unseen("event_selector", "GetEventSelectors", "TrailNotFoundException"),
    Unseen("state_machine", "DescribeStateMachine", "StateMachineDoesNotExist"),
    Unseen("log_bucket", "GetBucketTagging", "NoSuchBucket", "s3"),
    Unseen("bucket", "HeadBucket", "404", "s3"),
]


@pytest.mark.parametrize("unseen", UNSEEN, ids=lambda unseen: unseen.kind)
def test_an_unseen_resource_is_created_again_without_harm(
    aws: Aws, account: str, tmp_path: Path, read_account: Any, unseen: Unseen
) -> None:
    name, create = f"watched-{account}", unseen.kind == "bucket"
    if not create:
        aws.s3.create_bucket(Bucket=name)
    alarms = {"topic": TOPIC} if unseen.kind == "alarm" else None
    nodes = wiring_for(aws, bucket={"name": name, "create": create}, alarms=alarms)
    deploy(aws, nodes)
    before = read_account()
    with record_calls(FAST, unseen.rule, log=tmp_path / "log"):
        plan = deploy(aws, nodes)
    made = {change.address.kind for change in plan.pending if change.action is Action.CREATE}
    lost = (
        not made <= {unseen.kind}
        or read_account() != before
        or summarize(plan_for(aws, nodes)) != ""
    )
    count("stale reads", 1, lost=int(lost))
    assert made <= {unseen.kind}, "none where a second look saw it"
    assert summarize(plan_for(aws, nodes)) == ""
    assert read_account() == before


def test_a_stale_read_of_the_trail_is_repeated(project: Sfnctl) -> None:
    """For a while, reads of the trail and its bucket answer as before the deploy."""
    stale = Rule(do="stale", service="s3|cloudtrail", changes=False, times=11, since="StartLogging")
    with project.with_faults(FAST, stale):
        ended = project("deploy", "--yes")
    count("stale reads", 11)
    assert "Missing, or removed since:" in ended.err
    assert project("plan", "--exit-code").out == "Nothing to do.\n"
