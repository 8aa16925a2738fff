"""The form of the corpus: many definitions in one text, each under a headline of its own.

A headline is `=== what it shows`, perhaps followed by `| ` and options:

- `warning`: AWS takes it though it is likely wrong; without it AWS refuses what is broken
- `express`: the machine is of the type EXPRESS
- `jsonata`: the query language of the machine is JSONata
- `whole`: the text is the whole definition; otherwise it is its states, of which `A` is the first
- `allow=ID`: findings with this id are no matter

`# <-` ends the line at which the fault stands. `<task>` and its like stand for the common
members of a state; they are JSON, which is YAML too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from sfn_s3_cli.errors import Severity

FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:orders"
_RETRY = '"Retry": [{"ErrorEquals": ["States.TaskFailed"]}]'
_INNER = ('"StartAt": "Inner"', '"States": {"Inner": {"Type": "Pass", "End": true}}')
_DISTRIBUTED = '"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}'
_SHORT = {
    "<task>": ('"Type": "Task"', f'"Resource": "{FUNCTION}"', _RETRY),
    "<retry>": (_RETRY,),
    "<pass>": ('"Type": "Pass"', '"End": true'),
    "<inner>": _INNER,
    "<inline>": (f'"ItemProcessor": {{{", ".join(_INNER)}}}',),
    "<distributed>": (f'"ItemProcessor": {{{", ".join((_DISTRIBUTED, *_INNER))}}}',),
}
_MARK = re.compile(r" *# <-$", re.MULTILINE)


class Case(NamedTuple):
    """A definition, and what is to be found in it."""

    name: str
    suffix: str
    text: str
    severity: Severity
    line: int
    """At which the fault stands, counted from 1; 0 when nothing is marked."""
    is_express: bool
    allowed: frozenset[str]


def cases(corpus: str, suffix: str) -> Iterator[Case]:
    """The definitions of a text of the corpus, each in the format that the suffix names."""
    for block in corpus.strip().removeprefix("=== ").split("\n=== "):
        headline, _, body = block.partition("\n")
        name, _, words = headline.partition(" | ")
        options = words.split()
        text = _framed(_spelled_out(body), suffix, options)
        mark = _MARK.search(text)
        yield Case(
            name,
            suffix,
            _MARK.sub("", text) + "\n",
            Severity.WARNING if "warning" in options else Severity.ERROR,
            text.count("\n", 0, mark.start()) + 1 if mark else 0,
            "express" in options,
            frozenset(word.removeprefix("allow=") for word in options if word.startswith("allow=")),
        )


def _spelled_out(text: str) -> str:
    """The text with its short forms written out, one that stands alone as a line per member."""
    for short, members in _SHORT.items():
        alone = re.compile(f"^( *){short}$", re.MULTILINE)
        text = alone.sub(partial(_lines, members), text)
        text = text.replace(short, ", ".join(members))
    return text.strip("\n")


def _lines(members: tuple[str, ...], found: re.Match[str]) -> str:
    return "\n".join(f"{found[1]}{member}" for member in members)


def _framed(body: str, suffix: str, options: list[str]) -> str:
    """The states inside of a definition, unless they are one already."""
    if "whole" in options:
        return body
    language = "JSONata" if "jsonata" in options else "JSONPath"
    if suffix == ".json":
        head = f'"StartAt": "A", "QueryLanguage": "{language}",'
        return f'{{{head}\n"States": {{\n{body}\n}}}}'
    states = "\n".join(f"  {line}" for line in body.splitlines())
    return f"StartAt: A\nQueryLanguage: {language}\nStates:\n{states}"
