"""`sfnctl init`: create a pipeline from a template."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sfn_s3_cli.errors import UsageError

if TYPE_CHECKING:
    from sfn_s3_cli.context import Context


def _list_templates() -> list[tuple[str, str]]:
    from sfn_s3_cli import templates

    return [(each.name, each.summary) for each in templates.list_templates()]


def init(
    ctx: typer.Context,
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", file_okay=False, help="Folder to write to.")
    ] = Path(),
    template: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Template to start from; see --list.",
            autocompletion=_list_templates,
        ),
    ] = None,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="Pipeline name.")] = None,
    bucket: Annotated[
        str | None, typer.Option(metavar="BUCKET", help="Bucket whose objects start the workflow.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace existing files.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not prompt.")] = False,
    list_: Annotated[bool, typer.Option("--list", help="List the templates and exit.")] = False,
) -> None:
    """Create a pipeline from a template.

    Writes the config, the workflow, a sample object, a CI workflow and a README.
    """
    from sfn_s3_cli import templates

    context: Context = ctx.obj
    if list_:
        context.view.show(templates.Catalogue(templates.list_templates()))
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
        raise UsageError(f"--{option} is missing", "pass it, or run on a terminal without --yes")
    return default
