"""The file that `sfnctl test --init` wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.counts import Count
from sfn_s3_cli.views.escape import escape
from sfn_s3_cli.views.streams import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.json_types import JsonObject
    from sfn_s3_cli.testing.first_cases import FirstCases


def lines(written: FirstCases) -> Iterator[Line]:
    yield Line(escape(f"  + {written.file} with {Count(len(written.names)):case}"), "green")
    yield Line("Next: fill in what the calls return, and run `sfnctl test`")


def document(written: FirstCases) -> JsonObject:
    return {"type": "test_init", "file": str(written.file), "cases": list(written.names)}
