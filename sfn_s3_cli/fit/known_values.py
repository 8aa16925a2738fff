"""What the states compute from the event, as far as it is known before anything runs."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote

from sfn_s3_cli.asl.language.computed_text import WILD, resolve_nothing
from sfn_s3_cli.events.execution_input import describe_input
from sfn_s3_cli.fit.data_flow import follow_event
from sfn_s3_cli.fit.text_values import KEY, UNKNOWN, TextResolver
from sfn_s3_cli.json_types import JsonMapping

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sfn_s3_cli.asl.language.computed_text import Resolve
    from sfn_s3_cli.asl.language.states import State
    from sfn_s3_cli.asl.permissions.calls import StateCases
    from sfn_s3_cli.config.schema import Pipeline, Trigger

_ENCODED = re.compile(r"\$encodeUrlComponent\((.+)\)", re.DOTALL)
_NOT_ENCODED = "!'()*"  # JavaScript's encodeURIComponent, which JSONata uses, leaves these


def predict_values(pipeline: Pipeline, definition: JsonMapping) -> StateCases:
    """Predict what expressions give: the bucket is the watched one, and the trigger limits the key.

    There is a case for each of the trigger's prefixes, or else for each of its suffixes.
    """
    given, bucket = describe_input(pipeline.trigger), pipeline.bucket.name
    resolvers = {
        reached.state.path: TextResolver(reached, given, bucket)
        for reached in follow_event(definition)
    }
    keys = _list_key_patterns(pipeline.trigger)

    def predict(state: State) -> Sequence[Resolve]:
        resolver = resolvers.get(state.path)
        return (
            [partial(_evaluate, resolver, key) for key in keys] if resolver else (resolve_nothing,)
        )

    return predict


def _evaluate(resolver: TextResolver, key: str, expression: str) -> str:
    """Evaluate an expression for keys of this pattern."""
    encodings = 0
    while encoded := _ENCODED.fullmatch(expression):
        expression = encoded[1].strip()
        encodings += 1
    values = {KEY: key, UNKNOWN: WILD}
    parts = resolver.resolve(expression)
    text = "".join(part if isinstance(part, str) else values[part] for part in parts)
    for _ in range(encodings):
        text = quote(text, safe=WILD + _NOT_ENCODED)
    return text


def _list_key_patterns(trigger: Trigger) -> Sequence[str]:
    """Use only the prefix if there is a suffix too: the two may overlap in a short key."""
    if trigger.prefix:
        return [prefix + WILD for prefix in trigger.prefix]
    return [WILD + suffix for suffix in trigger.suffix] or [WILD]
