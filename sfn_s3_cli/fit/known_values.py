"""What is known, before anything runs, of what the states compute from the trigger's event."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote

from sfn_s3_cli.asl.language.computed_text import WILD, nothing
from sfn_s3_cli.events.shapes import delivered
from sfn_s3_cli.fit.data_flow import visits
from sfn_s3_cli.fit.text_values import KEY, UNKNOWN, Reader

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from sfn_s3_cli.asl.language.computed_text import Known
    from sfn_s3_cli.asl.language.states import State
    from sfn_s3_cli.asl.permissions.calls import Reveal
    from sfn_s3_cli.config.schema import Pipeline, Trigger

_ENCODED = re.compile(r"\$encodeUrlComponent\((.+)\)", re.DOTALL)
_NOT_ENCODED = "!'()*"  # encodeURIComponent of JavaScript, which JSONata uses, leaves them


def reveal(pipeline: Pipeline, definition: Mapping[str, Any]) -> Reveal:
    """The bucket is the watched one, and a key begins or ends as the trigger says.

    There is a case for each of the trigger's prefixes, or else of its suffixes.
    """
    event, bucket = delivered(pipeline.trigger), pipeline.bucket.name
    readers = {each.state.path: Reader(each, event, bucket) for each in visits(definition)}
    keys = _keys(pipeline.trigger)

    def known(state: State) -> Sequence[Known]:
        reader = readers.get(state.path)
        return [partial(_given, reader, key) for key in keys] if reader else (nothing,)

    return known


def _given(reader: Reader, key: str, expression: str) -> str:
    """What an expression gives for a key like this one."""
    encodings = 0
    while encoded := _ENCODED.fullmatch(expression):
        expression = encoded[1].strip()
        encodings += 1
    fillings = {KEY: key, UNKNOWN: WILD}
    parts = reader.computed(expression)
    text = "".join(part if isinstance(part, str) else fillings[part] for part in parts)
    for _ in range(encodings):
        text = quote(text, safe=WILD + _NOT_ENCODED)
    return text


def _keys(trigger: Trigger) -> Sequence[str]:
    """A key may be so short that its prefix and its suffix overlap: only one of them is told."""
    if trigger.prefix:
        return [prefix + WILD for prefix in trigger.prefix]
    return [WILD + suffix for suffix in trigger.suffix] or [WILD]
