"""Checks for likely mistakes in the trigger: its prefixes and suffixes, and its events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import describe
from sfn_s3_cli.errors import Severity
from sfn_s3_cli.events import SOURCES
from sfn_s3_cli.events.pattern import needs_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.config.schema import Trigger


def check_key_filters(trigger: Trigger) -> Iterator[Finding]:
    """Find what a valid trigger probably does not mean."""
    for name, affixes in (("prefix", trigger.prefix), ("suffix", trigger.suffix)):
        for number, affix in enumerate(affixes):
            path = ("trigger", name, number)
            if "*" in affix:
                message = f"a {name} is literal: {describe(affix)} matches only keys with a `*`"
                remedy = f"list each {name}"
                yield Finding("KEY_WILDCARD", path, message, remedy, Severity.WARNING)
            if name == "prefix" and affix.startswith("/"):
                message = f"keys rarely begin with a slash, but {describe(affix)} requires one"
                remedy = f"write {describe(affix.lstrip('/'))}"
                yield Finding("PREFIX_SLASH", path, message, remedy, Severity.WARNING)
    if needs_wildcard(SOURCES[trigger.via].build_pattern("", trigger, "")):
        yield _report_wildcard(trigger)


def _report_wildcard(trigger: Trigger) -> Finding:
    """Report what needs a rule with a wildcard: two affixes, or a suffix of an object's ARN."""
    message, remedy = (
        "prefix and suffix together need",
        "remove one of them if you do not need both",
    )
    if not trigger.prefix:
        message = f"with `via: {trigger.via}`, a suffix and deleted events together need"
        remedy = "remove the suffix if you do not need it"
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
    return Finding(
        "WILDCARD_RULE",
        ("trigger", "suffix"),
        f"{message} a rule with a wildcard, of which EventBridge allows 30 in a region",
        remedy,
        Severity.WARNING,
    )


def check_events(trigger: Trigger) -> Iterator[Finding]:
    """Find the events that the trigger asks for and that cannot start an execution."""
    if missed := SOURCES[trigger.via].find_missed(trigger):
        changes = (*({"via": each} for each in SOURCES), {"input": "event"})
        remedies = [
            f"`{': '.join(*change.items())}`"
            for change in changes
            if not _is_missing(trigger.model_copy(update=change))
        ]
        path = ("trigger", "events")
        remedy = f"use {' or '.join(remedies)}"
        yield Finding("MISSED_EVENTS", path, missed, remedy, Severity.WARNING)


def _is_missing(trigger: Trigger) -> bool:
    return bool(SOURCES[trigger.via].find_missed(trigger))
