"""Events of a running apply, and its result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.errors import PartlyDone, SfnctlError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_s3_cli.reconcile.plan import Plan
    from sfn_s3_cli.resources.base import Address
    from sfn_s3_cli.resources.change import Change
    from sfn_s3_cli.resources.reasons import Reason


class Started(NamedTuple):
    """A change has begun."""

    change: Change


class Done(NamedTuple):
    """A change was made."""

    change: Change


class Failed(NamedTuple):
    """A change was not made, or only in part; running again finishes it."""

    change: Change
    error: Exception


class Kept(NamedTuple):
    """A resource was not removed, because others began to use it meanwhile."""

    change: Change
    reason: Reason


class Skipped(NamedTuple):
    """A change did not begin, because one that it waits for failed."""

    change: Change
    because: Address


Event = Started | Done | Failed | Kept | Skipped


@dataclass(frozen=True)
class Outcome:
    """A plan and the result of its changes."""

    verb: str
    """deploy or teardown."""
    pipeline: str
    plan: Plan
    events: tuple[Event, ...] = ()
    is_waited_for: bool = False
    """Whether the command goes on by itself when what is kept until a known time may go."""
    touched: bool = False
    """Whether any changing call succeeded, even if only as part of a failed change."""
    outputs: Mapping[str, str] | None = None
    """What scripts need to know of what is deployed now; None for a teardown."""

    @property
    def done(self) -> tuple[Change, ...]:
        return tuple(event.change for event in self.events if isinstance(event, Done))

    @property
    def existing(self) -> frozenset[Address]:
        """What AWS has now."""
        before = (change.address for change in self.plan.changes if change.observed)
        removed = {change.address for change in self.done if not change.desired}
        return frozenset({*before, *(change.address for change in self.done)} - removed)

    @property
    def failed(self) -> tuple[Failed, ...]:
        return tuple(event for event in self.events if isinstance(event, Failed))

    @property
    def kept(self) -> tuple[Kept, ...]:
        """What the plan kept, and what was kept instead of removed."""
        planned = (Kept(change, change.reason) for change in self.plan.kept if change.reason)
        return (*planned, *(event for event in self.events if isinstance(event, Kept)))

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        return tuple(event for event in self.events if isinstance(event, Skipped))

    @property
    def open(self) -> tuple[Change, ...]:
        """Changes that a signal prevented from beginning."""
        closed = {event.change.address for event in self.events if not isinstance(event, Started)}
        return tuple(change for change in self.plan.pending if change.address not in closed)

    def error(self) -> SfnctlError | None:
        """The error of the command: PartlyDone if anything was changed, None if all went well."""
        if not self.failed:
            return None
        text = f"{len(self.failed)} failed, {len(self.skipped)} skipped, {len(self.done)} done"
        error = SfnctlError(f"nothing was changed: {text}")
        if self.touched:
            remedy = "fix the error and run the same command again to finish"
            error = PartlyDone(text, remedy)
        unexpected = (each.error for each in self.failed if not isinstance(each.error, SfnctlError))
        error.__cause__ = next(unexpected, None)
        return error
