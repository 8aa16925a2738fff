"""What is known, before anything runs, of what the states compute from the trigger's event."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING
from urllib.parse import quote

from sfn_s3_cli.asl.pieces import WILD
from sfn_s3_cli.semantics.events import delivered
from sfn_s3_cli.semantics.flow import visits
from sfn_s3_cli.semantics.texts import KEY, UNKNOWN, Reader

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from sfn_s3_cli.asl.calls import Reveal
    from sfn_s3_cli.asl.states import State
    from sfn_s3_cli.config.schema import Pipeline, Trigger

_ENCODED = re.compile(r"\$encodeUrlComponent\((.+)\)", re.DOTALL)


def reveal(pipeline: Pipeline, definition: Mapping[str, Any]) -> Reveal:
    """The bucket is the watched one, and a key begins or ends as the trigger says."""
    event, bucket = delivered(pipeline.trigger), pipeline.bucket.name
    readers = {each.state.path: Reader(each, event, bucket) for each in visits(definition)}
    keys = _keys(pipeline.trigger)

    def known(state: State, expression: str) -> Sequence[str]:
        if encoded := _ENCODED.fullmatch(expression):
            return [quote(each, safe=WILD) for each in known(state, encoded[1])]
        reader = readers.get(state.path)
        text = reader.computed(expression) if reader else (UNKNOWN,)
        if all(part is UNKNOWN for part in text):
            return ()
        fillings = {KEY: keys, UNKNOWN: [WILD]}
        choices = [[part] if isinstance(part, str) else fillings[part] for part in text]
        return ["".join(each) for each in product(*choices)]

    return known


def _keys(trigger: Trigger) -> Sequence[str]:
    """A key may be so short that its prefix and its suffix overlap: only one of them is told."""
    if trigger.prefix:
        return [prefix + WILD for prefix in trigger.prefix]
    return [WILD + suffix for suffix in trigger.suffix] or [WILD]
