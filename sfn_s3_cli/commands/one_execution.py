"""Reads the execution that a command line names, from AWS or from the log."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.counts import Count
from sfn_s3_cli.errors import AwsError, UsageError

if TYPE_CHECKING:
    from sfn_s3_cli.context import Context
    from sfn_s3_cli.executions.choose import Deployed
    from sfn_s3_cli.executions.details import ExecutionDetails
    from sfn_s3_cli.executions.model import Execution

_NONE_STARTED = "was an object uploaded, and does its key match the trigger? See `sfnctl status`"
_SET_LOGGING = (
    "EXPRESS executions are only in the log: set `logging: {level: all, include_data: true}`"
)

# https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
_NO_NAME = re.compile(r"[\s<>{}\[\]?*\"#%\\^|~`$&,;\x00-\x1f\x7f-\x9f]")


class Asked(NamedTuple):
    """The execution that the command line names, or the object; neither is the last execution."""

    execution: str | None
    key: str | None


def read_execution(context: Context, asked: Asked, *, keep_all: bool) -> ExecutionDetails:
    """Reads the history of a STANDARD execution, and the log of an EXPRESS one.

    With `keep_all`, every step has its input and output.
    """
    from sfn_s3_cli.executions.choose import find_deployed

    deployed = find_deployed(context.aws, context.names, context.pipeline.state_machine)
    if deployed.type == "EXPRESS":
        return _read_express(context, deployed, asked, keep_all=keep_all)
    return _read_standard(context, asked, keep_all=keep_all)


def _read_standard(context: Context, asked: Asked, *, keep_all: bool) -> ExecutionDetails:
    from sfn_s3_cli.executions.details import read_standard

    if asked.execution is None:
        arn = _find(context, asked.key).arn
    else:
        arn = _to_arn(context, asked.execution, "execution")
    return read_standard(context.aws, arn, keep_all=keep_all)


def _find(context: Context, key: str | None) -> Execution:
    """The newest execution of an object, or without a key the newest of all."""
    from sfn_s3_cli.executions import find
    from sfn_s3_cli.executions.poll import create_poller

    aws, name = context.aws, context.names.state_machine
    source = create_poller(aws, context.names.state_machine_arn)
    if key is None:
        if found := find.find_last(source):
            return found
        raise AwsError(f"{name} has no executions", _NONE_STARTED)
    found, searched = find.find_by_object(source, key, aws.now())
    if found:
        return found
    if searched == 0:
        raise AwsError(f"{name} has no executions", _NONE_STARTED)
    raise AwsError(
        f"none of the last {Count(searched):execution} of {name} has the object {key!r}",
        _NONE_STARTED,
    )


def _read_express(
    context: Context, deployed: Deployed, asked: Asked, *, keep_all: bool
) -> ExecutionDetails:
    from sfn_s3_cli.executions.log_history import SEARCHED, Wanted, read_express

    name, key = asked
    if name is None:
        wanted = Wanted(f"{_make_prefix(context, 'express')}:*", key, "Execution*")
    else:
        arn = _to_arn(context, name, "express")
        wanted = Wanted(arn if arn == name else f"{arn}:*")
    if deployed.group is None:
        raise AwsError(f"{context.names.state_machine} does not log its executions", _SET_LOGGING)
    details = read_express(context.aws, deployed.group, wanted, keep_all=keep_all)
    if details:
        return details
    what = f"execution of {key!r}" if key is not None else f"execution {name or ''}".strip()
    where = f"the last {SEARCHED.days} days of the log group {deployed.group}"
    if deployed.logs_everything and deployed.has_data:
        raise AwsError(f"{where} have no {what}", f"a record may come late; else, {_NONE_STARTED}")
    raise AwsError(f"{where} have no {what}", _SET_LOGGING)


def _make_prefix(context: Context, resource: str) -> str:
    return context.names.state_machine_arn.replace(":stateMachine:", f":{resource}:")


def _to_arn(context: Context, wanted: str, resource: str) -> str:
    """The ARN of an execution that is given by its name or ARN.

    A Map Run of a STANDARD state machine may start EXPRESS executions.
    """
    prefix = _make_prefix(context, resource)
    if _NO_NAME.search(wanted) or not wanted:
        raise UsageError(f"{wanted!r} is not the name of an execution", "give its name or its ARN")
    if not wanted.startswith("arn:"):
        if ":" in wanted or "/" in wanted:
            raise UsageError(
                f"{wanted!r} is not the name of an execution", "give its name or its ARN"
            )
        return f"{prefix}:{wanted}"
    if wanted.startswith((f"{prefix}:", f"{prefix}/", f"{_make_prefix(context, 'express')}/")):
        return wanted
    raise UsageError(
        f"{wanted} is not an execution of {context.names.state_machine_arn}",
        "choose another config, --region or --profile",
    )
