"""JSONata as Step Functions takes it: what is wrong with an expression, and what it reads."""

from __future__ import annotations

import functools
import itertools
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

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
"""Those of JSONata 2.0.6 and those that Step Functions adds.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

_LONGEST = 20_000  # characters; a longer expression is taken on trust, since parsing is slow
_NEWER = ("??", "?:")  # operators of JSONata 2.1; Step Functions has 2.0.6

# The parts of a node that are evaluated where it is itself ...
_BESIDE = (
    "lhs", "procedure", "arguments", "condition", "then", "_else",
    "expression", "expressions", "lhs_object", "body", "rhs",
)  # fmt: skip
# ... and those that are evaluated with each value that it finds.
_WITHIN = ("predicate", "stages", "group", "terms", "pattern", "update", "delete", "expr")


class Reading(NamedTuple):
    """What an expression reads from outside of itself."""

    fault: str = ""
    """Why it is no JSONata; it then reads nothing."""
    names: tuple[str, ...] = ()
    """Top-level references, `phone` and `$`, for which Step Functions has no document."""
    variables: tuple[str, ...] = ()
    """Variables and functions, without their `$`."""
    fields: tuple[tuple[str, ...], ...] = ()
    """The fields of `$states`, each with the names that follow."""


def inside(text: str) -> str | None:
    """The expression of `{% expression %}`; None for any other text.

    https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
    """
    if text.startswith(OPEN) and text.endswith(CLOSE) and len(text) >= len(OPEN + CLOSE):
        return text[len(OPEN) : -len(CLOSE)]
    return None


def is_expression(text: str) -> bool:
    return inside(text) is not None


@functools.cache
def read(text: str) -> Reading:
    """What the expression in `{% %}` reads."""
    if len(text) > _LONGEST:
        return Reading()
    package = _package()
    parser = package.Parser()
    for operator in _NEWER:
        parser.symbol_table.pop(operator, None)
    try:
        return _read(parser.parse(inside(text) or ""))
    except package.JException as error:
        reason, at = str(error), error.get_location() + len(OPEN)
        return Reading(f"{reason[:1].lower()}{reason[1:]}, near character {at}")
    except IndexError:
        return Reading("it ends inside a text or a comment")
    except KeyError as error:
        return Reading(f"JSONata 2.0.6 has no operator `{error.args[0]}`")
    except Exception:  # noqa: BLE001  (what the parser stumbles over is not known to be wrong)
        return Reading()


@functools.cache
def _package() -> Any:
    """Loaded when it is needed; it is not to change how deep calls of this program may go."""
    limit = sys.getrecursionlimit()
    import jsonata

    sys.setrecursionlimit(limit)
    return jsonata


def _read(root: Any) -> Reading:
    names: dict[str, None] = {}
    variables: dict[str, None] = {}
    fields: dict[tuple[str, ...], None] = {}
    local: set[str] = set()
    for node, is_within in _nodes(root):
        local.update(_bound(node))
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
                fields |= dict.fromkeys(_field_of_states(node.steps))
    return Reading("", tuple(names), tuple(sorted(set(variables) - local)), tuple(fields))


def _nodes(root: Any) -> Iterator[tuple[Any, bool]]:
    """All nodes, each with whether it is evaluated with a value that another one finds."""
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
        waiting += [(part, True) for part in _parts(node, _WITHIN)]
        waiting += [(step, True) for step in reversed(later)]
        waiting += [(part, is_within) for part in _parts(node, _BESIDE)]
        waiting.append((first, is_within))


def _parts(node: Any, names: tuple[str, ...]) -> Iterator[Any]:
    return (getattr(node, name, None) for name in reversed(names))


def _bound(node: Any) -> Iterator[str]:
    """The names that a node gives to values: `$x := 1`, `function($x)`, `@$x` and `#$x`."""
    match node.type:
        case "bind":
            yield node.lhs.value
        case "lambda":
            yield from (argument.value for argument in node.arguments)
        case "index":
            yield node.value
    yield from (name for name in (node.focus, node.index) if isinstance(name, str))


def _field_of_states(steps: list[Any]) -> Iterator[tuple[str, ...]]:
    match steps:
        case [first, *later] if first.type == "variable" and first.value == "states":
            plain = itertools.takewhile(lambda step: step.type == "name", later)
            if names := tuple(str(step.value) for step in plain):
                yield names
