"""Draws a picture as SVG, with Mermaid in an engine that needs no browser."""

from __future__ import annotations

import re
from importlib.util import find_spec
from typing import TYPE_CHECKING

from sfn_s3_cli.errors import SfnctlError
from sfn_s3_cli.graph.mermaid import write_mermaid

if TYPE_CHECKING:
    from sfn_s3_cli.graph.model import Graph

_CONFIG = {
    "fontFamily": "DejaVu Sans, Verdana, sans-serif",  # whose widths the engine knows
    "themeVariables": {"fontSize": "13px"},
    "maxEdges": 100_000,
    "maxTextSize": 10_000_000,
    "flowchart": {"wrappingWidth": 600, "subGraphTitleMargin": {"top": 4, "bottom": 8}},
}
_HTML = re.compile(
    r'<foreignObject width="(?P<width>[\d.]+)" height="(?P<height>[\d.]+)">(?P<html>.*?)'
    r"</foreignObject>",
    re.DOTALL,
)
_CENTRED = "text-anchor:middle;dominant-baseline:central"
_BACKGROUND = '<rect width="{}" height="{}" fill="#ffffff" fill-opacity="0.93"/>'
_FLUID = re.compile(
    r'width="100%"(?P<rest>[^>]*) style="max-width: [^;]*; (?P<style>[^"]*)"'
    r'(?P<box> viewBox="[\d.-]+ [\d.-]+ (?P<width>[\d.]+) (?P<height>[\d.]+)")'
)


def draw_svg(graph: Graph) -> str:
    """Draws the picture in its natural size. SfnctlError if the package for it is missing.

    https://mermaid.js.org/config/schema-docs/config.html
    """
    if find_spec("mermaidx") is None:
        raise SfnctlError(
            "this picture needs the package mermaidx",
            "install sfnctl with its extra `graph`, or use --format mermaid",
        )
    import mermaidx  # noqa: PLC0415  (takes long to load, and only these formats need it)

    drawn = mermaidx.render(write_mermaid(graph), config=_CONFIG).svg()
    fixed = r'width="\g<width>" height="\g<height>"\g<rest> style="\g<style>"\g<box>'
    return _HTML.sub(_write_text, _FLUID.sub(fixed, drawn, count=1))


def _write_text(label: re.Match[str]) -> str:
    """Turns a label of HTML into text of SVG, which every viewer shows."""
    lines = [re.sub("<[^>]*>", " ", line).strip() for line in label["html"].split("<br />")]
    if not any(lines):
        return ""
    width, height = float(label["width"]), float(label["height"])
    colour = re.search(r"color:(#\w+)", label["html"])
    rows = "".join(
        f'<tspan x="{width / 2:g}" y="{height * (number + 0.5) / len(lines):g}">{line}</tspan>'
        for number, line in enumerate(lines)
    )
    fill = f"fill:{colour[1] if colour else '#333333'} !important;stroke:none !important"
    background = _BACKGROUND.format(width, height) if "labelBkg" in label["html"] else ""
    return f'{background}<text style="{_CENTRED};{fill}">{rows}</text>'
