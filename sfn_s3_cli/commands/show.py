"""`sfnctl show`: show one execution, what it did, and where it failed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from sfn_s3_cli.counts import Count
from sfn_s3_cli.errors import AwsError, ExecutionFailed, SfnctlError, UsageError

if TYPE_CHECKING:
    from sfn_s3_cli.context import Context
    from sfn_s3_cli.executions.choose import Deployed
    from sfn_s3_cli.executions.details import ExecutionDetails
    from sfn_s3_cli.executions.model import Execution

OBJECT = "Show the newest execution of the object with exactly this key."
FULL = "Cut nothing off, and show the input and output of each step."
NONE_STARTED = "was an object uploaded, and does its key match the trigger? See `sfnctl status`"
EXIT_STATUS = "Exit with 5 if the execution failed."
_SET_LOGGING = (
    "EXPRESS executions are only in the log: set `logging: {level: all, include_data: true}`"
)

# https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
_NO_NAME = re.compile(r"[\s<>{}\[\]?*\"#%\\^|~`$&,;\x00-\x1f\x7f-\x9f]")


def show(
    ctx: typer.Context,
    execution: Annotated[
        str | None, typer.Argument(metavar="EXECUTION", help="Name or ARN of the execution.")
    ] = None,
    last: Annotated[
        bool, typer.Option("--last", help="Show the execution that started or ended last.")
    ] = False,
    object_: Annotated[str | None, typer.Option("--object", metavar="KEY", help=OBJECT)] = None,
    failed: Annotated[
        bool, typer.Option("--failed", help="Show only the steps that did not succeed.")
    ] = False,
    full: Annotated[bool, typer.Option("--full", help=FULL)] = False,
    exit_status: Annotated[bool, typer.Option("--exit-status", help=EXIT_STATUS)] = False,
) -> None:
    """Show one execution, what it did, and where it failed.

    Shows its object, input and output, and each step with its attempts, error and cause. Each
    failed step comes with its input and its place in the definition. The iterations of a Map are
    counted, and shown only if they failed. Of a running execution, the states that wait are shown.
    """
    if sum((execution is not None, last, object_ is not None)) != 1 or object_ == "":
        raise UsageError("name one execution", "give its name or ARN, --last, or --object KEY")
    from sfn_s3_cli.executions.choose import find_deployed

    context: Context = ctx.obj
    deployed = find_deployed(context.aws, context.names, context.pipeline.state_machine)
    if deployed.type == "EXPRESS":
        details = _read_express(context, deployed, Asked(execution, object_), is_full=full)
    else:
        details = _read_standard(context, Asked(execution, object_), is_full=full)
    details = replace(
        details,
        places=_find_places(context),
        console_url=_find_page(context, details.execution),
        only_failed=failed,
        is_full=full,
    )
    context.view.show(details)
    if exit_status and details.execution.has_failed:
        raise ExecutionFailed(f"the execution ended as {details.execution.status}")


class Asked(NamedTuple):
    """The execution that the command line names, or the object; neither is the last execution."""

    execution: str | None
    key: str | None


def _read_standard(context: Context, asked: Asked, *, is_full: bool) -> ExecutionDetails:
    from sfn_s3_cli.executions.details import read_standard

    if asked.execution is None:
        arn = _find(context, asked.key).arn
    else:
        arn = _to_arn(context, asked.execution, "execution")
    return read_standard(context.aws, arn, keep_all=is_full)


def _find(context: Context, key: str | None) -> Execution:
    """The newest execution of an object, or without a key the newest of all."""
    from sfn_s3_cli.executions import find
    from sfn_s3_cli.executions.poll import create_poller

    aws, name = context.aws, context.names.state_machine
    source = create_poller(aws, context.names.state_machine_arn)
    if key is None:
        if found := find.find_last(source):
            return found
        raise AwsError(f"{name} has no executions", NONE_STARTED)
    found, searched = find.find_by_object(source, key, aws.now())
    if found:
        return found
    if searched == 0:
        raise AwsError(f"{name} has no executions", NONE_STARTED)
    raise AwsError(
        f"none of the last {Count(searched):execution} of {name} has the object {key!r}",
        NONE_STARTED,
    )


def _read_express(
    context: Context, deployed: Deployed, asked: Asked, *, is_full: bool
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
    details = read_express(context.aws, deployed.group, wanted, keep_all=is_full)
    if details:
        return details
    what = f"execution of {key!r}" if key is not None else f"execution {name or ''}".strip()
    where = f"the last {SEARCHED.days} days of the log group {deployed.group}"
    if deployed.logs_everything and deployed.has_data:
        raise AwsError(f"{where} have no {what}", f"a record may come late; else, {NONE_STARTED}")
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


def _find_places(context: Context) -> dict[str, str]:
    """Where the states are in the local definition; nowhere if that cannot be read."""
    from sfn_s3_cli.asl.language.places import find_states

    try:
        return find_states(context.offline_result.document)
    except SfnctlError:
        return {}


def _find_page(context: Context, execution: Execution) -> str | None:
    from sfn_s3_cli.aws.console import find_page

    fragment = f"/v2/executions/details/{execution.arn}"
    if ":express:" in execution.arn and execution.started:
        start = int(execution.started.timestamp() * 1000)
        fragment = f"/express-executions/details/{execution.arn}?startDate={start}"
    return find_page(context.aws, "states/home", fragment)
