"""The list of templates."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sfn_s3_cli.views.streams import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.json_types import JsonObject
    from sfn_s3_cli.templates import Catalogue


def lines(catalogue: Catalogue) -> Iterator[Line]:
    width = max((len(template.name) for template in catalogue.templates), default=0)
    for template in catalogue.templates:
        yield Line(f"{template.name:<{width}}  {template.summary}")


def document(catalogue: Catalogue) -> JsonObject:
    return {"type": "templates", **asdict(catalogue)}
