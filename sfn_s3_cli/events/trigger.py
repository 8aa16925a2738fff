"""What sources must know of `trigger`; the config's own Trigger has it all."""

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
        """Of `created` and `deleted`, at least one."""

    @property
    def prefix(self) -> Sequence[str]:
        """What keys must begin with, any of these; empty for all keys."""

    @property
    def suffix(self) -> Sequence[str]:
        """What keys must end with, any of these; empty for all keys."""

    @property
    def input(self) -> str:
        """`event` or `object`, what executions get as their input."""
