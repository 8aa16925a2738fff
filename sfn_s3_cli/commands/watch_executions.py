"""`sfnctl watch-executions`: each execution with the S3 object that started it."""

from __future__ import annotations

import re
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from sfn_s3_cli.errors import ExecutionFailed, NothingArrived

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.context import Context
    from sfn_s3_cli.executions.model import Execution
    from sfn_s3_cli.executions.watch import Options, Outcome

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


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
    """A length of time such as 30s, 15m, 1h30m or 2d; a bare number counts seconds."""
    parts = re.findall(r"(\d+)([smhd])", f"{text}s" if text.isdecimal() else text)
    if not parts or "".join(number + unit for number, unit in parts) not in {text, f"{text}s"}:
        raise typer.BadParameter(f"{text!r} is no length of time such as 30s, 15m or 1h30m")
    return sum((timedelta(**{UNITS[unit]: int(number)}) for number, unit in parts), timedelta())


def _length(help_: str) -> typer.models.OptionInfo:
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
    """Follow the executions: each when it appears and when its status changes."""
    from sfn_s3_cli.executions.watch import Options

    context: Context = ctx.obj
    options = Options(
        since=context.aws.clock.now() - since,
        statuses=frozenset(status or ()),
        key=key,
        count=count,
        timeout=timeout,
        until_idle=until_idle,
        follow=not no_follow,
        interval=timedelta(seconds=0.5 if context.options.local else 2),
    )
    outcomes: list[Outcome] = []
    context.view.follow(_executions(context, options, outcomes), input_.value)
    _judge(outcomes[0], exit_status=exit_status)


def _executions(context: Context, options: Options, ended: list[Outcome]) -> Iterator[Execution]:
    """What a watch shows; its outcome goes to `ended`."""
    from sfn_s3_cli.executions.model import Execution
    from sfn_s3_cli.executions.poll import Poll, quotas_of
    from sfn_s3_cli.executions.watch import watch

    aws, machine = context.aws, context.names.state_machine_arn
    quotas = quotas_of(context.place.region)
    source = Poll(aws.stepfunctions, machine, quotas, aws.clock, options.statuses)
    for event in watch(source, options, aws.clock):
        if isinstance(event, Execution):
            yield event
        else:
            ended.append(event)


def _judge(outcome: Outcome, *, exit_status: bool) -> None:
    if exit_status and outcome.unsuccessful:
        raise ExecutionFailed(f"{outcome.unsuccessful} of {outcome.ended} executions failed")
    if outcome.nothing_arrived:
        raise NothingArrived(
            f"{outcome.ended} of {outcome.wanted} executions ended before the timeout",
            "is an object uploaded, and does its key match the trigger? See `sfnctl status`",
        )
