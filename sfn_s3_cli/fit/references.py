"""Which fields of its input an expression reads, in either query language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.asl.language import jsonata
from sfn_s3_cli.asl.language.states import JSONATA

if TYPE_CHECKING:
    from collections.abc import Iterator

Names = tuple[str, ...]
"""The way to a field, an index being a name too: `("resources", "0")`."""

JSONPATH_CONTEXT, JSONATA_CONTEXT = "$$.Execution.Input", "$states.context.Execution.Input"
"""The roots that stand for the execution's input; the others stand for the state's."""

# A text in quotes is none, though it may look like a path.
_JSONPATH = re.compile(
    r"""'(?:\\.|[^'\\])*+'
    |(?<![\w$])(?P<root>\$\$\.Execution\.Input(?![\w-])|\$(?![\w$]))
     (?P<rest>(?:\.[\w-]++(?!\()|\[\d++\]|\['[^']*+'\]|\["[^"]*+"\])*+)""",
    re.VERBOSE,
)
_STEP = re.compile(r"""\.([\w-]+)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]""")
_JSONATA = re.compile(
    r"""'(?:\\.|[^'\\])*+'|"(?:\\.|[^"\\])*+"|`[^`]*+`|/\*.*?\*/
    |(?<![\w$])(?P<root>\$states\.(?:input|context\.Execution\.Input)(?!\w))
     (?P<rest>(?:\s*+\.\s*+(?:\w++|`[^`]*+`))*+)""",
    re.VERBOSE | re.DOTALL,
)
_EXISTS, _TEST = re.compile(r"\$exists\(\s*\Z"), re.compile(r"\s*\?")
_LOOKED_BACK = 100
_JSONATA_STEP = re.compile(r"\.\s*(?:(\w+)|`([^`]*)`)")


class Reference(NamedTuple):
    """One field that an expression reads."""

    text: str
    root: str
    names: Names
    is_whole: bool
    """Whether the expression is this and nothing else."""
    is_definite: bool = True
    """Whether it names one field: a wildcard or a filter may find none."""
    is_tested: bool = False
    """Whether the expression asks only if there is such a field."""


def references(text: str, language: str) -> Iterator[Reference]:
    """The fields of inputs that a JSONPath, an intrinsic function or a JSONata string reads."""
    if language == JSONATA:
        expression = jsonata.inside(text)
        return iter(()) if expression is None else _of_jsonata(expression)
    return _of_jsonpath(text)


def spelled(root: str, names: Names) -> str:
    """The reference as one writes it, `$.detail['version-id']`."""
    if root.startswith("$states"):
        return root + "".join(f".{name}" if _is_word(name) else f".`{name}`" for name in names)
    return root + "".join(f".{name}" if _is_word(name) else f"['{name}']" for name in names)


def _is_word(name: str) -> bool:
    return re.fullmatch(r"[A-Za-z_]\w*", name) is not None


def _of_jsonpath(text: str) -> Iterator[Reference]:
    for match in _JSONPATH.finditer(text):
        follows = text[match.end() : match.end() + 1]
        # What follows directly is a wildcard or a filter, or belongs to the last name.
        if match["root"] and (not follows or follows in ".[,)" or follows.isspace()):
            names = tuple("".join(step) for step in _STEP.findall(match["rest"]))
            is_definite = not follows or follows not in ".["
            yield Reference(match[0], match["root"], names, match[0] == text, is_definite)


def _of_jsonata(text: str) -> Iterator[Reference]:
    for match in _JSONATA.finditer(text):
        if match["root"]:
            names = tuple("".join(step) for step in _JSONATA_STEP.findall(match["rest"]))
            start, end = match.span()
            is_tested = bool(
                _EXISTS.search(text, max(0, start - _LOOKED_BACK), start) or _TEST.match(text, end)
            )
            is_whole = match[0] == text.strip()
            yield Reference(match[0], match["root"], names, is_whole, is_tested=is_tested)
