"""Pipelines for tests: configs, wirings and plans, and what somebody else has on AWS."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

import boto3
from faults.rules import READING

from sfn_s3_cli.aws.calls import ApiCall
from sfn_s3_cli.aws.client import Aws, connect_locally
from sfn_s3_cli.clock import SystemClock
from sfn_s3_cli.config.schema import Pipeline
from sfn_s3_cli.iam import arns, policies
from sfn_s3_cli.iam.arns import Place
from sfn_s3_cli.reconcile.apply import apply
from sfn_s3_cli.reconcile.desired import Node, unwant, wiring
from sfn_s3_cli.reconcile.outcome import Failed
from sfn_s3_cli.reconcile.plan import Plan
from sfn_s3_cli.reconcile.proposal import plan_nodes
from sfn_s3_cli.resources import log_bucket
from sfn_s3_cli.resources.base import Removal
from sfn_s3_cli.resources.change import Action, Change
from sfn_s3_cli.resources.kinds import KINDS


def pipeline_config(account: str, **changes: Any) -> str:
    """A config file as text: a pipeline `orders` in that account, with keys replaced."""
    config: dict[str, Any] = {
        "name": "orders",
        "account": account,
        "bucket": f"orders-{account}",
        "trigger": {"prefix": "incoming/"},
        "state_machine": {"definition": "workflow.asl.json"},
        **changes,
    }
    return json.dumps(config)


def machine(file: str = "workflow.asl.json", **settings: Any) -> dict[str, Any]:
    """The key `state_machine` of a config."""
    return {"definition": file, **settings}


STATEMENT = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::orders/*"}
"""A statement that a user adds to the role."""

HELLO: Mapping[str, Any] = {
    "StartAt": "Hello",
    "States": {"Hello": {"Type": "Pass", "End": True}},
}

THEIRS: Any = {
    "Name": "theirs",
    "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}],
}
"""An advanced selector of somebody else."""


def connect_to_nowhere(place: Place, endpoint_url: str | None = None) -> Aws:
    """A connection in any partition and region, for what makes no call."""
    aws = Aws(boto3.Session("key", "secret", region_name=place.region), endpoint_url=endpoint_url)
    vars(aws)["place"] = place
    return aws


def wiring_for(aws: Aws, **changes: Any) -> tuple[Node, ...]:
    """The wiring of `pipeline_config` in the account of `aws`."""
    config = json.loads(pipeline_config(aws.place.account, **changes))
    return wiring(Pipeline.model_validate(config), dict(HELLO), aws.place)


def plan_for(
    aws: Aws, nodes: tuple[Node, ...], *, adopt: bool = False, purge: bool = False
) -> Plan:
    return plan_nodes(nodes, aws, adopt=adopt, removal=Removal(purge=purge))


def deploy(aws: Aws, nodes: tuple[Node, ...], **choices: bool) -> Plan:
    """Applies and returns the plan; fails unless every change was made."""
    plan = plan_for(aws, nodes, **choices)
    assert not plan.conflicts
    removal = Removal(purge=choices.get("purge", False))
    for event in apply(plan, aws, removal):
        if isinstance(event, Failed):
            raise event.error
    return plan


def deploy_later(aws: Aws, nodes: tuple[Node, ...], **passed: float) -> Plan:
    """Deploys when that time has passed, by the clock of `aws`."""
    with at_a_later_time(aws, **passed):
        return deploy(aws, nodes)


@contextmanager
def at_a_later_time(aws: Aws, **passed: float) -> Iterator[None]:
    before, aws.clock = aws.clock, LaterClock(timedelta(**passed))
    try:
        yield
    finally:
        aws.clock = before


class LaterClock(SystemClock):
    """The clock of this machine, put forward."""

    def __init__(self, passed: timedelta) -> None:
        self.passed = passed

    def now(self) -> datetime:
        return super().now() + self.passed


def tear_down(aws: Aws, nodes: tuple[Node, ...], **choices: bool) -> Plan:
    return deploy(aws, unwant(nodes), **choices)


def summarize(plan: Plan) -> str:
    """Lists the pending and the kept changes, one per line, with the fields of updates."""
    kept = [change for change in plan.kept if change.action is Action.KEEP]
    return "\n".join(_summarize_change(change) for change in (*plan.pending, *kept))


def _summarize_change(change: Change) -> str:
    fields = ", ".join(field.path for field in change.fields) if change.observed else ""
    detail = change.reason if change.action is Action.KEEP else fields
    return f"{change.action.value} {change.address}" + (f": {detail}" if detail else "")


def another_log_bucket(aws: Aws, trail: str) -> str:
    """The name of a new bucket into which that trail may write."""
    name = f"{trail}-logs-{aws.place.account}"
    policy = log_bucket.policy(aws.place, name, trail)
    KINDS["log_bucket"].create(
        aws, log_bucket.LogBucket(name=name, trail=trail, pipeline="", policy=policy, tags={})
    )
    return name


def another_trail(aws: Aws, name: str, **selectors: Any) -> None:
    """A trail of somebody else that logs what the selectors say."""
    aws.cloudtrail.create_trail(Name=name, S3BucketName=another_log_bucket(aws, name))
    aws.cloudtrail.start_logging(Name=name)
    if selectors:
        aws.cloudtrail.put_event_selectors(TrailName=name, **selectors)


def create_role(aws: Aws, service: str, name: str = "theirs") -> str:
    """Creates a role that a service (`states`) may assume, unless it exists; gives its ARN."""
    trust = policies.trust_service(f"{service}.amazonaws.com", account=aws.place.account)
    with suppress(aws.iam.exceptions.EntityAlreadyExistsException):
        aws.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
    return arns.role(aws.place, name)


def add_other_resources(aws: Aws) -> None:
    """Creates one resource of every kind that somebody else owns, and the watched bucket."""
    account = aws.place.account
    aws.s3.create_bucket(Bucket=f"orders-{account}")
    aws.s3.put_object(Bucket=f"orders-{account}", Key="incoming/old.json", Body=b"{}")
    another_trail(aws, "theirs", AdvancedEventSelectors=[THEIRS])
    aws.logs.create_log_group(logGroupName="/aws/vendedlogs/states/orders-of-others")
    aws.sqs.create_queue(QueueName="sfnctl-orders-dlq-of-others")
    aws.stepfunctions.create_state_machine(
        name="orders-of-others", definition=json.dumps(HELLO), roleArn=create_role(aws, "states")
    )
    aws.cloudwatch.put_metric_alarm(
        AlarmName="sfnctl-orders/of-others",
        Namespace="AWS/States",
        MetricName="ExecutionsFailed",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    pattern = {"source": ["aws.s3"], "detail": {"bucket": {"name": ["other"]}}}
    aws.events.put_rule(Name="sfnctl-orders-of-others", EventPattern=json.dumps(pattern))


class Killed(Exception):  # noqa: N818  (no error, the end)
    """In place of a killed process."""


def changes_something(call: ApiCall) -> bool:
    return not call.operation.startswith(READING)


def kill_at_each_call(aws: Aws, act: Callable[[Aws], object]) -> Iterator[int]:
    """Runs `act` and kills it after one call, after two, and so on, until it reaches its end.

    Only calls that change something count.
    """
    seen: list[ApiCall] = []
    limit = 1

    def count(call: ApiCall) -> None:
        seen.extend([call] if changes_something(call) else [])
        if len(seen) >= limit:
            raise Killed

    endpoint = aws.sts.meta.endpoint_url
    mortal = connect_locally(endpoint, account=aws.place.account, on_call=count)
    for limit in itertools.count(1):
        seen.clear()
        try:
            act(mortal)
        except Killed:
            yield limit
        else:
            return
