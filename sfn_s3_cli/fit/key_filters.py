"""Checks the trigger's prefixes and suffixes for likely mistakes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import describe
from sfn_s3_cli.errors import Severity

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
    if trigger.prefix and trigger.suffix:
        # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
        yield Finding(
            "WILDCARD_RULE",
            ("trigger", "suffix"),
            "prefix and suffix together need a rule with a wildcard,"
            " of which EventBridge allows 30 in a region",
            "remove one of them if you do not need both",
            Severity.WARNING,
        )
