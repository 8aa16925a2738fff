"""AWS's own checks of a definition and of an event pattern. They change nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from types_boto3_stepfunctions.literals import StateMachineTypeType

    from sfn_s3_cli.aws.client import Aws


class Diagnostic(NamedTuple):
    """One reason why Step Functions rejects a definition."""

    code: str
    message: str
    location: str = ""
    """Such as `/States/Choose/Choices[0]/Next`; may be empty."""


def validate_definition(aws: Aws, definition: str, type_: StateMachineTypeType) -> list[Diagnostic]:
    """Why Step Functions rejects a definition; empty if it accepts it.

    AWS promises only the result; its diagnostics may change.
    https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html
    """
    answer = aws.stepfunctions_short_timeout.validate_state_machine_definition(
        definition=definition, type=type_, severity="ERROR"
    )
    if answer["result"] == "OK":
        return []
    return [
        Diagnostic(each["code"], each["message"], each.get("location", ""))
        for each in answer["diagnostics"]
    ] or [Diagnostic("SCHEMA_VALIDATION_FAILED", "it gives no reason")]


def matches_pattern(aws: Aws, pattern: Mapping[str, object], event: Mapping[str, object]) -> bool:
    """Whether EventBridge finds that an event matches a pattern."""
    answer = aws.events_short_timeout.test_event_pattern(
        EventPattern=json.dumps(pattern), Event=json.dumps(event)
    )
    return answer["Result"]
