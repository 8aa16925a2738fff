"""Turns an execution into a test case: its input, what its calls got, and what it did. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sfn_s3_cli.errors import SfnctlError
from sfn_s3_cli.testing.paths import list_in_order, list_path
from sfn_s3_cli.testing.workflow import CALLBACK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sfn_s3_cli.executions.details import ExecutionDetails
    from sfn_s3_cli.executions.steps import CallResult, Step
    from sfn_s3_cli.json_types import JsonObject

BY_HAND = "write the case by hand"


def record(details: ExecutionDetails, name: str) -> JsonObject:
    """The case of an execution; SfnctlError if it has something that a test cannot repeat."""
    if why := _find_obstacle(details):
        raise SfnctlError(
            f"the execution {details.execution.name} cannot become a case: {why}", BY_HAND
        )
    execution, steps = details.execution, details.history.steps
    mocks, answers = _collect(list_in_order(steps))
    case = {
        "name": name,
        "input": json.loads(execution.input or "null"),
        "mocks": mocks,
        "answers": answers,
        "expect": _expect(details, steps),
    }
    return {key: value for key, value in case.items() if value or key == "input"}


def _find_obstacle(details: ExecutionDetails) -> str:
    execution, history = details.execution, details.history
    if execution.status not in {"SUCCEEDED", "FAILED"}:
        return f"its status is {execution.status}, and in a test no time passes"
    if execution.redrive_count:
        return "it was redriven"
    if details.steps_not_read:
        return f"its steps cannot be read ({details.steps_not_read})"
    if details.data_not_read or execution.input is None:
        return f"its data cannot be read ({details.data_not_read})"
    if history.omits_data:
        return "its data are too large"
    return next((why for each in history.steps if (why := _find_obstacle_in(each))), "")


def _find_obstacle_in(step: Step) -> str:
    if step.map_run_arn:
        return f"{step.name!r} is a Distributed Map, whose items and executions are elsewhere"
    if any(each.error is None and each.output is None for each in step.results):
        return f"a result of {step.name!r} is not in its history"
    return ""


def _collect(steps: Sequence[Step]) -> tuple[JsonObject, JsonObject]:
    """The mocks and the answers by state, in the order in which a test makes the calls."""
    mocks: dict[str, list[JsonObject]] = {}
    answers: dict[str, list[JsonObject]] = {}
    for step in steps:
        is_callback = CALLBACK in (step.resource or "")
        for call, end in _pair(step.results):
            if not is_callback:
                mocks.setdefault(step.name, []).append(_mock(end))
                continue
            answered = end if call is not None else None
            mocks.setdefault(step.name, []).append(_mock(call or end))
            answers.setdefault(step.name, []).append(
                _mock(answered) if answered else {"return": None}
            )
    return _shorten(mocks), _shorten(answers)


def _pair(results: Sequence[CallResult]) -> Iterator[tuple[CallResult | None, CallResult]]:
    """Each call that ended: what it was answered when it only started something, and its end."""
    submitted: CallResult | None = None
    for each in results:
        if each.is_submitted:
            submitted = each
        else:
            yield submitted, each
            submitted = None


def _mock(result: CallResult) -> JsonObject:
    if result.error is None:
        return {"return": json.loads(result.output or "null")}
    cause = {"cause": result.cause} if result.cause else {}
    return {"throw": {"error": result.error, **cause}}


def _shorten(mocks: dict[str, list[JsonObject]]) -> JsonObject:
    """A mock without a list answers every call; errors stay counted."""
    return {
        name: each[0] if len(each) == 1 or _is_always_returned(each) else each
        for name, each in mocks.items()
    }


def _is_always_returned(mocks: Sequence[JsonObject]) -> bool:
    return "return" in mocks[0] and all(each == mocks[0] for each in mocks)


def _expect(details: ExecutionDetails, steps: Sequence[Step]) -> JsonObject:
    """What must come out again. A cause often has ids and times, so it is left out."""
    expect: dict[str, Any] = {"status": details.execution.status, "path": list_path(steps)}
    if details.execution.has_failed:
        expect["error"] = details.execution.error
    else:
        expect["output"] = json.loads(details.output or "null")
    tried: dict[str, int] = {}
    for step in steps:
        if any(each.error for each in step.results):
            tried[step.name] = sum(each.attempts for each in steps if each.name == step.name)
    return {**expect, **({"attempts": tried} if tried else {})}
