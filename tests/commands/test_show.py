"""`sfnctl show`: one execution with its steps, on the embedded cloud."""

from __future__ import annotations

import json
import re
from textwrap import dedent
from typing import Any

import pytest
from faults.rules import Rule
from local.local_account import wait_until
from pipelines import machine, pipeline_config
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.iam.names import Names

CHANCE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d|\b\d+\.\ds")
RETRY = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 0, "MaxAttempts": 1}
FIND: dict[str, Any] = {
    "Type": "Task",
    "Resource": "arn:aws:states:::aws-sdk:s3:headBucket",
    "Parameters": {"Bucket": "nowhere"},
    "Retry": [RETRY],
    "End": True,
}
ROUTE = {
    "Type": "Choice",
    "Choices": [{"Variable": "$", "NumericEquals": 2, "Next": "Find"}],
    "Default": "Skip",
}
ITEMS = {"StartAt": "Route", "States": {"Route": ROUTE, "Skip": {"Type": "Succeed"}, "Find": FIND}}
FAILS = {
    "StartAt": "Note",
    "States": {
        "Note": {"Type": "Pass", "Next": "Each"},
        "Each": {
            "Type": "Map",
            "ItemsPath": "$.list",
            "MaxConcurrency": 1,
            "ItemProcessor": ITEMS,
            "End": True,
        },
    },
}
WAITS = {"StartAt": "Pause", "States": {"Pause": {"Type": "Wait", "Seconds": 60, "End": True}}}
HELLO = {"StartAt": "Done", "States": {"Done": {"Type": "Pass", "End": True}}}


def mask(text: str) -> str:
    return CHANCE.sub("…", text)


class Pipeline:
    """A deployed pipeline whose state machine is started by hand."""

    def __init__(self, sfnctl: Sfnctl, aws: Aws) -> None:
        self.sfnctl, self.aws, self.names = sfnctl, aws, Names("orders", aws.place)

    def deploy(self, definition: Any, **options: Any) -> None:
        account = self.aws.place.account
        statement = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}
        settings = machine(role={"statements": [statement]}, **options)
        self.sfnctl.write("sfnctl.yaml", pipeline_config(account, state_machine=settings))
        self.sfnctl.write("workflow.asl.json", json.dumps(definition, indent=1))
        self.sfnctl("deploy", "--yes")

    def start(self, name: str, text: str = "{}", *, ends: bool = True) -> str:
        sfn = self.aws.stepfunctions
        arn = sfn.start_execution(stateMachineArn=self.names.alias_arn, name=name, input=text)[
            "executionArn"
        ]
        done = "StateEntered" if not ends else "Execution(Succ|Fail)"

        def look() -> bool:
            events = sfn.get_execution_history(executionArn=arn)["events"]
            return any(re.search(done, each["type"]) for each in events)

        wait_until(look)
        return arn


@pytest.fixture
def pipeline(project: Sfnctl, aws: Aws) -> Pipeline:
    return Pipeline(project, aws)


def test_a_failure_is_shown_with_its_input_and_place(pipeline: Pipeline) -> None:
    pipeline.deploy(FAILS)
    pipeline.start("run", '{"list": [1, 2], "note": "' + "x" * 250 + '"}')
    shown = pipeline.sfnctl("show", "run")
    assert mask(shown.out) == dedent(f"""\
        FAILED at Find: S3.S3Exception
          execution  run
          object     (no S3 object)
          started    …
          ended      … after …
        Input:
          {{
            "list": [
              1,
              2
            ],
            "note": "{"x" * 200}… (50 more characters: --full)"
          }}
        Steps:
          Note        SUCCEEDED  …
          Each        FAILED     …  1 of 2 iterations succeeded, 1 failed  S3.S3Exception
              at workflow.asl.json:8:3
              input:
                {{
                  "list": [
                    1,
                    2
                  ],
                  "note": "{"x" * 200}… (50 more characters: --full)"
                }}
            [1] Find  FAILED     …  2 attempts  S3.S3Exception
              at workflow.asl.json:29:6
              cause: Not Found (Service: S3, Status Code: 404)
              input:
                2
    """)
    only = mask(pipeline.sfnctl("show", "run", "--failed").out)
    assert "Failed steps:" in only
    assert "Note" not in only
    full = pipeline.sfnctl("show", "run", "--full").out
    assert "--full" not in full
    assert full.count("x" * 250) >= 4  # input, and that of each state
    assert "[0] Skip" in full


def test_json_has_everything(pipeline: Pipeline) -> None:
    pipeline.deploy(FAILS)
    arn = pipeline.start("run", '{"list": [1, 2]}')
    found = pipeline.sfnctl("show", "--last", "--output", "json").document
    assert (found["type"], found["arn"], found["status"]) == ("execution_details", arn, "FAILED")
    assert (found["failed_state"], found["events"]) == ("Find", 24)
    assert found["input"] == {"list": [1, 2]}
    assert [(each["path"], each["state"], each["status"]) for each in found["steps"]] == [
        ([], "Note", "SUCCEEDED"),
        ([], "Each", "FAILED"),
        (["Each[0]"], "Route", "SUCCEEDED"),
        (["Each[0]"], "Skip", "SUCCEEDED"),
        (["Each[1]"], "Route", "SUCCEEDED"),
        (["Each[1]"], "Find", "FAILED"),
    ]
    last = found["steps"][-1]
    assert (last["attempts"], last["input"], last["place"]) == (2, 2, "workflow.asl.json:29:6")
    assert last["resource"] == "aws-sdk:s3:headBucket"
    only = pipeline.sfnctl("show", "run", "--failed", "--output", "json").document
    assert [each["state"] for each in only["steps"]] == ["Each", "Find"]


def test_a_failed_execution_exits_with_5_on_request(pipeline: Pipeline) -> None:
    pipeline.deploy(FAILS)
    pipeline.start("run", '{"list": [2]}')
    pipeline.sfnctl("show", "run")
    shown = pipeline.sfnctl("show", "run", "--exit-status", code=5)
    assert shown.err == "Error: the execution ended as FAILED\n"


def test_a_running_execution_names_what_waits(pipeline: Pipeline) -> None:
    pipeline.deploy(WAITS)
    pipeline.start("run", ends=False)
    assert mask(pipeline.sfnctl("show", "run", "--exit-status").out) == dedent("""\
        RUNNING
          execution  run
          object     (no S3 object)
          started    …
          running    for …
          waiting    Pause, waiting for its time, for …
        Input:
          {}
        Steps:
          Pause  RUNNING
    """)


def test_the_newest_execution_of_an_object_is_found(pipeline: Pipeline) -> None:
    pipeline.deploy(HELLO, logging={"level": "all", "include_data": True})
    for number, key in enumerate(["a[1] b+c.json", "other.json", "a[1] b+c.json"]):
        event = {"event": "PutObject", "time": "2026-01-02T12:00:00Z", "via": "s3"}
        pipeline.start(f"n{number}", json.dumps({"bucket": "b", "object": {"key": key}, **event}))
    shown = pipeline.sfnctl("show", "--object", "a[1] b+c.json").out
    assert "  execution  n2\n  object     s3://b/a[1] b+c.json" in shown
    assert "Output:\n" in shown
    missing = pipeline.sfnctl("show", "--object", "a*", code=1)
    assert missing.err == (
        "Error: none of the last 3 executions of orders has the object 'a*'\n"
        "Hint: was an object uploaded, and does its key match the trigger? See `sfnctl status`\n"
    )


def test_an_express_execution_is_read_from_its_log(pipeline: Pipeline) -> None:
    pipeline.deploy(FAILS, type="express", logging={"level": "all", "include_data": True})
    started = pipeline.aws.stepfunctions.start_execution(
        stateMachineArn=pipeline.names.alias_arn, name="run", input='{"list": [1, 2]}'
    )
    group = pipeline.names.log_group
    wait_until(
        lambda: any(
            '"ExecutionFailed"' in each["message"]
            for each in pipeline.aws.logs.filter_log_events(logGroupName=group)["events"]
        )
    )
    for named in ("run", started["executionArn"]):
        found = pipeline.sfnctl("show", named, "--output", "json").document
        assert (found["arn"], found["status"]) == (started["executionArn"], "FAILED")
        assert (found["failed_state"], found["error"]) == ("Find", "S3.S3Exception")
        assert found["input"] == {"list": [1, 2]}
        assert found["steps"][-1]["input"] == 2
    last = mask(pipeline.sfnctl("show", "--last").out)
    assert last.startswith("FAILED at Find: S3.S3Exception\n  execution  run\n")
    missing = pipeline.sfnctl("show", "none", code=1)
    assert missing.err == (
        f"Error: the last 90 days of the log group {group} have no execution none\n"
        "Hint: a record may come late; else, was an object uploaded, and does its key match the"
        " trigger? See `sfnctl status`\n"
    )


@pytest.mark.parametrize(
    ("level", "error"),
    [("off", "orders does not log its executions"), ("error", "have no execution")],
)
def test_an_incomplete_log_is_named_with_its_remedy(
    pipeline: Pipeline, level: str, error: str
) -> None:
    pipeline.deploy(HELLO, type="express", logging={"level": level})
    shown = pipeline.sfnctl("show", "--last", code=1).err
    assert error in shown
    assert "Hint: EXPRESS executions are only in the log: set `logging: {level: all, inc" in shown


def test_an_execution_that_does_not_exist_is_an_error(pipeline: Pipeline) -> None:
    pipeline.deploy(HELLO)
    none = pipeline.sfnctl("show", "--last", code=1)
    assert none.err.startswith("Error: orders has no executions\nHint: was an object uploaded")
    missing = pipeline.sfnctl("show", "none", code=1)
    assert missing.err == (
        "Error: the execution none does not exist\n"
        "Hint: AWS keeps executions for 90 days after their end;"
        " `sfnctl watch-executions --no-follow --since 1d` lists them\n"
    )


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ((), "name one execution"),
        (("a", "--last"), "name one execution"),
        (("a:b",), "'a:b' is not the name of an execution"),
        (("a/b",), "'a/b' is not the name of an execution"),
        (("",), "'' is not the name of an execution"),
        (('a" || $.id = "1',), "is not the name of an execution"),
        (("arn:aws:states:eu-west-1:1:execution:orders:a*",), "is not the name of an execution"),
        (("arn:aws:states:eu-west-1:1:execution:other:a",), "is not an execution of arn:"),
    ],
)
def test_a_wrong_command_line_is_refused(
    project: Sfnctl, arguments: tuple[str, ...], error: str
) -> None:
    assert error in project("show", *arguments, code=2).err


def test_data_under_a_forbidden_key_is_left_out(pipeline: Pipeline) -> None:
    pipeline.deploy(FAILS)
    pipeline.start("run", '{"list": [1, 2]}')
    rule = Rule(
        do="error",
        operation="DescribeExecution",
        code="KmsAccessDeniedException",
        message="no kms:Decrypt",
        status=400,
    )
    with pipeline.sfnctl.with_faults(rule) as record:
        shown = mask(pipeline.sfnctl("show", "run").out)
    assert "Note: no inputs and outputs: no kms:Decrypt\n" in shown
    assert "[1] Find  FAILED" in shown
    (history,) = (each for each in record.calls if each.operation == "GetExecutionHistory")
    assert history.params["includeExecutionData"] is False


def test_a_broken_local_definition_hides_nothing(pipeline: Pipeline) -> None:
    pipeline.deploy(FAILS)
    pipeline.start("run", '{"list": [2]}')
    pipeline.sfnctl.write("workflow.asl.json", "{")
    shown = mask(pipeline.sfnctl("show", "run").out)
    assert "[0] Find  FAILED" in shown
    assert "at workflow" not in shown
