"""`sfnctl graph`: draw the pipeline, its state machine and an execution."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from sfn_s3_cli.commands.one_execution import Asked, read_execution
from sfn_s3_cli.errors import SfnctlError, UsageError

if TYPE_CHECKING:
    from sfn_s3_cli.context import Context
    from sfn_s3_cli.executions.details import ExecutionDetails
    from sfn_s3_cli.graph.picture import Part, Picture

EXECUTION = "Draw what this execution did: its name or ARN."
OPEN = "Write the picture (SVG, otherwise HTML) into a temporary file and open it in a browser."


class Format(StrEnum):
    TEXT = "text"
    MERMAID = "mermaid"
    SVG = "svg"
    HTML = "html"


def graph(
    ctx: typer.Context,
    format_: Annotated[
        Format | None, typer.Option("--format", help="Format of the picture.  [default: text]")
    ] = None,
    pipeline: Annotated[
        bool, typer.Option("--pipeline", help="Draw only the way from the bucket to the logs.")
    ] = False,
    machine: Annotated[
        bool, typer.Option("--machine", help="Draw only the state machine.")
    ] = False,
    execution: Annotated[str | None, typer.Option(metavar="NAME", help=EXECUTION)] = None,
    last: Annotated[
        bool, typer.Option("--last", help="Draw the execution that started or ended last.")
    ] = False,
    open_: Annotated[bool, typer.Option("--open", help=OPEN)] = False,
) -> None:
    """Draw the pipeline, its state machine and an execution.

    Reads the config and the definition; only --execution and --last call AWS. An HTML page shows
    the definition of each state, and what went in and out of it. SVG and HTML need the extra
    `graph`.
    """
    if execution is not None and last:
        raise UsageError("two executions are named", "give --execution NAME or --last")
    context: Context = ctx.obj
    chosen = _choose_format(context, format_, opens=open_)
    wants = last or execution is not None
    picture = _draw(
        context, _choose_part(pipeline, machine, wants), Asked(execution, None) if wants else None
    )
    if open_:
        _open(context, picture, chosen or Format.HTML)
    elif chosen is None or chosen is Format.TEXT:
        context.view.show(picture)
    else:
        context.view.emit(_render(picture, chosen))


def _choose_format(context: Context, asked: Format | None, *, opens: bool) -> Format | None:
    """The format; None for the JSON document."""
    if opens:
        if asked in {Format.TEXT, Format.MERMAID}:
            raise UsageError(f"--open cannot show {asked}", "use --format html or svg")
        return asked or Format.HTML
    if context.options.output == "json":
        if asked:
            raise UsageError(
                "JSON output has the nodes, the edges and the Mermaid text, and no other format",
                "remove --format, or --output json",
            )
        return None
    return asked or Format.TEXT


def _choose_part(pipeline: bool, machine: bool, wants_execution: bool) -> Part:
    from sfn_s3_cli.graph.picture import Part

    if pipeline and not machine and wants_execution:
        raise UsageError("an execution is drawn on its state machine", "remove --pipeline")
    if pipeline == machine:
        return Part.BOTH
    return Part.PIPELINE if pipeline else Part.MACHINE


def _draw(context: Context, part: Part, asked: Asked | None) -> Picture:
    """Without an execution, the definition must be free of errors."""
    from sfn_s3_cli.graph.picture import Part, make_picture

    if part is Part.PIPELINE:
        return make_picture(context.pipeline, None, part)
    if asked is None:
        context.offline_result.raise_for_errors()
        return make_picture(context.pipeline, context.offline_result.document.value, part)
    return _draw_execution(context, part, read_execution(context, asked, keep_all=True))


def _draw_execution(context: Context, part: Part, details: ExecutionDetails) -> Picture:
    """The picture of an execution, on the states of the local definition."""
    from sfn_s3_cli.graph.picture import make_picture

    definition = context.offline_result.document.value
    picture = make_picture(context.pipeline, definition, part, details)
    if picture.missing:
        context.view.remark(
            "Note: the definition has changed since the execution: it does not have"
            f" {', '.join(picture.missing)}"
        )
    if details.steps_not_read:
        context.view.remark(f"Note: no steps: {details.steps_not_read}")
    return picture


def _render(picture: Picture, chosen: Format) -> str:
    """The picture in a format that other programs read."""
    from sfn_s3_cli.graph.mermaid import write_mermaid
    from sfn_s3_cli.graph.page import write_page
    from sfn_s3_cli.graph.svg import draw_svg

    match chosen:
        case Format.SVG:
            return draw_svg(picture.graph)
        case Format.HTML:
            return write_page(picture)
    return write_mermaid(picture.graph)


def open_execution(context: Context, details: ExecutionDetails) -> None:
    """Opens the page of an execution that was read with the data of its steps."""
    from sfn_s3_cli.graph.picture import Part

    _open(context, _draw_execution(context, Part.MACHINE, details), Format.HTML)


def _open(context: Context, picture: Picture, chosen: Format) -> None:
    """Writes the picture into a file that only this user can read, and shows it in a browser."""
    import tempfile
    import webbrowser
    from pathlib import Path

    text = _render(picture, chosen)
    file = Path(tempfile.mkdtemp(prefix="sfnctl-"), f"{context.pipeline.name}.{chosen}")
    file.write_text(text, encoding="utf-8")
    if not webbrowser.open(file.as_uri()):
        raise SfnctlError("no browser could be opened", f"open {file}")
    context.view.remark(f"Opened {file}")
