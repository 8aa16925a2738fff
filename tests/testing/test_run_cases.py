"""`sfnctl test` runs cases as AWS would run the execution."""

from __future__ import annotations

import json
import os
import signal
from typing import Any

import pytest
from sfnctl_script import Sfnctl
from testing.workflow_cases import define, run, run_one, task, write

OBJECT = {"object": {"key": "incoming/a.json", "size": 34}}
COPY = define(
    Copy=task(
        Parameters={"Bucket": "acme-done", "Key.$": "$.object.key", "CopySource": "acme/a"},
        Retry=[{"ErrorEquals": ["S3.SlowDownException"], "IntervalSeconds": 60}],
        Catch=[{"ErrorEquals": ["S3.NoSuchKey"], "Next": "Gone"}],
        Next="Done",
    ),
    Done={"Type": "Succeed"},
    Gone={"Type": "Fail", "Error": "Gone", "Cause": "the object was deleted"},
)


def throw(error: str, cause: str = "") -> dict[str, Any]:
    return {"throw": {"error": error, "cause": cause}}


def test_cases_that_meet_their_expectations_pass(sfnctl: Sfnctl) -> None:
    good: dict[str, Any] = {
        **OBJECT,
        "mocks": {"Copy": {"return": {"ETag": "x", "Size": 5}}},
        "expect": {
            "path": ["Copy", "Done"],
            "calls": {"Copy": {"Bucket": "acme-done", "Key": "incoming/a.json"}},
            "output": {"ETag": "x"},
            "exactly": {"ETag": "x", "Size": 5.0},
        },
    }
    throttled: dict[str, Any] = {
        **OBJECT,
        "mocks": {"Copy": [throw("S3.SlowDownException"), throw("S3.NoSuchKey", "no key")]},
        "expect": {"error": "Gone", "cause": "deleted", "attempts": {"Copy": 2}},
    }
    write(sfnctl, COPY, good, throttled)
    cases = run(sfnctl, code=0)
    assert [each["verdict"] for each in cases] == ["passed", "passed"]
    assert cases[1]["path"] == ["Copy", "Gone"]


def test_a_case_that_differs_fails_with_each_difference(sfnctl: Sfnctl) -> None:
    expect = {
        "path": ["Copy", "Gone"],
        "calls": {"Copy": [{"Key": "b"}]},
        "attempts": {"Copy": 2},
        "output": {"a": [1, {"b": 2}], "c": 1},
        "exactly": {},
    }
    mocks = {"Copy": {"return": {"a": [1, {"b": 3}]}}}
    write(sfnctl, COPY, {**OBJECT, "mocks": mocks, "expect": expect})
    [case] = run(sfnctl, code=1)
    assert case["differences"] == [
        {
            "where": "path",
            "expected": ["Copy", "Gone"],
            "found": ["Copy", "Done"],
            "note": "left the expected path after 'Copy': expected 'Gone', found 'Done'",
        },
        {"where": "calls.Copy[0].Key", "expected": "b", "found": "incoming/a.json"},
        {"where": "attempts.Copy", "expected": 2, "found": 1},
        {"where": "output.a[1].b", "expected": 2, "found": 3},
        {"where": "output.c", "expected": 1},
        {"where": "output.a", "found": [1, {"b": 3}]},
    ]


def test_a_wrong_status_comes_with_the_error(sfnctl: Sfnctl) -> None:
    ran = run_one(sfnctl, COPY, {**OBJECT, "mocks": {"Copy": throw("S3.NoSuchKey")}})
    assert ran["differences"] == [
        {
            "where": "status",
            "expected": "SUCCEEDED",
            "found": "FAILED",
            "note": "failed in 'Gone' (workflow.asl.json:1): Gone: the object was deleted",
        }
    ]


@pytest.mark.parametrize(
    ("case", "code", "message"),
    [
        ({}, "NO_MOCK", "the state 'Copy' calls arn:aws:states:::aws-sdk:s3:copyObject, which has"),
        (
            {"mocks": {"Copy": [throw("S3.SlowDownException")]}},
            "MOCKS_USED_UP",
            "the state 'Copy' makes another call, but its list of mocks has only 1 answer",
        ),
    ],
)
def test_a_case_without_an_answer_is_an_error(
    sfnctl: Sfnctl, case: Any, code: str, message: str
) -> None:
    ran = run_one(sfnctl, COPY, {**OBJECT, **case})
    assert ran["verdict"] == "error"
    assert ran["failure"]["code"] == code
    assert ran["failure"]["message"].startswith(message)
    assert ran["failure"]["arguments"]["Key"] == "incoming/a.json"
    assert "Copy: {return: ...}" in ran["failure"]["remedy"] or code != "NO_MOCK"


def test_an_object_with_content_is_really_in_s3(sfnctl: Sfnctl) -> None:
    get = task("getObject", Parameters={"Bucket.$": "$.bucket", "Key.$": "$.object.key"})
    cases: list[Any] = [
        {"object": {"key": "incoming/a", "body": {"id": 1}}, "expect": {"output": {"Body": "{}"}}},
        {"object": {"key": "incoming/ö +", "body": "text"}, "expect": {"output": {"Body": "text"}}},
        {"object": {"key": "incoming/f", "file": "f.txt"}, "expect": {"output": {"Body": "file"}}},
    ]
    cases[0]["expect"]["output"]["Body"] = '{"id": 1}'
    sfnctl.write("f.txt", "file")
    write(sfnctl, define(Get=get), *cases)
    assert [each["differences"] for each in run(sfnctl, code=0)] == [[], [], []]


def test_each_case_has_an_s3_of_its_own(sfnctl: Sfnctl) -> None:
    put = task("putObject", Parameters={"Bucket": "acme-orders", "Key": "new", "Body": "x"})
    listed = task("listObjectsV2", Parameters={"Bucket": "acme-orders"}, Next="Put")
    case = {
        "object": {"key": "incoming/a", "body": ""},
        "expect": {"calls": {"Put": {}}, "path": ["List", "Put"]},
    }
    states = {"List": {**listed, "ResultPath": "$.list"}, "Put": {**put, "ResultPath": None}}
    states["List"].pop("End", None)
    write(sfnctl, {"StartAt": "List", "States": states}, *[case] * 3)
    counts = [each["output"]["list"]["KeyCount"] for each in run(sfnctl, code=0)]
    assert counts == [1, 1, 1]


BOTH = define(
    Each={
        "Type": "Map",
        "ItemsPath": "$.items",
        "ItemProcessor": define(
            Write=task("putObject", Parameters={"Bucket": "acme-done", "Key.$": "$"})
        ),
        "Next": "Both",
    },
    Both={
        "Type": "Parallel",
        "Branches": [
            define(A={"Type": "Pass", "Next": "A2"}, A2={"Type": "Pass", "End": True}),
            define(B={"Type": "Pass", "End": True}),
        ],
        "End": True,
    },
)


def test_iterations_and_branches_are_nested_lists(sfnctl: Sfnctl) -> None:
    mocks = {"Write": [{"return": 1}, {"return": 2}]}
    ran = run_one(sfnctl, BOTH, {"input": {"items": ["a", "b"]}, "mocks": mocks})
    assert ran["path"] == ["Each", ["Write"], ["Write"], "Both", ["A", "A2"], ["B"]]
    assert [each["arguments"]["Key"] for each in ran["calls"]] == ["a", "b"]
    assert ran["output"] == [[1, 2], [1, 2]]


def test_after_a_failure_no_other_iteration_starts(sfnctl: Sfnctl) -> None:
    mocks = {"Write": [{"return": 1}, throw("Boom")]}
    case = {"input": {"items": ["a", "b", "c"]}, "mocks": mocks}
    ran = run_one(sfnctl, BOTH, case)
    assert (ran["status"], ran["error"]) == ("FAILED", "Boom")
    assert ran["path"] == ["Each", ["Write"], ["Write"]]


def test_the_split_of_paths_names_the_iteration(sfnctl: Sfnctl) -> None:
    case = {
        "input": {"items": ["a", "b"]},
        "mocks": {"Write": {"return": 1}},
        "expect": {"path": ["Each", ["Write"], ["Write", "A"], "Both", ["A", "A2"], ["B"]]},
    }
    [difference] = run_one(sfnctl, BOTH, case)["differences"]
    assert difference["note"] == (
        "left the expected path after 'Write' in 'Each'[1]: expected 'A', found the end"
    )


def test_children_of_a_map_run_are_part_of_the_path(sfnctl: Sfnctl) -> None:
    processor = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}
    put_row = task("putObject", Parameters={"Bucket": "acme-done", "Key.$": "$.id"})
    rows = {
        "Type": "Map",
        "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
            "Parameters": {"Bucket.$": "$.bucket", "Key.$": "$.object.key"},
        },
        "ItemProcessor": {
            **define(Row=put_row),
            **processor,
        },
        "ToleratedFailureCount": 1,
        "End": True,
    }
    case = {
        "object": {"key": "incoming/a.csv", "body": "id\n1\n2\n3\n"},
        "mocks": {"Row": [{"return": 1}, throw("Boom"), {"return": 3}]},
    }
    ran = run_one(sfnctl, define(Rows=rows), case)
    assert ran["path"] == ["Rows", ["Row"], ["Row"], ["Row"]]
    keys = [each["arguments"]["Key"] for each in ran["calls"]]
    assert keys == ["incoming/a.csv", "1", "2", "3"]
    assert ran["verdict"] == "passed"


def test_a_mock_gives_the_items_of_a_map(sfnctl: Sfnctl) -> None:
    processor = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}}
    rows = {
        "Type": "Map",
        "QueryLanguage": "JSONata",
        "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": {"InputType": "JSON"},
            "Arguments": {"Bucket": "{% $states.input.bucket %}", "Key": "a.json"},
        },
        "ItemProcessor": {**define(Row={"Type": "Succeed"}), **processor},
        "ResultWriter": {
            "Resource": "arn:aws:states:::s3:putObject",
            "Arguments": {"Bucket": "acme-done", "Prefix": "r"},
        },
        "End": True,
    }
    sfnctl.write("m.py", "def f(arguments): return [arguments['Key']] * 2\n")
    cases: list[dict[str, Any]] = [
        {
            "mocks": {"Rows": {"python": "m.py:f"}},
            "expect": {
                "path": ["Rows", ["Row"], ["Row"]],
                "calls": {"Rows": {"Bucket": "b", "Key": "a.json"}},
                "output": {"ResultWriterDetails": {"Bucket": "acme-done"}},
            },
        },
        {"mocks": {"Rows": throw("States.ItemReaderFailed")}, "expect": {"cause": ""}},
        {"mocks": {"Rows": {"return": {}}}},
        {},
    ]
    write(sfnctl, define(Rows=rows), *[{"input": {"bucket": "b"}, **each} for each in cases])
    ran = run(sfnctl)
    assert [each["differences"] for each in ran] == [[], [], [], []]
    failures = [each.get("failure", {}).get("code") for each in ran]
    assert failures == [None, None, "NO_LIST", "NO_ITEMS"]


def test_the_output_of_a_nested_workflow_is_text_without_2(sfnctl: Sfnctl) -> None:
    start = {
        "Type": "Task",
        "Resource": "arn:aws:states:::states:startExecution.sync",
        "Parameters": {"StateMachineArn": "arn:aws:states:us-east-1:1:stateMachine:other:live"},
        "End": True,
    }
    sfnctl.write("other.asl.json", json.dumps(define(Inner={"Type": "Pass", "End": True})))
    output = {"Output": "{}", "Status": "SUCCEEDED"}
    case = {
        "input": {},
        "mocks": {"Start": {"definition": "other.asl.json"}},
        "expect": {"output": output, "calls": {"Start": {}}},
    }
    assert run_one(sfnctl, define(Start=start), case)["differences"] == []


def test_waits_and_retries_take_no_time(sfnctl: Sfnctl) -> None:
    definition = define(
        Wait={"Type": "Wait", "Seconds": 99999, "Next": "Copy"},
        Copy=task(
            Parameters={"Bucket": "acme-done", "Key": "a", "CopySource": "acme/a"},
            Retry=[{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 900, "MaxAttempts": 9}],
            TimeoutSeconds=1,
        ),
    )
    mocks = {"Copy": [*[throw("States.Timeout")] * 9, {"return": 1}]}
    case = {"input": {}, "mocks": mocks, "expect": {"attempts": {"Copy": 10}}}
    assert run_one(sfnctl, {**definition, "TimeoutSeconds": 1}, case)["verdict"] == "passed"


def test_an_endless_loop_ends_as_on_aws(sfnctl: Sfnctl) -> None:
    loop = define(Loop={"Type": "Pass", "Next": "Loop"}, End={"Type": "Succeed"})
    loop["States"]["Loop"] = {
        "Type": "Choice",
        "Choices": [{"Variable": "$.n", "NumericEquals": 1, "Next": "Loop"}],
        "Default": "End",
    }
    case = {
        "input": {"n": 1},
        "expect": {"cause": "The execution reached the maximum number of history events (25000)."},
    }
    assert run_one(sfnctl, loop, case)["verdict"] == "passed"


def test_python_mocks_get_the_arguments(sfnctl: Sfnctl) -> None:
    sfnctl.write(
        "mocks.py",
        "from sfn_s3_cli.testing import TaskFailed\n"
        "calls = []\n"
        "class Full(Exception): pass\n"
        "def copy(arguments):\n"
        "    print('not in the way')\n"
        "    calls.append(arguments)\n"
        "    if len(calls) == 1: raise TaskFailed('S3.SlowDownException', 'wait')\n"
        "    if arguments['Key'].endswith('full'): raise Full('no room')\n"
        "    return {'calls': len(calls), 'key': arguments['Key']}\n",
    )
    cases: list[dict[str, Any]] = [
        {
            "object": {"key": "incoming/a"},
            "expect": {"exactly": {"calls": 2, "key": "incoming/a"}},
        },
        {
            "object": {"key": "incoming/full"},
            "expect": {"error": "Full", "cause": "no room"},
        },
    ]
    for each in cases:
        each["mocks"] = {"Copy": {"python": "mocks.py:copy"}}
    write(sfnctl, COPY, *cases)
    assert [each["differences"] for each in run(sfnctl, code=0)] == [[], []]


def test_task_tokens_are_answered(sfnctl: Sfnctl) -> None:
    ask = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"QueueUrl": "q", "MessageBody": {"token.$": "$$.Task.Token"}},
        "Retry": [{"ErrorEquals": ["Later"]}],
        "End": True,
    }
    answers = {"Ask": [throw("Later"), {"return": {"ok": True}}]}
    ran = run_one(sfnctl, define(Ask=ask), {"input": {}, "answers": answers})
    assert ran["output"] == {"ok": True}
    assert len({json.dumps(each["arguments"]) for each in ran["calls"]}) <= 2
    assert len(ran["calls"]) == 2
    assert run_one(sfnctl, define(Ask=ask), {"input": {}})["failure"]["code"] == "NO_ANSWER"


def test_nested_workflows_run_their_definition(sfnctl: Sfnctl) -> None:
    start = {
        "Type": "Task",
        "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Parameters": {
            "StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:other",
            "Input": {"n.$": "$.n"},
        },
        "OutputPath": "$.Output",
        "Catch": [{"ErrorEquals": ["States.TaskFailed"], "Next": "Failed"}],
        "End": True,
    }
    sfnctl.write(
        "other.asl.json",
        json.dumps(define(Inner=task("getObject", Parameters={"Bucket": "a", "Key.$": "$.n"}))),
    )
    definition = define(Start=start, Failed={"Type": "Fail", "Error": "Caught"})
    nested = {"definition": "other.asl.json", "mocks": {"Inner": {"return": {"m": 2}}}}
    cases: list[dict[str, Any]] = [
        {"mocks": {"Start": nested}, "expect": {"exactly": {"m": 2}, "path": ["Start"]}},
        {
            "mocks": {"Start": {**nested, "mocks": {"Inner": throw("Boom")}}},
            "expect": {"error": "Caught"},
        },
        {"mocks": {"Start": {"definition": "other.asl.json"}}},
    ]
    write(sfnctl, definition, *[{"input": {"n": "1"}, **each} for each in cases])
    ran = run(sfnctl)
    assert [each["verdict"] for each in ran] == ["passed", "passed", "error"]
    assert ran[2]["failure"]["message"].startswith("the state 'Inner' in 'Start' calls")


def test_a_part_of_a_workflow_runs(sfnctl: Sfnctl) -> None:
    inner = {**define(One={"Type": "Pass", "Next": "Two"}, Two={"Type": "Pass", "Next": "Three"})}
    inner["States"]["Three"] = {"Type": "Fail"}
    fan = {"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": inner, "Next": "Last"}
    definition = define(Fan=fan, Last={"Type": "Pass", "End": True})
    cases: list[dict[str, Any]] = [
        {"from": "Two", "to": "Two", "expect": {"path": ["Two"]}},
        {"to": "Two", "expect": {"path": ["One", "Two"]}},
        {"from": "Last", "expect": {"path": ["Last"]}},
    ]
    write(sfnctl, definition, *[{"input": {}, **each} for each in cases])
    assert [each["differences"] for each in run(sfnctl, code=0)] == [[], [], []]


def test_a_part_that_never_reaches_its_end_fails(sfnctl: Sfnctl) -> None:
    choose = {
        "Type": "Choice",
        "Choices": [{"Variable": "$.n", "NumericEquals": 1, "Next": "Far"}],
        "Default": "Done",
    }
    definition = define(
        Choose=choose,
        Far={"Type": "Pass", "Next": "Done"},
        Done={"Type": "Succeed"},
    )
    cases = [{"input": {"n": number}, "to": "Far"} for number in (1, 2)]
    write(sfnctl, definition, *cases)
    near, far = run(sfnctl, code=1)
    assert near["verdict"] == "passed"
    note = "the execution never reached 'Far'"
    assert far["differences"] == [{"where": "to", "expected": "Far", "note": note}]


def test_a_part_of_a_map_has_its_item(sfnctl: Sfnctl) -> None:
    show = {"Type": "Pass", "Parameters": {"i.$": "$$.Map.Item.Index"}, "Next": "Again"}
    again = {"Type": "Pass", "Parameters": {"v.$": "$$.Map.Item.Value.a"}, "ResultPath": "$.r"}
    inner = define(Show=show, Again={**again, "End": True})
    definition = define(Fan={"Type": "Map", "ItemProcessor": inner, "End": True})
    item = {"index": 2, "value": {"a": 7}}
    case = {
        "input": {},
        "from": "Show",
        "item": item,
        "expect": {"exactly": {"i": 2, "r": {"v": 7}}},
    }
    assert run_one(sfnctl, definition, case)["differences"] == []


def test_the_context_object_has_what_aws_documents(sfnctl: Sfnctl) -> None:
    case = {"input": {"n": 1}, "expect": {"output": {"Execution": {"Name": "test"}}}}
    definition = define(Show={"Type": "Pass", "Parameters": {"$.$": "$$"}, "End": True})
    definition["States"]["Show"] = {"Type": "Pass", "InputPath": "$$", "End": True}
    ran = run_one(sfnctl, definition, case)
    assert sorted(ran["output"]) == ["Execution", "State", "StateMachine"]
    assert ran["output"]["Execution"]["Input"] == {"n": 1}


def test_a_retried_map_appears_again_in_the_path(sfnctl: Sfnctl) -> None:
    inner = define(Inner={"Type": "Map", "ItemProcessor": define(Put=task("putObject"))})
    inner["States"]["Inner"]["End"] = True
    put = inner["States"]["Inner"]["ItemProcessor"]["States"]["Put"]
    put["Parameters"] = {"Bucket": "acme-done", "Key": "a"}
    each = {"Type": "Map", "ItemProcessor": inner, "Retry": [{"ErrorEquals": ["Again"]}]}
    mocks = {"Put": [{"return": 1}, throw("Again"), {"return": 1}, {"return": 1}]}
    case = {
        "input": [[1], [2]],
        "mocks": mocks,
        "expect": {
            "path": ["Each", *[["Inner", ["Put"]]] * 4],
            "attempts": {"Each": 2, "Inner": 4, "Put": 4},
        },
    }
    ran = run_one(sfnctl, define(Each={**each, "End": True}), case)
    assert ran["differences"] == []


def test_an_error_of_a_function_has_the_cause_of_lambda(sfnctl: Sfnctl) -> None:
    call = {
        "Type": "Task",
        "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
        "Catch": [{"ErrorEquals": ["BadInput"], "Next": "Caught"}],
        "End": True,
    }
    parse = {"cause.$": "States.StringToJson($.Cause)"}
    definition = define(Call=call, Caught={"Type": "Pass", "Parameters": parse, "End": True})
    sfnctl.write("m.py", "class BadInput(Exception): pass\ndef f(a): raise BadInput('no')\n")
    cause = {"errorMessage": "no", "errorType": "BadInput"}
    case = {
        "input": {},
        "mocks": {"Call": {"python": "m.py:f"}},
        "expect": {"output": {"cause": cause}},
    }
    assert run_one(sfnctl, definition, case)["differences"] == []


def test_a_mock_that_returns_no_json_is_an_error(sfnctl: Sfnctl) -> None:
    sfnctl.write("m.py", "def f(a): return {1, 2}\n")
    ran = run_one(sfnctl, COPY, {**OBJECT, "mocks": {"Copy": {"python": "m.py:f"}}})
    assert ran["failure"]["message"] == (
        "the mock of the state 'Copy' does not work: f did not return JSON:"
        " Object of type set is not JSON serializable"
    )


def test_an_interrupted_run_leaves_no_process(sfnctl: Sfnctl) -> None:
    fifo = sfnctl.folder / "started"
    os.mkfifo(fifo)
    sfnctl.write(
        "m.py",
        "import os, time\n"
        "def f(a):\n"
        f"    with open({str(fifo)!r}, 'w') as started: started.write(str(os.getpid()))\n"
        "    time.sleep(600)\n",
    )
    write(sfnctl, COPY, {**OBJECT, "mocks": {"Copy": {"python": "m.py:f"}}})
    with sfnctl.running("test") as process:
        pid = int(fifo.read_text())
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 130
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_variables_are_set_at_the_start(sfnctl: Sfnctl) -> None:
    states = {"Pass": {"Type": "Pass", "Output": {"sum": "{% $a + 1 %}"}, "End": True}}
    definition = {"QueryLanguage": "JSONata", "StartAt": "Pass", "States": states}
    case = {"input": {}, "from": "Pass", "variables": {"a": 1}, "expect": {"output": {"sum": 2}}}
    assert run_one(sfnctl, definition, case)["verdict"] == "passed"


@pytest.mark.parametrize("via", ["s3", "cloudtrail"])
def test_an_object_becomes_the_event_of_the_trigger(sfnctl: Sfnctl, via: str) -> None:
    echo = define(Echo={"Type": "Pass", "End": True})
    case = {"object": {"key": 'incoming/"<event>', "size": 5, "etag": "e", "version_id": "v"}}
    as_event = run_one(sfnctl, echo, case, trigger={"via": via, "input": "event"})["output"]
    as_object = run_one(sfnctl, echo, case, trigger={"via": via})["output"]
    again = run_one(sfnctl, echo, {"event": as_event}, trigger={"via": via})["output"]
    assert as_object == again
    assert as_object["object"]["key"] == 'incoming/"<event>'
    assert (as_object["bucket"], as_object["via"]) == ("acme-orders", via)
    assert as_object["event"] == "PutObject"


def test_a_failed_expression_is_found_in_the_file(sfnctl: Sfnctl) -> None:
    accept = task(
        Arguments={"Bucket": "b", "Key": "{% $foo($states.input.key) %}", "CopySource": "c"},
        Next="Done",
    )
    definition = {**define(Accept=accept, Done={"Type": "Succeed"}), "QueryLanguage": "JSONata"}
    case = {"object": {"key": "incoming/a"}, "expect": {"calls": {"Accept": {"Bucket": "b"}}}}
    write(sfnctl, definition, {**case, "mocks": {"Accept": {"return": {}}}})
    sfnctl.write("workflow.asl.json", json.dumps(definition, indent=1))
    line = 1 + json.dumps(definition, indent=1).partition("{% $foo")[0].count("\n")
    [ran] = run(sfnctl, "--junit", "report.xml", code=1)
    written = (sfnctl.folder / "report.xml").read_text()
    status, called = ran["differences"]
    place = f"failed in 'Accept', Arguments/Key (workflow.asl.json:{line}): "
    cause = (
        "The JSONata expression '$foo($states.input.key)' specified for the field 'Arguments/Key'"
        " threw an error during evaluation. T1006: Attempted to invoke a non-function"
    )
    assert status["note"].startswith(f"{place}States.QueryEvaluationError: ")
    assert status["note"].endswith(cause)
    assert called["note"] == "it failed before its call"
    assert place in written


def test_the_failed_state_is_named_without_a_field(sfnctl: Sfnctl) -> None:
    states = {"Go": {"Type": "Pass", "Next": "No"}, "No": {"Type": "Fail", "Error": "Bad"}}
    write(sfnctl, define(**states), {"input": {}, "expect": {}})
    [ran] = run(sfnctl, code=1)
    [status] = ran["differences"]
    assert status["note"] == "failed in 'No' (workflow.asl.json:1): Bad"


def test_a_single_case_is_chosen_by_file_and_name(sfnctl: Sfnctl) -> None:
    cases: list[dict[str, Any]] = [
        {"name": each, "input": {}, "expect": {}} for each in ("a", "a / b", "c")
    ]
    write(sfnctl, define(Go={"Type": "Pass", "End": True}), *cases)
    (sfnctl.folder / "other.test.yaml").write_text(json.dumps({"cases": cases[:1]}))

    def names(*arguments: str) -> list[str]:
        return [each["name"] for each in run(sfnctl, *arguments)]

    assert names("workflow.test.yaml::a") == ["a"]
    assert names("workflow.test.yaml::a / b", "./workflow.test.yaml::c") == ["a / b", "c"]
    assert names("workflow.test.yaml::c", "other.test.yaml") == ["c", "a"]
    assert names("workflow.test.yaml::c", "workflow.test.yaml") == ["a", "a / b", "c"]
    failed = sfnctl("test", "workflow.test.yaml::d", code=2)
    assert "workflow.test.yaml has no case with the name 'd'" in failed.err
    refused = sfnctl("test", "workflow.test.yaml::a", "--record", "k", code=2)
    assert "leave out ::NAME" in refused.err


def test_junit_has_the_arguments_of_a_call_without_mock(sfnctl: Sfnctl) -> None:
    states = define(List=task("listObjectsV2", Parameters={"Bucket": "b"}))
    write(sfnctl, states, {"input": {}, "expect": {}})
    run(sfnctl, "--junit", "report.xml", code=1)
    assert 'arguments: {"Bucket": "b"}' in (sfnctl.folder / "report.xml").read_text()


def test_help_has_no_types_of_python(sfnctl: Sfnctl) -> None:
    assert "\n  FILE  Files with cases" in sfnctl("test", "--help").out
    assert "\n  EXECUTION  Name or ARN" in sfnctl("show", "--help").out
    assert "DOCUMENT <config|execution|test>" in sfnctl("schema", "--help").out
