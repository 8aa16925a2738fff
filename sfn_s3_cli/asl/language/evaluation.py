"""Which strings of a state are evaluated: those of some fields, and those that ask for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.asl.language.field_types import Plain
from sfn_s3_cli.asl.language.fields import ROWS
from sfn_s3_cli.asl.language.states import JSONATA

if TYPE_CHECKING:
    from sfn_s3_cli.documents.document import ValuePath

LITERAL = frozenset({"Branches", "Comment", "ItemProcessor", "Iterator", "Result"})
"""The fields of a state that are not evaluated, or belong to the states inside."""
_NEVER = LITERAL | {"CSVHeaders", "Default", "ErrorEquals", "Next", "Resource", "ResultPath"}
_FREE = frozenset(
    row.name for row in ROWS if row.kind in (Plain.PAYLOAD, Plain.TEMPLATE, Plain.ITEMS)
)
"""Where the keys are the user's own, whatever they are called."""


def is_evaluated(place: ValuePath, language: str) -> bool:
    """Whether a string is evaluated that stands there in a state.

    In JSONata only a string between `{% %}` is an expression; that is not asked for here.
    """
    is_free = not _FREE.isdisjoint(place)
    if language == JSONATA:
        return is_free or _NEVER.isdisjoint(place)
    key = str(place[-1])
    is_path = key == "Variable" or (key.endswith("Path") and key != "ResultPath")
    return key.endswith(".$") or (is_path and not is_free)
