"""Executions in groups: how many, in which status, and why they failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.counts import Count
from sfn_s3_cli.views.execution import describe_status, find_style, format_iso, make_columns
from sfn_s3_cli.views.streams import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.executions.summary import Group, GroupKey, Summary
    from sfn_s3_cli.json_types import JsonObject


def lines(summary: Summary) -> Iterator[Line]:
    """Write a line for each group, with the latest of those that failed."""
    for key, group in summary.groups:
        style = find_style(group.latest)
        yield Line(f"{group.count:>9,}  {describe_status(key)}", style)
        if group.latest.has_failed:
            columns = make_columns(group.latest, "summary")
            cells = (columns.time, columns.object if group.latest.object else "", columns.name)
            yield Line(f"{'':9}  latest: {'  '.join(filter(None, cells))}", style)
    yield Line(f"{Count(summary.executions):execution}", "bold")


def document(summary: Summary) -> JsonObject:
    return {
        "type": "summary",
        "executions": summary.executions,
        "groups": [_document_group(*each) for each in summary.groups],
    }


def _document_group(key: GroupKey, group: Group) -> JsonObject:
    """Return one group; omit the failed state and the error where there are none."""
    latest = group.latest
    why = {name: value for name, value in key._asdict().items() if value}
    document: JsonObject = {
        "arn": latest.arn,
        "name": latest.name,
        "since": format_iso(latest.status_since),
    }
    if latest.object:
        document["object"] = latest.object.document()
    return {**why, "count": group.count, "latest": document}
