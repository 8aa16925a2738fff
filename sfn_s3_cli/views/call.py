"""An AWS call, for `--verbose`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.views.escape import escape
from sfn_s3_cli.views.streams import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.aws.calls import ApiCall
    from sfn_s3_cli.json_types import JsonObject


def lines(call: ApiCall) -> Iterator[Line]:
    retries = (
        f", {call.retries} {'retry' if call.retries == 1 else 'retries'}" if call.retries else ""
    )
    error = f", {call.error}" if call.error else ""
    text = f"{call.service}:{call.operation} {call.seconds:.3f}s{retries}{error}"
    yield Line(escape(text), "dim")


def document(call: ApiCall) -> JsonObject:
    return {"type": "call", **call._asdict()}
