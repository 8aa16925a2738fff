"""`sfnctl local`: manage the embedded cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sfn_s3_cli.errors import SfnctlError, Signalled

if TYPE_CHECKING:
    from sfn_s3_cli.context import Context

app = typer.Typer(
    help="Manage the embedded cloud, a local AWS emulator.",
    rich_markup_mode=None,
    no_args_is_help=True,
)


@app.command()
def start(
    ctx: typer.Context,
    port: Annotated[
        int | None,
        typer.Option(metavar="PORT", min=1, max=65535, help="Port to listen on. Default: any."),
    ] = None,
    persist: Annotated[
        bool,
        typer.Option(
            "--persist", help="Keep the state when the cloud stops, and continue with it later."
        ),
    ] = False,
    lenient: Annotated[
        bool, typer.Option("--lenient", help="Do not check what roles may do.")
    ] = False,
) -> None:
    """Start the embedded cloud unless it is running.

    A cloud that keeps its state writes S3 objects at once and everything else within two seconds,
    so a crash loses no more than that. Executions that were running end as FAILED.
    """
    from sfn_s3_cli.local import process
    from sfn_s3_cli.local.settings import Settings

    context: Context = ctx.obj
    context.view.show(process.Running(context.start_cloud(Settings(port, persist, lenient))))


@app.command()
def stop(ctx: typer.Context) -> None:
    """Stop the embedded cloud.

    This deletes its data, unless it was started with --persist.
    """
    from sfn_s3_cli.local import process

    context: Context = ctx.obj
    process.stop(context.state_dir)
    context.view.show(process.read_status(context.state_dir))


@app.command()
def status(ctx: typer.Context) -> None:
    """Show whether the embedded cloud is running, and where.

    Also whether it keeps its state, in which folder, and whether it checks roles.
    """
    from sfn_s3_cli.local import process

    context: Context = ctx.obj
    context.view.show(process.read_status(context.state_dir))


@app.command()
def reset(ctx: typer.Context) -> None:
    """Empty the embedded cloud without a restart.

    Deletes everything in all accounts, and ends all executions. If no cloud is running, it deletes
    the state that a stopped one keeps (--persist); the next one starts without.
    """
    from sfn_s3_cli.local import process

    context: Context = ctx.obj
    context.view.show(process.empty(context.state_dir))


@app.command()
def logs(
    ctx: typer.Context,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Wait for more lines, until the cloud stops.")
    ] = False,
    tail: Annotated[
        int | None, typer.Option(metavar="N", min=0, help="Show only the last N lines.")
    ] = None,
) -> None:
    """Print the log of the embedded cloud.

    It has warnings, errors, and the calls that roles may not make.
    """
    from sfn_s3_cli.local.log import read_lines

    context: Context = ctx.obj
    try:
        for line in read_lines(context.state_dir, tail=tail, follow=follow):
            context.view.show(line)
    except Signalled as signal:  # the normal way to stop following
        raise typer.Exit(signal.exit_code) from None


@app.command()
def env(ctx: typer.Context) -> None:
    """Print environment variables for other AWS tools.

    Set them in a shell with: eval "$(sfnctl local env)"

    Also unsets those that lead tools elsewhere, such as AWS_PROFILE and AWS_ENDPOINT_URL_S3.

    Starts no cloud. If none is running, it fails, and so does the shell's eval.
    """
    from sfn_s3_cli.local import process
    from sfn_s3_cli.local.environment import NoEnvironment, build_environment

    context: Context = ctx.obj
    cloud = process.find(context.state_dir)
    if cloud is None:
        context.view.show(NoEnvironment())
        raise SfnctlError("no local cloud is running", remedy="run `sfnctl local start`")
    context.view.show(
        build_environment(
            cloud.endpoint_url, context.environ, region=context.region, account=context.account
        )
    )
