"""Parses JSONata as Step Functions accepts it: what an expression reads, what is wrong with it."""

from __future__ import annotations

import functools
import itertools
import sys
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

OPEN, CLOSE = "{%", "%}"

_OF_JSONATA = {
    "abs", "append", "assert", "average", "base64decode", "base64encode", "boolean", "ceil",
    "clone", "contains", "count", "decodeUrl", "decodeUrlComponent", "distinct", "each",
    "encodeUrl", "encodeUrlComponent", "error", "eval", "exists", "filter", "floor", "formatBase",
    "formatInteger", "formatNumber", "fromMillis", "join", "keys", "length", "lookup", "lowercase",
    "map", "match", "max", "merge", "millis", "min", "not", "now", "number", "pad", "parseInteger",
    "power", "random", "reduce", "replace", "reverse", "round", "shuffle", "sift", "single",
    "sort", "split", "spread", "sqrt", "string", "substring", "substringAfter", "substringBefore",
    "sum", "toMillis", "trim", "type", "uppercase", "zip",
}  # fmt: skip
_OF_STEP_FUNCTIONS = {"hash", "parse", "partition", "range", "uuid"}
FUNCTIONS = frozenset(_OF_JSONATA | _OF_STEP_FUNCTIONS)
"""The functions of JSONata 2.0.6 and those that Step Functions adds.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

_LONGEST = 20_000  # characters; parsing is slow, so longer expressions are not checked
_NEWER = ("??", "?:")  # operators of JSONata 2.1; Step Functions has 2.0.6

# The children of a node that are evaluated in the same context as the node ...
_SAME_CONTEXT = (
    "lhs", "procedure", "arguments", "condition", "then", "_else",
    "expression", "expressions", "lhs_object", "body", "rhs",
)  # fmt: skip
# ... and those that are evaluated for each value that the node finds.
_EACH_VALUE = ("predicate", "stages", "group", "terms", "pattern", "update", "delete", "expr")


Node: TypeAlias = Any
"""A node of the parser, which has no types: a symbol, a list of nodes, a string or None."""


class Reading(NamedTuple):
    """What an expression reads from outside itself."""

    error: str = ""
    """Why it is not valid JSONata; then the other fields are empty."""
    names: tuple[str, ...] = ()
    """Top-level references such as `phone` and `$`; Step Functions has no document for them."""
    variables: tuple[str, ...] = ()
    """Variables and functions, without their `$`."""
    fields: tuple[tuple[str, ...], ...] = ()
    """The fields of `$states`, each with the names that follow."""


def strip_delimiters(text: str) -> str | None:
    """Returns the expression of `{% expression %}`; None for any other text.

    https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
    """
    if text.startswith(OPEN) and text.endswith(CLOSE) and len(text) >= len(OPEN + CLOSE):
        return text[len(OPEN) : -len(CLOSE)]
    return None


def is_expression(text: str) -> bool:
    return strip_delimiters(text) is not None


@functools.cache
def read(text: str) -> Reading:
    """Finds what the expression in `{% %}` reads."""
    if len(text) > _LONGEST:
        return Reading()
    package = _load_package()
    parser = package.Parser()
    for operator in _NEWER:
        parser.symbol_table.pop(operator, None)
    try:
        return _read_tree(parser.parse(strip_delimiters(text) or ""))
    except package.JException as error:
        reason, at = str(error), error.get_location() + len(OPEN)
        return Reading(f"{reason[:1].lower()}{reason[1:]}, near character {at}")
    except IndexError:
        return Reading("it ends inside a string or a comment")
    except KeyError as error:
        return Reading(f"JSONata 2.0.6 has no operator `{error.args[0]}`")
    except Exception:  # noqa: BLE001  (a crash of the parser does not prove the expression wrong)
        return Reading()


@functools.cache
def _load_package() -> ModuleType:
    """Imports the parser on first use, and undoes its change of the recursion limit."""
    limit = sys.getrecursionlimit()
    import jsonata

    sys.setrecursionlimit(limit)
    return jsonata


def _read_tree(root: Node) -> Reading:
    names: dict[str, None] = {}
    variables: dict[str, None] = {}
    fields: dict[tuple[str, ...], None] = {}
    local: set[str] = set()
    for node, is_within in _walk_nodes(root):
        local.update(_find_local_names(node))
        match node.type:
            case "name" if not is_within:
                names[node.value] = None
            case "variable" if node.value == "$":
                names["$$"] = None
            case "variable" if not node.value:
                if not is_within:
                    names["$"] = None
            case "variable":
                variables[node.value] = None
            case "path":
                fields |= dict.fromkeys(_read_states_field(node.steps))
    return Reading("", tuple(names), tuple(sorted(set(variables) - local)), tuple(fields))


def _walk_nodes(root: Node) -> Iterator[tuple[Node, bool]]:
    """Yields all nodes, each with whether it is evaluated for the values of another node."""
    waiting = [(root, False)]
    while waiting:
        node, is_within = waiting.pop()
        match node:
            case None | str():
                continue
            case list() | tuple():
                waiting += [(each, is_within) for each in reversed(node)]
                continue
        yield node, is_within
        first, *later = getattr(node, "steps", None) or [None]
        waiting += [(child, True) for child in _list_children(node, _EACH_VALUE)]
        waiting += [(step, True) for step in reversed(later)]
        waiting += [(child, is_within) for child in _list_children(node, _SAME_CONTEXT)]
        waiting.append((first, is_within))


def _list_children(node: Node, names: tuple[str, ...]) -> Iterator[Node]:
    return (getattr(node, name, None) for name in reversed(names))


def _find_local_names(node: Node) -> Iterator[str]:
    """Finds the names that a node defines: `$x := 1`, `function($x)`, `@$x` and `#$x`."""
    match node.type:
        case "bind":
            yield node.lhs.value
        case "lambda":
            yield from (argument.value for argument in node.arguments)
        case "index":
            yield node.value
    yield from (name for name in (node.focus, node.index) if isinstance(name, str))


def _read_states_field(steps: list[Node]) -> Iterator[tuple[str, ...]]:
    match steps:
        case [first, *later] if first.type == "variable" and first.value == "states":
            plain = itertools.takewhile(lambda step: step.type == "name", later)
            if names := tuple(str(step.value) for step in plain):
                yield names
