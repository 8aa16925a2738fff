"""A reason as JSON: code and facts for programs, message and remedy for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.counts import Count
from sfn_s3_cli.resources.reasons import Fact, Reason

if TYPE_CHECKING:
    from sfn_s3_cli.json_types import JsonObject


def document(reason: Reason) -> JsonObject:
    facts = {name: _fact_value(fact) for name, fact in reason.facts.items()}
    return {
        "code": reason.code,
        "message": reason.message,
        "remedy": reason.remedy,
        "facts": facts,
    }


def _fact_value(fact: Fact) -> object:
    match fact:
        case Reason():
            return document(fact)
        case Count():
            return fact._asdict()
    return fact
