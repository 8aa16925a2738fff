"""Writes workflows with test cases, and runs them with `sfnctl test`."""

from __future__ import annotations

import json
from typing import Any

from pipelines import machine
from sfnctl_script import Sfnctl

S3 = "arn:aws:states:::aws-sdk:s3:"
FILE = "workflow.test.yaml"


def task(action: str = "copyObject", **fields: Any) -> dict[str, Any]:
    """A Task that calls S3; the last state unless it has a Next."""
    end = {} if "Next" in fields else {"End": True}
    return {"Type": "Task", "Resource": f"{S3}{action}", **fields, **end}


def define(start: str = "", /, **states: Any) -> dict[str, Any]:
    """A definition that starts with the first state."""
    return {"StartAt": start or next(iter(states)), "States": states}


def write(sfnctl: Sfnctl, definition: Any, *cases: Any, **config: Any) -> None:
    """Writes a config, a definition and a file with cases."""
    trigger = {"via": "s3", "prefix": "incoming/", "input": "object", **config.pop("trigger", {})}
    settings = {
        "name": "orders",
        "bucket": "acme-orders",
        "trigger": trigger,
        "state_machine": machine(**config.pop("machine", {})),
        **config,
    }
    sfnctl.write("sfnctl.yaml", json.dumps(settings))
    sfnctl.write("workflow.asl.json", json.dumps(definition))
    named = [{"name": f"case {number}", **case} for number, case in enumerate(cases)]
    sfnctl.write(FILE, json.dumps({"cases": named}))


def run(sfnctl: Sfnctl, *arguments: str, code: int | None = None) -> list[dict[str, Any]]:
    """What each case did."""
    ran = sfnctl("test", *arguments, "--output", "json", code=code)
    assert ran.out, ran.err
    cases: list[dict[str, Any]] = ran.document["cases"]
    return cases


def run_one(sfnctl: Sfnctl, definition: Any, case: Any, **config: Any) -> dict[str, Any]:
    """What one case did; one with an error passes nothing."""
    write(sfnctl, definition, case, **config)
    [ran] = run(sfnctl)
    return ran
