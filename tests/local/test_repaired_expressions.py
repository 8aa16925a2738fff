"""JSONata: what expressions can read, what they must give, and how they fail."""

from __future__ import annotations

from typing import Any

from local.workflow_table import LAMBDA, PASS, jsonata, run_table
from sfnctl_script import Sfnctl

QUERY_ERROR = "States.QueryEvaluationError"
INPUT: dict[str, Any] = {"n": 1, "u": "ü", "none": None, "list": [1, 2]}
SHOWN: dict[str, tuple[str, Any]] = {
    "umlaut": ("{% $string($states.input.u) & $string({'a': $states.input.u}) %}", 'ü{"a":"ü"}'),
    "no-result": ("{% $exists($states.result) %}", False),
    "context": ("{% $keys($states.context) %}", ["Execution", "StateMachine", "State"]),
    "null": ("{% $states.input.none %}", None),
    "no-eval": ("{% $exists($eval) %}", False),
    "a-text": (" {% 1 %}", " {% 1 %}"),
}
FAILED: dict[str, tuple[Any, str]] = {
    "undefined": (
        {"a": [1, "{% $states.input.no %}"]},
        "specified for the field 'Output/a[1]' returned nothing (undefined).",
    ),
    "a-function": ("{% $sum %}", "specified for the field 'Output' threw an error"),
    "functions": ("{% [function($x){$x}] %}", "specified for the field 'Output' threw an error"),
    "eval": ("{% $eval('1') %}", "threw an error during evaluation. T1006: "),
    "thrown": ("{% $abs('x') %}", "threw an error during evaluation. T0410: "),
}


def choose(condition: str, **fields: Any) -> dict[str, Any]:
    rule = {"Condition": condition, "Next": "Show"}
    choice = {"Type": "Choice", "Choices": [rule], "Default": "Show", **fields}
    show = {"Type": "Pass", "Output": "{% [$states.input, $exists($v) ? $v : 0] %}", "End": True}
    return jsonata(Choose=choice, Show=show)


def call(**fields: Any) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": LAMBDA,
        "Arguments": {"FunctionName": "f"},
        "End": True,
        **fields,
    }


def test_expressions_read_and_give(sfnctl: Sfnctl) -> None:
    shown = {
        name: (jsonata(A={**PASS, "Output": output}), {"input": INPUT})
        for name, (output, _) in SHOWN.items()
    }
    failed = {
        name: (jsonata(A={**PASS, "Output": output}), {"input": INPUT})
        for name, (output, _) in FAILED.items()
    }
    ran = run_table(sfnctl, shown | failed)
    assert {name: ran[name] for name in SHOWN} == {name: each for name, (_, each) in SHOWN.items()}
    for name, (_, words) in FAILED.items():
        error, cause = ran[name]
        assert (error, words in cause) == (QUERY_ERROR, True), cause
        assert cause.startswith("An error occurred while executing the state 'A' (entered at")


def test_assign_reads_the_old_values(sfnctl: Sfnctl) -> None:
    swap = jsonata(
        A={"Type": "Pass", "Assign": {"x": 1, "y": 2}, "Next": "B"},
        B={"Type": "Pass", "Assign": {"x": "{% $y %}", "y": "{% $x %}"}, "Next": "C"},
        C={**PASS, "Output": "{% [$x, $y] %}"},
    )
    chain = jsonata(A={**PASS, "Assign": {"x": 1, "y": "{% $x %}"}})
    ran = run_table(sfnctl, {"swap": (swap, {}), "chain": (chain, {})})
    assert ran["swap"] == [2, 1]
    assert (ran["chain"][0], "'Assign/y' returned nothing" in ran["chain"][1]) == (
        QUERY_ERROR,
        True,
    )


def test_a_choice_needs_true_or_false(sfnctl: Sfnctl) -> None:
    fields = {"Output": "default", "Assign": {"v": 2}}
    table = {
        "default": (choose("{% false %}", **fields), {"input": 1}),
        "rule": (choose("{% true %}", **fields), {"input": 1}),
        "number": (choose("{% $states.input %}"), {"input": 1}),
        "undefined": (choose("{% $states.input.no %}"), {"input": 1}),
        "compared": (choose("{% $states.input.no = 1 %}"), {"input": 1}),
    }
    ran = run_table(sfnctl, table)
    assert (ran["default"], ran["rule"], ran["compared"]) == (["default", 2], [1, 0], [1, 0])
    assert ran["number"][0] == ran["undefined"][0] == QUERY_ERROR
    assert (
        "'Choices[0]/Condition' returned an unexpected result type. Expected 'boolean', but"
        in (ran["number"][1])
    )


def test_limits_and_results_of_a_task(sfnctl: Sfnctl) -> None:
    seconds = {"TimeoutSeconds": "{% $states.input %}", "HeartbeatSeconds": "{% 1 %}"}
    caught = {"ErrorEquals": [QUERY_ERROR], "Output": "{% $states.errorOutput.Error %}"}
    limited = call(**seconds, Catch=[{**caught, "Next": "Caught"}])
    function = call(Arguments={"FunctionName": "f", "Payload": "{% $sum %}"})
    mocks = {"mocks": {"A": {"return": None}}}
    table = {
        "limited": (jsonata(A=limited, Caught=PASS), {"input": 5, **mocks}),
        "bad-limit": (jsonata(A=limited, Caught=PASS), {"input": "x", **mocks}),
        "no-limit": (jsonata(A=limited, Caught=PASS), {"input": 0, **mocks}),
        "null": (jsonata(A=call(Output="{% [$exists($states.result)] %}")), mocks),
        "function": (jsonata(A=function), mocks),
    }
    ran = run_table(sfnctl, table)
    assert (ran["limited"], ran["null"]) == (None, [True])
    assert ran["bad-limit"] == ran["no-limit"] == QUERY_ERROR
    assert ran["function"][0] == QUERY_ERROR


def test_items_are_an_array_or_an_object(sfnctl: Sfnctl) -> None:
    def iterate(**fields: Any) -> dict[str, Any]:
        processor = {"StartAt": "X", "States": {"X": PASS}}
        items = {"Type": "Map", "Items": "{% $states.input %}", "ItemProcessor": processor}
        return jsonata(M={**items, "End": True, **fields})

    item = "{% $states.context.Map.Item %}"
    table = {
        "array": (iterate(), {"input": [1]}),
        "object": (iterate(), {"input": {"a": 1}}),
        "entry": (iterate(ItemSelector={"i": item}), {"input": {"a": 1}}),
        "empty": (iterate(ItemSelector={}), {"input": [1]}),
        "number": (iterate(), {"input": 5}),
    }
    ran = run_table(sfnctl, table)
    assert (ran["array"], ran["object"], ran["empty"]) == ([1], [{"Key": "a", "Value": 1}], [{}])
    assert ran["entry"] == [{"i": {"Index": 0, "Key": "a", "Value": 1}}]
    assert "Expected 'array' or 'object', but was 'number'" in ran["number"][1]
