"""Definitions and triggers for the tests of `fit`, and findings as short text."""

from __future__ import annotations

from typing import Any

from sfn_s3_cli import fit
from sfn_s3_cli.checks.codes import CODES
from sfn_s3_cli.config.schema import Pipeline
from sfn_s3_cli.documents.findings import Finding

LAMBDA = "arn:aws:states:::lambda:invoke"


def make_pipeline(**trigger: Any) -> Pipeline:
    return Pipeline.model_validate(
        {
            "name": "orders",
            "bucket": "acme-orders",
            "trigger": trigger,
            "state_machine": {"definition": "workflow.asl.json"},
        }
    )


def make_definition(*states: dict[str, Any], **also: Any) -> dict[str, Any]:
    """A definition of states A, B, C: each is followed by the next unless it says otherwise."""
    names = "ABCDEFGH"[: len(states)]
    linked = {}
    for number, (name, state) in enumerate(zip(names, states, strict=True)):
        ends = {"End", "Next", "Choices"} & state.keys() or state["Type"] in {"Succeed", "Fail"}
        last = {"End": True} if number + 1 == len(states) else {"Next": names[number + 1]}
        linked[name] = state if ends else state | last
    return {"StartAt": "A", "States": linked, **also}


def task(**parameters: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": LAMBDA, "Parameters": parameters}


def read_path(path: str) -> dict[str, Any]:
    """A definition with one state that reads the path."""
    return make_definition(task(**{"x.$": path}))


def put_object(**parameters: Any) -> dict[str, Any]:
    """A state that writes an object, into the watched bucket if nothing else is given."""
    return call("aws-sdk:s3:putObject", **{"Bucket": "acme-orders", "Body": "x", **parameters})


def call(call: str, **parameters: Any) -> dict[str, Any]:
    resource = f"arn:aws:states:::{call}"
    return {"Type": "Task", "Resource": resource, "Parameters": parameters}


def describe(finding: Finding) -> str:
    assert finding.code in CODES
    path = ".".join(map(str, finding.path))
    return f"{finding.severity} {finding.code} {path}: {finding.message} ({finding.remedy})"


def check(definition: Any, **trigger: Any) -> list[str]:
    """The findings in full."""
    return [describe(each) for each in fit.check_definition(make_pipeline(**trigger), definition)]


def check_paths(definition: Any, **trigger: Any) -> list[str]:
    """The findings as `severity path`."""
    findings = fit.check_definition(make_pipeline(**trigger), definition)
    return [f"{each.severity} {'.'.join(map(str, each.path[1:]))}" for each in findings]


def check_loops(definition: Any, **trigger: Any) -> list[str]:
    """The severities of the endless loops."""
    findings = fit.check_definition(make_pipeline(**trigger), definition)
    return [str(each.severity) for each in findings if each.code == "ENDLESS_LOOP"]
