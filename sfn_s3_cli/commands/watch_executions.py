"""`sfnctl watch-executions`: each execution with the S3 object that started it."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sfn_s3_cli.duration import seconds
from sfn_s3_cli.errors import Signalled, UsageError

if TYPE_CHECKING:
    from sfn_s3_cli.context import Context
    from sfn_s3_cli.iam.names import Names


KEPT_BY_AWS = timedelta(days=90)


class Detail(StrEnum):
    NONE = "none"
    SUMMARY = "summary"
    FULL = "full"


class State(StrEnum):
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    TIMED_OUT = "TIMED_OUT"
    ABORTED = "ABORTED"


def duration(text: str) -> timedelta:
    """An option's value as a length of time."""
    length = seconds(text)
    if length is None:
        raise typer.BadParameter(f"{text!r} is no length of time such as 30s, 15m or 1h30m")
    return timedelta(seconds=length)


def _length(help_: str) -> Any:
    return typer.Option(help=help_, parser=duration, metavar="DURATION")


def watch_executions(
    ctx: typer.Context,
    input_: Annotated[
        Detail, typer.Option("--input", help="How much of each input to show.")
    ] = Detail.SUMMARY,
    since: Annotated[timedelta, _length("Begin with what happened this long ago.")] = "15m",  # type: ignore[assignment]
    status: Annotated[list[State] | None, typer.Option(help="Only these; repeatable.")] = None,
    key: Annotated[str | None, typer.Option(metavar="GLOB", help="Only these keys.")] = None,
    count: Annotated[
        int | None, typer.Option(min=1, help="End when so many executions have ended.")
    ] = None,
    timeout: Annotated[timedelta | None, _length("End after this long.")] = None,
    until_idle: Annotated[timedelta | None, _length("End when nothing came for this long.")] = None,
    no_follow: Annotated[
        bool, typer.Option("--no-follow", help="Show what there is, then end.")
    ] = False,
    exit_status: Annotated[
        bool, typer.Option("--exit-status", help="Exit with 5 if a shown one did not succeed.")
    ] = False,
) -> None:
    """Follow executions with their S3 objects.

    Each is shown when it appears and when its status changes, exactly once, the oldest first.
    Ctrl-C ends the watch, never an execution.
    """
    from sfn_s3_cli.executions.poll import source
    from sfn_s3_cli.executions.watch import Options, Watch

    context: Context = ctx.obj
    if context.pipeline.state_machine.aws_type == "EXPRESS":
        raise _not_listed(context.names)
    options = Options(
        since=context.aws.clock.now() - min(since, KEPT_BY_AWS),
        statuses=frozenset(status or ()),
        key=key,
        count=count,
        timeout=timeout,
        until_idle=until_idle,
        follow=not no_follow,
        interval=timedelta(seconds=0.5 if context.options.local else 2),
    )
    machine_arn = context.names.state_machine_arn
    executions = source(context.aws, machine_arn, options.statuses)
    watch = Watch(executions, options, context.aws.clock)
    try:
        context.view.remark(f"Watching {context.names.state_machine}; Ctrl-C ends the watch.")
        context.view.follow(watch, input_.value)
    except Signalled as signal:  # the way to end a watch that has no other end
        raise typer.Exit(signal.exit_code) from None
    if error := watch.outcome.error(exit_status=exit_status):
        raise error


def _not_listed(names: Names) -> UsageError:
    """https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html"""
    from sfn_s3_cli.aws.executions import NOT_LISTED

    return UsageError(
        NOT_LISTED,
        "with `logging: {level: all, include_data: true}` they are in its log:"
        f" `aws logs tail {names.log_group} --follow`",
    )
