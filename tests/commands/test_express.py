"""A pipeline of the type EXPRESS: it is validated, deployed, and watched through its log."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from faults.rules import deny
from pipelines import HELLO, create_role, machine, pipeline_config
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.clock import Quota
from sfn_s3_cli.executions.adaptive import AdaptiveSource
from sfn_s3_cli.executions.logs import Log, create_log_reader
from sfn_s3_cli.executions.model import Execution
from sfn_s3_cli.executions.poll import Poller
from sfn_s3_cli.executions.quotas import UNLIMITED
from sfn_s3_cli.executions.source import WatchOptions
from sfn_s3_cli.executions.watch import Watch
from sfn_s3_cli.iam.names import Names

WAITING = {
    "StartAt": "Ask",
    "States": {
        "Ask": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": {"QueueUrl": "q", "MessageBody.$": "$$.Task.Token"},
            "TimeoutSeconds": 60,
            "Retry": [{"ErrorEquals": ["States.ALL"]}],
            "End": True,
        }
    },
}


MINUTE = timedelta(minutes=1)
FULL = {"level": "all", "include_data": True}
REMEDY = (
    "set `state_machine.logging: {level: all, include_data: true}` and run `sfnctl deploy`;"
    " it applies to later executions"
)


def write_config(account: str, type_: str, **logging: Any) -> str:
    more: dict[str, Any] = {"logging": logging} if logging else {}
    return pipeline_config(account, state_machine=machine(type=type_, **more))


@pytest.fixture
def express(project: Sfnctl, account: str) -> Sfnctl:
    project.write("sfnctl.yaml", write_config(account, "express"))
    return project


@pytest.fixture
def deployed(express: Sfnctl) -> Sfnctl:
    express("deploy", "--yes")
    return express


@pytest.fixture
def logged(project: Sfnctl, account: str) -> Sfnctl:
    project.write("sfnctl.yaml", write_config(account, "express", **FULL))
    project("deploy", "--yes")
    return project


def upload(aws: Aws, *keys: str) -> None:
    for key in keys:
        aws.s3.put_object(Bucket=f"orders-{aws.place.account}", Key=f"incoming/{key}")


def test_feature_that_express_lacks_is_an_error(express: Sfnctl, account: str) -> None:
    express.write("sfnctl.yaml", write_config(account, "express", **FULL))
    express.write("workflow.asl.json", json.dumps(WAITING, indent=1))
    assert express("validate", "--offline", code=2).out == (
        "workflow.asl.json:6:16: error: the Task state 'Ask' waits for a task token, but runs in an"
        " EXPRESS workflow [EXPRESS_UNSUPPORTED]\n"
        "    set `state_machine.type: standard`\n"
        "workflow.asl.json: 1 error\n"
    )


def test_step_functions_validates_the_type_express(express: Sfnctl) -> None:
    with express.with_faults() as record:
        express("validate")
    (asked,) = (c for c in record.calls if c.operation == "ValidateStateMachineDefinition")
    assert asked.params["type"] == "EXPRESS"


def test_express_is_deployed_changed_and_torn_down(
    deployed: Sfnctl, aws: Aws, account: str
) -> None:
    arn = aws.place.arn("states", "stateMachine:orders")
    assert aws.stepfunctions.describe_state_machine(stateMachineArn=arn)["type"] == "EXPRESS"
    deployed("plan", "--exit-code")
    changed = {**HELLO, "Comment": "Changed"}
    deployed.write("workflow.asl.json", json.dumps(changed))
    assert "Deployed orders: 1 changed." in deployed("deploy", "--yes").out
    deployed.write("sfnctl.yaml", write_config(account, "standard"))  # the deployed type decides
    assert "Tore down orders" in deployed("teardown", "--yes", "--stop-executions").out


def test_express_executions_are_watched_through_the_log(logged: Sfnctl, aws: Aws) -> None:
    keys = [f"{number} ü+%.json" for number in range(30)]
    with ThreadPoolExecutor() as pool:
        list(pool.map(partial(upload, aws), keys))
    limits = ("--since", "5m", "--count", "30", "--timeout", "60s", "--output", "json")
    changes = logged("watch-executions", *limits).documents
    ends = [each for each in changes if each["status"] == "SUCCEEDED"]
    assert sorted(each["object"]["key"] for each in ends) == sorted(f"incoming/{k}" for k in keys)
    assert len({(each["arn"], each["status"]) for each in changes}) == len(changes)
    assert ends[0]["arn"].startswith(aws.place.arn("states", "express:orders:"))
    again = logged(
        "watch-executions", "--no-follow", "--key", "*/7 *", "--output", "json"
    ).documents
    assert [(each["object"]["key"], each["status"]) for each in again] == [
        ("incoming/7 ü+%.json", "SUCCEEDED")
    ]
    prefix = f"  SUCCEEDED  s3://orders-{aws.place.account}/incoming/"
    assert logged("status").out.count(prefix) == 5
    assert len(logged("status", "--output", "json").document["executions"]) == 5


def test_the_log_has_the_objects_that_the_quota_delays(
    project: Sfnctl, aws: Aws, account: str
) -> None:
    """Of STANDARD executions, also of one that is redriven."""
    project.write("sfnctl.yaml", write_config(account, "standard", **FULL))
    fails = {"StartAt": "No", "States": {"No": {"Type": "Fail", "Error": "Bad", "Cause": "odd"}}}
    project.write("workflow.asl.json", json.dumps(fails))
    project("deploy", "--yes")
    upload(aws, *map(str, range(20)))
    names = Names("orders", aws.place)
    log = Log(names.log_group, aws.place.arn("states", "execution:orders:"))
    options = WatchOptions(aws.clock.now() - timedelta(minutes=5), count=20, timeout=MINUTE)
    quotas = UNLIMITED._replace(describe_execution=Quota(1, 0.001))
    poller = Poller(aws.stepfunctions, names.state_machine_arn, quotas, aws.clock)
    source = AdaptiveSource(poller, create_log_reader(aws, log), aws.clock)
    first = [each for each in Watch(source, options, aws.clock) if isinstance(each, Execution)]
    ends = [each for each in first if each.has_ended]
    assert len(ends) == 20
    shown = [each for each in Watch(source, options, aws.clock) if isinstance(each, Execution)]
    ends = [each for each in shown if each.has_ended]
    assert {each.object.key for each in ends if each.object} == {
        f"incoming/{number}" for number in range(20)
    }
    assert {(each.failed_state, each.error, each.cause) for each in ends} == {("No", "Bad", "odd")}
    assert len({(each.arn, each.status) for each in shown}) == len(shown)
    aws.stepfunctions.redrive_execution(executionArn=ends[0].arn)
    again = Watch(source, replace(options, until_idle=MINUTE / 60, count=None), aws.clock)
    *_, last = (each for each in again if isinstance(each, Execution))
    assert (last.arn, last.redrive_count, last.failed_state) == (ends[0].arn, 1, "No")


def test_status_says_how_far_it_has_read_the_log(logged: Sfnctl) -> None:
    assert "\nExecutions: none in the last 1 day\n" in logged("status").out
    assert logged("status", "--output", "json").document["executions"] == []


def test_a_missing_log_group_is_named(logged: Sfnctl, aws: Aws) -> None:
    aws.logs.delete_log_group(logGroupName="/aws/vendedlogs/states/orders")
    assert logged("watch-executions", code=1).err.endswith(
        "Error: the log group /aws/vendedlogs/states/orders does not exist\n"
        "Hint: `sfnctl deploy` creates it, and makes the state machine log to it\n"
    )
    assert "missing   log_group           /aws/vendedlogs/states/orders\n" in logged("status").out


def test_too_little_logging_is_named_with_the_remedy(deployed: Sfnctl, account: str) -> None:
    assert "\nExecutions: AWS lists none of EXPRESS; `logging:" in deployed("status").out
    assert deployed("status", "--output", "json").document["executions"] is None
    refused = (
        "Error: the executions of an EXPRESS workflow are only in its log, and orders logs with"
        " {level: error, include_data: false}\nHint: "
    )
    assert deployed("watch-executions", code=2).err == f"{refused}{REMEDY}\n"
    deployed.write("sfnctl.yaml", write_config(account, "express", **FULL))
    assert deployed("watch-executions", code=2).err == (
        f"{refused}run `sfnctl deploy`: the config has `state_machine.logging: {{level: all,"
        " include_data: true}`, but it is not deployed\n"
    )


def test_a_log_without_inputs_shows_no_objects(project: Sfnctl, aws: Aws, account: str) -> None:
    project.write("sfnctl.yaml", write_config(account, "express", level="all"))
    project("deploy", "--yes")
    upload(aws, "a.json")
    watched = project("watch-executions", "--since", "5m", "--count", "1", "--timeout", "60s")
    assert "Note: The log has no inputs, so no objects are shown; it has them with `state_" in (
        watched.err
    )
    assert "  SUCCEEDED  " in watched.out
    assert "a.json" not in watched.out
    assert project("watch-executions", "--key", "*", code=2).err == (
        "Error: the log of orders has no inputs, so the keys of objects are unknown\n"
        f"Hint: {REMEDY}\n"
    )


def test_the_deployed_type_decides_where_to_read(logged: Sfnctl, aws: Aws, account: str) -> None:
    """The type of the config does, if the deployed one cannot be read."""
    upload(aws, "a.json")
    logged.write("sfnctl.yaml", write_config(account, "standard"))
    limits = ("--since", "5m", "--count", "1", "--timeout", "60s")
    assert "/incoming/a.json" in logged("watch-executions", *limits).out
    with logged.with_faults(deny("DescribeStateMachine", "states:DescribeStateMachine")):
        assert logged("watch-executions", code=1).err.endswith(
            "Error: AWS does not list the executions of an EXPRESS workflow\n"
            "Hint: the deployed state machine is EXPRESS, but the config says `standard`:"
            " see `sfnctl plan`\n"
        )
        logged.write("sfnctl.yaml", write_config(account, "express", **FULL))
        assert "/incoming/a.json" in logged("watch-executions", *limits).out


def test_the_permission_to_read_the_log_is_named(logged: Sfnctl) -> None:
    group = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/vendedlogs/states/orders"
    denied = deny("FilterLogEvents", "logs:FilterLogEvents", f" on resource: {group}:log-stream:")
    with logged.with_faults(denied):
        hint = logged("watch-executions", code=1).err.splitlines()[-1]
    assert hint == (
        'Hint: these credentials lack logs:FilterLogEvents: add {"Effect": "Allow", "Action":'
        f' "logs:FilterLogEvents", "Resource": "{group}:log-stream:"}}; `sfnctl permissions` prints'
        " everything that a command needs"
    )


@pytest.mark.parametrize(
    ("logging", "missing"),
    [
        ({}, "starts and inputs"),
        ({"level": "fatal"}, "starts and inputs"),
        ({"level": "all"}, "inputs"),
    ],
)
def test_validate_warns_of_too_little_logging(
    express: Sfnctl, account: str, logging: dict[str, Any], missing: str
) -> None:
    express.write("sfnctl.yaml", write_config(account, "express", **logging))
    lines = express("validate", "--offline").out.splitlines()
    assert lines[0].partition(": ")[2] == (
        "warning: `watch-executions` reads EXPRESS executions from the log, and this is without"
        f" their {missing} [EXPRESS_LOGGING]"
    )
    assert lines[1] == "    set `state_machine.logging: {level: all, include_data: true}`"
    express.write("sfnctl.yaml", write_config(account, "express", **FULL))
    assert "EXPRESS_LOGGING" not in express("validate", "--offline").out


@pytest.mark.parametrize(("made", "wanted"), [("express", "standard"), ("standard", "express")])
def test_the_type_of_a_state_machine_cannot_change(
    project: Sfnctl, account: str, made: str, wanted: str
) -> None:
    project.write("sfnctl.yaml", write_config(account, made))
    project("deploy", "--yes")
    project.write("sfnctl.yaml", write_config(account, wanted))
    ended = project("deploy", "--yes", code=1)
    assert ended.err.endswith(
        f"Error: nothing was changed: state_machine orders is {made.upper()}, and AWS cannot"
        " change the type\n"
        f"Hint: write `state_machine.type: {made}`, tear it down first, or choose another `name`\n"
    )
    conflict = (
        f"  ! state_machine       orders  is {made.upper()}, and AWS cannot change the type\n"
    )
    assert project("plan", code=1).out.endswith(conflict)


@pytest.mark.parametrize("adopt", [(), ("--adopt",)])
def test_remedy_keeps_state_machines_of_others(
    project: Sfnctl, aws: Aws, adopt: tuple[str, ...]
) -> None:
    aws.stepfunctions.create_state_machine(
        name="orders",
        definition=json.dumps(HELLO),
        roleArn=create_role(aws, "states"),
        type="EXPRESS",
    )
    ended = project("deploy", "--yes", *adopt, code=1)
    assert ended.err.endswith("cannot change the type\nHint: choose another `name`\n")
