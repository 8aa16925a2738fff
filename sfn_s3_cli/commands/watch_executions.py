"""`sfnctl watch-executions`: follow executions and the S3 objects that started them."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from sfn_s3_cli.clock import format_minute
from sfn_s3_cli.duration import parse_duration
from sfn_s3_cli.errors import NothingArrived, Signalled, UsageError
from sfn_s3_cli.signals import TimeUp, time_limit
from sfn_s3_cli.views.detail import Detail

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sfn_s3_cli.context import Context
    from sfn_s3_cli.executions.beginning import Beginning
    from sfn_s3_cli.executions.source import ExecutionSource, WatchOptions
    from sfn_s3_cli.executions.watch import Watch


_START = timedelta(seconds=3)
"""How long the start may last with the shortest timeout."""


class ExecutionStatus(StrEnum):
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    TIMED_OUT = "TIMED_OUT"
    ABORTED = "ABORTED"


SINCE = "Where to start: so long ago, or at that time. Default: 15m, but now if the command waits."
OBJECT = "Only the object with exactly this key; implies --count 1, and starts when it was written."
TIMEOUT = "Stop after this long. Default: 5m with --count, --object or --until-idle."
SUMMARY = "Show at the end how many executions have each status and error, instead of each one."
STATUS = f"Only executions with this status ({', '.join(ExecutionStatus)}); repeatable."


def duration(text: str) -> timedelta:
    """Parse the value of an option such as --since."""
    length = parse_duration(text)
    if length is None:
        raise typer.BadParameter(f"expected a duration such as 30s, 15m or 1h30m, got {text!r}")
    return timedelta(seconds=length)


def _length(help_: str) -> Any:
    return typer.Option(help=help_, parser=duration, metavar="DURATION")


_DEPTHS = {Detail.NONE: "STATUS", Detail.SUMMARY: "OBJECT", Detail.FULL: "INPUT"}
_TOO_EARLY = (
    "executions that started before the command are not counted: give --since, or --object for one"
    " upload; if nothing started, see `sfnctl status`"
)


def moment(text: str) -> timedelta | datetime:
    """Parse the value of --since: a duration, or a time, which is local without an offset."""
    length = parse_duration(text)
    if length is not None:
        return timedelta(seconds=length)
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise typer.BadParameter(
            "expected a duration such as 15m or 1h30m, or a time such as 2026-01-02T12:00:00Z,"
            f" got {text!r}"
        ) from None


def watch_executions(
    ctx: typer.Context,
    input_: Annotated[
        Detail, typer.Option("--input", help="How much of each input to print.")
    ] = Detail.SUMMARY,
    since: Annotated[
        Any,
        typer.Option(parser=moment, metavar="DURATION|TIME", help=SINCE, show_default=False),
    ] = None,
    status: Annotated[
        list[ExecutionStatus] | None,
        typer.Option(metavar="STATUS", case_sensitive=False, help=STATUS),
    ] = None,
    key: Annotated[
        str | None, typer.Option(metavar="GLOB", help="Only objects whose key matches.")
    ] = None,
    object_key: Annotated[str | None, typer.Option("--object", metavar="KEY", help=OBJECT)] = None,
    count: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Stop after this many executions have ended."),
    ] = None,
    timeout: Annotated[timedelta | None, _length(TIMEOUT)] = None,
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
    summary: Annotated[bool, typer.Option("--summary", help=SUMMARY)] = False,
) -> None:
    """Follow executions and the S3 objects that started them.

    Shows each execution when it starts and when its status changes, oldest first. Ctrl-C stops
    watching; executions keep running.

    With --count, --timeout, --until-idle, --exit-status or --object, the command waits for what is
    yet to come: executions that started before it are neither shown nor counted. --since moves that
    moment, and --object moves it to when the object was written.
    """
    began = monotonic()
    from sfn_s3_cli.aws.pool import call_in_thread
    from sfn_s3_cli.executions.limits import Limits
    from sfn_s3_cli.executions.source import Depth, WatchOptions
    from sfn_s3_cli.executions.watch import Watch

    context: Context = ctx.obj
    if object_key == "":
        raise UsageError("--object is empty", "give the key of an object")
    statuses = frozenset[str](status or ())
    limits = Limits(count, timeout, until_idle, follow=not no_follow).complete(
        statuses=statuses, has_object=object_key is not None, has_exit_status=exit_status
    )
    options = WatchOptions(
        since=context.aws.clock.now(),
        statuses=statuses,
        key=key,
        object_key=object_key,
        waits_for_errors=summary and no_follow,
        depth=Depth.STATUS if summary else Depth[_DEPTHS[input_]],
        count=limits.count,
        timeout=limits.timeout,
        until_idle=limits.until_idle,
        follow=limits.follow,
        interval=timedelta(seconds=0.5 if context.options.local else 2),
    )
    with _ended_by_signals():
        with _start_within(limits.timeout):
            start = call_in_thread(
                partial(_start, context, options, since, began, waits=limits.waits)
            )
        for text in start.remarks:
            context.view.remark(text)
        options = start.options.shorten(timedelta(seconds=monotonic() - began))
        watch = Watch(start.source, options, context.aws.clock)
        _show(context, watch, input_, as_summary=summary)
    if error := watch.result.to_error(exit_status=exit_status, remedy=start.remedy):
        raise error


class _Start(NamedTuple):
    """What the first calls have found out."""

    options: WatchOptions
    source: ExecutionSource
    remarks: Sequence[str]
    remedy: str
    """What to look at if nothing comes."""


def _start(
    context: Context,
    options: WatchOptions,
    since: timedelta | datetime | None,
    began: float,
    *,
    waits: bool,
) -> _Start:
    from sfn_s3_cli.executions.choose import choose_source

    begin = _find_beginning(context, since, options.object_key, began, waits=waits)
    options = replace(
        options, since=begin.since, started_since=begin.started_since, upload=begin.upload
    )
    chosen = choose_source(context.aws, context.names, context.pipeline.state_machine, options)
    disabled = _find_disabled(context)
    notes = [f"Note: {text}" for text in (chosen.note, disabled) if text]
    remarks = [begin.remark, _headline(context, begin, follow=options.follow), *notes]
    remedy = "the trigger is disabled" if disabled else _TOO_EARLY if begin.is_now else ""
    return _Start(options, chosen.source, [*filter(None, remarks)], remedy)


def _show(context: Context, watch: Watch, detail: Detail, *, as_summary: bool) -> None:
    from sfn_s3_cli.executions.summary import Summary

    if not as_summary:
        context.view.follow(watch, detail.value)
        return
    counted = Summary()
    try:
        counted.add_all(context.view.report(watch))
    finally:  # what was counted before a signal or an error
        context.view.show(counted)


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """A signal is the normal way to stop watching."""
    try:
        yield
    except Signalled as signal:
        raise typer.Exit(signal.exit_code) from None


@contextmanager
def _start_within(timeout: timedelta | None) -> Iterator[None]:
    """Ends the command with NothingArrived if AWS does not answer its first calls in time."""
    try:
        with time_limit((timeout + _START).total_seconds() if timeout is not None else None):
            yield
    except TimeUp:
        raise NothingArrived(
            "AWS did not answer within the timeout", "check the region, the network and the proxy"
        ) from None


def _find_disabled(context: Context) -> str:
    """Why the trigger starts nothing, if it is disabled."""
    from sfn_s3_cli.resources.rule import find_disabled

    trigger = context.pipeline.trigger
    rule = context.names.rule(trigger.via)
    reason = find_disabled(context.aws, rule, is_wanted=trigger.enabled)
    return reason.message if reason else ""


def _find_beginning(
    context: Context,
    since: timedelta | datetime | None,
    object_key: str | None,
    began: float,
    *,
    waits: bool,
) -> Beginning:
    from sfn_s3_cli.executions import beginning

    context.names  # noqa: B018  (asks AWS who the caller is, and so for the time)
    if since is not None:
        return beginning.at(context.aws, since, waits=waits)
    if object_key is not None:
        return beginning.at_upload(context.aws, context.pipeline.bucket.name, object_key)
    if waits:
        return beginning.now(context.aws, timedelta(seconds=monotonic() - began))
    return beginning.at(context.aws, beginning.HISTORY, waits=False)


def _headline(context: Context, begin: Beginning, *, follow: bool) -> str:
    name = context.names.state_machine
    if not follow:
        return f"Executions of {name} since {format_minute(begin.since)}:"
    if begin.is_now:
        return f"Watching {name} for executions that start from now on; press Ctrl-C to stop."
    return f"Watching {name}; press Ctrl-C to stop."
