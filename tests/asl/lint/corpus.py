"""Reads the corpus: definitions with marks where `sfnctl validate` must find something.

A file of `corpus/` holds many definitions in the format of its name. `===` begins each, perhaps
with a headline. After `| ` follow options:

- `express`: the type of the machine is EXPRESS
- `jsonata`: the query language of the machine is JSONata
- `whole`: the text is the whole definition; otherwise it is its states, of which `A` is the first
- `each`: each line is the state `A` of a definition of its own
- `allow=CODE`: ignore findings with this code

`<!CODE>` marks where an error begins, `<?CODE>` a warning. The lines `! message` and `> remedy`
after the definition give their texts, in the order of the marks. `<task>` and other short forms
stand for the common members of a state; they are JSON, which is YAML too. A state `Z` that is used
but not defined is a Succeed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from sfn_s3_cli.errors import Severity

FOLDER = Path(__file__).parent / "corpus"

_RETRY = '"Retry": [{"ErrorEquals": ["States.TaskFailed"]}]'
_FUNCTION = '"Resource": "arn:aws:lambda:eu-west-1:123456789012:function:orders"'
_INNER = ('"StartAt": "Inner"', '"States": {"Inner": {"Type": "Pass", "End": true}}')
_MODE = '"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}'
_SHORT = {
    "<task>": ('"Type": "Task"', _FUNCTION, _RETRY),
    "<function>": (_FUNCTION,),
    "<activity>": ('"Resource": "arn:aws:states:us-east-1:123456789012:activity:a"',),
    "<retry>": (_RETRY,),
    "<pass>": ('"Type": "Pass"', '"End": true'),
    "<test>": ('"Variable": "$.x"', '"IsNull": true'),
    "<parallel>": ('"Type": "Parallel"', f'"Branches": [{{{", ".join(_INNER)}}}]'),
    "<inner>": _INNER,
    "<mode>": (_MODE,),
    "<inline>": (f'"ItemProcessor": {{{", ".join(_INNER)}}}',),
    "<distributed>": (f'"ItemProcessor": {{{", ".join((_MODE, *_INNER))}}}',),
    "<read>": (
        '"Resource": "arn:aws:states:::s3:getObject"',
        '"Parameters": {"Bucket": "b", "Key": "k"}',
    ),
    "<write>": ('"Resource": "arn:aws:states:::s3:putObject"',),
}
_MARK = re.compile(r"<([!?])([A-Z_]+)>")
_TEXTS = re.compile(r"^[!>] .*\n?", re.MULTILINE)


class Mark(NamedTuple):
    """Where a finding is expected."""

    line: int | None
    column: int | None
    severity: Severity
    code: str


class Case(NamedTuple):
    """A definition, and what the lint must find in it."""

    name: str
    suffix: str
    text: str
    marks: list[Mark]
    texts: list[tuple[str, str]]
    """The message and the remedy of each mark; empty when they do not matter."""
    is_express: bool
    allowed: frozenset[str]


def read_cases(file: str) -> list[Case]:
    """The cases of a file such as `broken.yaml`."""
    text = (FOLDER / file).read_text(encoding="utf-8")
    blocks = re.split(r"^===", text, flags=re.MULTILINE)[1:]
    return [case for block in blocks for case in _read_block(block, Path(file).suffix)]


def _read_block(block: str, suffix: str) -> Iterator[Case]:
    headline, _, body = block.partition("\n")
    name, _, words = headline.partition("| ")
    options = words.split()
    if "each" in options:
        for number, line in enumerate(body.splitlines()):
            yield _read_case(f"{name.strip()} {number}", suffix, f"A: {line}", options)
    else:
        yield _read_case(name.strip(), suffix, body, options)


def _read_case(name: str, suffix: str, body: str, options: list[str]) -> Case:
    lines = [line.strip() for line in _TEXTS.findall(body)]
    messages = [line[2:] for line in lines if line.startswith("!")]
    remedies = [line[2:] for line in lines if line.startswith(">")]
    text, marks = _split_marks(_frame(_expand(_TEXTS.sub("", body)), suffix, options))
    return Case(
        name or f"{messages[0]} ({remedies[0]})",
        suffix,
        text + "\n",
        marks,
        list(zip(messages, remedies, strict=True)),
        "express" in options,
        frozenset(word.removeprefix("allow=") for word in options if word.startswith("allow=")),
    )


def _expand(text: str) -> str:
    """Writes out the short forms; one that is alone on a line becomes a line per member."""
    for short, members in _SHORT.items():
        alone = re.compile(f"^( *){short}$", re.MULTILINE)
        text = alone.sub(partial(_join_lines, members), text)
        text = text.replace(short, ", ".join(members))
    return text.strip("\n")


def _join_lines(members: tuple[str, ...], match: re.Match[str]) -> str:
    return "\n".join(f"{match[1]}{member}" for member in members)


def _frame(body: str, suffix: str, options: list[str]) -> str:
    """Makes a definition of states."""
    if "whole" in options:
        return body
    language = "JSONata" if "jsonata" in options else "JSONPath"
    uses_end = re.search(r"\bZ\b", body) and not re.search(r'^(<.*>)?"?Z"?:', body, re.MULTILINE)
    if suffix == ".json":
        end = ',\n"Z": {"Type": "Succeed"}' if uses_end else ""
        head = f'"StartAt": "A", "QueryLanguage": "{language}",'
        return f'{{{head}\n"States": {{\n{body}{end}\n}}}}'
    states = "\n".join(f"  {line}" for line in body.splitlines())
    end = "\n  Z: {Type: Succeed}" if uses_end else ""
    return f"StartAt: A\nQueryLanguage: {language}\nStates:\n{states}{end}"


def _split_marks(text: str) -> tuple[str, list[Mark]]:
    marks = []
    while mark := _MARK.search(text):
        before = text[: mark.start()]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        severity = Severity.ERROR if mark[1] == "!" else Severity.WARNING
        marks.append(Mark(line, column, severity, mark[2]))
        text = before + text[mark.end() :]
    return text, marks
