"""Scenarios: a pipeline is deployed, changed and torn down."""

from __future__ import annotations

from typing import Any, NamedTuple

from pipelines import STATEMENT, another_trail, machine

from sfn_s3_cli.aws.client import Aws

BOUNDARY = "arn:aws:iam::123456789012:policy/edge"

TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"

VERBS = ("deploy", "deploy", "teardown")


class Scenario(NamedTuple):
    """A config and a change of it; the teardown is always the third step."""

    before: dict[str, Any]
    after: dict[str, Any]


SCENARIOS = {
    "cloudtrail, much of it changed": Scenario(
        {
            "tags": {"team": "data", "stage": "test"},
            "state_machine": machine(logging={"level": "all"}, role={"statements": [STATEMENT]}),
        },
        {
            "tags": {"team": "sales"},
            "trigger": {"prefix": "other/", "dead_letter_queue": False, "input": "object"},
            "state_machine": machine("other.asl.json", logging={"level": "off"}, tracing=True),
        },
    ),
    "s3, much of it changed": Scenario(
        {
            "bucket": {"name": "made-ACCOUNT", "create": True},
            "trigger": {"via": "s3", "dead_letter_queue": False},
            "state_machine": machine(logging={"level": "off"}),
            "alarms": {"topic": TOPIC},
        },
        {
            "bucket": {"name": "made-ACCOUNT", "create": True},
            "tags": {"team": "data"},
            "trigger": {"via": "s3", "suffix": ".csv", "enabled": False},
            "state_machine": machine(
                "other.asl.json", role={"trust_conditions": False, "boundary": BOUNDARY}
            ),
            "alarms": {"topic": TOPIC, "period": "1m"},
        },
    ),
    "cloudtrail to s3": Scenario(
        {"trigger": {"via": "cloudtrail"}},
        {"trigger": {"via": "s3"}, "tags": {"team": "data"}},
    ),
    "s3 to cloudtrail": Scenario(
        {"trigger": {"via": "s3"}, "tags": {"team": "data"}},
        {"trigger": {"via": "cloudtrail", "events": ["created", "deleted"]}},
    ),
    "from a trail of others to sfnctl's": Scenario(
        {"trigger": {"trail": "theirs"}},
        {"trigger": {}},
    ),
    "between trails of others": Scenario(
        {"trigger": {"trail": "theirs"}},
        {"trigger": {"trail": "basic"}},
    ),
}


def add_basic_trail(aws: Aws) -> None:
    """Makes a trail of somebody else that has basic selectors."""
    data = [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::somebodys/"]}]
    basic = {"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": data}
    another_trail(aws, "basic", EventSelectors=[basic])
