"""The log of the embedded cloud. It names keys of objects, which may hold control characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.views.escape import escape
from sfn_s3_cli.views.streams import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.json_types import JsonObject
    from sfn_s3_cli.local.log import LogLine


def lines(line: LogLine) -> Iterator[Line]:
    yield Line(escape(line.text), is_verbatim=True)


def document(line: LogLine) -> JsonObject:
    return {"type": "log", "text": line.text}
