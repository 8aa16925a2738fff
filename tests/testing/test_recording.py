"""Cases from executions: what the calls got, in the order in which a test makes them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from executions.history_events import START, make_events, state
from hypothesis import given, settings
from hypothesis import strategies as st

from sfn_s3_cli.documents import yaml
from sfn_s3_cli.errors import SfnctlError, UsageError
from sfn_s3_cli.executions.details import ExecutionDetails
from sfn_s3_cli.executions.history import read_history
from sfn_s3_cli.executions.model import Execution
from sfn_s3_cli.testing.case_writer import insert
from sfn_s3_cli.testing.recording import record

S3 = {"resourceType": "aws-sdk:s3", "resource": "getObject"}
TOKEN = {"resourceType": "sqs", "resource": "sendMessage.waitForTaskToken"}


def succeeded(value: Any) -> dict[str, Any]:
    return {**S3, "output": json.dumps(value)}


def make_details(*lines: tuple[Any, ...], **changes: Any) -> ExecutionDetails:
    """An execution with this history, which succeeded unless `changes` say otherwise."""
    history = read_history(make_events(*lines), keep_all=True)
    fields = {"status": "SUCCEEDED", "input": '{"n": 1}', "started": START, **changes}
    arn = "arn:aws:states:eu-west-1:123456789012:execution:orders:one"
    return ExecutionDetails(Execution(arn, "one", **fields), history, START, output='"out"')


def test_attempts_become_a_list() -> None:
    details = make_details(
        (0, "ExecutionStarted"),
        (0, "TaskStateEntered", state("Get")),
        (2, "TaskScheduled", S3),
        (3, "TaskStarted", S3),
        (4, "TaskFailed", {**S3, "error": "S3.SlowDown", "cause": "Slow."}),
        (5, "TaskScheduled", S3),
        (6, "TaskStarted", S3),
        (7, "TaskTimedOut", S3),
        (8, "TaskScheduled", S3),
        (9, "TaskStarted", S3),
        (10, "TaskSucceeded", succeeded({"Body": "x"})),
        (11, "TaskStateExited", state("Get", output='"out"')),
        (12, "ExecutionSucceeded"),
    )
    assert record(details, "a") == {
        "name": "a",
        "input": {"n": 1},
        "mocks": {
            "Get": [
                {"throw": {"error": "S3.SlowDown", "cause": "Slow."}},
                {"throw": {"error": "States.Timeout"}},
                {"return": {"Body": "x"}},
            ]
        },
        "expect": {
            "status": "SUCCEEDED",
            "path": ["Get"],
            "output": "out",
            "attempts": {"Get": 3},
        },
    }


def test_a_callback_has_a_mock_and_an_answer_per_call() -> None:
    details = make_details(
        (0, "ExecutionStarted"),
        (0, "TaskStateEntered", state("Ask")),
        (2, "TaskScheduled", TOKEN),
        (3, "TaskStarted", TOKEN),
        (4, "TaskSubmitFailed", {**TOKEN, "error": "SQS.Down"}),
        (5, "TaskScheduled", TOKEN),
        (6, "TaskStarted", TOKEN),
        (7, "TaskSubmitted", {**TOKEN, "output": '{"MessageId": "m"}'}),
        (8, "TaskFailed", {**TOKEN, "error": "No", "cause": "Because."}),
        (9, "ExecutionFailed", {"error": "No", "cause": "Because."}),
        status="FAILED",
        error="No",
        cause="Because.",
    )
    case = record(details, "a")
    assert case["mocks"] == {
        "Ask": [{"throw": {"error": "SQS.Down"}}, {"return": {"MessageId": "m"}}]
    }
    assert case["answers"] == {
        "Ask": [{"return": None}, {"throw": {"error": "No", "cause": "Because."}}]
    }
    assert case["expect"] == {
        "status": "FAILED",
        "path": ["Ask"],
        "error": "No",
        "attempts": {"Ask": 2},
    }


def make_map(*results: str) -> ExecutionDetails:
    """Two iterations at the same time: the second one ends first."""
    return make_details(
        (0, "ExecutionStarted"),
        (0, "MapStateEntered", state("Each")),
        (2, "MapStateStarted", {"length": 2}),
        (3, "MapIterationStarted", state("Each", index=0)),
        (4, "TaskStateEntered", state("Get")),
        (3, "MapIterationStarted", state("Each", index=1)),
        (6, "TaskStateEntered", state("Get")),
        (5, "TaskScheduled", S3),
        (7, "TaskScheduled", S3),
        (9, "TaskSucceeded", succeeded(results[1])),
        (10, "TaskStateExited", state("Get")),
        (11, "MapIterationSucceeded", state("Each", index=1)),
        (8, "TaskSucceeded", succeeded(results[0])),
        (13, "TaskStateExited", state("Get")),
        (14, "MapIterationSucceeded", state("Each", index=0)),
        (15, "MapStateSucceeded"),
        (16, "MapStateExited", state("Each", output='"out"')),
        (17, "ExecutionSucceeded"),
    )


def test_iterations_come_in_their_order() -> None:
    case = record(make_map("first", "second"), "a")
    assert case["mocks"] == {"Get": [{"return": "first"}, {"return": "second"}]}
    assert case["expect"]["path"] == ["Each", ["Get"], ["Get"]]


def test_equal_results_are_one_mock() -> None:
    assert record(make_map("same", "same"), "a")["mocks"] == {"Get": {"return": "same"}}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"status": "RUNNING"}, "its status is RUNNING, and in a test no time passes"),
        ({"status": "TIMED_OUT"}, "its status is TIMED_OUT, and in a test no time passes"),
        ({"redrive_count": 1}, "it was redriven"),
        ({"input": None}, "its data cannot be read ()"),
    ],
)
def test_what_a_test_cannot_repeat_is_refused(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(SfnctlError) as raised:
        record(make_details((0, "ExecutionStarted"), **changes), "a")
    assert raised.value.message == f"the execution one cannot become a case: {why}"


def test_a_distributed_map_is_refused() -> None:
    run = {"mapRunArn": "arn:aws:states:eu-west-1:123456789012:mapRun:orders/Each:1"}
    details = make_details(
        (0, "ExecutionStarted"),
        (0, "MapStateEntered", state("Each")),
        (2, "MapStateStarted"),
        (3, "MapRunStarted", run),
    )
    with pytest.raises(SfnctlError, match="'Each' is a Distributed Map"):
        record(details, "a")


def test_a_result_that_is_not_there_is_refused() -> None:
    details = make_details(
        (0, "ExecutionStarted"),
        (0, "TaskStateEntered", state("Get")),
        (2, "TaskScheduled", S3),
        (3, "TaskSucceeded", S3),
        (4, "TaskStateExited", state("Get")),
    )
    with pytest.raises(SfnctlError, match="a result of 'Get' is not in its history"):
        record(details, "a")


CASE = {"name": "new", "input": {"a": [1, None]}, "expect": {"status": "SUCCEEDED"}}
FIRST = "{}- name: old  # why\n{}  input: |\n{}    # text\n"
COMMENTS = st.sampled_from(["", "\n", "# about what follows\n", "\n# one\n# two\n"])


@settings(deadline=None)
@given(
    st.sampled_from(["", "  ", "    "]),
    COMMENTS,
    COMMENTS,
    st.sampled_from(["", "definition: other.json\n"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_the_rest_of_a_file_stays_as_it_is(
    indent: str, head: str, tail: str, rest: str, end: str
) -> None:
    cases = FIRST.format(indent, indent, indent)
    text = f"{head}cases:\n{cases}{tail}{rest}".replace("\n", end)
    added = insert(text, yaml.parse(text, "f"), CASE)
    before = yaml.parse(text, "f").value
    assert yaml.parse(added, "f").value == {**before, "cases": [*before["cases"], CASE]}
    left = iter(added.splitlines(keepends=True))
    assert all(line in left for line in text.splitlines(keepends=True))
    assert added.count("\n") == added.count(end)


@pytest.mark.parametrize("text", ["cases: [{name: a, input: 1}]\n", '{"cases": [{"name": "a"}]}'])
def test_a_case_without_a_place_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="cannot be added to f"):
        insert(text, yaml.parse(text, "f"), CASE)


def test_a_case_comes_before_the_comment_of_the_next_key() -> None:
    text = "cases:\n- name: old\n  input: 1\n\n# The other one.\ndefinition: other.json"
    assert insert(text, yaml.parse(text, "f"), CASE) == (
        "cases:\n- name: old\n  input: 1\n\n"
        "- name: new\n  input: {a: [1, null]}\n  expect: {status: SUCCEEDED}\n"
        "\n# The other one.\ndefinition: other.json"
    )
