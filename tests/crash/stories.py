"""Stories: a pipeline is deployed, changed and torn down, with what others have beside it."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from pipelines import HELLO, THEIRS, another_trail

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.iam.policies import trust_service

STATEMENT = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
TRUST = json.dumps(trust_service("lambda.amazonaws.com", account="", source_arn=None))
BOUNDARY = "arn:aws:iam::123456789012:policy/edge"

VERBS = ("deploy", "deploy", "teardown")


class Story(NamedTuple):
    """A config and a change of it; the teardown is always the third step."""

    before: dict[str, Any]
    after: dict[str, Any]


def machine(file: str = "workflow.asl.json", **keys: Any) -> dict[str, Any]:
    return {"definition": file, **keys}


STORIES = {
    "cloudtrail, much of it changed": Story(
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
    "s3, much of it changed": Story(
        {
            "bucket": {"name": "made-ACCOUNT", "create": True},
            "trigger": {"via": "s3", "dead_letter_queue": False},
            "state_machine": machine(logging={"level": "off"}),
        },
        {
            "bucket": {"name": "made-ACCOUNT", "create": True},
            "tags": {"team": "data"},
            "trigger": {"via": "s3", "suffix": ".csv", "enabled": False},
            "state_machine": machine(
                "other.asl.json", role={"trust_conditions": False, "boundary": BOUNDARY}
            ),
        },
    ),
    "cloudtrail to s3": Story(
        {"trigger": {"via": "cloudtrail"}},
        {"trigger": {"via": "s3"}, "tags": {"team": "data"}},
    ),
    "s3 to cloudtrail": Story(
        {"trigger": {"via": "s3"}, "tags": {"team": "data"}},
        {"trigger": {"via": "cloudtrail", "events": ["created", "deleted"]}},
    ),
    "from a trail of others to sfnctl's": Story(
        {"trigger": {"trail": "theirs"}},
        {"trigger": {}},
    ),
    "between trails of others": Story(
        {"trigger": {"trail": "theirs"}},
        {"trigger": {"trail": "basic"}},
    ),
}


def neighbours(aws: Aws) -> None:
    """What somebody else has in the account, the watched bucket among it."""
    account = aws.place.account
    aws.s3.create_bucket(Bucket=f"orders-{account}")
    aws.s3.put_object(Bucket=f"orders-{account}", Key="incoming/old.json", Body=b"{}")
    another_trail(aws, "theirs", AdvancedEventSelectors=[THEIRS])
    data = [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::somebodys/"]}]
    basic = {"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": data}
    another_trail(aws, "basic", EventSelectors=[basic])
    aws.iam.create_role(RoleName="theirs", AssumeRolePolicyDocument=TRUST)
    aws.logs.create_log_group(logGroupName="/aws/vendedlogs/states/orders-of-others")
    aws.sqs.create_queue(QueueName="sfnctl-orders-dlq-of-others")
    role = f"arn:aws:iam::{account}:role/theirs"
    definition = json.dumps(HELLO)
    aws.stepfunctions.create_state_machine(
        name="orders-of-others", definition=definition, roleArn=role
    )
    pattern = {"source": ["aws.s3"], "detail": {"bucket": {"name": ["other"]}}}
    aws.events.put_rule(Name="sfnctl-orders-of-others", EventPattern=json.dumps(pattern))
