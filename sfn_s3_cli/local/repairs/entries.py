"""Step Functions: the entries of an object that a Map iterates.

Each is `{"Key": ..., "Value": ...}`, and the context object of its iteration has the key too, as
measured in https://github.com/floci-io/floci/pull/1588.
"""

from __future__ import annotations

from typing import Any

from sfn_s3_cli.local.internals import Request


class _Entry(dict[str, Any]):
    """An entry; an item of an array can look the same."""


def list_entries(value: Request) -> list[Request]:
    return [_Entry(Key=key, Value=each) for key, each in value.items()]


def describe_item(index: int, value: Any) -> Request:
    """What the context object says about an item, as `Map.Item`."""
    if isinstance(value, _Entry):
        return {"Index": index, **value}
    return {"Index": index, "Value": value}
