"""The command line: the global options, the list of commands, and errors turned into exit codes."""

from __future__ import annotations

import atexit
import gc
import signal
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from sfn_s3_cli import __version__
from sfn_s3_cli.commands import (
    demo,
    deploy,
    init,
    local,
    plan,
    schema,
    status,
    teardown,
    validate,
    watch_executions,
)
from sfn_s3_cli.context import Context, Options
from sfn_s3_cli.errors import ExitCode, Interrupted, SfnctlError, Signalled
from sfn_s3_cli.views import streams

if TYPE_CHECKING:
    from types import FrameType

EXIT_CODES = "Exit codes: " + " · ".join(f"{code.value} {code.meaning}" for code in ExitCode)

app = typer.Typer(
    name="sfnctl",
    help="From objects in S3 to executions in Step Functions, out of one YAML file.",
    epilog=f"Global options may stand before or after the command.\n\n{EXIT_CODES}",
    rich_markup_mode=None,  # Rich would double the time that --help takes
    pretty_exceptions_enable=False,
    no_args_is_help=True,
)


class Output(StrEnum):
    TEXT = "text"
    JSON = "json"


def _show_version(value: bool) -> None:  # noqa: FBT001
    if value:
        typer.echo(f"sfnctl {__version__}")
        raise typer.Exit


@app.callback()
def options(
    ctx: typer.Context,
    config: Annotated[
        Path,
        typer.Option("--config", "-c", envvar="SFNCTL_CONFIG", help="The config file."),
    ] = Path("sfnctl.yaml"),
    region: Annotated[
        str | None, typer.Option(envvar="SFNCTL_REGION", help="The AWS region.")
    ] = None,
    profile: Annotated[
        str | None, typer.Option(envvar="SFNCTL_PROFILE", help="The AWS profile.")
    ] = None,
    local: Annotated[  # noqa: FBT002
        bool,
        typer.Option("--local", envvar="SFNCTL_LOCAL", help="Run against the embedded cloud."),
    ] = False,
    output: Annotated[
        Output, typer.Option("--output", "-o", envvar="SFNCTL_OUTPUT", help="How to tell results.")
    ] = Output.TEXT,
    verbose: Annotated[  # noqa: FBT002
        bool,
        typer.Option("--verbose", "-v", envvar="SFNCTL_VERBOSE", help="Show each AWS call."),
    ] = False,
    state_dir: Annotated[
        Path | None,
        typer.Option(envvar="SFNCTL_STATE_DIR", help="Where the embedded cloud is remembered."),
    ] = None,
    _version: Annotated[  # noqa: FBT002
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    chosen = Options(config, region, profile, local, output.value, verbose, state_dir)
    ctx.ensure_object(Context).options = chosen


app.command()(init.init)
app.command()(validate.validate)
app.command()(plan.plan)
app.command("diff", hidden=True)(plan.plan)
app.command()(deploy.deploy)
app.command()(status.status)
app.command("watch-executions")(watch_executions.watch_executions)
app.command("watch", hidden=True)(watch_executions.watch_executions)
app.command()(teardown.teardown)
app.command()(demo.demo)
app.command()(schema.schema)
app.add_typer(local.app, name="local")


SIGNALS = {signal.SIGINT: ExitCode.INTERRUPTED, signal.SIGTERM: ExitCode.TERMINATED}


def _signalled(number: int, _frame: FrameType | None) -> NoReturn:
    raise Signalled(SIGNALS[signal.Signals(number)])


def hoisted(arguments: list[str], flags: set[str], options: set[str]) -> list[str]:
    """The arguments with the global options in front, wherever they stood before a `--`.

    >>> hoisted(["deploy", "--yes", "--local", "-ojson"], {"--local"}, {"--output", "-o"})
    ['--local', '-ojson', 'deploy', '--yes']
    """
    front, rest = [], []
    remaining = iter(arguments)
    for argument in remaining:
        if argument == "--":
            rest += ["--", *remaining]
        elif argument in options:
            front += [argument, *[value for value in [next(remaining, None)] if value is not None]]
        elif argument in flags or argument.partition("=")[0] in options or argument[:2] in options:
            front.append(argument)
        else:
            rest.append(argument)
    return front + rest


def main() -> NoReturn:
    """The entry point: runs a command and exits with its code."""
    for number in SIGNALS:
        signal.signal(number, _signalled)
    _collect_less()
    command, context = typer.main.get_command(app), Context()
    own = [each for each in command.params if not each.is_eager]
    flags = {name for each in own if getattr(each, "is_flag", False) for name in each.opts}
    valued = {name for each in own for name in each.opts} - flags
    try:
        command(hoisted(sys.argv[1:], flags, valued), prog_name="sfnctl", obj=context)
    except Signalled as error:
        what = "interrupted; nothing was changed" if context.changed_nothing else "interrupted"
        context.view.error(Interrupted(error, what))
        sys.exit(error.exit_code)
    except Exception as error:
        known = _known(error)
        if known is None:
            raise
        context.view.error(known)
        sys.exit(known.exit_code)
    sys.exit(ExitCode.DONE)


def _collect_less() -> None:
    """What a command loads stays until it ends: searching it for garbage takes 0.1 s."""
    gc.set_threshold(300_000)
    atexit.register(gc.freeze)


def _known(error: Exception) -> SfnctlError | None:
    """The error in a user's words; None when it is a fault of ours."""
    match error:
        case SfnctlError():
            return error
        case OSError(filename=None):  # of stdout, most likely
            streams.give_up(sys.stdout)
            return SfnctlError(str(error.strerror))
        case OSError():
            return SfnctlError(f"{error.filename}: {error.strerror}")
    if "botocore" not in sys.modules:  # then it cannot be one of AWS's
        return None
    from sfn_s3_cli.aws.errors import explained  # noqa: PLC0415

    return explained(error)
