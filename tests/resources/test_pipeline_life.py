"""Pipelines from deploy to teardown, in an account where others have resources too."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from kind_cases import KEY
from pipelines import (
    STATEMENT,
    add_other_resources,
    changes_something,
    create_role,
    deploy,
    deploy_later,
    kill_at_each_call,
    machine,
    plan_for,
    summarize,
    tear_down,
    wiring_for,
)

from sfn_s3_cli.aws.calls import ApiCall
from sfn_s3_cli.aws.client import Aws, connect_locally
from sfn_s3_cli.local.process import Cloud


class Life(NamedTuple):
    """A config, a change of it, and the plan that this change gives."""

    config: dict[str, Any]
    change: dict[str, Any]
    plan: str


SELECTOR_ARN = "selector.FieldSelectors[2].StartsWith[0]"
LIVES = {
    "the shortest config": Life(
        {"trigger": {}},
        {"trigger": {"prefix": "incoming/"}},
        f"""\
~ event_selector orders: {SELECTOR_ARN}
~ rule sfnctl-orders-cloudtrail: pattern.detail.requestParameters.key""",
    ),
    "the bucket's own events, as documents": Life(
        {"trigger": {"via": "s3", "input": "object", "suffix": [".csv", ".json"]}},
        {"trigger": {"via": "s3", "input": "event", "suffix": [".csv", ".json"]}},
        "~ target sfnctl-orders-s3: input_transformer",
    ),
    "created and deleted objects": Life(
        {"trigger": {"via": "s3", "input": "object", "prefix": "a/"}},
        {"trigger": {"via": "s3", "input": "object", "prefix": "a/", "events": ["deleted"]}},
        "~ rule sfnctl-orders-s3: pattern.detail-type[0]",
    ),
    "deletions by CloudTrail": Life(
        {"trigger": {"events": ["created", "deleted"], "prefix": ["a/", "b/"], "suffix": ".csv"}},
        {"trigger": {"events": ["created"], "prefix": ["a/", "b/"], "suffix": ".csv"}},
        """\
~ event_selector orders: selector.FieldSelectors[1].Equals[4]
~ rule sfnctl-orders-cloudtrail: pattern.detail.$or, pattern.detail.eventName,\
 pattern.detail.requestParameters.bucketName, pattern.detail.requestParameters.key,\
 pattern.detail-type[1]""",
    ),
    "a minimum size": Life(
        {"trigger": {"via": "s3", "min_size": 1}},
        {"trigger": {"via": "s3", "min_size": 1024}},
        "~ rule sfnctl-orders-s3: pattern.detail.object.size[0].numeric[1]",
    ),
    "few retries": Life(
        {"trigger": {"retry": {"attempts": 0, "max_age": "60s"}}},
        {"trigger": {"retry": {"attempts": 3, "max_age": "1h"}}},
        "~ target sfnctl-orders-cloudtrail: retry_attempts, retry_max_age_seconds",
    ),
    "no dead-letter queue": Life(
        {"trigger": {"dead_letter_queue": False}},
        {"trigger": {"dead_letter_queue": True}},
        """\
+ queue sfnctl-orders-dlq
~ target sfnctl-orders-cloudtrail: dead_letter_queue_arn""",
    ),
    "a dead-letter queue switched off": Life(
        {},
        {"trigger": {"prefix": "incoming/", "dead_letter_queue": False}},
        """\
~ target sfnctl-orders-cloudtrail: dead_letter_queue_arn
- queue sfnctl-orders-dlq""",
    ),
    "switched off": Life(
        {"trigger": {"prefix": "incoming/", "enabled": False}},
        {},
        "~ rule sfnctl-orders-cloudtrail: enabled",
    ),
    "no logs": Life(
        {"state_machine": {"logging": {"level": "off"}}},
        {"state_machine": {"logging": {"level": "all", "include_data": True}}},
        """\
+ log_group /aws/vendedlogs/states/orders
~ role sfnctl-orders-us-east-1-states: policy
~ state_machine orders: log_data, log_group_arn, log_level""",
    ),
    "logs switched off": Life(
        {"state_machine": {"logging": {"level": "all"}, "tracing": True}},
        {"state_machine": {"logging": {"level": "off"}, "tracing": True}},
        """\
~ role sfnctl-orders-us-east-1-states: policy.Statement[SfnctlLogDelivery], previous
~ state_machine orders: log_group_arn, log_level
- log_group /aws/vendedlogs/states/orders""",
    ),
    "logs for a year": Life(
        {},
        {"state_machine": {"logging": {"retention_days": 365}}},
        "~ log_group /aws/vendedlogs/states/orders: retention_days",
    ),
    "a role of the user's": Life(
        {"state_machine": {"role": {"arn": "arn:aws:iam::123456789012:role/theirs"}}},
        {},
        """\
+ role sfnctl-orders-us-east-1-states
~ state_machine orders: role_arn""",
    ),
    "a role of the user's from now on": Life(
        {},
        {"state_machine": {"role": {"arn": "arn:aws:iam::123456789012:role/theirs"}}},
        """\
= role sfnctl-orders-us-east-1-states: executions may be running with it
~ state_machine orders: role_arn""",
    ),
    "a boundary, and more rights": Life(
        {"state_machine": {"role": {"statements": [STATEMENT]}}},
        {
            "state_machine": {
                "role": {
                    "statements": [STATEMENT],
                    "boundary": "arn:aws:iam::123456789012:policy/edge",
                }
            }
        },
        """\
~ role sfnctl-orders-us-east-1-events: boundary
~ role sfnctl-orders-us-east-1-states: boundary""",
    ),
    "roles that may be assumed for anybody": Life(
        {"state_machine": {"role": {"trust_conditions": False}}},
        {},
        """\
~ role sfnctl-orders-us-east-1-events: trust.Statement[0].Condition.ArnLike.aws:SourceArn,\
 trust.Statement[0].Condition.StringEquals.aws:SourceAccount
~ role sfnctl-orders-us-east-1-states: trust.Statement[0].Condition.ArnLike.aws:SourceArn,\
 trust.Statement[0].Condition.StringEquals.aws:SourceAccount""",
    ),
    "a key of the user's": Life(
        {},
        {"state_machine": {"kms_key": KEY}},
        """\
~ log_group /aws/vendedlogs/states/orders: kms_key
~ queue sfnctl-orders-dlq: kms_key
~ role sfnctl-orders-us-east-1-states: policy.Statement[SfnctlKey],\
 policy.Statement[SfnctlKeyOfLogs]
~ state_machine orders: kms_key""",
    ),
    "back to the keys of AWS": Life(
        {"state_machine": {"kms_key": KEY, "logging": {"level": "off"}}},
        {"state_machine": {"logging": {"level": "off"}}},
        """\
~ queue sfnctl-orders-dlq: kms_key
~ role sfnctl-orders-us-east-1-states: policy, previous
~ state_machine orders: kms_key""",
    ),
    "tags": Life(
        {"tags": {"team": "data", "stage": "test"}},
        {"tags": {"team": "sales"}},
        """\
~ log_group /aws/vendedlogs/states/orders: tags.sfnctl:tags, tags.stage, tags.team
~ queue sfnctl-orders-dlq: tags.sfnctl:tags, tags.stage, tags.team
~ role sfnctl-orders-us-east-1-events: tags.sfnctl:tags, tags.stage, tags.team
~ role sfnctl-orders-us-east-1-states: tags.sfnctl:tags, tags.stage, tags.team
~ rule sfnctl-orders-cloudtrail: tags.sfnctl:tags, tags.stage, tags.team
~ state_machine orders: tags.sfnctl:tags, tags.stage, tags.team""",
    ),
}


@pytest.fixture(autouse=True)
def _others(aws: Aws) -> None:
    add_other_resources(aws)


@pytest.mark.parametrize("life", LIVES.values(), ids=LIVES.keys())
def test_deploy_change_and_teardown_leave_no_trace(
    aws: Aws, read_account: Callable[[], Any], life: Life
) -> None:
    create_role(aws, "states")  # the role of the user's
    before = read_account()
    nodes = wiring_for(aws, **add_definition(life.config, aws.place.account))
    deploy(aws, nodes)
    assert summarize(plan_for(aws, nodes)) == ""
    changed = wiring_for(aws, **add_definition(life.change, aws.place.account))
    assert sorted(summarize(deploy(aws, changed)).splitlines()) == sorted(life.plan.splitlines())
    deploy(aws, changed)  # removes what executions that ran no longer need
    assert summarize(plan_for(aws, changed)) == ""
    tear_down(aws, changed)
    assert read_account() == before


def add_definition(config: dict[str, Any], account: str) -> dict[str, Any]:
    config = json.loads(json.dumps(config).replace(":iam::123456789012:", f":iam::{account}:"))
    return {**config, "state_machine": machine(**config.get("state_machine", {}))}


@pytest.mark.parametrize("via", ["cloudtrail", "s3"])
def test_a_second_deploy_only_reads(aws: Aws, cloud: Cloud, account: str, via: str) -> None:
    nodes = wiring_for(aws, trigger={"via": via})
    deploy(aws, nodes)
    calls: list[ApiCall] = []
    reader = connect_locally(cloud.endpoint_url, account=account, on_call=calls.append)
    deploy(reader, nodes)
    assert calls
    assert not [call.operation for call in calls if changes_something(call)]


def test_teardown_deletes_the_pipelines_bucket_once_empty(
    aws: Aws, account: str, read_account: Callable[[], Any]
) -> None:
    before = read_account()
    bucket = f"made-{account}"
    nodes = wiring_for(aws, bucket={"name": bucket, "create": True}, trigger={"via": "s3"})
    deploy(aws, nodes)
    assert summarize(plan_for(aws, nodes)) == ""
    aws.s3.put_object(Bucket=bucket, Key="a")
    aws.s3.put_object(Bucket=bucket, Key="b")
    assert (
        summarize(tear_down(aws, nodes)).splitlines()[-1]
        == f"= bucket {bucket}: it holds 2 objects (0 B)"
    )
    assert summarize(tear_down(aws, nodes, purge=True)) == f"- bucket {bucket}"
    assert read_account() == before


@pytest.mark.parametrize("in_flight", [False, True])
def test_a_queue_with_events_is_kept_until_purged(
    aws: Aws, read_account: Callable[[], Any], in_flight: bool
) -> None:
    before = read_account()
    nodes = wiring_for(aws)
    deploy(aws, nodes)
    url = aws.sqs.get_queue_url(QueueName="sfnctl-orders-dlq")["QueueUrl"]
    aws.sqs.send_message(QueueUrl=url, MessageBody="{}")
    if in_flight:
        assert aws.sqs.receive_message(QueueUrl=url, VisibilityTimeout=600)["Messages"]
    assert summarize(tear_down(aws, nodes)).splitlines()[-1] == (
        "= queue sfnctl-orders-dlq: it holds about 1 dead letter (`sfnctl status` says which are"
        " duplicates)"
    )
    assert summarize(tear_down(aws, nodes, purge=True)) == "- queue sfnctl-orders-dlq"
    assert read_account() == before


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


@pytest.mark.parametrize("via", ["cloudtrail", "s3"])
def test_runs_killed_at_every_call_finish_in_the_end(
    aws: Aws, read_account: Callable[[], Any], via: str
) -> None:
    before = read_account()
    nodes = wiring_for(aws, trigger={"via": via}, tags={"team": "data"})
    assert [*kill_at_each_call(aws, lambda dying: deploy(dying, nodes))]
    assert summarize(plan_for(aws, nodes)) == ""
    assert [*kill_at_each_call(aws, lambda dying: tear_down(dying, nodes))]
    assert read_account() == before


@pytest.mark.parametrize(("old", "new"), [("cloudtrail", "s3"), ("s3", "cloudtrail")])
def test_a_source_change_killed_at_every_call_finishes(
    aws: Aws, read_account: Callable[[], Any], old: str, new: str
) -> None:
    before = read_account()
    deploy(aws, wiring_for(aws, trigger={"via": old}))
    nodes = wiring_for(aws, trigger={"via": new}, tags={"team": "data"})
    assert [*kill_at_each_call(aws, lambda dying: deploy(dying, nodes))]
    assert not plan_for(aws, nodes).pending
    assert [*kill_at_each_call(aws, lambda dying: deploy_later(dying, nodes, minutes=30))]
    assert summarize(plan_for(aws, nodes)) == ""
    tear_down(aws, nodes)
    assert read_account() == before


def test_a_role_cannot_move_to_another_path(aws: Aws) -> None:
    """IAM has no call for it, and without the role for a moment, executions fail."""
    old, new = (
        wiring_for(aws, state_machine=machine(role={"path": path})) for path in ("/a/", "/b/")
    )
    deploy(aws, old)
    conflicts = plan_for(aws, new).conflicts
    assert {each.reason.message for each in conflicts} == {
        "has the path /a/, and IAM cannot move a role"
    }
    tear_down(aws, new)
