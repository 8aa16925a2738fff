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
    """Write a new pipeline into DIR: config, workflow, a sample object, a CI workflow."""
    from sfn_s3_cli import templates

    context: Context = ctx.obj
    if list_:
        for each in templates.available():
            context.view.emit(f"{each.name:<8} {each.summary}")
        return

    def choice(option: str, given: str | None, default: str | None) -> str:
        if given is None and context.is_interactive and not yes:
            return context.ask(option.capitalize(), default)
        if (chosen := default if given is None else given) is None:
            raise UsageError(f"nobody can be asked for the {option}", f"pass --{option}")
        return chosen

    chosen = templates.find(choice("template", template, "hello"))
    values = templates.Values(
        choice("name", name, templates.default_name(folder)), choice("bucket", bucket, None)
    )
    context.view.show(templates.write(chosen, folder, values, force=force))
