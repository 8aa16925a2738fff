"""JSONata in states that the emulator takes for JSONPath ones."""

from __future__ import annotations

import json
from typing import Any

import pytest
from local.local_account import Account
from local.test_repaired_running import define, run_to_end

DISTRIBUTED = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
READ = "arn:aws:states:::s3:getObject"
WRITE = "arn:aws:states:::s3:putObject"


def run(account: Account, states: dict[str, Any], value: Any = None, *may: str) -> Any:
    definition = define(states, QueryLanguage="JSONata")
    machine = account.create_machine(definition, may=may)
    started = account.client("stepfunctions").start_execution(
        stateMachineArn=machine, input=json.dumps(value)
    )
    return run_to_end(account, started["executionArn"])


def test_a_succeed_has_an_output(account: Account) -> None:
    ended = run(account, {"End": {"Type": "Succeed", "Output": "{% $states.input + 1 %}"}}, 1)
    assert ended["output"] == "2"


def test_a_parallel_has_arguments_output_and_variables(account: Account) -> None:
    branch = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
    states: dict[str, Any] = {
        "Both": {
            "Type": "Parallel",
            "Arguments": "{% $states.input + 1 %}",
            "Branches": [branch],
            "Assign": {"all": "{% $states.result %}"},
            "Output": {"first": "{% $states.result[0] %}"},
            "Next": "Show",
        },
        "Show": {"Type": "Pass", "Output": ["{% $states.input %}", "{% $all %}"], "End": True},
    }
    assert json.loads(run(account, states, 1)["output"]) == [{"first": 2}, [2]]


def test_a_distributed_map_reads_batches_and_writes(account: Account, s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="in.csv", Body=b"id\n1\n2\nx\n")
    rows: dict[str, Any] = {
        "Type": "Map",
        "Label": "Rows",
        "ItemReader": {
            "Resource": READ,
            "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
            "Arguments": {"Bucket": "{% $states.input %}", "Key": "in.csv"},
        },
        "ItemSelector": {"n": "{% $states.context.Map.Item.Value.id %}"},
        "ItemBatcher": {"MaxItemsPerBatch": 2, "BatchInput": {"of": "{% $states.input %}"}},
        "ItemProcessor": {
            "ProcessorConfig": DISTRIBUTED,
            "StartAt": "Sum",
            "States": {
                "Sum": {
                    "Type": "Pass",
                    "Output": "{% $sum($states.input.Items.$number(n)) %}",
                    "End": True,
                }
            },
        },
        "ToleratedFailureCount": "{% 1 %}",
        "ResultWriter": {
            "Resource": WRITE,
            "Arguments": {"Bucket": "{% $states.input %}", "Prefix": "results"},
        },
        "Output": "{% $states.result.ResultWriterDetails %}",
        "End": True,
    }
    ended = run(account, {"Rows": rows}, bucket, "*")
    client = account.client("stepfunctions")
    (found,) = client.list_map_runs(executionArn=ended["executionArn"])["mapRuns"]
    counts = client.describe_map_run(mapRunArn=found["mapRunArn"])["itemCounts"]
    assert (counts["total"], counts["succeeded"], counts["failed"]) == (3, 2, 1)
    details = json.loads(ended["output"])
    assert details["Bucket"] == bucket
    read = {
        each["Key"].rpartition("/")[2]: json.loads(
            s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read()
        )
        for each in s3.list_objects_v2(Bucket=bucket, Prefix="results/")["Contents"]
    }
    assert details["Key"].endswith("manifest.json")
    assert [each["Output"] for each in read["SUCCEEDED_0.json"]] == ["3"]
    failed = {"BatchInput": {"of": bucket}, "Items": [{"n": "x"}]}
    assert [json.loads(each["Input"]) for each in read["FAILED_0.json"]] == [failed]
    files = read["manifest.json"]["ResultFiles"]
    assert {name: len(found) for name, found in files.items()} == {
        "FAILED": 1,
        "PENDING": 0,
        "SUCCEEDED": 1,
    }


def test_a_result_writer_needs_its_permission(account: Account, bucket: str) -> None:
    rows = {
        "Type": "Map",
        "Label": "Rows",
        "Items": [1],
        "ItemProcessor": {
            "ProcessorConfig": DISTRIBUTED,
            "StartAt": "A",
            "States": {"A": {"Type": "Pass", "End": True}},
        },
        "ResultWriter": {"Resource": WRITE, "Arguments": {"Bucket": bucket, "Prefix": "r"}},
        "End": True,
    }
    ended = run(account, {"Rows": rows}, None, "states:*")
    assert (ended["status"], ended["error"]) == ("FAILED", "States.ResultWriterFailed")


@pytest.mark.parametrize(
    ("expression", "ends"),
    [
        ("$states.input.x", "returned nothing (undefined)."),
        ("$parse($states.input.x)", ": a function or operator does not take a value of this type"),
        ("$parse('{')", ": the argument of $parse is not valid JSON"),
        ("$number('a')", ": a function or operator does not take this value"),
        ("$uuid(3)", ": a function or operator does not take a value of this type"),
        (
            "$lowercase(1)",
            '. T0410: Argument 1 of function "lowercase" does not match function sig',
        ),
        ("$error('an Object')", ". D3137: an Object"),
        ("$range(1, 2, 0)", ": $range delta must not be zero"),
    ],
)
def test_a_failed_expression_has_the_cause_of_aws(
    account: Account, expression: str, ends: str
) -> None:
    choose = {
        "Type": "Choice",
        "Choices": [
            {"Condition": "{% false %}", "Next": "A"},
            {"Condition": f"{{% {expression} %}}", "Next": "A"},
        ],
        "Default": "A",
    }
    ended = run(account, {"Choose": choose, "A": {"Type": "Succeed"}}, {})
    start = f"The JSONata expression '{expression}' specified for the field 'Choices[1]/Condition' "
    assert ended["error"] == "States.QueryEvaluationError"
    assert start in ended["cause"]
    happened = ended["cause"].partition(start)[2].removeprefix("threw an error during evaluation")
    assert happened.startswith(ends)


def test_an_expression_in_a_map_has_its_place(account: Account) -> None:
    output = {"Type": "Pass", "Output": {"a": ["{% $states.input.b %}"]}, "End": True}
    inner = {"StartAt": "In", "States": {"In": output}}
    each = {"Type": "Map", "Items": "{% [1] %}", "ItemProcessor": inner, "End": True}
    ended = run(account, {"Each": each}, {})
    assert "specified for the field 'Output/a[0]' returned nothing" in ended["cause"]


def test_an_expression_of_a_succeed_has_its_place(account: Account) -> None:
    succeed = {"Type": "Succeed", "Output": "{% $states.input.b %}"}
    ended = run(account, {"Go": {"Type": "Pass", "Next": "End"}, "End": succeed}, {})
    assert "specified for the field 'Output' returned nothing" in ended["cause"]
