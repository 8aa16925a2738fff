"""Checks how a Task waits for the end of its call: for a job, or for a task token."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sfn_s3_cli.asl.language.resource import SUFFIXES
from sfn_s3_cli.asl.language.values import walk_values
from sfn_s3_cli.asl.lint.subjects import name_state
from sfn_s3_cli.asl.lint.task_calls import read_task
from sfn_s3_cli.asl.permissions.integrations import INTEGRATIONS
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.asl.language.resource import ServiceCall
    from sfn_s3_cli.asl.language.states import State
    from sfn_s3_cli.asl.lint.task_calls import TaskCall

_MAY_TAKE_TOKEN = {"batch", "glue"}
"""Services about which the pages of AWS disagree: docs/facts.md."""
_SYNC_WITHOUT_PERMISSIONS = {"eks:runJob"}
# Measured with ValidateStateMachineDefinition: https://github.com/badmintoncryer/cdk-preflight
_WITHOUT_TOKEN = {
    "athena",
    "bedrockagentcore",
    "codebuild",
    "databrew",
    "dynamodb",
    "elasticmapreduce",
    "emr-containers",
    "emr-serverless",
    "mediaconvert",
    "sagemaker",
}

# The token itself, or a whole that includes it: the context object, or its Task.
_TOKEN = re.compile(r"\$\$(?!\.(?!Task\b)\w)|\$states\b(?!\.(?!context\b(?!\.(?!Task\b)\w))\w)")


def check(state: State) -> Iterator[Finding]:
    """Checks whether the service can be waited for, and whether it gets its token.

    Suffixes that do not exist are not checked here: they make the Resource invalid.
    """
    task = read_task(state)
    if task is None or task.call.suffix not in SUFFIXES:
        return
    suffix, path = task.call.suffix, (*state.path, "Resource")
    remedy = f"write `{str(state.value['Resource']).removesuffix(f'.{suffix}')}`"
    if not _supports(task.call):
        message = f"{name_state(state)} waits with `.{suffix}`, which {task.name} does not support"
        yield Finding("INVALID_RESOURCE", path, message, remedy)
    elif suffix == "waitForTaskToken":
        if task.call.service in _MAY_TAKE_TOKEN and not task.call.is_sdk:
            message = f"{name_state(state)} waits for a token, which {task.name} may not support"
            remedy = f"{remedy}, or wait with `.sync`"
            yield Finding("INVALID_RESOURCE", path, message, remedy, Severity.WARNING)
        yield from _check_token(task)


def _supports(call: ServiceCall) -> bool:
    """Whether the call may have this suffix; unknown calls may have any."""
    integration = None if call.is_sdk else INTEGRATIONS.get(call.name)
    if call.suffix == "waitForTaskToken":
        return integration is None or call.service not in _WITHOUT_TOKEN
    if integration is None:
        return not call.is_sdk
    if call.suffix == "sync:2":
        return call.name == "states:startExecution"
    return bool(integration.sync_grants) or call.name in _SYNC_WITHOUT_PERMISSIONS


def _check_token(task: TaskCall) -> Iterator[Finding]:
    """Warns when neither the parameters nor the InputPath hold the token."""
    sources = [task.parameters, task.state.value.get("InputPath")]
    texts = (text for source in sources for _, text in walk_values(source) if isinstance(text, str))
    if isinstance(task.parameters, dict) and not any(map(_TOKEN.search, texts)):
        token = (
            "$$.Task.Token" if task.field == "Parameters" else "{% $states.context.Task.Token %}"
        )
        message = f"{name_state(task.state)} waits for a token that its {task.field} do not send"
        path, remedy = (*task.state.path, "Resource"), f"add `{token}` to its {task.field}"
        yield Finding("NO_TOKEN", path, message, remedy, Severity.WARNING)
