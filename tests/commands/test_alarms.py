"""`alarms`: who hears of failures, through the installed script."""

from __future__ import annotations

from typing import Any

import pytest
from faults.rules import FAST, Rule, deny
from pipelines import pipeline_config
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import Aws

NOTHING = "Nothing to do.\n"


@pytest.fixture
def topic(aws: Aws) -> str:
    return str(aws.sns.create_topic(Name="alerts")["TopicArn"])


class Alarmed:
    """A project whose config has alarms."""

    def __init__(self, project: Sfnctl, account: str, topic: str) -> None:
        self.sfnctl, self.account, self.topic = project, account, topic

    def configure(self, *, trigger: dict[str, Any] | None = None, **settings: Any) -> None:
        config = pipeline_config(
            self.account, trigger=trigger or {}, alarms={"topic": self.topic, **settings}
        )
        self.sfnctl.write("sfnctl.yaml", config)

    def stop_watching(self) -> None:
        self.sfnctl.write("sfnctl.yaml", pipeline_config(self.account, trigger={}))


@pytest.fixture
def alarmed(project: Sfnctl, account: str, topic: str) -> Alarmed:
    alarmed = Alarmed(project, account, topic)
    alarmed.configure()
    return alarmed


def describe(aws: Aws) -> dict[str, Any]:
    found: Any = aws.cloudwatch.describe_alarms(AlarmNamePrefix="sfnctl-orders/")["MetricAlarms"]
    return {each["AlarmName"].partition("/")[2]: each for each in found}


def test_alarms_are_made_changed_and_removed(alarmed: Alarmed, aws: Aws, account: str) -> None:
    sfnctl = alarmed.sfnctl
    sfnctl("deploy", "--yes")
    alarms = describe(aws)
    watched = {
        name: (each["Namespace"], each["MetricName"], each["Dimensions"], each["Statistic"])
        for name, each in alarms.items()
    }
    machine = f"arn:aws:states:us-east-1:{account}:stateMachine:orders"
    of_machine = [{"Name": "StateMachineArn", "Value": machine}]
    assert watched == {
        "executions-failed": ("AWS/States", "ExecutionsFailed", of_machine, "Sum"),
        "executions-timed-out": ("AWS/States", "ExecutionsTimedOut", of_machine, "Sum"),
        "execution-throttled": ("AWS/States", "ExecutionThrottled", of_machine, "Sum"),
        "dead-letters": (
            "AWS/SQS",
            "ApproximateNumberOfMessagesVisible",
            [{"Name": "QueueName", "Value": "sfnctl-orders-dlq"}],
            "Maximum",
        ),
        "failed-invocations-cloudtrail": (
            "AWS/Events",
            "FailedInvocations",
            [{"Name": "RuleName", "Value": "sfnctl-orders-cloudtrail"}],
            "Sum",
        ),
    }
    for name, alarm in alarms.items():
        missing = "ignore" if name == "dead-letters" else "notBreaching"
        assert (alarm["AlarmActions"], alarm["TreatMissingData"]) == ([alarmed.topic], missing)
        assert (alarm["Threshold"], alarm["Period"], alarm["EvaluationPeriods"]) == (1.0, 300, 1)
    assert sfnctl("plan").out == NOTHING
    alarmed.configure(thresholds={"dead_letters": 10})
    assert sfnctl("plan").out.partition(" Fingerprint")[0] == CHANGED
    sfnctl("deploy", "--yes")
    assert describe(aws)["dead-letters"]["Threshold"] == 10
    alarmed.stop_watching()
    assert sfnctl("plan").out.partition(" Fingerprint")[0] == REMOVED
    sfnctl("deploy", "--yes")
    assert describe(aws) == {}
    alarmed.configure()
    sfnctl("deploy", "--yes")
    sfnctl("teardown", "--yes")
    assert describe(aws) == {}


CHANGED = """\
  ~ alarm               sfnctl-orders/dead-letters
      ~ threshold: 1 -> 10
Plan: 0 to create, 1 to change, 0 to remove."""
REMOVED = """\
  - alarm               sfnctl-orders/dead-letters
  - alarm               sfnctl-orders/execution-throttled
  - alarm               sfnctl-orders/executions-failed
  - alarm               sfnctl-orders/executions-timed-out
  - alarm               sfnctl-orders/failed-invocations-cloudtrail
Plan: 0 to create, 0 to change, 5 to remove."""


def test_a_plan_says_what_an_alarm_watches(alarmed: Alarmed) -> None:
    lines = alarmed.sfnctl("plan", "--detail", "full").out.splitlines()
    start = lines.index("  + alarm               sfnctl-orders/executions-failed")
    assert "\n".join(lines[start + 1 : start + 20]).partition("\n  + ")[0] == CONTENT.format(
        topic=alarmed.topic
    )
    summary = alarmed.sfnctl("plan", "--detail", "summary").out
    assert "sfnctl-orders/dead-letters  ApproximateNumberOfMessagesVisible >= 1 in 5 min" in summary
    alarmed.configure(evaluation_periods=3, datapoints_to_alarm=2, period=60)
    summary = alarmed.sfnctl("plan", "--detail", "summary").out
    assert "failed  ExecutionsFailed >= 1 in 2 of 3 periods of 1 min\n" in summary
    document = alarmed.sfnctl("plan", "--output", "json").document
    (alarm,) = (each for each in document["changes"] if each["name"].endswith("executions-failed"))
    fields = {each["path"]: each["after"] for each in alarm["fields"]}
    assert (fields["statistic"], fields["period"], fields["datapoints_to_alarm"]) == ("Sum", 60, 2)


CONTENT = """\
      description: Executions of orders failed.
      threshold: ExecutionsFailed >= 1 in 5 min
      actions: ALARM: {topic}"""


def test_an_alarm_changed_by_hand_has_drifted(alarmed: Alarmed, aws: Aws) -> None:
    sfnctl = alarmed.sfnctl
    sfnctl("deploy", "--yes")
    aws.cloudwatch.disable_alarm_actions(AlarmNames=["sfnctl-orders/executions-failed"])
    aws.cloudwatch.delete_alarms(AlarmNames=["sfnctl-orders/dead-letters"])
    shown = sfnctl("status", "--exit-code", code=3).out
    assert [line for line in shown.splitlines() if " alarm " in line] == [
        "missing   alarm               sfnctl-orders/dead-letters",
        "ok        alarm               sfnctl-orders/execution-throttled",
        "drifted   alarm               sfnctl-orders/executions-failed  actions_enabled",
        "ok        alarm               sfnctl-orders/executions-timed-out",
        "ok        alarm               sfnctl-orders/failed-invocations-cloudtrail",
    ]
    sfnctl("deploy", "--yes")
    assert sfnctl("plan").out == NOTHING


def test_an_alarm_of_somebody_else_is_adopted_or_left(alarmed: Alarmed, aws: Aws) -> None:
    theirs: Any = {
        "AlarmName": "sfnctl-orders/executions-failed",
        "Namespace": "AWS/Lambda",
        "MetricName": "Errors",
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanThreshold",
        "Tags": [{"Key": "team", "Value": "theirs"}],
    }
    aws.cloudwatch.put_metric_alarm(**theirs)
    aws.cloudwatch.put_composite_alarm(AlarmName="sfnctl-orders/dead-letters", AlarmRule="TRUE")
    refused = alarmed.sfnctl("deploy", "--yes", "--adopt", code=1).err
    assert "sfnctl-orders/dead-letters is a composite alarm" in refused
    aws.cloudwatch.delete_alarms(AlarmNames=["sfnctl-orders/dead-letters"])
    refused = alarmed.sfnctl("deploy", "--yes", code=1).err
    assert "sfnctl-orders/executions-failed already exists, without sfnctl's tags" in refused
    assert describe(aws)["executions-failed"]["MetricName"] == "Errors"
    alarmed.sfnctl("deploy", "--yes", "--adopt")
    found = describe(aws)["executions-failed"]
    assert found["MetricName"] == "ExecutionsFailed"
    tags = aws.cloudwatch.list_tags_for_resource(ResourceARN=found["AlarmArn"])["Tags"]
    assert {tag["Key"] for tag in tags} == {"team", "sfnctl:pipeline", "sfnctl:managed"}


def test_teardown_keeps_what_a_composite_alarm_needs(alarmed: Alarmed, aws: Aws) -> None:
    alarmed.sfnctl("deploy", "--yes")
    rule = 'ALARM("sfnctl-orders/executions-failed")'
    aws.cloudwatch.put_composite_alarm(AlarmName="theirs", AlarmRule=rule)
    shown = alarmed.sfnctl("teardown", "--yes")
    kept = "alarm sfnctl-orders/executions-failed: it is part of composite alarms: theirs"
    assert kept in shown.out + shown.err
    assert [*describe(aws)] == ["executions-failed"]
    aws.cloudwatch.delete_alarms(AlarmNames=["theirs"])
    alarmed.sfnctl("teardown", "--yes")
    assert describe(aws) == {}


def test_a_topic_that_notifies_nobody_is_noted(alarmed: Alarmed, aws: Aws) -> None:
    attributes = {"KmsMasterKeyId": "alias/aws/sns"}
    encrypted = str(aws.sns.create_topic(Name="secret", Attributes=attributes)["TopicArn"])
    alarmed.topic = f"{alarmed.topic}-x"
    alarmed.configure()
    missing = f"The topic {alarmed.topic} does not exist, so the alarms notify nobody."
    assert alarmed.sfnctl("plan").out.count(missing) == 1
    alarmed.sfnctl("deploy", "--yes")
    assert alarmed.sfnctl("status").out.count(missing) == 1
    alarmed.topic = encrypted
    alarmed.configure()
    assert f"The topic {encrypted} is encrypted with alias/aws/sns" in alarmed.sfnctl("plan").out
    aws.sns.set_topic_attributes(
        TopicArn=encrypted, AttributeName="KmsMasterKeyId", AttributeValue="alias/own"
    )
    assert "The policy of alias/own must let cloudwatch" in alarmed.sfnctl("plan").out


def test_a_topic_that_may_not_be_read_is_noted(alarmed: Alarmed) -> None:
    denied = Rule(
        do="error",
        service="sns",
        operation="GetTopicAttributes",
        code="AuthorizationError",
        message="No.",
        status=403,
    )
    with alarmed.sfnctl.with_faults(denied):
        noted = f"whether alarms can notify the topic {alarmed.topic} (AuthorizationError: No.)"
        assert noted in alarmed.sfnctl("plan").out
    alarmed.sfnctl("deploy", "--yes")


def test_the_old_rule_keeps_its_alarm_with_it(alarmed: Alarmed, aws: Aws) -> None:
    alarmed.sfnctl("deploy", "--yes")
    alarmed.configure(trigger={"via": "s3"})
    alarmed.sfnctl("deploy", "--yes")
    watched = {name for name in describe(aws) if name.startswith("failed-invocations")}
    assert watched == {"failed-invocations-cloudtrail", "failed-invocations-s3"}
    assert aws.events.describe_rule(Name="sfnctl-orders-cloudtrail")
    shown = alarmed.sfnctl("status").out
    (kept,) = [line for line in shown.splitlines() if "failed-invocations-cloudtrail" in line]
    assert kept.startswith("kept ")


def test_a_pipeline_without_alarms_asks_for_them_once(project: Sfnctl) -> None:
    calls = project("plan", "--verbose").err
    assert calls.count("cloudwatch:") == calls.count("cloudwatch:DescribeAlarms") == 1
    assert "sns:" not in calls


NOT_SEARCHED = (
    "Not checked: whether CloudWatch has alarms that an earlier config of this pipeline asked for"
)


def test_without_alarms_nothing_needs_cloudwatch(project: Sfnctl) -> None:
    """A policy that was printed before, or a network without an endpoint for CloudWatch."""
    deny_all = deny("DescribeAlarms", "cloudwatch:DescribeAlarms")
    for rule in (deny_all, Rule(do="reset", operation="DescribeAlarms", times=None)):
        with project.with_faults(rule, FAST):
            assert project("plan").out.count(f"Note: {NOT_SEARCHED} (") == 1
            assert NOT_SEARCHED in project("deploy", "--yes").out
            assert project("status", "--exit-code").out.count(f"Note: {NOT_SEARCHED} (") == 1
            assert project("teardown", "--dry-run").out.count(f"Note: {NOT_SEARCHED} (") == 1
            assert project("teardown", "--yes").out.endswith("Tore down orders: 10 removed.\n")
            ended = project("teardown", "--yes")
            assert ended.err.count(NOT_SEARCHED) == 1


def test_alarms_of_the_config_must_be_readable(alarmed: Alarmed) -> None:
    denied = deny("DescribeAlarms", "cloudwatch:DescribeAlarms")
    with alarmed.sfnctl.with_faults(denied):
        for command in (("plan",), ("deploy", "--yes"), ("teardown", "--yes")):
            assert "lack cloudwatch:DescribeAlarms" in alarmed.sfnctl(*command, code=1).err
