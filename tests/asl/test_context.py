"""What is read of the context object, in either language."""

from __future__ import annotations

from typing import Any

import pytest

from sfn_s3_cli.asl.lint.checks import lint
from sfn_s3_cli.errors import Severity


def told(text: str) -> list[tuple[str, str]]:
    """Message and remedy of what is said about a Pass that reads this."""
    state: dict[str, Any] = {"Type": "Pass", "End": True}
    if text.startswith("{%"):
        state |= {"QueryLanguage": "JSONata", "Output": text}
    else:
        state |= {"Parameters": {"X.$": text}}
    if ".Task" in text:
        resource = "arn:aws:states:::lambda:invoke.waitForTaskToken"
        parameters = {
            **state.pop("Parameters", {}),
            "FunctionName": "f",
            "Token.$": "$$.Task.Token",
        }
        key = "Arguments" if "Output" in state else "Parameters"
        state |= {"Type": "Task", "Resource": resource, key: parameters, "Retry": []}
    inner = {"StartAt": "A", "States": {"A": state}}
    a_map = {"Type": "Map", "ItemProcessor": inner, "End": True}
    definition = {"StartAt": "M", "States": {"M": a_map}} if ".Map" in text else inner
    findings = [each for each in lint(definition) if each.code not in {"NO_TOKEN", "NO_JSONATA"}]
    assert {(each.code, each.severity) for each in findings} <= {
        ("CONTEXT_FIELD", Severity.WARNING)
    }
    return [(each.message, each.remedy) for each in findings]


@pytest.mark.parametrize(
    "text",
    [
        "$$",
        "$$.Execution",
        "$$.Execution.Input.Records[0].Name",
        "$$['Execution'].Nmae",
        "$$.Map.Item.Value.id",
        "$$.Map.Item.Source",
        "States.Format('{} $$.Nothing', $$.State.Name)",
        "{% $states.context %}",
        "{% $states.context.Execution.Input.detail.nothing %}",
        "{% $states.context.Map.Item.Value[0].x & '$states.context.Nothing' %}",
        "{% $states.context.*.Name %}",
    ],
)
def test_what_it_has_or_may_have(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "path", "remedy"),
    [
        ("$$.Excution.Id", "Excution", "did you mean 'Execution'?"),
        ("$$.Execution.ID", "Execution.ID", "did you mean 'Id'?"),
        ("$$.Map.Value", "Map.Value", "read `Item`"),
        ("$$.StateMachine.Arn", "StateMachine.Arn", "read `Id` or `Name`"),
        ("$$.Task.Token.x", "Task.Token.x", "read the value itself, it is a plain one"),
        ("States.Array($.a, $$.State.name)", "State.name", "did you mean 'Name'?"),
        ("{% $states.context.Task.token %}", "Task.token", "did you mean 'Token'?"),
    ],
)
def test_what_it_has_not(text: str, path: str, remedy: str) -> None:
    message = f"the context object, which the state 'A' reads, has no `{path}`"
    assert told(text) == [(message, remedy)]


@pytest.mark.parametrize(
    ("text", "told_of"),
    [
        ("$$.Task.Token", "there is no token for the Pass state 'A', which does not wait for one"),
        ("$$.Map.Item.Value", "there is no item for the Pass state 'A', which is in no Map"),
    ],
)
def test_what_is_not_there_for_this_state(text: str, told_of: str) -> None:
    state = {"Type": "Pass", "Parameters": {"x.$": text}, "End": True}
    (finding,) = lint({"StartAt": "A", "States": {"A": state}})
    assert (finding.code, finding.message) == ("CONTEXT_FIELD", told_of)
