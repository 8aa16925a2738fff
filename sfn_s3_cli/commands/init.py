"""`sfnctl init`: a new pipeline from a template."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sfn_s3_cli.errors import UsageError

if TYPE_CHECKING:
    from sfn_s3_cli.context import Context


def init(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", file_okay=False)] = Path(),
    template: Annotated[str | None, typer.Option(help="What to begin with: see --list.")] = None,
    name: Annotated[str | None, typer.Option(help="The pipeline's name.")] = None,
    bucket: Annotated[str | None, typer.Option(help="The bucket whose objects start it.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    list_: Annotated[bool, typer.Option("--list", help="Show the templates and stop.")] = False,
) -> None:
    """Write a new pipeline from a template.

    DIR gets the config, the workflow, a sample object, a CI workflow and a README.
    """
    from sfn_s3_cli import templates

    context: Context = ctx.obj
    if list_:
        context.view.show(templates.Catalogue(templates.available()))
        return
    chosen = templates.find(_chosen(context, "template", template, "hello", yes=yes))
    values = templates.Values(
        name=_chosen(context, "name", name, templates.default_name(folder), yes=yes),
        bucket=_chosen(context, "bucket", bucket, None, yes=yes),
    )
    context.view.show(templates.write(chosen, folder, values, force=force))


def _chosen(
    context: Context, option: str, given: str | None, default: str | None, *, yes: bool
) -> str:
    if given is not None:
        return given
    if context.is_interactive and not yes:
        return context.ask(option.capitalize(), default)
    if default is None:
        raise UsageError(
            f"--{option} is missing", "only on a terminal, without --yes, is it asked for"
        )
    return default
