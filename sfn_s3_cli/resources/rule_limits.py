"""Whether the event bus has room for another rule: notes only, since AWS raises these limits.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from sfn_s3_cli.aws.explain import Unanswered, ask_optional
from sfn_s3_cli.events.pattern import needs_wildcard
from sfn_s3_cli.resources.other_pipelines import list_rules
from sfn_s3_cli.resources.reasons import ReasonType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.aws.reads import Reads
    from sfn_s3_cli.resources.reasons import Reason

_MOST_RULES, _MOST_WILDCARDS = 300, 30
_SMALL_REGIONS = {"af-south-1": 100, "eu-south-1": 100}

_RULES = ReasonType(
    "MANY_RULES",
    "The event bus has {number} rules, and AWS allows {limit}. If AWS has not raised this limit for"
    " you, it refuses another rule.",
)
_WILDCARDS = ReasonType(
    "MANY_WILDCARD_RULES",
    f"The event bus has {{number}} rules with a wildcard, and AWS allows {_MOST_WILDCARDS}. If"
    " AWS has not raised this limit for you, it refuses another one. A trigger with only prefixes"
    " or only suffixes needs no wildcard.",
)
_NOT_COUNTED = ReasonType(
    "RULES_NOT_COUNTED",
    "Not checked: whether the event bus has room for another rule ({error}).",
)


class _Counts(NamedTuple):
    rules: int
    wildcards: int


def note(reads: Reads, pattern: Any) -> tuple[Reason, ...]:
    """What a plan should say before the bus gets one more rule with that pattern."""
    match ask_optional(reads.ask(list_rules, reads.aws).result):
        case Unanswered(why):
            return (_NOT_COUNTED(error=why),)
        case rules:
            counts = _count(rules)
            limit = _SMALL_REGIONS.get(reads.aws.region, _MOST_RULES)
            return (*_list_notes(counts, limit, pattern),)


def _list_notes(counts: _Counts, limit: int, pattern: Any) -> Iterator[Reason]:
    if counts.rules >= limit:
        yield _RULES(number=str(counts.rules), limit=str(limit))
    if needs_wildcard(pattern) and counts.wildcards >= _MOST_WILDCARDS:
        yield _WILDCARDS(number=str(counts.wildcards))


def _count(rules: list[Any]) -> _Counts:
    patterns = (json.loads(each.get("EventPattern", "{}")) for each in rules)
    return _Counts(len(rules), sum(map(needs_wildcard, patterns)))
