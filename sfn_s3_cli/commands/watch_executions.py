"""`sfnctl watch-executions`: follow executions and the S3 objects that started them."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sfn_s3_cli.clock import format_minute
from sfn_s3_cli.duration import parse_duration
from sfn_s3_cli.errors import Signalled, UsageError
from sfn_s3_cli.views.detail import Detail

if TYPE_CHECKING:
    from sfn_s3_cli.context import Context
    from sfn_s3_cli.executions.source import WatchOptions
    from sfn_s3_cli.iam.names import Names


KEPT_BY_AWS = timedelta(days=90)


class ExecutionStatus(StrEnum):
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    TIMED_OUT = "TIMED_OUT"
    ABORTED = "ABORTED"


STATUS = f"Only executions with this status ({', '.join(ExecutionStatus)}); repeatable."


def duration(text: str) -> timedelta:
    """Parse the value of an option such as --since."""
    length = parse_duration(text)
    if length is None:
        raise typer.BadParameter(f"expected a duration such as 30s, 15m or 1h30m, got {text!r}")
    return timedelta(seconds=length)


def _length(help_: str) -> Any:
    return typer.Option(help=help_, parser=duration, metavar="DURATION")


def watch_executions(
    ctx: typer.Context,
    input_: Annotated[
        Detail, typer.Option("--input", help="How much of each input to print.")
    ] = Detail.SUMMARY,
    since: Annotated[timedelta, _length("How far back to start.")] = "15m",  # type: ignore[assignment]
    status: Annotated[
        list[ExecutionStatus] | None,
        typer.Option(metavar="STATUS", case_sensitive=False, help=STATUS),
    ] = None,
    key: Annotated[
        str | None, typer.Option(metavar="GLOB", help="Only objects whose key matches.")
    ] = None,
    count: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Stop after this many executions have ended."),
    ] = None,
    timeout: Annotated[timedelta | None, _length("Stop after this long.")] = None,
    until_idle: Annotated[
        timedelta | None, _length("Stop when nothing has happened for this long.")
    ] = None,
    no_follow: Annotated[
        bool, typer.Option("--no-follow", help="Show the executions so far and exit.")
    ] = False,
    exit_status: Annotated[
        bool,
        typer.Option("--exit-status", help="Exit with 5 if any shown execution did not succeed."),
    ] = False,
) -> None:
    """Follow executions and the S3 objects that started them.

    Shows each execution when it starts and when its status changes, oldest first. Ctrl-C stops
    watching; executions keep running.
    """
    from sfn_s3_cli.executions.poll import create_poller
    from sfn_s3_cli.executions.source import WatchOptions
    from sfn_s3_cli.executions.watch import Watch

    context: Context = ctx.obj
    if context.pipeline.state_machine.aws_type == "EXPRESS":
        raise _not_listed(context.names)
    options = WatchOptions(
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
    executions = create_poller(context.aws, machine_arn)
    watch = Watch(executions, options, context.aws.clock)
    try:
        context.view.remark(_headline(context, options))
        disabled = _remark_disabled(context)
        context.view.follow(watch, input_.value)
    except Signalled as signal:  # the normal way to stop watching
        raise typer.Exit(signal.exit_code) from None
    if error := watch.result.to_error(exit_status=exit_status, disabled=disabled):
        raise error


def _remark_disabled(context: Context) -> str:
    """Say if the trigger is disabled; return that, or an empty text."""
    from sfn_s3_cli.resources.rule import find_disabled

    trigger = context.pipeline.trigger
    rule = context.names.rule(trigger.via)
    reason = find_disabled(context.aws, rule, is_wanted=trigger.enabled)
    if reason is None:
        return ""
    context.view.remark(f"Note: {reason.message}")
    return reason.message


def _headline(context: Context, options: WatchOptions) -> str:
    name = context.names.state_machine
    if not options.follow:
        return f"Executions of {name} since {format_minute(options.since)}:"
    return f"Watching {name}; press Ctrl-C to stop."


def _not_listed(names: Names) -> UsageError:
    """Explain that AWS does not list EXPRESS executions.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html
    """
    from sfn_s3_cli.aws.executions import NOT_LISTED

    return UsageError(
        NOT_LISTED,
        "with `logging: {level: all, include_data: true}` they are in its log:"
        f" `aws logs tail {names.log_group} --follow`",
    )
