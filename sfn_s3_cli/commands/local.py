"""`sfnctl local`: manage the embedded cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from sfn_s3_cli.context import Context

app = typer.Typer(
    help="Manage the embedded cloud, a local AWS emulator.",
    rich_markup_mode=None,
    no_args_is_help=True,
)


@app.command()
def start(ctx: typer.Context) -> None:
    """Start the embedded cloud unless it is running."""
    from sfn_s3_cli.local import process

    context: Context = ctx.obj
    context.view.show(process.Running(context.cloud))


@app.command()
def stop(ctx: typer.Context) -> None:
    """Stop the embedded cloud and delete its data."""
    from sfn_s3_cli.local import process

    context: Context = ctx.obj
    process.stop(context.state_dir)
    context.view.show(process.Stopped())


@app.command()
def status(ctx: typer.Context) -> None:
    """Show whether the embedded cloud is running, and where."""
    from sfn_s3_cli.local import process

    context: Context = ctx.obj
    context.view.show(process.read_status(context.state_dir))


@app.command()
def env(ctx: typer.Context) -> None:
    """Print environment variables for other AWS tools.

    Set them in a shell with: eval "$(sfnctl local env)"
    """
    from sfn_s3_cli.local.environment import build_environment

    context: Context = ctx.obj
    url = context.cloud.endpoint_url
    context.view.show(build_environment(url, region=context.region, account=context.account))
