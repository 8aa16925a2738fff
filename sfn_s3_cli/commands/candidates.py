"""Completes values that only AWS knows."""

from __future__ import annotations

import getpass
from dataclasses import replace
from typing import TYPE_CHECKING

import typer

from sfn_s3_cli.context import Context

if TYPE_CHECKING:
    from sfn_s3_cli.aws.client import Aws


def list_pipelines(ctx: typer.Context) -> list[str]:
    """The pipelines of the account and region that the config and the global options name."""
    from sfn_s3_cli.resources.pipeline_names import list_names

    aws = _connect(ctx)
    return list_names(aws) if aws else []


def _connect(ctx: typer.Context) -> Aws | None:
    """Connects as the command would, but neither starts a cloud nor asks for an MFA code."""
    from sfn_s3_cli.local import process

    root, context = ctx.command, Context()
    parsed = root.make_context("sfnctl", ctx.args, obj=context, resilient_parsing=True)
    assert root.callback
    with parsed:
        parsed.invoke(root.callback, **parsed.params)
    context.options = replace(context.options, verbose=False)
    if context.options.local and process.find(context.state_dir) is None:
        return None
    refuse_mfa()
    return context.aws


def refuse_mfa() -> None:
    """Lets no profile ask for an MFA code; call it before botocore is loaded, which would ask."""
    getpass.getpass = _refuse


def _refuse(*_: object, **__: object) -> str:
    raise EOFError
