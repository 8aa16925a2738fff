"""A pipeline of the type EXPRESS: it is validated and deployed, but cannot be watched."""

from __future__ import annotations

import json

import pytest
from pipelines import HELLO, create_role, machine, pipeline_config
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import Aws

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


def write_config(account: str, type_: str) -> str:
    return pipeline_config(account, state_machine=machine(type=type_))


@pytest.fixture
def express(project: Sfnctl, account: str) -> Sfnctl:
    project.write("sfnctl.yaml", write_config(account, "express"))
    return project


@pytest.fixture
def deployed(express: Sfnctl) -> Sfnctl:
    express("deploy", "--yes")
    return express


def test_feature_that_express_lacks_is_an_error(express: Sfnctl) -> None:
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


def test_express_executions_are_not_listed(deployed: Sfnctl, aws: Aws) -> None:
    arn = aws.place.arn("states", "stateMachine:orders")
    aws.stepfunctions.start_execution(stateMachineArn=arn)
    assert deployed("status").out.endswith(
        "\nExecutions: AWS lists none of EXPRESS; `logging: {level: all}` logs them\n"
    )
    assert deployed("status", "--output", "json").document["executions"] is None
    assert deployed("watch-executions", code=2).err == (
        "Error: AWS does not list the executions of an EXPRESS workflow\n"
        "Hint: with `logging: {level: all, include_data: true}` they are in its log:"
        " `aws logs tail /aws/vendedlogs/states/orders --follow`\n"
    )


@pytest.mark.parametrize(("made", "wanted"), [("express", "standard"), ("standard", "express")])
def test_the_type_of_a_state_machine_cannot_change(
    project: Sfnctl, account: str, made: str, wanted: str
) -> None:
    project.write("sfnctl.yaml", write_config(account, made))
    project("deploy", "--yes")
    project.write("sfnctl.yaml", write_config(account, wanted))
    ended = project("deploy", "--yes", code=1)
    assert ended.err == (
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


def test_watch_reports_that_the_deployed_type_is_express(deployed: Sfnctl, account: str) -> None:
    deployed.write("sfnctl.yaml", write_config(account, "standard"))
    assert deployed("watch-executions", code=1).err.endswith(
        "Error: AWS does not list the executions of an EXPRESS workflow\n"
        "Hint: the deployed state machine is EXPRESS, but the config says `standard`:"
        " see `sfnctl plan`\n"
    )
