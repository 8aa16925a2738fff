"""Whole outputs, as a user sees them: 80 columns, no colour."""

from __future__ import annotations

import json
import re
from textwrap import dedent

from pipelines import machine, pipeline_config
from sfnctl_script import Sfnctl, normalize

from sfn_s3_cli.aws.client import Aws


def test_plan_shows_what_the_first_deploy_creates(project: Sfnctl, account: str) -> None:
    assert normalize(project("plan").out, account) == dedent("""\
          + log_bucket          sfnctl-trail-111122223333-us-east-1-an  keeps log files for 7 days
          + log_group           /aws/vendedlogs/states/orders  keeps logs for 30 days
          + queue               sfnctl-orders-dlq  keeps events for 14 days
          + role                sfnctl-orders-us-east-1-events  for events.amazonaws.com, one statement: states
          + role                sfnctl-orders-us-east-1-states  for states.amazonaws.com, one statement: logs
          + rule                sfnctl-orders-cloudtrail  s3://orders-111122223333, key prefix "incoming/"
          + state_machine       orders  STANDARD, 1 state without calls
          + trail               sfnctl  writes log files to sfnctl-trail-111122223333-us-east-1-an
          + event_selector      orders  trail sfnctl logs s3://orders-111122223333/incoming/
          + target              sfnctl-orders-cloudtrail  starts orders:live, failed events to sfnctl-orders-dlq
        Note: CloudTrail delivers an event some seconds to a few minutes after the upload.
        Plan: 10 to create, 0 to change, 0 to remove. Fingerprint 0123456789ab.
        """)  # noqa: E501


def test_plan_shows_changed_fields_inside_json(project: Sfnctl, account: str) -> None:
    project("deploy", "--yes")
    changed = pipeline_config(account, trigger={"prefix": ["incoming/", "up/"], "enabled": False})
    project.write("sfnctl.yaml", changed)
    definition = {"StartAt": "Hello", "States": {"Hello": {"Type": "Succeed"}}}
    project.write("workflow.asl.json", json.dumps(definition))
    assert normalize(project("plan").out, account) == dedent("""\
          ~ state_machine       orders
              - definition.States.Hello.End: true
              ~ definition.States.Hello.Type: "Pass" -> "Succeed"
          ~ event_selector      orders
              + selector.FieldSelectors[2].StartsWith[1]: "arn:aws:s3:::orders-111122223333/up/"
          ~ rule                sfnctl-orders-cloudtrail
              ~ enabled: true -> false
              + pattern.detail.requestParameters.key[1].prefix: "up/"
        Note: Trail sfnctl logs the data events of bucket orders-111122223333 although the \
trigger is disabled, and AWS bills them.
        Note: The trigger is disabled (`trigger.enabled: false`): no upload starts an execution.
        Plan: 0 to create, 3 to change, 0 to remove. Fingerprint 0123456789ab.
        """)


def test_deploy_prints_results_to_stdout_and_progress_to_stderr(
    project: Sfnctl, account: str
) -> None:
    project.write("sfnctl.yaml", pipeline_config(account, trigger={"via": "s3"}))
    ended = project("deploy", "--yes")
    assert normalize(ended.out, account) == dedent("""\
          + log_group           /aws/vendedlogs/states/orders  keeps logs for 30 days
          + queue               sfnctl-orders-dlq  keeps events for 14 days
          + role                sfnctl-orders-us-east-1-events  for events.amazonaws.com, one statement: states
          + role                sfnctl-orders-us-east-1-states  for states.amazonaws.com, one statement: logs
          + bucket_notification orders  EventBridge on for orders-111122223333
          + rule                sfnctl-orders-s3  s3://orders-111122223333, every key
          + state_machine       orders  STANDARD, 1 state without calls
          + target              sfnctl-orders-s3  starts orders:live, failed events to sfnctl-orders-dlq
        Note: AWS takes about five minutes until the bucket's events reach EventBridge.
        Plan: 8 to create, 0 to change, 0 to remove. Fingerprint 0123456789ab.
        Deployed orders: 8 created.
        """)  # noqa: E501
    names = [re.match(r"  \+ \w+ +\S+", line) for line in ended.out.splitlines()[:8]]
    assert sorted(ended.err.splitlines()) == sorted(f"{name[0]}  created" for name in names if name)


def test_status_shows_what_drifted_and_what_is_missing(
    project: Sfnctl, aws: Aws, account: str
) -> None:
    project("deploy", "--yes")
    aws.events.disable_rule(Name="sfnctl-orders-cloudtrail")
    aws.logs.delete_log_group(logGroupName="/aws/vendedlogs/states/orders")
    ended = project("status", "--exit-code", code=3)
    assert normalize(ended.out, account) == dedent("""\
        ok        bucket              orders-111122223333
        ok        event_selector      orders
        ok        log_bucket          sfnctl-trail-111122223333-us-east-1-an
        missing   log_group           /aws/vendedlogs/states/orders
        ok        queue               sfnctl-orders-dlq
        ok        role                sfnctl-orders-us-east-1-events
        ok        role                sfnctl-orders-us-east-1-states
        drifted   rule                sfnctl-orders-cloudtrail  enabled
        ok        state_machine       orders
        ok        target              sfnctl-orders-cloudtrail
        ok        trail               sfnctl
        Note: The trigger is disabled on AWS (rule sfnctl-orders-cloudtrail), but enabled in the \
config: no upload starts an execution until the config is deployed.
        Dead letters: 0
        Executions: none yet
        """)


def test_watch_prints_a_line_for_each_change(project: Sfnctl, aws: Aws, account: str) -> None:
    project("deploy", "--yes")
    aws.s3.put_object(Bucket=f"orders-{account}", Key="incoming/\x1b[31ma\n.json", Body=b"x" * 1400)
    ended = project("watch-executions", "--since", "1m", "--count", "1", "--timeout", "60s")
    line = normalize(ended.out.splitlines()[-1], account)
    assert re.fullmatch(
        r"\d\d:\d\d:\d\d  SUCCEEDED  "
        r"s3://orders-111122223333/incoming/\\x1b\[31ma\\n\.json  1\.4 kB  PutObject by root  "
        r"\d+\.\ds  [0-9a-f_-]+",
        line,
    )


def test_watch_prints_executions_as_json(project: Sfnctl, aws: Aws, account: str) -> None:
    project("deploy", "--yes")
    aws.s3.put_object(Bucket=f"orders-{account}", Key="incoming/a.json", Body=b"{}")
    ended = project("watch-executions", "--object", "incoming/a.json", "-o", "json")
    document = ended.documents[-1]
    for changing in ("name", "arn", "started", "stopped"):
        assert isinstance(document.pop(changing), str)
    assert isinstance(document["object"].pop("time"), str)
    assert document == {
        "v": 1,
        "type": "execution",
        "status": "SUCCEEDED",
        "object": {
            "bucket": f"orders-{account}",
            "key": "incoming/a.json",
            "size": 2,
            "event": "PutObject",
            "requester": "root",
            "source_ip": "127.0.0.1",
            "via": "cloudtrail",
        },
    }


def test_plan_prints_changes_as_json(project: Sfnctl, account: str) -> None:
    project("deploy", "--yes")
    project.write("sfnctl.yaml", pipeline_config(account, state_machine=machine(tracing=True)))
    plan = project("plan", "--output", "json").document
    assert isinstance(plan.pop("fingerprint"), str)
    name = "sfnctl-orders-us-east-1-states"
    assert plan == {
        "v": 1,
        "type": "plan",
        "changes": [
            {
                "action": "update",
                "kind": "role",
                "name": name,
                "fields": [
                    {
                        "path": "policy.Statement[SfnctlTracing]",
                        "after": {
                            "Sid": "SfnctlTracing",
                            "Effect": "Allow",
                            "Action": [
                                "xray:GetSamplingRules",
                                "xray:GetSamplingTargets",
                                "xray:PutTelemetryRecords",
                                "xray:PutTraceSegments",
                            ],
                            "Resource": "*",
                        },
                    },
                ],
            },
            {
                "action": "update",
                "kind": "state_machine",
                "name": "orders",
                "fields": [{"path": "tracing", "before": False, "after": True}],
            },
        ],
        "conflicts": [],
        "kept": [],
        "again_after": None,
        "notes": [],
        "problems": [],
    }


def test_deploy_prints_one_json_document(project: Sfnctl) -> None:
    outcome = project("deploy", "--yes", "--output", "json").document
    assert (outcome["v"], outcome["type"]) == (1, "deploy")
    assert len(outcome["changes"]) == len(outcome["done"]) == 10
    assert outcome["failed"] == outcome["skipped"] == []


def test_deploy_without_a_terminal_needs_yes(project: Sfnctl) -> None:
    ended = project("deploy", code=2)
    assert ended.err == dedent("""\
        Error: cannot ask for confirmation: no terminal, or JSON output
        Hint: pass --yes to go ahead
        """)
    project("plan", "--exit-code", code=3)


def test_deploy_refuses_a_plan_that_was_not_reviewed(project: Sfnctl) -> None:
    reviewed = project("plan", "--output", "json").document["fingerprint"]
    ended = project("deploy", "--yes", "--expect", "0123456789ab", code=2)
    assert "not 0123456789ab" in ended.err
    project("deploy", "--yes", "--expect", reviewed)


def test_all_problems_of_a_config_are_shown(sfnctl: Sfnctl) -> None:
    sfnctl.write("sfnctl.yaml", "name: Orders\nbuckt: acme\nstate_machine: {}\n")
    ended = sfnctl("plan", code=2)
    assert ended.out == ""
    assert ended.err == dedent("""\
        sfnctl.yaml:1:1: the key 'bucket' is missing
            add it
        sfnctl.yaml:1:7: expected 1 to 40 lower-case letters, digits and hyphens, starting with a letter, found 'Orders'
        sfnctl.yaml:2:1: unknown key 'buckt'
            did you mean 'bucket'?
        sfnctl.yaml:3:1: the key 'definition' is missing
            add it
        Error: 4 problems in the configuration
        """)  # noqa: E501


def test_error_is_printed_as_json(sfnctl: Sfnctl) -> None:
    ended = sfnctl("plan", "--output", "json", code=2)
    assert ended.out == ""
    assert json.loads(ended.err) == {
        "v": 1,
        "type": "error",
        "message": "one problem in the configuration",
        "exit_code": 2,
        "problems": [
            {
                "code": "INVALID_CONFIG",
                "severity": "error",
                "message": "the file does not exist",
                "remedy": "`sfnctl init` writes one",
                "file": "sfnctl.yaml",
                "line": None,
                "column": None,
            }
        ],
    }


def test_short_options_share_one_hyphen(project: Sfnctl) -> None:
    ended = project("deploy", "-yvo", "json")
    assert ended.document["type"] == "deploy"
    assert '"type": "call"' in ended.err
    assert project("teardown", "-vy").err.count("GetCallerIdentity") == 1


def test_local_says_that_it_ignores_the_profile(project: Sfnctl) -> None:
    project.environ["SFNCTL_LOCAL"] = "1"
    assert project("plan", "--profile", "prod").err == PROFILE_NOTE
    project.environ["SFNCTL_PROFILE"] = "prod"
    assert project("status").err == PROFILE_NOTE
    assert project("local", "start").err == PROFILE_NOTE
    for command in (("local", "env"), ("schema",)):
        assert project(*command).err == ""


PROFILE_NOTE = "Note: --profile is ignored: the embedded cloud has no profiles.\n"


def test_verbose_shows_each_call(project: Sfnctl) -> None:
    shown = project("plan", "--verbose").err
    assert re.search(
        r"^events:DescribeRule \d\.\d\d\ds, ResourceNotFoundException$", shown, re.MULTILINE
    )
