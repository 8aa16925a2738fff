"""Reasons as data: why a resource is refused, kept or noted, as a code and its facts.

A module declares its types of reasons as constants, `FULL = ReasonType("FULL", "{how} full")`, and
makes a reason with `FULL(how="nearly")`. Programs read the code and the facts, people the message.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from sfn_s3_cli.counts import Count, Size

Fact: TypeAlias = "str | Count | Size | tuple[str, ...] | Reason"


@dataclass(frozen=True)
class ReasonType:
    """A code with its words. `text` and `remedy` are templates that name facts."""

    code: str
    text: str
    remedy: str = ""
    is_config_error: bool = False
    """Whether the config is what has to change."""
    is_warning: bool = False
    """Whether it says what may do harm, rather than what is good to know."""
    describes_state: bool = False
    """Whether it is true of what is deployed, so that `status` shows it, not only of a change."""
    collects: str = ""
    """A fact, as a tuple: notes that differ in it alone are shown as one."""

    def __call__(self, **facts: Fact) -> Reason:
        return Reason(self, facts)


class Reason(NamedTuple):
    """One reason: its type and the facts of the case."""

    type: ReasonType
    facts: Mapping[str, Fact]

    @property
    def code(self) -> str:
        return self.type.code

    @property
    def message(self) -> str:
        """The reason in words, to follow a resource's name or a colon."""
        return self.type.text.format(**self._phrases())

    @property
    def remedy(self) -> str:
        """What to do about it; may be empty."""
        return self.type.remedy.format(**self._phrases())

    def _phrases(self) -> dict[str, str | Count | Size]:
        return {name: _phrase(fact) for name, fact in self.facts.items()}

    def __str__(self) -> str:
        return self.message


def collect(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """The same reasons, where those that differ only in the fact that they collect are one."""
    found: dict[object, Reason] = {}
    for reason in reasons:
        name = reason.type.collects
        others = tuple(fact for key, fact in reason.facts.items() if key != name)
        group = (reason.type, others) if name else id(reason)
        earlier = found.get(group, reason).facts
        merged = {name: _merge(earlier[name], reason.facts[name])} if name else {}
        found[group] = reason._replace(facts={**reason.facts, **merged})
    return (*found.values(),)


def _merge(*facts: Fact) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for fact in facts for each in _list(fact)))


def _list(fact: Fact) -> tuple[str, ...]:
    match fact:
        case Count() | Size() | Reason() | str():
            return (str(fact),)
        case _:
            return fact


def _phrase(fact: Fact) -> str | Count | Size:
    match fact:
        case Count() | Size() | str():
            return fact
        case Reason():
            return fact.message
        case _:
            return ", ".join(fact)


OTHER_STATEMENTS = ReasonType("OTHER_STATEMENTS", "policy statements of others: {names}")
KEY_POLICY = ReasonType(
    "KEY_POLICY",
    "The policy of {key} must let {services} use the key: `sfnctl permissions kms-key` prints the"
    " statements.",
    collects="services",
)
NOT_OURS = ReasonType(
    "NOT_OURS",
    "already exists, without sfnctl's tags",
    "choose another name, or adopt it with --adopt",
)
OWNED_BY_PIPELINE = ReasonType(
    "OWNED_BY_PIPELINE", "belongs to pipeline {pipeline}", "choose another name"
)
