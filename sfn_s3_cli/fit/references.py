"""Which fields of its input an expression reads, in either query language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.asl.language import jsonata
from sfn_s3_cli.asl.language.states import JSONATA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.documents.shape import FieldPath

JSONPATH_CONTEXT, JSONATA_CONTEXT = "$$.Execution.Input", "$states.context.Execution.Input"
"""The roots that mean the execution's input; the other roots mean the state's input."""

# The first alternative consumes quoted text, which may look like a path.
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
_LOOK_BACK = 100
"""Characters before a reference in which to look for `$exists(`."""
_JSONATA_STEP = re.compile(r"\.\s*(?:(\w+)|`([^`]*)`)")


class Reference(NamedTuple):
    """One field that an expression reads."""

    text: str
    root: str
    field: FieldPath
    """The field below the root."""
    is_whole: bool
    """Whether the expression is only this reference."""
    is_definite: bool = True
    """Whether it names one field: a wildcard or a filter may find none."""
    is_tested: bool = False
    """Whether the expression only tests if the field exists."""


def find_references(text: str, language: str) -> Iterator[Reference]:
    """Find the fields that a JSONPath, an intrinsic function or a JSONata string reads."""
    if language == JSONATA:
        expression = jsonata.strip_delimiters(text)
        return iter(()) if expression is None else _find_in_jsonata(expression)
    return _find_in_jsonpath(text)


def write_reference(root: str, field: FieldPath) -> str:
    """Write a reference in the syntax of its root: `$.detail['version-id']`."""
    quoted = ".`{}`" if root.startswith("$states") else "['{}']"
    return root + "".join(f".{name}" if _is_word(name) else quoted.format(name) for name in field)


def _is_word(name: str) -> bool:
    return re.fullmatch(r"[A-Za-z_]\w*", name) is not None


def _find_in_jsonpath(text: str) -> Iterator[Reference]:
    for match in _JSONPATH.finditer(text):
        follows = text[match.end() : match.end() + 1]
        # What follows directly is a wildcard or a filter, or belongs to the last name.
        if match["root"] and (not follows or follows in ".[,)" or follows.isspace()):
            field = tuple("".join(step) for step in _STEP.findall(match["rest"]))
            is_definite = not follows or follows not in ".["
            yield Reference(match[0], match["root"], field, match[0] == text, is_definite)


def _find_in_jsonata(text: str) -> Iterator[Reference]:
    for match in _JSONATA.finditer(text):
        if match["root"]:
            field = tuple("".join(step) for step in _JSONATA_STEP.findall(match["rest"]))
            start, end = match.span()
            is_tested = bool(
                _EXISTS.search(text, max(0, start - _LOOK_BACK), start) or _TEST.match(text, end)
            )
            is_whole = match[0] == text.strip()
            yield Reference(match[0], match["root"], field, is_whole, is_tested=is_tested)
