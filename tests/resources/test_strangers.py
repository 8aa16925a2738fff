"""Resources of others, and policies that AWS rewrites, do not disturb a pipeline."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from pipelines import deploy, plan_for, summarize, tear_down, wiring_for

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.resources.bucket_notification import can_match

VIA_S3 = {"trigger": {"via": "s3"}}


@pytest.fixture(autouse=True)
def _bucket(aws: Aws, account: str) -> None:
    aws.s3.create_bucket(Bucket=f"orders-{account}")


@pytest.mark.parametrize(
    ("pattern", "reads"),
    [
        ({}, False),
        ({"source": ["aws.s3"]}, True),
        ({"source": ["aws.s3"], "detail-type": ["Object Created"]}, True),
        ({"source": ["aws.s3"], "detail-type": ["AWS API Call via CloudTrail"]}, False),
        ({"source": [{"prefix": "aws."}], "detail": {"bucket": {"name": ["orders"]}}}, True),
        ({"source": ["aws.s3"], "detail": {"bucket": {"name": ["orders-archive"]}}}, False),
        ({"source": ["my.app"], "detail": {"bucket": ["orders"]}}, False),
    ],
)
def test_a_rule_reads_a_bucket_whose_events_it_can_match(
    pattern: dict[str, Any], reads: bool
) -> None:
    assert can_match(pattern, "orders") is reads


def test_a_bucket_policy_that_aws_rewrites_is_unchanged(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S3 may reorder lists and unwrap lists of one."""
    nodes = wiring_for(aws)
    deploy(aws, nodes)
    real = aws.s3.get_bucket_policy

    def reworded(**asked: Any) -> Any:
        answer = real(**asked)
        policy = json.loads(answer["Policy"])
        policy["Statement"][2]["Resource"].reverse()
        return {**answer, "Policy": json.dumps(policy)}

    monkeypatch.setattr(aws.s3, "get_bucket_policy", reworded)
    assert summarize(plan_for(aws, nodes)) == ""


def test_a_pipeline_via_s3_ignores_the_shared_trail(aws: Aws) -> None:
    deploy(aws, wiring_for(aws))
    other = wiring_for(aws, name="billing", **VIA_S3)
    deploy(aws, other)
    assert summarize(plan_for(aws, other)) == ""


def test_the_shared_trail_may_be_named(aws: Aws, held: Callable[[], Any]) -> None:
    before = held()
    nodes = wiring_for(aws, trigger={"trail": "sfnctl"})
    deploy(aws, nodes)
    assert summarize(plan_for(aws, nodes)) == ""
    tear_down(aws, nodes)
    assert held() == before


def test_a_stopped_trail_logs_again_when_the_prefix_changes(aws: Aws) -> None:
    deploy(aws, wiring_for(aws))
    aws.cloudtrail.stop_logging(Name="sfnctl")
    nodes = wiring_for(aws, trigger={"prefix": "uploads/"})
    deploy(aws, nodes)
    assert aws.cloudtrail.get_trail_status(Name="sfnctl")["IsLogging"]


def test_a_dead_letter_in_flight_keeps_the_queue(aws: Aws) -> None:
    nodes = wiring_for(aws)
    deploy(aws, nodes)
    url = aws.sqs.get_queue_url(QueueName="sfnctl-orders-dlq")["QueueUrl"]
    aws.sqs.send_message(QueueUrl=url, MessageBody="{}")
    assert aws.sqs.receive_message(QueueUrl=url, VisibilityTimeout=600)["Messages"]
    plan = tear_down(aws, nodes)
    assert [str(change.address) for change in plan.kept] == ["queue sfnctl-orders-dlq"]


@pytest.mark.parametrize("last", ["orders", "billing"])
def test_the_last_pipeline_of_a_bucket_switches_it_off(
    aws: Aws, held: Callable[[], Any], last: str
) -> None:
    """No matter which one switched it on: a pipeline that leaves tells the others."""
    before = held()
    pipelines = {name: wiring_for(aws, name=name, **VIA_S3) for name in ("orders", "billing")}
    for nodes in pipelines.values():
        deploy(aws, nodes)
    tear_down(aws, pipelines.pop("billing" if last == "orders" else "orders"))
    assert summarize(plan_for(aws, pipelines[last])) == ""
    tear_down(aws, pipelines[last])
    assert held() == before
