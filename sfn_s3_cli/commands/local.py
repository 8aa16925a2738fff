"""`sfnctl local`: the embedded cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from sfn_s3_cli.context import Context

app = typer.Typer(
    help="The embedded cloud: an AWS emulator on this machine.",
    rich_markup_mode=None,
    no_args_is_help=True,
)


@app.command()
def start(ctx: typer.Context) -> None:
    """Start the embedded cloud, if it is not running."""
    from sfn_s3_cli.local import process

    context: Context = ctx.obj
    context.view.show(process.Running(context.cloud))


@app.command()
def stop(ctx: typer.Context) -> None:
    """End the embedded cloud; what it holds is lost."""
    from sfn_s3_cli.local import process

    context: Context = ctx.obj
    process.stop(context.state_dir)
    context.view.show(process.Stopped())


@app.command()
def status(ctx: typer.Context) -> None:
    """Say whether the embedded cloud runs, and where."""
    from sfn_s3_cli.local import process

    context: Context = ctx.obj
    context.view.show(process.status(context.state_dir))


@app.command()
def env(ctx: typer.Context) -> None:
    """Print what points other AWS tools at the embedded cloud: eval "$(sfnctl local env)"."""
    from sfn_s3_cli.local.environment import environment

    context: Context = ctx.obj
    url = context.cloud.endpoint_url
    context.view.show(environment(url, region=context.region, account=context.account))
