"""`sfnctl show`: show one execution, what it did, and where it failed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from sfn_s3_cli.commands.graph import open_execution
from sfn_s3_cli.commands.one_execution import Asked, read_execution
from sfn_s3_cli.errors import ExecutionFailed, SfnctlError, UsageError

if TYPE_CHECKING:
    from sfn_s3_cli.context import Context
    from sfn_s3_cli.executions.model import Execution

OBJECT = "Show the newest execution of the object with exactly this key."
FULL = "Cut nothing off, and show the input and output of each step."
GRAPH = "Also open a picture of it in a browser; needs the extra `graph`."
EXIT_STATUS = "Exit with 5 if the execution failed."


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
    graph: Annotated[bool, typer.Option("--graph", help=GRAPH)] = False,
    exit_status: Annotated[bool, typer.Option("--exit-status", help=EXIT_STATUS)] = False,
) -> None:
    """Show one execution, what it did, and where it failed.

    Shows its object, input and output, and each step with its attempts, error and cause. Each
    failed step comes with its input and its place in the definition. The iterations of a Map are
    counted, and shown only if they failed. Of a running execution, the states that wait are shown.
    """
    if sum((execution is not None, last, object_ is not None)) != 1 or object_ == "":
        raise UsageError("name one execution", "give its name or ARN, --last, or --object KEY")
    context: Context = ctx.obj
    details = read_execution(context, Asked(execution, object_), keep_all=full or graph)
    details = replace(
        details,
        places=_find_places(context),
        console_url=_find_page(context, details.execution),
        only_failed=failed,
        is_full=full,
    )
    context.view.show(details)
    if graph:
        open_execution(context, details)
    if exit_status and details.execution.has_failed:
        raise ExecutionFailed(f"the execution ended as {details.execution.status}")


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
