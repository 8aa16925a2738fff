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
    width = max((len(each.template.name) for each in catalogue.templates), default=0)
    for each in catalogue.templates:
        yield Line(f"{each.template.name:<{width}}  {each.template.summary}")
        for question in each.questions:
            default = "" if question.default is None else f" [{question.default}]"
            yield Line(f"{'':<{width}}    --set {question.name}=  {question.prompt}{default}")


def document(catalogue: Catalogue) -> JsonObject:
    return {
        "type": "templates",
        "templates": [
            {
                "name": each.template.name,
                "summary": each.template.summary,
                "questions": [asdict(question) for question in each.questions],
            }
            for each in catalogue.templates
        ],
    }
