"""A definition in words."""

from __future__ import annotations

from typing import Any

from sfn_s3_cli.asl.language.definition_words import describe_definition, summarize

FUNCTION = "arn:aws:lambda:us-east-1:111122223333:function:resize"
ACTIVITY = "arn:aws:states:us-east-1:111122223333:activity:approve"
READER = {"Resource": "arn:aws:states:::s3:getObject"}
WRITER = {"Resource": "arn:aws:states:::s3:putObject"}


def task(resource: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": resource, "End": True}


def test_calls_of_states_at_any_depth_are_named() -> None:
    inner = {"StartAt": "Item", "States": {"Item": task("arn:aws:states:::glue:startJobRun.sync")}}
    each = {
        "Type": "Map",
        "ItemReader": READER,
        "ResultWriter": WRITER,
        "ItemProcessor": {**inner, "ProcessorConfig": {"Mode": "DISTRIBUTED"}},
        "End": True,
    }
    many = {f"{n}": task("arn:aws:states:::aws-sdk:s3:headObject") for n in range(57)}
    one = {"F": task(FUNCTION), "A": task(ACTIVITY), "Wrong": task(7), "Each": each}
    definition = {"StartAt": "F", "States": {**one, **many}}
    calls = [
        "s3:getObject",
        "s3:putObject",
        "states:startExecution for its items",
        "s3:headObject",
        "glue:startJobRun.sync",
    ]
    assert describe_definition(definition) == [
        "62 states, starts at F",
        f"calls lambda:invoke {FUNCTION} in F",
        f"calls {ACTIVITY} in A",
        *(f"calls {call} in Each" for call in calls[:3]),
        "calls s3:headObject in 0, 1, 2 and 54 more",
        "calls glue:startJobRun.sync in Item",
    ]
    assert summarize(definition) == "62 states: " + ", ".join(
        [f"lambda:invoke {FUNCTION}", ACTIVITY, *calls]
    )


def test_definition_without_calls() -> None:
    definition = {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}
    assert describe_definition(definition) == ["1 state, starts at A"]
    assert summarize(definition) == "1 state without calls"
