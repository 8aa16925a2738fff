"""SQS: which messages a queue returns first."""

from __future__ import annotations

from typing import Any

from sfn_s3_cli.local.internals import SQS, Action, Request


def install() -> None:
    """Makes queues return other messages than the last time."""
    SQS.repair("_collect_msgs", collect)


def collect(original: Action, queue: Request, limit: int, timeout: int) -> Any:
    """A standard queue has no order: what was just received comes last, so that one can see more
    than ten messages without hiding any (SQS Developer Guide, "Standard queues")."""
    received: Any = original(queue, limit, timeout)
    if received and not queue["is_fifo"]:
        handles = {message["receipt_handle"] for message in received}
        others = [each for each in queue["messages"] if each.get("receipt_handle") not in handles]
        queue["messages"][:] = [*others, *received]
    return received
