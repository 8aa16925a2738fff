"""A picture as text: each state with its transitions, in the order in which they can run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.graph.mermaid import write_mermaid
from sfn_s3_cli.graph.model import Look, Mark
from sfn_s3_cli.views.escape import escape
from sfn_s3_cli.views.execution import describe_status, find_style
from sfn_s3_cli.views.streams import Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sfn_s3_cli.graph.model import Edge, Node
    from sfn_s3_cli.graph.picture import Picture
    from sfn_s3_cli.json_types import JsonObject

_STYLES = {
    Mark.SUCCEEDED: "green",
    Mark.FAILED: "red",
    Mark.CAUGHT: "yellow",
    Mark.RUNNING: "cyan",
    Mark.STOPPED: "red",
    Mark.SKIPPED: "dim",
    Mark.UNREAD: "dim",
}
_BAR, _LONGEST_TITLE = "| ", 40


def lines(picture: Picture) -> Iterator[Line]:
    """Write each node with what it does and where it leads; a bar stands before what is inside."""
    if picture.details:
        execution = picture.details.execution
        yield Line(describe_status(execution), find_style(execution))
    titles = {each.id: escape(each.title) for each in picture.graph.walk()}
    leaving: dict[str, list[Edge]] = {}
    for edge in picture.graph.edges:
        leaving.setdefault(edge.source, []).append(edge)
    width = min(_LONGEST_TITLE, max(_list_widths(picture.graph.nodes, titles)))
    for node in picture.graph.nodes:
        yield from _node_lines(node, "", titles, leaving, width)


def _list_widths(
    nodes: Sequence[Node], titles: Mapping[str, str], indent: int = 0
) -> Iterator[int]:
    """The columns of each title with what stands before it."""
    for each in nodes:
        yield indent + len(titles[each.id])
        yield from _list_widths(each.inside, titles, indent + len(_BAR))


def _node_lines(
    node: Node,
    indent: str,
    titles: Mapping[str, str],
    leaving: Mapping[str, list[Edge]],
    width: int,
) -> Iterator[Line]:
    style = _STYLES[node.mark] if node.mark else "bold" if node.look is Look.MACHINE else ""
    first, *more = [escape(each) for each in node.lines] or [""]
    title = f"{indent}{titles[node.id]:<{max(0, width - len(indent))}}"
    yield Line(f"{title}  {first}".rstrip(), style)
    for each in more:
        yield Line(f"{indent}    {each}", style)
    for inside in node.inside:
        yield from _node_lines(inside, f"{indent}{_BAR}", titles, leaving, width)
    for edge in leaving.get(node.id, ()):
        after = "on " if edge.is_dashed and node.path is not None else ""
        for rule in edge.lines or ("",):
            text = f"{after}{escape(rule)} -> {titles[edge.target]}"
            yield Line(f"{indent}    {text.lstrip()}")


def document(picture: Picture) -> JsonObject:
    """Return the nodes, the edges and the Mermaid text."""
    return {
        "type": "graph",
        "title": picture.title,
        "nodes": [*_list_nodes(picture.graph.nodes, None)],
        "edges": [
            {
                "source": each.source,
                "target": each.target,
                "text": [*each.lines],
                "after_error": each.is_dashed,
            }
            for each in picture.graph.edges
        ],
        "mermaid": write_mermaid(picture.graph),
    }


def _list_nodes(nodes: Sequence[Node], inside: str | None) -> Iterator[JsonObject]:
    for each in nodes:
        node: JsonObject = {"id": each.id, "title": each.title, "text": [*each.lines]}
        if each.path is not None:
            node["path"] = [*each.path]
        if each.mark:
            node["outcome"] = each.mark.value
        if inside:
            node["inside"] = inside
        yield node
        yield from _list_nodes(each.inside, each.id)
