"""What is told of a plan while it is carried out, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.errors import PartlyDone, SfnctlError

if TYPE_CHECKING:
    from sfn_s3_cli.reconcile.plan import Change, Plan
    from sfn_s3_cli.resources.base import Address


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
    """What was to be removed has come into use by others meanwhile, and stays."""

    change: Change
    why: str


class Skipped(NamedTuple):
    """A change was not begun, because one that it waits for was not made."""

    change: Change
    because: Address


Event = Started | Done | Failed | Kept | Skipped


@dataclass(frozen=True)
class Outcome:
    """A plan and what became of its changes."""

    verb: str
    """deploy or teardown."""
    pipeline: str
    plan: Plan
    events: tuple[Event, ...] = ()
    touched: bool = False
    """Whether any call that changes something succeeded, if only in part of a failed change."""

    @property
    def done(self) -> tuple[Change, ...]:
        return tuple(event.change for event in self.events if isinstance(event, Done))

    @property
    def failed(self) -> tuple[Failed, ...]:
        return tuple(event for event in self.events if isinstance(event, Failed))

    @property
    def kept(self) -> tuple[Kept, ...]:
        """What the plan kept, and what was kept instead of removed."""
        planned = (Kept(change, change.why) for change in self.plan.kept)
        return (*planned, *(event for event in self.events if isinstance(event, Kept)))

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        return tuple(event for event in self.events if isinstance(event, Skipped))

    @property
    def open(self) -> tuple[Change, ...]:
        """What a signal left undone: neither made, nor failed, nor skipped."""
        closed = {event.change.address for event in self.events if not isinstance(event, Started)}
        return tuple(change for change in self.plan.pending if change.address not in closed)

    def error(self) -> SfnctlError | None:
        """What to end with: PartlyDone when something was changed, None when all went well."""
        if not self.failed:
            return None
        text = f"{len(self.failed)} failed, {len(self.skipped)} skipped, {len(self.done)} done"
        error = SfnctlError(f"nothing was changed: {text}")
        if self.touched:
            remedy = "mend what failed and run the same command again to finish"
            error = PartlyDone(text, remedy)
        faults = (each.error for each in self.failed if not isinstance(each.error, SfnctlError))
        error.__cause__ = next(faults, None)
        return error
