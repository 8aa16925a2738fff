"""Decides which strings of a state are evaluated as paths or expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.asl.language.field_types import Plain
from sfn_s3_cli.asl.language.fields import FIELDS
from sfn_s3_cli.asl.language.states import JSONATA

if TYPE_CHECKING:
    from sfn_s3_cli.documents.places import ValuePath

LITERAL = frozenset({"Branches", "Comment", "ItemProcessor", "Iterator", "Result"})
"""The fields of a state that are not evaluated, or that belong to the states inside it."""
_NEVER = LITERAL | {"CSVHeaders", "Default", "ErrorEquals", "Next", "Resource", "ResultPath"}
_FREE = frozenset(
    field.name for field in FIELDS if field.type in (Plain.PAYLOAD, Plain.TEMPLATE, Plain.ITEMS)
)
"""The fields in which users choose the names of the keys."""


def is_evaluated(path: ValuePath, language: str) -> bool:
    """Whether the string at this path inside a state is evaluated.

    In JSONata only a string in `{% %}` is an expression; this does not look at the string.
    """
    is_free = not _FREE.isdisjoint(path)
    if language == JSONATA:
        return is_free or _NEVER.isdisjoint(path)
    key = str(path[-1])
    is_path = key == "Variable" or (key.endswith("Path") and key != "ResultPath")
    return key.endswith(".$") or (is_path and not is_free)
