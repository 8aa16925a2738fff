"""What a plan says of the resources that it creates, changes and adopts."""

from __future__ import annotations

import json
import re
from textwrap import dedent
from typing import Any

import pytest
from pipelines import machine, pipeline_config
from sfnctl_script import Sfnctl, normalize

from sfn_s3_cli.aws.client import Aws

QUEUE_URL = "https://sqs.us-east-1.amazonaws.com/111122223333/done"
WORKFLOW = {
    "QueryLanguage": "JSONata",
    "StartAt": "Größe",
    "States": {
        "Größe": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:s3:headObject",
            "Arguments": {"Bucket": "acme", "Key": "a"},
            "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 2}],
            "Next": "Send",
        },
        "Send": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage",
            "Arguments": {"QueueUrl": QUEUE_URL, "MessageBody": "done"},
            "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 2}],
            "End": True,
        },
    },
}


def write(project: Sfnctl, account: str, **changes: Any) -> None:
    settings = {"trigger": {"via": "s3", "prefix": ["in/", "größe, 2/"]}, **changes}
    project.write("sfnctl.yaml", pipeline_config(account, **settings))


def test_terminal_shows_all_of_a_new_resource(project: Sfnctl, account: str) -> None:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme/*"}
    write(
        project,
        account,
        state_machine=machine(role={"statements": [{"Sid": "Mine", **statement}]}),
        tags={"team": "data"},
    )
    project.write("workflow.asl.json", json.dumps(WORKFLOW))
    shown = project.show_on_terminal("plan", columns=90)
    assert normalize(shown, account) == FULL
    assert project("plan", "--detail", "full").out != shown, "nothing breaks the lines of a pipe"
    unbroken = re.sub(r"\n {10,}", " ", normalize(project("plan", "--detail", "full").out, account))
    assert unbroken.split() == FULL.split()
    names = re.sub(r"^( {6}.*|.*Fingerprint.*)\n", "", FULL, flags=re.MULTILINE)
    assert project("plan", "--detail", "none").out.startswith(names)


def test_json_has_all_whatever_the_detail(project: Sfnctl) -> None:
    outputs = {project("plan", "-o", "json", "--detail", each).out for each in ("none", "full")}
    (output,) = outputs
    changes = {each["kind"]: each["fields"] for each in json.loads(output)["changes"]}
    paths = {field["path"] for field in changes["queue"]}
    assert paths == {"kms_key", "policy.Statement", "policy.Version", "retention_seconds"}
    assert "definition.States.Hello.Type" in {each["path"] for each in changes["state_machine"]}
    assert "pattern.detail.eventName" in {each["path"] for each in changes["rule"]}


def test_long_values_that_change_are_readable(project: Sfnctl, account: str) -> None:
    project("deploy", "--yes")
    changed = pipeline_config(
        account,
        trigger={"prefix": "incoming/", "input": "object"},
        state_machine=machine(tracing=True),
    )
    project.write("sfnctl.yaml", changed)
    assert normalize(project("plan").out, account) == dedent("""\
          ~ pinned_target       sfnctl-orders-cloudtrail
              ~ arn:
                  - "arn:aws:states:us-east-1:111122223333:stateMachine:orders:live"
                  + "arn:aws:states:us-east-1:111122223333:stateMachine:orders:1"
          ~ role                sfnctl-orders-us-east-1-states
              + policy.Statement[SfnctlTracing]:
                  Allow xray:GetSamplingRules, xray:GetSamplingTargets, xray:PutTelemetryRecords, xray:PutTraceSegments on *
          ~ state_machine       orders
              ~ tracing: false -> true
          ~ target              sfnctl-orders-cloudtrail
              ~ input_transformer:
                  - null
                  + InputPathsMap:
                      object: $.detail.requestParameters
                      event: $.detail.eventName
                      time: $.time
                    InputTemplate: {"bucket": "orders-111122223333", "object": <object>, "event": <event>, "time": <time>, "via": "cloudtrail"}
        Note: The target of rule sfnctl-orders-cloudtrail starts version 1 with the old input until `live` has moved.
        Plan: 0 to create, 4 to change, 0 to remove. Fingerprint 0123456789ab.
        """)  # noqa: E501


@pytest.mark.parametrize("command", [("plan",), ("deploy", "--yes")], ids=lambda words: words[0])
def test_warnings_are_shown_but_no_more_than_ten(
    project: Sfnctl, account: str, command: tuple[str, ...]
) -> None:
    prefixes = [f"/{number:02}/" for number in range(12)]
    write(project, account, trigger={"via": "s3", "prefix": prefixes})
    project.environ["GITHUB_ACTIONS"] = "true"
    ended = project(*command)
    shown = [line for line in ended.err.splitlines() if "  created" not in line]
    annotations = [line for line in shown if line.startswith("::warning file=sfnctl.yaml,")]
    lines = [line for line in shown if line not in annotations]
    assert len(annotations) == 12
    place = lines[0].partition(": ")[0]
    assert lines[0] == (
        f"{place}: warning: keys rarely begin with a slash, but '/00/' requires one [PREFIX_SLASH]"
    )
    assert lines[1] == "    write '00/'"
    assert lines[19:] == ["    write '09/'", "2 more warnings: see `sfnctl validate`"]
    assert "PREFIX_SLASH" not in ended.out
    document = project("plan", "--output", "json").document
    assert [each["code"] for each in document["problems"]] == ["PREFIX_SLASH"] * 12


def test_what_matters_fits_on_a_narrow_terminal(project: Sfnctl, account: str) -> None:
    write(project, account, alarms={"topic": f"arn:aws:sns:us-east-1:{account}:ops"})
    shown = normalize(project.show_on_terminal("plan", columns=60), account)
    assert not [line for line in shown.splitlines() if len(line) > 60]
    before, first, alarms = shown.partition("  + alarm ")
    assert before.startswith("  + log_group ")
    assert "  + target " in before
    unbroken = alarms.replace("Fingerprint\n    ", "Fingerprint ")
    assert first + normalize(unbroken, account) == ALARMS


def test_notes_with_the_same_remedy_are_one(project: Sfnctl, account: str) -> None:
    call: dict[str, Any] = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": "{% $uuid() %}"},
        "Retry": [{"ErrorEquals": ["States.ALL"]}],
    }
    names = [f"S{number:02}" for number in range(13)]
    following: list[dict[str, Any]] = [*({"Next": name} for name in names[1:]), {"End": True}]
    states = {name: call | then for name, then in zip(names, following, strict=True)}
    definition = {"QueryLanguage": "JSONata", "StartAt": "S00", "States": states}
    project.write("workflow.asl.json", json.dumps(definition, indent=1))
    notes = re.findall("(?m)^Note: workflow.*\n(?: .*\n)*", project("plan").out)
    assert notes == [SAME]
    assert len(project("plan", "--output", "json").document["problems"]) == 13


def test_adopting_says_what_it_means(project: Sfnctl, aws: Aws, account: str) -> None:
    name = f"precious-{account}"
    aws.s3.create_bucket(Bucket=name)
    tags: Any = [{"Key": "team", "Value": "ops"}, {"Key": "theirs", "Value": "1"}]
    aws.s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": tags})
    aws.s3.delete_public_access_block(Bucket=name)
    aws.logs.create_log_group(logGroupName="/aws/vendedlogs/states/orders")
    created = {"bucket": {"name": name, "create": True}, "tags": {"team": "data"}}
    write(project, account, **created)
    refused = project("plan", "--output", "json", code=1).document
    adopted = project("plan", "--adopt", "--output", "json").document
    assert refused["fingerprint"] != adopted["fingerprint"]
    assert [each["name"] for each in adopted["changes"] if each.get("adopts")] == [
        name,
        "/aws/vendedlogs/states/orders",
    ]
    shown = normalize(project("plan", "--adopt").out, account)
    lines = [each for each in shown.splitlines(keepends=True) if not each.startswith("  +")]
    assert "".join(lines) == ADOPTION
    project("deploy", "--yes", "--adopt", "--expect", refused["fingerprint"], code=2)
    project("deploy", "--yes", "--adopt", "--expect", adopted["fingerprint"])


def test_own_tags_are_in_no_plan(project: Sfnctl, aws: Aws, account: str) -> None:
    created = project("plan", "--detail", "full").out + project("plan", "-o", "json").out
    assert "sfnctl:pipeline" not in created
    project("deploy", "--yes")
    role = "sfnctl-orders-us-east-1-states"
    aws.iam.untag_role(RoleName=role, TagKeys=["sfnctl:statements"])
    assert normalize(project("plan").out, account) == dedent("""\
          ~ role                sfnctl-orders-us-east-1-states
              ~ sfnctl's own tags
        Plan: 0 to create, 1 to change, 0 to remove. Fingerprint 0123456789ab.
        """)
    assert f"drifted   role                {role}  sfnctl's own tags\n" in project("status").out
    project.write("sfnctl.yaml", pipeline_config(account, tags={"team": "data"}))
    tagged = project("plan").out
    assert tagged.count('      + tags.team: "data"\n') == 6
    assert "sfnctl:" not in tagged + project("plan", "-o", "json").out


def test_expected_deploy_can_run_again(project: Sfnctl, account: str) -> None:
    reviewed = project("plan", "--output", "json").document["fingerprint"]
    deploy = ("deploy", "--yes", "--expect", reviewed)
    project(*deploy)
    note = (
        f"Note: Plan {reviewed} was applied already, or is not of this config: nothing is left to"
        " review.\n"
    )
    again = project(*deploy)
    assert again.out == "Nothing to do for orders: AWS matches the config.\n"
    assert again.err == note
    assert project(*deploy, "--dry-run").out == "Nothing to do.\n"
    nothing = project("plan", "--output", "json").document["fingerprint"]
    assert project("deploy", "--yes", "--expect", nothing).err == ""
    project.write("sfnctl.yaml", pipeline_config(account, state_machine=machine(tracing=True)))
    assert f", not {reviewed}\n" in project(*deploy, code=2).err


FULL = """\
  + log_group           /aws/vendedlogs/states/orders
      retention_days: 30
      tags: team=data
  + queue               sfnctl-orders-dlq
      policy: Allow events.amazonaws.com: sqs:SendMessage on
          arn:aws:sqs:us-east-1:111122223333:sfnctl-orders-dlq if aws:SourceArn ArnEquals
          (arn:aws:events:us-east-1:111122223333:rule/sfnctl-orders-cloudtrail or
          arn:aws:events:us-east-1:111122223333:rule/sfnctl-orders-s3) and
          aws:SourceAccount StringEqualsIfExists 111122223333
      retention_seconds: 1209600 (14 days)
      tags: team=data
  + role                sfnctl-orders-us-east-1-events
      path: /
      trust: Allow events.amazonaws.com: sts:AssumeRole if aws:SourceAccount StringEquals
          111122223333 and aws:SourceArn ArnLike
          (arn:aws:events:us-east-1:111122223333:rule/sfnctl-orders-cloudtrail or
          arn:aws:events:us-east-1:111122223333:rule/sfnctl-orders-s3)
      policy: Allow states:StartExecution on
          arn:aws:states:us-east-1:111122223333:stateMachine:orders,
          arn:aws:states:us-east-1:111122223333:stateMachine:orders:live
      tags: team=data
  + role                sfnctl-orders-us-east-1-states
      path: /
      trust: Allow states.amazonaws.com: sts:AssumeRole if aws:SourceAccount StringEquals
          111122223333 and aws:SourceArn ArnLike
          arn:aws:states:us-east-1:111122223333:stateMachine:orders*
      policy:
        Allow s3:GetObject on arn:aws:s3:::acme/*
        Allow s3:GetObject on arn:aws:s3:::acme/a
        Allow sqs:SendMessage on arn:aws:sqs:us-east-1:111122223333:done
        Allow logs:CreateLogDelivery, logs:CreateLogStream, logs:DeleteLogDelivery,
            logs:DescribeLogGroups, logs:DescribeResourcePolicies, logs:GetLogDelivery,
            logs:ListLogDeliveries, logs:PutLogEvents, logs:PutResourcePolicy,
            logs:UpdateLogDelivery on *
      tags: team=data
  + bucket_notification orders
      eventbridge_on: orders-111122223333
  + rule                sfnctl-orders-s3
      pattern:
        source: "aws.s3"
        detail-type: "Object Created"
        detail.bucket.name: "orders-111122223333"
        detail.object.key: prefix "in/", prefix "größe, 2/"
      enabled: true
      description: Starts orders for objects of orders-111122223333.
      tags: team=data
  + state_machine       orders
      type: STANDARD
      definition:
        2 states, starts at Größe
        calls s3:headObject in Größe
        calls sqs:sendMessage in Send
      role_arn: arn:aws:iam::111122223333:role/sfnctl-orders-us-east-1-states
      log_level: ERROR
      log_group_arn:
          arn:aws:logs:us-east-1:111122223333:log-group:/aws/vendedlogs/states/orders
      log_data: false
      tracing: false
      live: newest version
      tags: team=data
  + target              sfnctl-orders-s3
      rule_arn: arn:aws:events:us-east-1:111122223333:rule/sfnctl-orders-s3
      arn: arn:aws:states:us-east-1:111122223333:stateMachine:orders:live
      role_arn: arn:aws:iam::111122223333:role/sfnctl-orders-us-east-1-events
      dead_letter_queue_arn: arn:aws:sqs:us-east-1:111122223333:sfnctl-orders-dlq
      retry_attempts: 185
      retry_max_age_seconds: 86400 (24 hours)
Note: AWS takes about five minutes until the bucket's events reach EventBridge.
Plan: 8 to create, 0 to change, 0 to remove. Fingerprint 0123456789ab.
"""
ALARMS = """\
  + alarm               sfnctl-orders/dead-letters
      description: The dead-letter queue sfnctl-orders-dlq
          holds events that started no execution.
      threshold: ApproximateNumberOfMessagesVisible >= 1 in
          5 min
      actions: ALARM: arn:aws:sns:us-east-1:111122223333:ops
  + alarm               sfnctl-orders/execution-throttled
      description: State transitions of orders were
          throttled.
      threshold: ExecutionThrottled >= 1 in 5 min
      actions: ALARM: arn:aws:sns:us-east-1:111122223333:ops
  + alarm               sfnctl-orders/executions-failed
      description: Executions of orders failed.
      threshold: ExecutionsFailed >= 1 in 5 min
      actions: ALARM: arn:aws:sns:us-east-1:111122223333:ops
  + alarm               sfnctl-orders/executions-timed-out
      description: Executions of orders timed out.
      threshold: ExecutionsTimedOut >= 1 in 5 min
      actions: ALARM: arn:aws:sns:us-east-1:111122223333:ops
  + alarm               sfnctl-orders/failed-invocations-s3
      description: Events of sfnctl-orders-s3 started no
          execution: EventBridge gave up on them.
      threshold: FailedInvocations >= 1 in 5 min
      actions: ALARM: arn:aws:sns:us-east-1:111122223333:ops
Warning: The topic arn:aws:sns:us-east-1:111122223333:ops
    does not exist, so the alarms notify nobody.
Note: AWS takes about five minutes until the bucket's events
    reach EventBridge.
Plan: 13 to create, 0 to change, 0 to remove. Fingerprint 0123456789ab.
"""
SAME = """\
Note: workflow.asl.json:7:16: the state 'S00' is allowed lambda:InvokeFunction on any resource, because `FunctionName` is computed at run time: write `FunctionName` literally, or allow lambda:InvokeFunction on specific resources under `role.statements`.
    The same at 12 other places: lines 22, 37, 52, 67, 82, 97, 112, 127, 142, 157 and 2 more
"""  # noqa: E501
ADOPTION = """\
  ~ bucket              precious-111122223333  adopted
      ~ public_access: "not blocked" -> "blocked"
      ~ tags.team: "ops" -> "data"
  ~ log_group           /aws/vendedlogs/states/orders  adopted
      ~ retention_days: null -> 30
      + tags.team: "data"
Warning: Adopting bucket precious-111122223333 makes it part of pipeline orders: `sfnctl teardown` will delete it if it is empty, and `sfnctl teardown --purge` with all that it holds.
Warning: Adopting bucket precious-111122223333 changes its settings: public_access: "not blocked" -> "blocked", tags.team: "ops" -> "data".
Warning: Adopting log_group /aws/vendedlogs/states/orders makes it part of pipeline orders: `sfnctl teardown` will delete it.
Warning: Adopting log_group /aws/vendedlogs/states/orders changes its settings: retention_days: null -> 30.
Note: AWS takes about five minutes until the bucket's events reach EventBridge.
Plan: 7 to create, 2 to change, 0 to remove. Fingerprint 0123456789ab.
"""  # noqa: E501
