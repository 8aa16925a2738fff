"""The command line: the global options, the list of commands, and errors turned into exit codes."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from sfn_s3_cli import __version__, error_handler, signals
from sfn_s3_cli.commands import (
    demo,
    deploy,
    init,
    local,
    permissions,
    plan,
    schema,
    status,
    teardown,
    validate,
    watch_executions,
)
from sfn_s3_cli.context import Context, GlobalOptions
from sfn_s3_cli.errors import ExitCode, Interrupted, SfnctlError, Signalled

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
    chosen = GlobalOptions(config, region, profile, local, output.value, verbose, state_dir)
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
app.command()(permissions.permissions)
app.command()(demo.demo)
app.command()(schema.schema)
app.add_typer(local.app, name="local")


OTHERS_MAY_WRITE = 0o022
"""Taken from every file that is made, whatever the user's umask leaves."""


def hoisted(arguments: list[str], flags: set[str], options: set[str]) -> list[str]:
    """The arguments with the global options in front, wherever they stood before a `--`.

    >>> hoisted(["deploy", "--yes", "--local", "-ojson"], {"--local"}, {"--output", "-o"})
    ['--local', '-ojson', 'deploy', '--yes']
    """
    front: list[str] = []
    rest: list[str] = []
    remaining = iter(arguments)
    for argument in remaining:
        if argument == "--":
            rest += ["--", *remaining]
        elif argument in options:
            value = next(remaining, None)
            if value is None:
                return [*front, argument]  # so that Typer says what is missing
            front += [argument, value]
        elif argument in flags or argument.partition("=")[0] in options or argument[:2] in options:
            front.append(argument)
        else:
            rest.append(argument)
    return front + rest


def main() -> NoReturn:
    """The entry point: runs a command and exits with its code."""
    signals.install()
    os.umask(os.umask(0) | OTHERS_MAY_WRITE)
    _collect_less()
    command, context = typer.main.get_command(app), Context()
    own = [each for each in command.params if not each.is_eager]
    flags = {name for each in own if getattr(each, "is_flag", False) for name in each.opts}
    valued = {name for each in own for name in each.opts} - flags
    arguments = hoisted(sys.argv[1:], flags, valued)
    try:
        code = command.main([*arguments], "sfnctl", obj=context, standalone_mode=False)
    except Signalled as error:
        _tell(context, _interrupted(context, error))
        os._exit(error.exit_code)  # without waiting for threads that wait for answers
    except Exception as error:  # noqa: BLE001  (each is told, and ends the command)
        known = error_handler.understood(error, context, command, arguments)
        _tell(context, known)
        sys.exit(known.exit_code)
    sys.exit(code or ExitCode.DONE)


def _interrupted(context: Context, signal: Signalled) -> Interrupted:
    if context.changed_nothing:
        return Interrupted(signal, "interrupted; nothing was changed")
    if context.changed:
        again = "run the same command again to be sure that it is finished"
        return Interrupted(signal, "interrupted after changes were made", again)
    return Interrupted(signal, "interrupted")


def _tell(context: Context, error: SfnctlError) -> None:
    with suppress(SfnctlError):  # stderr cannot be written either: the exit code still tells
        context.view.error(error)


def _collect_less() -> None:
    """What a command loads stays until it ends: searching it for garbage takes 0.1 s."""
    gc.set_threshold(300_000)
    atexit.register(gc.freeze)
