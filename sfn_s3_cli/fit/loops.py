"""Checks that the workflow does not write objects that start it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import describe
from sfn_s3_cli.errors import Severity
from sfn_s3_cli.events import SOURCES
from sfn_s3_cli.events.execution_input import describe_input
from sfn_s3_cli.fit.object_writes import find_writes, locate_key, resolve_address
from sfn_s3_cli.fit.text_values import TextResolver, format_text, matches_trigger

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sfn_s3_cli.config.schema import Pipeline
    from sfn_s3_cli.fit.data_flow import ReachedState
    from sfn_s3_cli.fit.object_writes import ObjectWrite
    from sfn_s3_cli.fit.text_values import Text

_VERBS = {"created": "write", "deleted": "delete"}


def check_loops(pipeline: Pipeline, states: Iterable[ReachedState]) -> Iterator[Finding]:
    """Find the states that write or delete objects for which the trigger starts an execution."""
    given, bucket = describe_input(pipeline.trigger), pipeline.bucket.name
    for reached in states:
        for write in find_writes(reached.state):
            address = resolve_address(write, TextResolver(reached, given, bucket))
            if address and address.bucket == (bucket,):
                yield from _check_key(pipeline, reached, write, address.key)


def _check_key(
    pipeline: Pipeline, reached: ReachedState, write: ObjectWrite, key: Text
) -> Iterator[Finding]:
    trigger, event = pipeline.trigger, write.call.event
    starts = matches_trigger(key, trigger)
    source, is_batch = SOURCES[trigger.via], write.call.is_batch
    if event not in trigger.events or starts is False or (is_batch and source.find_missed(trigger)):
        return
    causes_event = not trigger.min_size if event == "created" else source.REPORTS_EVERY_DELETION
    is_certain = starts is True and reached.is_certain and causes_event and not is_batch
    verb = f"{_VERBS[event]}s" if is_certain else f"may {_VERBS[event]}"
    address = f"s3://{pipeline.bucket.name}/{format_text(key)}"
    yield Finding(
        "ENDLESS_LOOP",
        locate_key(write),
        f"the state {describe(reached.state.name)} {verb} {describe(address)},"
        " which starts another execution, in an endless loop",
        "use another bucket, or keys that `trigger.prefix` and `trigger.suffix` exclude",
        Severity.ERROR if is_certain else Severity.WARNING,
    )
