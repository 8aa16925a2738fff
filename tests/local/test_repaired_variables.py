"""Variables of JSONPath states."""

from __future__ import annotations

from typing import Any

from sfnctl_script import Sfnctl
from testing.workflow_cases import define, run, task, write

INNER: dict[str, Any] = {
    "Type": "Pass",
    "Parameters": {"item.$": "$", "outer.$": "$set"},
    "Assign": {"mine.$": "$.item"},
    "End": True,
}
STATES: dict[str, Any] = {
    "Set": {
        "Type": "Pass",
        "Result": {"a": 1},
        "ResultPath": "$.x",
        "Assign": {"set.$": "$.a", "swap": 1, "list": [1, 2]},
        "Next": "Again",
    },
    "Again": {"Type": "Pass", "Assign": {"swap.$": "$set", "set.$": "$swap"}, "Next": "Wait"},
    "Wait": {"Type": "Wait", "Seconds": 1, "Assign": {"waited.$": "$.x.a"}, "Next": "Call"},
    "Call": task(
        Parameters={"Bucket": "b", "Key.$": "States.Format('{}', $waited)", "CopySource": "b/a"},
        ResultSelector={"tag.$": "$.ETag"},
        ResultPath="$.call",
        Assign={"tag.$": "$.ETag", "whole.$": "$"},
        Catch=[{"ErrorEquals": ["Boom"], "Assign": {"why.$": "$.Error"}, "Next": "Show"}],
        Next="Each",
    ),
    "Each": {
        "Type": "Map",
        "ItemsPath": "$list",
        "ItemProcessor": define(Inner=INNER),
        "ResultPath": "$.each",
        "Assign": {"each.$": "$[0].item"},
        "Next": "Choose",
    },
    "Choose": {
        "Type": "Choice",
        "Choices": [
            {"Variable": "$none", "IsPresent": True, "Next": "Show"},
            {
                "Variable": "$tag",
                "StringEquals": "x",
                "Assign": {"rule.$": "$.x.a"},
                "Next": "Show",
            },
        ],
        "Assign": {"rule": "default"},
        "Default": "Show",
    },
    "Show": {"Type": "Pass", "Parameters": {"shown.$": "$shown"}, "End": True},
}


def show(*names: str) -> dict[str, Any]:
    parameters = {f"{name}.$": f"${name}" for name in names}
    return {**STATES, "Show": {"Type": "Pass", "Parameters": parameters, "End": True}}


def run_one(sfnctl: Sfnctl, states: dict[str, Any], mock: dict[str, Any]) -> Any:
    write(sfnctl, {"StartAt": "Set", "States": states}, {"input": {}, "mocks": {"Call": mock}})
    [ran] = run(sfnctl)
    return ran


def test_states_set_and_read_variables(sfnctl: Sfnctl) -> None:
    names = ("set", "swap", "waited", "tag", "whole", "each", "rule", "list")
    ran = run_one(sfnctl, show(*names), {"return": {"ETag": "x", "n": 1}})
    assert ran["calls"][0]["arguments"]["Key"] == "1"
    assert ran["output"] == {
        "set": 1,
        "swap": 1,
        "waited": 1,
        "tag": "x",
        "whole": {"ETag": "x", "n": 1},
        "each": 1,
        "rule": 1,
        "list": [1, 2],
    }


def test_the_default_and_a_catcher_set_variables(sfnctl: Sfnctl) -> None:
    assert run_one(sfnctl, show("rule"), {"return": {"ETag": "y"}})["output"] == {"rule": "default"}
    failed = run_one(sfnctl, show("why"), {"throw": {"error": "Boom"}})
    assert failed["output"] == {"why": "Boom"}


def test_a_missing_variable_fails_the_execution(sfnctl: Sfnctl) -> None:
    ran = run_one(sfnctl, show("nope"), {"return": {"ETag": "x"}})
    assert (ran["status"], ran["error"]) == ("FAILED", "States.Runtime")
    assert (
        "The JSONPath '$nope' specified for the field 'nope.$' could not be found" in ran["cause"]
    )
