"""What states give to each other: templates, ResultPath, limits, tokens, errors, items."""

from __future__ import annotations

import json
from typing import Any

from local.workflow_table import PASS, run_table, task, tell
from sfnctl_script import Sfnctl
from testing.workflow_cases import run_one

X = {"StartAt": "X", "States": {"X": PASS}}
DISTRIBUTED = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}
LIMIT = "States.DataLimitExceeded"
TOO_LARGE = "returned a result with a size exceeding the maximum number of bytes service limit."
MISMATCH = "States.ResultPathMatchFailure"
ANSWER = {"mocks": {"Call": {"return": {"Payload": 1}}}}


def map_items(**fields: Any) -> dict[str, Any]:
    return {"Type": "Map", "ItemsPath": "$.list", "ItemProcessor": X, "End": True, **fields}


def test_empty_templates_make_empty_objects(sfnctl: Sfnctl) -> None:
    items = {"input": {"list": [1]}}
    table = {
        "Parameters": ({"P": {**PASS, "Parameters": {}}}, {"input": {"a": 1}}),
        "ResultSelector": ({"Call": task(ResultSelector={})}, ANSWER),
        "ItemSelector": ({"M": map_items(ItemSelector={})}, items),
        "Map-Parameters": ({"M": map_items(Parameters={})}, items),
        "Distributed": (
            {"M": map_items(ItemSelector={}, ItemProcessor={**X, **DISTRIBUTED})},
            items,
        ),
    }
    assert run_table(sfnctl, table) == {
        "Parameters": {},
        "ResultSelector": {},
        "ItemSelector": [{}],
        "Map-Parameters": [{}],
        "Distributed": [{}],
    }


def test_a_result_path_leads_to_a_place(sfnctl: Sfnctl) -> None:
    value = {"a": 3, "l": [1, {"b": 2}], "o": {}}
    paths: dict[str, Any] = {
        "$['a']": {**value, "a": 7},
        "$.o['x-y']": {**value, "o": {"x-y": 7}},
        "$.n.b['c.d']": {**value, "n": {"b": {"c.d": 7}}},
        "$.l[0]": {**value, "l": [7, {"b": 2}]},
        "$.l[1].b": {**value, "l": [1, {"b": 7}]},
        "$.l[5]": MISMATCH,
        "$.o[0]": MISMATCH,
        "$.a.b": MISMATCH,
    }
    table = {
        f"path{number}": ({"P": {**PASS, "Result": 7, "ResultPath": path}}, {"input": value})
        for number, path in enumerate(paths)
    }
    root = {"P": {**PASS, "Result": 7, "ResultPath": "$[1].p"}}
    ran = run_table(sfnctl, {**table, "root": (root, {"input": [1, {}]})})
    assert ran.pop("root") == [1, {"p": 7}]
    found = [each[0] if isinstance(each, tuple) else each for each in ran.values()]
    assert found == list(paths.values())


def test_data_has_at_most_256_kib(sfnctl: Sfnctl) -> None:
    catch = [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Done"}]
    caught = {"Call": task(Catch=catch), "Done": PASS}
    doubled = {"FunctionName": "f", "Payload.$": "States.Array($, $)"}
    large = {"input": {"x": "y" * 200_000}}
    table = {
        "result": (caught, {"mocks": {"Call": {"return": "x" * 262_143}}}),
        "fits": (
            {"Call": task(Next="Q"), "Q": PASS},
            {"mocks": {"Call": {"return": "x" * 262_142}}},
        ),
        "utf-8": ({"Call": task()}, {"mocks": {"Call": {"return": "ü" * 140_000}}}),
        "input": ({**caught, "Call": task(Parameters=doubled, Catch=catch)}, {**large, **ANSWER}),
        "output": (
            {"Twice": {**PASS, "Parameters": {"a.$": "States.Array($, $)"}}},
            large,
        ),
    }
    ran = run_table(sfnctl, table)
    cause = f"The state/task 'lambda' {TOO_LARGE}"
    assert ran["result"] == {"error": {"Error": LIMIT, "Cause": cause}}
    assert ran["fits"] == "x" * 262_142
    assert ran["utf-8"] == (LIMIT, cause)
    assert ran["input"][0] == LIMIT
    assert ran["output"] == (LIMIT, f"The state/task 'Twice' {TOO_LARGE}")


def test_an_input_has_at_most_256_kib(sfnctl: Sfnctl) -> None:
    ran = run_one(sfnctl, {"StartAt": "P", "States": {"P": PASS}}, {"input": "x" * 262_143})
    assert ran["verdict"] == "error"
    assert "Member must have length less than or equal to 262144" in json.dumps(ran)


def test_each_attempt_has_a_token(sfnctl: Sfnctl) -> None:
    queue = "arn:aws:states:::sqs:sendMessage"
    send = {"QueueUrl": "q", "MessageBody.$": "$$.Task.Token"}
    wait = {
        "Type": "Task",
        "Resource": f"{queue}.waitForTaskToken",
        "Parameters": send,
        "Retry": [{"ErrorEquals": ["E"]}],
        "Next": "After",
    }
    states = {"Wait": wait, "After": {**PASS, "Parameters": {"t.$": "$$.Task.Token"}}}
    answers = {"answers": {"Wait": [{"throw": {"error": "E"}}, {"return": 1}]}}
    ran = run_one(sfnctl, {"StartAt": "Wait", "States": states}, {"input": {}, **answers})
    [one, other] = [each["arguments"]["MessageBody"] for each in ran["calls"]]
    assert one != other
    error, cause = tell(ran)
    assert error == "States.Runtime"
    assert "'$$.Task.Token' specified for the field 't.$' could not be found" in cause
    assert "QueryLanguage" not in cause


def test_a_fail_needs_no_error(sfnctl: Sfnctl) -> None:
    ran = run_table(sfnctl, {"fail": ({"F": {"Type": "Fail"}}, {})})
    assert "States.Fail" not in json.dumps(ran)


def test_times_are_strict(sfnctl: Sfnctl) -> None:
    times = {"2026-01-01T00:00:00Z": True, "2026-02-30T00:00:00Z": False, "2026-01-01": False}
    rule = {"Variable": "$.t", "IsTimestamp": True, "Next": "Yes"}
    equal = {"Variable": "$.t", "TimestampEquals": "2026-01-01T01:00:00+01:00", "Next": "Yes"}
    table: dict[str, Any] = {}
    for number, time in enumerate(times):
        case = {"input": {"t": time}}
        end = {"Yes": {**PASS, "Result": True}, "No": {**PASS, "Result": False}}
        for name, each in (("is", rule), ("equals", equal)):
            choice = {"Type": "Choice", "Choices": [each], "Default": "No"}
            table[f"{name}{number}"] = ({"C": choice, **end}, case)
        wait = {"Type": "Wait", "TimestampPath": "$.t", "Next": "Yes"}
        table[f"wait{number}"] = ({"W": wait, "Yes": end["Yes"]}, case)
    ran = run_table(sfnctl, table)
    for number, is_time in enumerate(times.values()):
        assert ran[f"is{number}"] == ran[f"equals{number}"] == is_time
        waited = ran[f"wait{number}"]
        assert waited is True if is_time else waited[0] == "States.Runtime"


def test_an_item_reader_fails_or_reads(sfnctl: Sfnctl) -> None:
    bodies: dict[str, tuple[dict[str, Any], str, Any]] = {
        "array": ({"InputType": "JSON"}, "[1]", [1]),
        "object": ({"InputType": "JSON"}, '{"a":1}', [{"Key": "a", "Value": 1}]),
        "broken": ({"InputType": "JSON"}, "{bad", None),
        "number": ({"InputType": "JSON"}, "5", None),
        "lines": ({"InputType": "JSONL"}, "1\n2\n", [1, 2]),
        "broken-line": ({"InputType": "JSONL"}, "1\nbad\n", None),
        "pointer": ({"InputType": "JSON", "ItemsPointer": "/a~1b/0"}, '{"a/b":[[7]]}', [7]),
        "no-pointer": ({"InputType": "JSON", "ItemsPointer": "/no"}, '{"a":[]}', None),
    }
    parameters = {"Bucket": "acme-orders", "Key.$": "$.object.key"}
    read = {"Resource": "arn:aws:states:::s3:getObject", "Parameters": parameters}
    catch = [{"ErrorEquals": ["States.ItemReaderFailed"], "Next": "Caught"}]
    table = {}
    for name, (config, body, _) in bodies.items():
        items = {
            "Type": "Map",
            "ItemReader": {**read, "ReaderConfig": config},
            "ItemProcessor": {**X, **DISTRIBUTED},
            "Catch": catch,
            "End": True,
        }
        states = {"M": items, "Caught": {**PASS, "Parameters": {"caught": True}}}
        table[name] = (states, {"object": {"key": "incoming/a", "body": body}})
    ran = run_table(sfnctl, table)
    wanted = {
        name: {"caught": True} if each is None else each for name, (*_, each) in bodies.items()
    }
    assert ran == wanted


def test_a_child_knows_its_own_execution(sfnctl: Sfnctl) -> None:
    parameters = {"input.$": "$$.Execution.Input", "name.$": "$$.Execution.Name"}
    states = {"X": {**PASS, "Parameters": parameters}}
    items = map_items(ItemProcessor={**DISTRIBUTED, "StartAt": "X", "States": states})
    ran = run_table(sfnctl, {"child": ({"M": items}, {"input": {"list": [5, 6]}})})["child"]
    assert [each["input"] for each in ran] == [5, 6]
    assert len({each["name"] for each in ran} - {"test"}) == 2
