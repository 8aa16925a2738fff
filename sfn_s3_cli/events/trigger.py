"""The settings of `trigger` that sources use; the config's Trigger has more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Trigger(Protocol):
    """Which object events start an execution, how they arrive, and as what input."""

    @property
    def via(self) -> str:
        """The name of the source, a key of SOURCES."""

    @property
    def events(self) -> Sequence[str]:
        """`created`, `deleted` or both."""

    @property
    def prefix(self) -> Sequence[str]:
        """What keys must begin with: one of these; empty for all keys."""

    @property
    def suffix(self) -> Sequence[str]:
        """What keys must end with: one of these; empty for all keys."""

    @property
    def min_size(self) -> int:
        """The size in bytes that a created object must have at least; 0 for any size."""

    @property
    def input(self) -> str:
        """What executions get as input: `event` or `object`."""
