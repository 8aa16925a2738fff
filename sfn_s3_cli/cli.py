"""The command line: the global options and the list of commands."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from sfn_s3_cli import __version__, error_handler, signals
from sfn_s3_cli.arguments import move_global_options_first
from sfn_s3_cli.commands import (
    demo,
    deploy,
    graph,
    init,
    local,
    permissions,
    plan,
    schema,
    show,
    status,
    teardown,
    test,
    validate,
    watch_executions,
)
from sfn_s3_cli.commit import find_commit
from sfn_s3_cli.completion import answer
from sfn_s3_cli.completion.install import Shell, install, read_script
from sfn_s3_cli.context import Context, GlobalOptions
from sfn_s3_cli.errors import ExitCode
from sfn_s3_cli.plain_help import PlainCommand

EXIT_CODES = "Exit codes: " + " · ".join(f"{code.value} {code.meaning}" for code in ExitCode)

app = typer.Typer(
    name="sfnctl",
    help="Run a Step Functions workflow for each object that lands in an S3 bucket.",
    epilog=f"Global options can be given before or after the command.\n\n{EXIT_CODES}",
    rich_markup_mode=None,  # Rich would double the time that --help takes
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    add_completion=False,  # `completion/` has its own
)


class Output(StrEnum):
    TEXT = "text"
    JSON = "json"


def _show_version(value: bool) -> None:  # noqa: FBT001
    if value:
        commit = find_commit()
        typer.echo(f"sfnctl {__version__}" + (f" (commit {commit})" if commit else ""))
        raise typer.Exit


def _install_completion(shell: Shell | None) -> None:
    if shell:
        typer.echo(install(shell))
        raise typer.Exit


def _show_completion(shell: Shell | None) -> None:
    if shell:
        typer.echo(read_script(shell), nl=False)
        raise typer.Exit


def _list_profiles() -> list[str]:
    from sfn_s3_cli.checks.credentials import list_profiles  # noqa: PLC0415  (for completion only)

    return list_profiles(os.environ)


@app.callback()
def options(
    ctx: typer.Context,
    config: Annotated[
        Path,
        typer.Option("--config", "-c", metavar="FILE", envvar="SFNCTL_CONFIG", help="Config file."),
    ] = Path("sfnctl.yaml"),
    region: Annotated[
        str | None, typer.Option(metavar="REGION", envvar="SFNCTL_REGION", help="AWS region.")
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(
            metavar="PROFILE",
            envvar="SFNCTL_PROFILE",
            help="AWS profile.",
            autocompletion=_list_profiles,
        ),
    ] = None,
    local: Annotated[  # noqa: FBT002
        bool,
        typer.Option(
            "--local", envvar="SFNCTL_LOCAL", help="Use the embedded cloud instead of AWS."
        ),
    ] = False,
    output: Annotated[
        Output, typer.Option("--output", "-o", envvar="SFNCTL_OUTPUT", help="Output format.")
    ] = Output.TEXT,
    verbose: Annotated[  # noqa: FBT002
        bool,
        typer.Option("--verbose", "-v", envvar="SFNCTL_VERBOSE", help="Show each AWS call."),
    ] = False,
    state_dir: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            envvar="SFNCTL_STATE_DIR",
            help="Folder for the state of the embedded cloud.",
        ),
    ] = None,
    _version: Annotated[  # noqa: FBT002
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
    _install: Annotated[
        Shell | None,
        typer.Option(
            "--install-completion",
            callback=_install_completion,
            is_eager=True,
            help="Install completion for a shell and exit.",
        ),
    ] = None,
    _show: Annotated[
        Shell | None,
        typer.Option(
            "--show-completion",
            callback=_show_completion,
            is_eager=True,
            help="Print the completion script of a shell and exit.",
        ),
    ] = None,
) -> None:
    chosen = GlobalOptions(config, region, profile, local, output.value, verbose, state_dir)
    ctx.ensure_object(Context).options = chosen


app.command()(init.init)
app.command()(validate.validate)
app.command("test")(test.run_tests)
app.command()(plan.plan)
app.command("diff", hidden=True)(plan.plan)
app.command()(deploy.deploy)
app.command()(status.status)
app.command("watch-executions")(watch_executions.watch_executions)
app.command("watch", hidden=True)(watch_executions.watch_executions)
app.command()(show.show)
app.command()(graph.graph)
app.command()(teardown.teardown)
app.command()(permissions.permissions)
app.command()(demo.demo)
app.command()(schema.schema)
app.add_typer(local.app, name="local")
for each in app.registered_commands:
    each.cls = PlainCommand


WRITABLE_BY_OTHERS = 0o022
"""Removed from the mode of every file that sfnctl creates, whatever the user's umask is."""


def main() -> NoReturn:
    """Run a command and exit with its code."""
    if answer.SHELL in os.environ:
        answer.answer(os.environ, lambda: typer.main.get_command(app))
    signals.install()
    os.umask(os.umask(0) | WRITABLE_BY_OTHERS)
    _reduce_garbage_collection()
    command, context = typer.main.get_command(app), Context()
    arguments = move_global_options_first(sys.argv[1:], command)
    with error_handler.exit_on_error(context, command, arguments):
        code = command.main([*arguments], "sfnctl", obj=context, standalone_mode=False)
    error_handler.leave(code or ExitCode.DONE)


def _reduce_garbage_collection() -> None:
    """Save 0.1 s: what a command loads stays in use until it ends."""
    gc.set_threshold(300_000)
    atexit.register(gc.freeze)
