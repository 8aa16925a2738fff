"""Writes a picture as Mermaid text.

Names and conditions may hold any text. A label is in quotation marks, and each character in it that
Mermaid, Markdown or HTML could understand as something else is written as its number.
https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from sfn_s3_cli.graph.model import Look, Mark, Shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sfn_s3_cli.graph.model import Edge, Graph, Node

_WIDTH, _EDGE_WIDTH = 24, 21
"""Characters of a line: Mermaid itself breaks lines at 200 pixels."""
_MOST_LINES, _MOST_TITLE, _LEAST_NAME = 5, 120, 30
_BREAK = re.compile(r"(?<=[./:_-])(?=[^./:_-])|(?<=[a-z])(?=[A-Z])")
"""Where a long word may be broken: behind punctuation, and before a capital."""
_BRACKETS = {
    Shape.BOX: ("[", "]"),
    Shape.ROUND: ("(", ")"),
    Shape.HEXAGON: ("{{", "}}"),
    Shape.PILL: ("([", "])"),
    Shape.STORE: ("[(", ")]"),
}
_STYLES: dict[Look | Mark, str] = {
    Look.PLAIN: "fill:#f3f4f6,stroke:#6b7280,color:#111827",
    Look.TASK: "fill:#dbeafe,stroke:#2563eb,color:#111827",
    Look.CHOICE: "fill:#fef3c7,stroke:#b45309,color:#111827",
    Look.SUCCEED: "fill:#dcfce7,stroke:#15803d,color:#111827",
    Look.FAIL: "fill:#fee2e2,stroke:#b91c1c,color:#111827",
    Look.ENDS: "fill:#e5e7eb,stroke:#6b7280,color:#111827",
    Look.AROUND: "fill:#f8fafc,stroke:#64748b,color:#111827",
    Look.MACHINE: "fill:#ffffff,stroke:#be185d,color:#111827",
    Look.BRANCH: "fill:#ffffff,stroke:#94a3b8,color:#475569,stroke-dasharray:4",
    Mark.SUCCEEDED: "fill:#dcfce7,stroke:#15803d,color:#111827",
    Mark.FAILED: "fill:#fee2e2,stroke:#b91c1c,color:#7f1d1d,stroke-width:4px",
    Mark.CAUGHT: "fill:#ffedd5,stroke:#c2410c,color:#111827,stroke-width:3px",
    Mark.RUNNING: "fill:#dbeafe,stroke:#1d4ed8,color:#111827,stroke-width:3px",
    Mark.STOPPED: "fill:#f3e8ff,stroke:#7e22ce,color:#111827,stroke-dasharray:6",
    Mark.SKIPPED: "fill:#ffffff,stroke:#9ca3af,color:#6b7280,stroke-dasharray:4",
    Mark.UNREAD: "fill:#f3f4f6,stroke:#9ca3af,color:#374151,stroke-dasharray:2",
}
_SAFE = frozenset(" .,/()=!?@+*'-_~^$")
_BEFORE_COLON = re.compile(r"style|classDef|fa")
"""What Mermaid looks for before a colon, even in a label."""
_DECODED = re.compile(r"\$(?=\$)|\\(?=n)|:(?=fa-)")
"""Formulas, newlines and icons: Mermaid finds them even if they are written as numbers, so a space
without width goes between."""
_LIST = re.compile(r"\d+(?=[.)])|(?=[-+*_~])")
"""What is in front of the character that makes Markdown see a list or a line at the beginning."""
_DASHED = "stroke:#b91c1c"


def write_mermaid(graph: Graph) -> str:
    """Writes the same text for the same picture, without a newline at its end."""
    return "\n".join(["flowchart TD", *(f"  {line}" for line in _list_lines(graph))])


def _list_lines(graph: Graph) -> Iterator[str]:
    for node in graph.nodes:
        yield from _write_node(node)
    for edge in graph.edges:
        yield _write_edge(edge)
    if dashed := [str(number) for number, edge in enumerate(graph.edges) if edge.is_dashed]:
        yield f"linkStyle {','.join(dashed)} {_DASHED}"
    yield from _write_classes(graph.walk())


def _write_node(node: Node) -> Iterator[str]:
    if not node.inside:
        opening, closing = _BRACKETS[node.shape]
        yield f'{node.id}{opening}"{_write_label(node)}"{closing}'
        return
    yield f'subgraph {node.id}["{escape(_write_title(node))}"]'
    yield "  direction TB"
    for each in node.inside:
        yield from (f"  {line}" for line in _write_node(each))
    yield "end"


def _write_title(node: Node) -> str:
    """The title of a frame, which has one line: what matters least is last, and a long name is cut
    before what follows it."""
    what, *more = node.lines or ("",)
    lines = [*more, what] if node.mark else [what, *more]
    about = "".join(f", {each}" for each in lines if each)
    name = shorten(node.title, max(_LEAST_NAME, _MOST_TITLE - len(about)))
    return shorten(f"{name}{about}", _MOST_TITLE)


def _write_label(node: Node) -> str:
    """The title, and the lines below it."""
    return "<br>".join(escape(part) for line in (node.title, *node.lines) for part in _wrap(line))


def _write_edge(edge: Edge) -> str:
    arrow = "-.->" if edge.is_dashed else "-->"
    rules = [*_number(edge.lines)]
    lines = [escape(part) for rule in rules for part in _wrap(rule, _EDGE_WIDTH)]
    text = f'|"{"<br>".join(lines)}"|' if lines else ""
    return f"{edge.source} {arrow}{text} {edge.target}"


def _number(rules: Sequence[str]) -> Iterator[str]:
    """The rules that share an arrow, with a number in front of each."""
    for number, rule in enumerate(rules, start=1):
        yield f"{number}. {rule}" if len(rules) > 1 else rule


def _write_classes(nodes: Iterable[Node]) -> Iterator[str]:
    """The colours, each with the nodes that have it."""
    members: dict[Look | Mark, list[str]] = {}
    for node in nodes:
        members.setdefault(node.mark or node.look, []).append(node.id)
    for style, ids in members.items():
        yield f"classDef {style} {_STYLES[style]}"
        yield f"class {','.join(ids)} {style}"


def _wrap(text: str, width: int = _WIDTH) -> list[str]:
    """The text in a few lines.

    >>> _wrap("$.lockinfo.currentlockitem.ItemString is present")
    ['$.lockinfo.', 'currentlockitem.Item', 'String is present']
    """
    lines = [""]
    for word in make_printable(text).split():
        for part in _break(f"{word} ", width):
            if lines[-1] and _measure(lines[-1] + part.rstrip()) > width:
                lines.append("")
            lines[-1] += part
    lines = [line.rstrip() for line in lines]
    return lines if len(lines) <= _MOST_LINES else [*lines[: _MOST_LINES - 1], "…"]


def _break(word: str, width: int) -> list[str]:
    """The parts between which a word may be broken; one, if it fits on a line."""
    if _measure(word.rstrip()) <= width:
        return [word]
    parts: list[str] = []
    for part in _BREAK.split(word):
        size = width * len(part) // _measure(part)
        parts += [part[at : at + size] for at in range(0, len(part), size)]
    return parts


def _measure(text: str) -> int:
    """The columns that it takes: a Chinese character is as wide as two Latin ones."""
    return len(text) + sum(unicodedata.east_asian_width(each) in "FW" for each in text)


def shorten(text: str, length: int) -> str:
    """The text, or its beginning and an ellipsis."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def make_printable(text: str) -> str:
    """The text on one line, without characters that cannot be seen or that change the direction."""
    return "".join(each if each.isprintable() else " " for each in text)


def escape(text: str) -> str:
    """Write a text so that Mermaid shows it as it is.

    >>> escape('a "quoted" <b>')
    'a #34;quoted#34; #60;b#62;'
    >>> escape("s3:getObject, style:x")
    's3#58;getObject, style#58;x'
    >>> escape("1. first")
    '1#46; first'
    """
    safe = _SAFE if _BEFORE_COLON.search(text) else _SAFE | {":"}
    marker = _LIST.match(text)
    return "".join(
        each
        if each.isalnum() or (each in safe and not (marker and marker.end() == at))
        else f"#{ord(each)};"
        for at, each in enumerate(_DECODED.sub("\\g<0>\u200b", make_printable(text)))
    )
