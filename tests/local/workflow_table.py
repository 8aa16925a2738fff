"""Runs a table of workflows, each with one case, with one `sfnctl test`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sfnctl_script import Sfnctl
from testing.workflow_cases import define, run, write

PASS: dict[str, Any] = {"Type": "Pass", "End": True}
LAMBDA = "arn:aws:states:::lambda:invoke"


def run_table(sfnctl: Sfnctl, table: Mapping[str, tuple[Any, Any]]) -> dict[str, Any]:
    """What the case of each workflow did. A workflow is its states, or a whole definition."""
    write(sfnctl, define(Done=PASS), {"input": {}})
    for name, (states, case) in table.items():
        definition = states if "StartAt" in states else define(**states)
        sfnctl.write(f"{name}.asl.json", json.dumps(definition))
        cases = [{"name": name, **({} if "object" in case else {"input": {}}), **case}]
        sfnctl.write(
            f"{name}.test.yaml", json.dumps({"definition": f"{name}.asl.json", "cases": cases})
        )
    return {each["name"]: tell(each) for each in run(sfnctl) if each["name"] in table}


def tell(ran: dict[str, Any]) -> Any:
    """The output; the error and the cause of an execution that failed."""
    assert ran["status"], ran
    if ran["status"] == "SUCCEEDED":
        return ran["output"]
    return (ran["error"], ran["cause"])


def task(**fields: Any) -> dict[str, Any]:
    """A Task that calls a Lambda function; the last state unless it has a Next."""
    end = {} if "Next" in fields else {"End": True}
    arguments = {"FunctionName": "f", "Payload.$": "$"}
    return {"Type": "Task", "Resource": LAMBDA, "Parameters": arguments, **fields, **end}


def jsonata(**states: Any) -> dict[str, Any]:
    return {"QueryLanguage": "JSONata", **define(**states)}
