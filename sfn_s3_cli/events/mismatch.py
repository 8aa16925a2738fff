"""Why a trigger does not match an object: the conditions of its event pattern, in words. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sfn_s3_cli.events.trigger import Trigger


def find_mismatch(trigger: Trigger, key: str, *, event: str, size: int | None = None) -> str:
    """Say why no execution starts; empty if the trigger matches.

    `event` is `created` or `deleted`. A size that is not known matches.
    """
    if event not in trigger.events:
        return f"`events` has only {_list(trigger.events)}"
    if trigger.prefix and not key.startswith(tuple(trigger.prefix)):
        return f"the key does not begin with {_list(trigger.prefix)}"
    if trigger.suffix and not key.endswith(tuple(trigger.suffix)):
        return f"the key does not end with {_list(trigger.suffix)}"
    if event == "created" and size is not None and size < trigger.min_size:
        return f"the object has {size} bytes, fewer than `min_size`, {trigger.min_size}"
    return ""


def _list(values: Sequence[str]) -> str:
    return " or ".join(map(repr, values))
