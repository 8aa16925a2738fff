"""`sfnctl init`: create a pipeline from a template."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sfn_s3_cli.ci_files import Ci

if TYPE_CHECKING:
    from sfn_s3_cli.context import Context


def _list_templates() -> list[tuple[str, str]]:
    from sfn_s3_cli import templates

    return [(each.name, each.summary) for each in templates.list_templates()]


def _list_sources() -> list[tuple[str, str]]:
    from sfn_s3_cli.events import SOURCES

    return [(via, source.SUMMARY) for via, source in SOURCES.items()]


def init(
    ctx: typer.Context,
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", file_okay=False, help="Folder to write to.")
    ] = Path(),
    template: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|DIR",
            help="Template to start from: see --list, or the folder of one of your own.",
            autocompletion=_list_templates,
        ),
    ] = None,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="Pipeline name.")] = None,
    bucket: Annotated[
        str | None, typer.Option(metavar="BUCKET", help="Bucket whose objects start the workflow.")
    ] = None,
    via: Annotated[
        str | None,
        typer.Option(
            metavar="SOURCE",
            help="Event source, cloudtrail or s3. By default the one that init suggests on a"
            " terminal, and cloudtrail elsewhere.",
            autocompletion=_list_sources,
        ),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="NAME=VALUE", help="Answer to a question of the template. Repeatable."
        ),
    ] = None,
    ci: Annotated[
        Ci | None,
        typer.Option(help="CI to write a file for; by default github, or gitlab if it is in use."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace existing files.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not prompt.")] = False,
    list_: Annotated[bool, typer.Option("--list", help="List the templates and exit.")] = False,
) -> None:
    """Create a pipeline from a template.

    Writes the config, the workflow and its tests, sample objects and a README into DIR, and a file
    for CI to the root of the git repository around it. On a terminal it asks for what is missing,
    and with credentials offers the account's buckets and the event source that fits the chosen one.
    """
    from sfn_s3_cli import templates
    from sfn_s3_cli.commands.wizard import Bucket, Wizard
    from sfn_s3_cli.templates import questions

    context: Context = ctx.obj
    if list_:
        context.view.show(templates.list_described())
        return
    given = {"name": name, "bucket": bucket, "via": via}
    templates.check({key: value for key, value in given.items() if value is not None})
    chosen = templates.find(template) if template is not None else None
    known = questions.parse_answers(set_ or [])
    if chosen is not None:
        questions.check_given(chosen.read_questions(), known)
    wizard = Wizard(context, is_asking=context.is_interactive and not yes)
    chosen = chosen or wizard.choose_template()
    name = name or wizard.choose_value("name", templates.default_name(folder))
    watched = Bucket(bucket) if bucket else wizard.choose_bucket()
    source = wizard.choose_source(name, watched, via)
    values = templates.Values(name, watched.name, *source)
    answers = wizard.choose_answers(chosen, values, known)
    ci = ci or wizard.choose_ci(folder)
    scaffold = templates.write(chosen, folder, values, answers=answers, ci=ci, force=force)
    context.view.show(scaffold)
