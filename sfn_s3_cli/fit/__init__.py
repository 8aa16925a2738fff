"""What no linter of the language knows: whether definition and trigger fit each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import found
from sfn_s3_cli.errors import Severity
from sfn_s3_cli.fit import event_fields, loops
from sfn_s3_cli.fit.data_flow import visits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from sfn_s3_cli.config.schema import Pipeline, Trigger


def of_definition(pipeline: Pipeline, definition: Mapping[str, Any]) -> list[Finding]:
    """What in the definition does not fit the trigger; paths lead into the definition."""
    visited = list(visits(definition))
    told = [*event_fields.findings(pipeline.trigger, visited), *loops.findings(pipeline, visited)]
    return list(dict.fromkeys(told))  # an expression may read a field twice


def of_config(pipeline: Pipeline) -> list[Finding]:
    """What in a valid config is likely not meant; paths lead into the config."""
    return [*_affixes(pipeline.trigger), *_wildcard(pipeline.trigger)]


def _affixes(trigger: Trigger) -> Iterator[Finding]:
    for name, affixes in (("prefix", trigger.prefix), ("suffix", trigger.suffix)):
        for number, affix in enumerate(affixes):
            path = ("trigger", name, number)
            if "*" in affix:
                message = f"a {name} is literal: {found(affix)} wants a * in the key"
                remedy = f"name each {name} in a list"
                yield Finding("KEY_WILDCARD", path, message, remedy, Severity.WARNING)
            if name == "prefix" and affix.startswith("/"):
                message = f"keys rarely begin with a slash, but {found(affix)} wants one"
                remedy = f"write {found(affix.lstrip('/'))}"
                yield Finding("PREFIX_SLASH", path, message, remedy, Severity.WARNING)


def _wildcard(trigger: Trigger) -> Iterator[Finding]:
    """https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html"""
    if trigger.prefix and trigger.suffix:
        yield Finding(
            "WILDCARD_RULE",
            ("trigger", "suffix"),
            "prefix and suffix together take a rule with a wildcard,"
            " of which EventBridge allows 30 in a region",
            "leave out one of them where it is not needed",
            Severity.WARNING,
        )
