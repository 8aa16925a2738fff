"""What Step Functions asks of a Task that calls one of its optimised integrations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sfn_s3_cli.asl.findings import Finding
from sfn_s3_cli.asl.integrations import TABLE
from sfn_s3_cli.asl.place import called, listed
from sfn_s3_cli.asl.states import JSONATA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.asl.states import State

_CALL = re.compile(
    r"arn:[^:]+:states:[^:]*:[^:]*:(?P<name>(?:aws-sdk:)?[\w-]+:\w+)(?:\.(?P<how>sync|sync:2|waitForTaskToken))?"
)

# Measured with ValidateStateMachineDefinition: https://github.com/badmintoncryer/cdk-preflight
_REQUIRED = {
    "dynamodb:deleteItem": ("TableName", "Key"),
    "dynamodb:getItem": ("TableName", "Key"),
    "dynamodb:putItem": ("TableName", "Item"),
    "dynamodb:updateItem": ("TableName", "Key"),
    "ecs:runTask": ("TaskDefinition",),
    "events:putEvents": ("Entries",),
    "glue:startJobRun": ("JobName",),
    "lambda:invoke": ("FunctionName",),
    "sns:publish": ("Message",),
    "sqs:sendMessage": ("QueueUrl", "MessageBody"),
    "states:startExecution": ("StateMachineArn",),
}
_SYNC_WITHOUT_PERMISSIONS = {"eks:runJob"}


def check(state: State) -> Iterator[Finding]:
    """Whether the service can be waited for as asked, and has the parameters it needs."""
    resource = str(state.value.get("Resource"))
    if state.type == "Task" and (call := _CALL.fullmatch(resource)):
        if (call["how"] or "").startswith("sync") and not _can_sync(call["name"], call["how"]):
            message = f"{called(state)} waits with `.{call['how']}`, which {call['name']} has not"
            remedy = f"write `{resource.removesuffix('.' + call['how'])}`"
            yield Finding("INVALID_RESOURCE", (*state.path, "Resource"), message, remedy)
        yield from _missing(state, call["name"])


def _can_sync(name: str, how: str) -> bool:
    row = TABLE.get(name)
    if row is None:
        return not name.startswith("aws-sdk:")  # what is unknown is told by itself
    if how == "sync:2":
        return name == "states:startExecution"
    return bool(row.sync) or name in _SYNC_WITHOUT_PERMISSIONS


def _missing(state: State, name: str) -> Iterator[Finding]:
    field, other = "Parameters", "Arguments"
    if state.language == JSONATA:
        field, other = other, field
    match state.value.get(field, {}):
        case dict(given) if other not in state.value:
            present = {str(key).removesuffix(".$") for key in given}
            if missing := [each for each in _REQUIRED.get(name, ()) if each not in present]:
                message = f"{called(state)} calls {name} without {listed(missing, 'and')}"
                remedy = f"add {listed([f'`{each}`' for each in missing], 'and')} to `{field}`"
                where = (*state.path, field) if field in state.value else state.path
                yield Finding("MISSING_FIELD", where, message, remedy, at_key=True)
