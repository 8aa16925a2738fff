"""An account of the embedded cloud, with the resources that tests often need."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import boto3
from botocore.config import Config

from sfn_s3_cli.iam import policies

REGION = "eu-west-1"
numbers = itertools.count(1)
PASS = json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Pass", "End": True}}})


def wait_until(look: Callable[[], Any], seconds: float = 10) -> Any:
    """Waits until `look` returns something true, and returns that; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)
    return seen


class Inbox(NamedTuple):
    """A queue that receives the events of a rule."""

    sqs: Any
    url: str

    def take(self, count: int) -> list[Any]:
        """Takes the next events; fails unless there are exactly that many."""
        events: list[Any] = []

        def enough() -> bool:
            for message in self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10).get(
                "Messages", []
            ):
                events.append(json.loads(message["Body"]))
                self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
            return len(events) >= count

        wait_until(enough)
        assert len(events) == count, events
        return events


class Account(NamedTuple):
    """An empty account of the embedded cloud."""

    endpoint_url: str
    id: str

    def client(self, service: str, region: str = REGION) -> Any:
        client: Any = boto3.client(  # type: ignore[call-overload]  # any service
            service,
            region_name=region,
            endpoint_url=self.endpoint_url,
            aws_access_key_id=self.id,
            aws_secret_access_key="test",
            config=Config(inject_host_prefix=False, s3={"addressing_style": "path"}),
        )
        return client

    def create_bucket(self, region: str = REGION) -> str:
        name = f"bucket-{self.id}-{next(numbers)}"
        self.client("s3", region).create_bucket(
            Bucket=name, CreateBucketConfiguration={"LocationConstraint": region}
        )
        return name

    def create_role(self, name: str = "role", service: str = "states", *actions: str) -> str:
        """Creates a role, or changes it; `service` may assume it, and it may do these actions."""
        iam = self.client("iam")
        trust = json.dumps(policies.trust_service(f"{service}.amazonaws.com", account=self.id))
        with suppress(iam.exceptions.EntityAlreadyExistsException):
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
        if actions:
            statement = {"Effect": "Allow", "Action": [*actions], "Resource": "*"}
            self.permit(name, statement)
        return f"arn:aws:iam::{self.id}:role/{name}"

    def permit(self, role: str, *statements: dict[str, Any]) -> None:
        """Gives the role these statements, and no others."""
        document = json.dumps(policies.document(*statements))
        self.client("iam").put_role_policy(
            RoleName=role, PolicyName="policy", PolicyDocument=document
        )

    def create_log_bucket(self, trail: str) -> str:
        """Creates a bucket to which CloudTrail may write the files of `trail`."""
        bucket = self.create_bucket()
        source = {"aws:SourceArn": f"arn:aws:cloudtrail:{REGION}:{self.id}:trail/{trail}"}
        service = {"Service": "cloudtrail.amazonaws.com"}
        statements = [
            {
                "Effect": "Allow",
                "Principal": service,
                "Action": "s3:GetBucketAcl",
                "Resource": f"arn:aws:s3:::{bucket}",
                "Condition": {"StringEquals": source},
            },
            {
                "Effect": "Allow",
                "Principal": service,
                "Action": "s3:PutObject",
                "Resource": f"arn:aws:s3:::{bucket}/AWSLogs/{self.id}/*",
                "Condition": {
                    "StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", **source}
                },
            },
        ]
        policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
        self.client("s3").put_bucket_policy(Bucket=bucket, Policy=policy)
        return bucket

    def create_trail(self, name: str = "audit", **selectors: Any) -> None:
        """Creates a trail with these selectors and starts its logging."""
        cloudtrail = self.client("cloudtrail")
        cloudtrail.create_trail(Name=name, S3BucketName=self.create_log_bucket(name))
        cloudtrail.put_event_selectors(TrailName=name, **selectors)
        cloudtrail.start_logging(Name=name)

    def create_inbox(self, pattern: dict[str, Any], region: str = REGION) -> Inbox:
        sqs = self.client("sqs", region)
        url = sqs.create_queue(QueueName="inbox")["QueueUrl"]
        arn = f"arn:aws:sqs:{region}:{self.id}:inbox"
        events = self.client("events", region)
        events.put_rule(Name="inbox", EventPattern=json.dumps(pattern))
        events.put_targets(Rule="inbox", Targets=[{"Id": "queue", "Arn": arn}])
        return Inbox(sqs, url)

    def create_machine(
        self, definition: str = PASS, name: str = "machine", may: Sequence[str] = (), **options: Any
    ) -> str:
        """Creates a state machine and its role, which may do these actions."""
        created = self.client("stepfunctions").create_state_machine(
            name=name,
            definition=definition,
            roleArn=self.create_role("machine", "states", *may),
            **options,
        )
        return str(created["stateMachineArn"])

    def target(self, machine: str = "machine", **more: Any) -> dict[str, Any]:
        """A target for a rule: the state machine of that name, which need not exist. Its role may
        start any."""
        return {
            "Id": "machine",
            "Arn": f"arn:aws:states:{REGION}:{self.id}:stateMachine:{machine}",
            "RoleArn": self.create_role("events", "events", "states:StartExecution"),
            **more,
        }


def select_writes(*starts: str) -> list[dict[str, Any]]:
    """Advanced selectors for writes to objects whose ARN starts so."""
    fields = [
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
        {"Field": "readOnly", "Equals": ["false"]},
        {"Field": "resources.ARN", "StartsWith": list(starts)},
    ]
    return [{"Name": "writes", "FieldSelectors": fields}]
