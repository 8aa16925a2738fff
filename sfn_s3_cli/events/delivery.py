"""What delivers a bucket's events to EventBridge before a pipeline exists."""

from __future__ import annotations

from typing import NamedTuple


class Delivery(NamedTuple):
    """Whether a bucket exists, and what delivers its events already; None if it is not known."""

    exists: bool | None = None
    is_on: bool | None = None
    """Whether the bucket sends its events to EventBridge."""
    trails: tuple[str, ...] = ()
    """The trails of others that log all uploads. Not read if the bucket is on."""
    not_read: str = ""
    """Why something is not known."""
