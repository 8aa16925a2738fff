"""Checks whether definition and trigger fit each other, which no linter of the language can.

`data_flow.follow_event` walks through the definition. It begins at the first state, whose input is
the execution's input, and follows each transition to the states that can come next. For each state
it notes which part of the execution's input its input is, and which fields other states have added;
when two transitions disagree, nothing is known. Branches and processors follow in the same way.
Each state that can be reached comes out as a `ReachedState`. With that,

- `event_fields` checks that every field which a state reads (`field_reads`) is in the input that
  the trigger gives (`events.execution_input`);
- `loops` checks that no state writes an object (`object_writes`) that starts the workflow again;
- `known_values` predicts the names of buckets and keys that states compute, for the derived role.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.fit.data_flow import follow_event
from sfn_s3_cli.fit.event_fields import check_event_fields
from sfn_s3_cli.fit.logging import check_logging
from sfn_s3_cli.fit.loops import check_loops
from sfn_s3_cli.fit.trigger_settings import check_events, check_key_filters
from sfn_s3_cli.json_types import JsonMapping

if TYPE_CHECKING:
    from sfn_s3_cli.config.schema import Pipeline
    from sfn_s3_cli.documents.findings import Finding


def check_definition(pipeline: Pipeline, definition: JsonMapping) -> list[Finding]:
    """Find what in the definition does not fit the trigger; paths lead into the definition."""
    states = list(follow_event(definition))
    findings = [*check_event_fields(pipeline.trigger, states), *check_loops(pipeline, states)]
    return list(dict.fromkeys(findings))  # an expression may read a field twice


def check_config(pipeline: Pipeline) -> list[Finding]:
    """Find what in a valid config is probably a mistake; paths lead into the config."""
    trigger = pipeline.trigger
    return [
        *check_key_filters(trigger),
        *check_events(trigger),
        *check_logging(pipeline.state_machine),
    ]
