"""Adds a case to a file with test cases, and leaves the rest of the file as it is."""

from __future__ import annotations

import os
import re
import tempfile
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from sfn_s3_cli.documents import yaml
from sfn_s3_cli.documents.yaml_writer import write_lines
from sfn_s3_cli.errors import ConfigError, SfnctlError, UsageError
from sfn_s3_cli.testing import case_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.documents.document import LocatedDocument
    from sfn_s3_cli.json_types import JsonObject

_INDENT = 2


def add(path: Path, case: JsonObject) -> str:
    """Adds the case, or writes a new file with it; returns its name, which no other case has.

    ConfigError if the file is not valid, UsageError if the case has no place in it.
    """
    try:
        if not path.exists():
            _replace(path, _write_new(case, path))
            return str(case["name"])
        found = case_file.load(path)
        if found.content.definition is not None:
            raise UsageError(
                f"the cases in {path} are of another definition, {found.content.definition}",
                "name a file with cases of the config's definition, or a new one",
            )
        names = {each.name for each in found.content.cases}
        named = {**case, "name": _find_name(str(case["name"]), names)}
        _replace(path, insert(path.read_bytes().decode(), found.document, named))
        return str(named["name"])
    except OSError as error:
        raise SfnctlError(f"{path} cannot be written: {error.strerror}") from None


def _write_new(case: JsonObject, path: Path) -> str:
    text = "".join(["cases:\n", *_write_case(case, _INDENT, "\n")])
    if not _has_value(text, {"cases": [case]}):
        raise SfnctlError(f"the case has a value that {path} cannot hold", "write it by hand")
    return text


def _find_name(wanted: str, names: set[str]) -> str:
    numbered = (f"{wanted} ({number})" for number in count(2))
    return wanted if wanted not in names else next(each for each in numbered if each not in names)


def insert(text: str, document: LocatedDocument, case: JsonObject) -> str:
    """The text with the case behind the last one."""
    lines = text.splitlines(keepends=True)
    wanted = {**document.value, "cases": [*document.value["cases"], case]}
    first = document.mark(("cases", 0))
    dash = re.match(r"( *)-", lines[first.line - 1])
    end = "\r\n" if lines[0].endswith("\r\n") else "\n"
    for place in _list_places(lines, document) if dash else ():
        before, after = "".join(lines[:place]), "".join(lines[place:])
        gap = "" if before.endswith("\n") else end
        added = [end, *_write_case(case, len(dash[1]) if dash else 0, end)]
        space = end if after.strip() and lines[place].strip() else ""
        result = "".join([before, gap, *added, space, after])
        if _has_value(result, wanted):
            return result
    raise UsageError(
        f"the case cannot be added to {document.file}",
        "write the cases as a list with a dash before each, or name a new file",
    )


def _list_places(lines: list[str], document: LocatedDocument) -> Iterator[int]:
    """Where the list of cases may end: before the comments that belong to what follows, or not."""
    cases = document.keys[("cases",)].line
    following = (mark.line for path, mark in document.keys.items() if len(path) == 1)
    end = min((line - 1 for line in following if line > cases), default=len(lines))
    last = end
    while last and (not lines[last - 1].strip() or lines[last - 1].startswith("#")):
        last -= 1
    yield last
    yield end


def _write_case(case: JsonObject, indent: int, end: str) -> Iterator[str]:
    """One key after the other, each in as few lines as possible."""
    for key, value in case.items():
        for line in write_lines({key: value}):
            is_first = key == next(iter(case)) and not line.startswith(" ")
            mark = "- " if is_first else "  "
            yield f"{' ' * indent}{mark}{line}{end}"


def _has_value(text: str, wanted: JsonObject) -> bool:
    try:
        document = yaml.parse(text, "")
    except ConfigError:
        return False
    # Python takes 1 for true.
    return not document.findings and repr(document.value) == repr(wanted)


def _replace(path: Path, text: str) -> None:
    """Writes a draft beside the file first, so that the file is never half-written."""
    number, draft = tempfile.mkstemp(prefix=".sfnctl-", dir=path.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(text.encode())
        if path.exists():
            Path(draft).chmod(path.stat().st_mode)
        else:
            Path(draft).chmod(0o644)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
