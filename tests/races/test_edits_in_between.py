"""Somebody else changes AWS between our read and our change: nothing is lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from faults.rules import FAST, Rule, edit
from pipelines import THEIRS, pipeline_config
from reliability_figures import count
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.iam.policies import document

LOGS = "logs = f'sfnctl-trail-{aws.place.account}-us-east-1-an'\n"
JOIN = f"""\
put, ask = aws.cloudtrail.put_event_selectors, aws.cloudtrail.get_event_selectors
standing = ask(TrailName='sfnctl')['AdvancedEventSelectors']
joining = {{**{THEIRS!r}, 'Name': 'sfnctl:invoices'}}
put(TrailName='sfnctl', AdvancedEventSelectors=[*standing, joining])
aws.cloudtrail.start_logging(Name='sfnctl')
"""


@pytest.fixture(autouse=True)
def counted(request: pytest.FixtureRequest) -> Any:
    yield
    count("races: an edit in between", 1, lost=request.session.testsfailed > 0)


def test_notifications_added_meanwhile_are_kept(project: Sfnctl, aws: Aws, account: str) -> None:
    project.write("sfnctl.yaml", pipeline_config(account, trigger={"via": "s3"}))
    theirs: Any = {
        "Id": "theirs",
        "TopicArn": f"arn:aws:sns:us-east-1:{account}:theirs",
        "Events": ["s3:ObjectRemoved:*"],
    }
    configuration: Any = {"TopicConfigurations": [theirs]}
    put = (
        "aws.s3.put_bucket_notification_configuration(Bucket=f'orders-{aws.place.account}',"
        f" NotificationConfiguration={configuration!r}, SkipDestinationValidation=True)"
    )
    with project.with_faults(edit(aws, put, operation="TagRole")):  # which comes right before ours
        project("deploy", "--yes")
    ask = aws.s3.get_bucket_notification_configuration
    found = ask(Bucket=f"orders-{account}")
    assert found["TopicConfigurations"] == [theirs]
    assert "EventBridgeConfiguration" in found
    project("teardown", "--yes")
    found = ask(Bucket=f"orders-{account}")
    assert found["TopicConfigurations"] == [theirs]
    assert "EventBridgeConfiguration" not in found


def test_a_statement_added_to_the_log_bucket_is_kept(
    project: Sfnctl, aws: Aws, account: str
) -> None:
    project("deploy", "--yes")
    logs = f"sfnctl-trail-{account}-us-east-1-an"
    aws.s3.delete_bucket_policy(Bucket=logs)
    theirs = {
        "Sid": "Theirs",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutBucketAcl",
        "Resource": f"arn:aws:s3:::{logs}",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [theirs]})
    python = LOGS + f"aws.s3.put_bucket_policy(Bucket=logs, Policy={policy!r})"
    # The first GetBucketPolicy is for the plan, the second for the change.
    with project.with_faults(edit(aws, python, operation="GetBucketPolicy", after=True)):
        project("deploy", "--yes")
    statements = json.loads(aws.s3.get_bucket_policy(Bucket=logs)["Policy"])["Statement"]
    assert theirs in statements
    assert len(statements) == 4


def test_a_pipeline_that_joins_during_teardown_keeps_the_trail(
    project: Sfnctl, aws: Aws, account: str
) -> None:
    project("deploy", "--yes")
    with project.with_faults(edit(aws, JOIN, operation="GetEventSelectors", after=True)):
        ended = project("teardown", "--yes")
    assert_held_for_invoices(aws)
    assert "Kept trail sfnctl: other pipelines use it: invoices.\n" in ended.out
    assert "Kept log_bucket" in ended.out


def test_a_pipeline_that_joins_a_stopped_trail_restarts_it(
    project: Sfnctl, aws: Aws, account: str
) -> None:
    project("deploy", "--yes")
    with project.with_faults(edit(aws, JOIN, operation="StopLogging")):
        project("teardown", "--yes")
    assert_held_for_invoices(aws)


def assert_held_for_invoices(aws: Aws) -> None:
    """Asserts that the trail logs only for `invoices`."""
    (left,) = aws.cloudtrail.get_event_selectors(TrailName="sfnctl")["AdvancedEventSelectors"]
    assert left["Name"] == "sfnctl:invoices"
    assert aws.cloudtrail.get_trail_status(Name="sfnctl")["IsLogging"]


def test_a_trail_that_vanishes_after_joining_is_recreated(project: Sfnctl, aws: Aws) -> None:
    """The other pipeline removes the trail that we just joined."""
    remove = LOGS + "aws.cloudtrail.delete_trail(Name='sfnctl')\naws.s3.delete_bucket(Bucket=logs)"
    with project.with_faults(edit(aws, remove, operation="StartLogging", after=True)):
        ended = project("deploy", "--yes")
    assert "Missing, or removed since:" in ended.err
    assert project("plan", "--exit-code").out == "Nothing to do.\n"


def test_a_policy_added_to_a_role_during_teardown_keeps_it(project: Sfnctl, aws: Aws) -> None:
    project("deploy", "--yes")
    policy = json.dumps(document({"Effect": "Deny", "Action": "*", "Resource": "*"}))
    put = (
        "aws.iam.put_role_policy(RoleName='sfnctl-orders-us-east-1-events',"
        f" PolicyName='theirs', PolicyDocument={policy!r})"
    )
    with project.with_faults(FAST, edit(aws, put, changes=True)):
        ended = project("teardown", "--yes", code=4)
    assert "detach the policies of others, and run again" in ended.err
    assert "Kept role" in project("teardown", "--yes").out


def test_a_target_added_to_a_rule_during_teardown_keeps_it(project: Sfnctl, aws: Aws) -> None:
    project("deploy", "--yes")
    put = (
        "queue = aws.place.arn('sqs', 'theirs')\n"
        "theirs = {'Id': 'theirs', 'Arn': queue}\n"
        "aws.events.put_targets(Rule='sfnctl-orders-cloudtrail', Targets=[theirs])"
    )
    with project.with_faults(FAST, edit(aws, put, operation="RemoveTargets")):
        ended = project("teardown", "--yes", code=4)
    assert "remove the targets that others added, and run again" in ended.err
    assert "Kept rule" in project("teardown", "--yes").out


def test_objects_that_arrive_during_teardown_keep_the_bucket(
    project: Sfnctl, aws: Aws, account: str
) -> None:
    project("deploy", "--yes")
    put = LOGS + "aws.s3.put_object(Bucket=logs, Key='AWSLogs/late.json.gz')"
    with project.with_faults(edit(aws, put, operation="DeleteTrail")):
        ended = project("teardown", "--yes")
    kept = f"Kept log_bucket sfnctl-trail-{account}-us-east-1-an: it holds 1 object (0 B)"
    assert f"{kept} besides" in ended.out


def test_an_event_that_fails_during_teardown_keeps_the_queue(project: Sfnctl, aws: Aws) -> None:
    project("deploy", "--yes")
    send = (
        "url = aws.sqs.get_queue_url(QueueName='sfnctl-orders-dlq')['QueueUrl']\n"
        "aws.sqs.send_message(QueueUrl=url, MessageBody='{}')"
    )
    with project.with_faults(edit(aws, send, operation="RemoveTargets")):
        ended = project("teardown", "--yes")
    kept = "Kept queue sfnctl-orders-dlq: it holds about 1 dead letter (`sfnctl"
    assert kept in ended.out


def test_a_tag_added_to_the_bucket_meanwhile_is_kept(
    project: Sfnctl, aws: Aws, account: str
) -> None:
    created = {"name": f"made-{account}", "create": True}
    project.write("sfnctl.yaml", pipeline_config(account, bucket=created))
    project("deploy", "--yes")
    project.write("sfnctl.yaml", pipeline_config(account, bucket=created, tags={"team": "data"}))
    tag = (
        "name = f'made-{aws.place.account}'\n"
        "tags = aws.s3.get_bucket_tagging(Bucket=name)['TagSet']\n"
        "tags.append({'Key': 'theirs', 'Value': '1'})\n"
        "aws.s3.put_bucket_tagging(Bucket=name, Tagging={'TagSet': tags})"
    )
    busy = Rule(
        do="error",
        service="s3control",
        operation="TagResource",
        code="OperationAborted",
        message="A conflicting conditional operation is currently in progress",
        status=409,
    )
    with project.with_faults(edit(aws, tag, service="s3control"), busy):
        project("deploy", "--yes")
    tags = aws.s3.get_bucket_tagging(Bucket=f"made-{account}")["TagSet"]
    assert {"theirs", "team"} <= {each["Key"] for each in tags}


def test_a_resource_that_appears_under_our_name_is_left_alone(project: Sfnctl, aws: Aws) -> None:
    create = "aws.logs.create_log_group(logGroupName='/aws/vendedlogs/states/orders')"
    with project.with_faults(FAST, edit(aws, create, operation="CreateLogGroup")):
        ended = project("deploy", "--yes", code=4)
    assert "it was created in the meantime and already exists, without sfnctl's tags" in ended.err
    group = aws.logs.describe_log_groups(logGroupNamePrefix="/aws/vendedlogs/states/orders")
    assert "retentionInDays" not in group["logGroups"][0]
