"""Carries a plan out: independent changes at the same time, each after what it waits for."""

from __future__ import annotations

import queue
from concurrent.futures import Future, ThreadPoolExecutor
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any

from sfn_s3_cli import signals
from sfn_s3_cli.aws.errors import code_of
from sfn_s3_cli.aws.eventually import wait_while
from sfn_s3_cli.aws.explain import explain
from sfn_s3_cli.errors import RefusedError
from sfn_s3_cli.reconcile.desired import Node
from sfn_s3_cli.reconcile.observe import observe
from sfn_s3_cli.reconcile.outcome import Done, Event, Failed, Kept, Skipped, Started
from sfn_s3_cli.reconcile.plan import explain_owner
from sfn_s3_cli.resources.base import Removal, StillUsed
from sfn_s3_cli.resources.change import Action
from sfn_s3_cli.resources.kinds import KINDS, STEPS
from sfn_s3_cli.resources.observation import Found, Missing, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.errors import Signalled
    from sfn_s3_cli.reconcile.plan import Plan
    from sfn_s3_cli.resources.base import Address, Resource
    from sfn_s3_cli.resources.change import Change
    from sfn_s3_cli.resources.kind import Kind
    from sfn_s3_cli.resources.observation import AnyObservation

MAX_THREADS = 10
_CREATED_MEANWHILE = "it was created in the meantime and "
_LAG = 10.0  # seconds after which AWS's reads show what was created


def apply(plan: Plan, aws: Aws, removal: Removal | None = None) -> Iterator[Event]:
    """Makes the pending changes; yields an event when each begins and ends.

    A failure skips what waits for it and lets the rest finish. After a signal no change begins;
    when the calls in flight have ended and their events are out, it is raised as Signalled.
    """
    work = _Work(plan, aws, removal or Removal())
    try:
        with signals.defer(work.interrupt):
            yield from work.events()
    finally:
        work.pool.shutdown(cancel_futures=True)
    if work.signal:
        raise work.signal


class _Work:
    """A plan under way."""

    def __init__(self, plan: Plan, aws: Aws, removal: Removal) -> None:
        self.pool = ThreadPoolExecutor(MAX_THREADS, thread_name_prefix="apply")
        self.signal: Signalled | None = None
        self._plan = plan
        self._aws = aws
        self._removal = removal
        self._changes = {change.address: change for change in plan.pending}
        self._ended: queue.SimpleQueue[Future[Done | Failed | Kept] | None] = queue.SimpleQueue()
        self._missed: dict[Address, Address] = {}
        """Changes that were not made, each with the failure that prevented it."""
        self._running = 0
        self._sorter = TopologicalSorter(plan.waits_for)
        self._sorter.prepare()

    def events(self) -> Iterator[Event]:
        while self._running or (self._sorter.is_active() and not self.signal):
            if not self.signal:
                yield from self._begin()
            if self._running:
                yield from self._end()

    def interrupt(self, signal: Signalled) -> None:
        """From now on no change begins, and no call waits for AWS any longer."""
        self.signal = signal
        self._aws.calls.interrupted.set()
        self._ended.put(None)

    def _begin(self) -> Iterator[Event]:
        for address in sorted(self._sorter.get_ready()):
            if self.signal:
                return
            change, before = self._changes[address], sorted(self._plan.waits_for[address])
            because = next((self._missed[each] for each in before if each in self._missed), None)
            if because:
                self._missed[address] = because
                self._sorter.done(address)
                yield Skipped(change, because)
            else:
                yield Started(change)
                future = self.pool.submit(_make, change, self._aws, self._removal)
                future.add_done_callback(self._ended.put)
                self._running += 1

    def _end(self) -> Iterator[Event]:
        ended = self._ended.get()
        if ended is None:
            self._aws.notify("Stopping after the changes in progress; interrupt again to stop now")
            return
        event = ended.result()
        self._running -= 1
        address = event.change.address
        if isinstance(event, Failed):
            self._missed[address] = address
        self._sorter.done(address)
        yield event


def _make(change: Change, aws: Aws, removal: Removal) -> Done | Failed | Kept:
    kind = (KINDS | STEPS)[change.address.kind]
    try:
        match change.action:
            case Action.CREATE if change.desired:
                _create(kind, aws, change.desired)
            case Action.UPDATE if change.observed:
                kind.update(aws, change.observed, change.desired)
            case Action.DELETE if change.observed:
                kind.delete(aws, change.observed, removal)
    except StillUsed as used:
        return Kept(change, used.reason)
    except Exception as error:  # noqa: BLE001  (an event reports it; the other changes go on)
        return Failed(change, explain(error) or error)
    return Done(change)


def _create(kind: Kind[Any, Any], aws: Aws, desired: Resource) -> None:
    """Creates what did not exist when the plan was made.

    If it exists by now, it may be ours: an answer was lost, or another deploy of the pipeline was
    quicker. Then it is changed to what is desired.
    """
    try:
        kind.create(aws, desired)
    except Exception as error:
        if code_of(error) not in kind.EXISTS:
            raise
        match _wait_until_visible(aws, desired):
            case Found(owner=owner) as found if owner == desired.owner:
                kind.update(aws, found, desired)
            case Found(owner=owner):
                reason = explain_owner(owner, desired)
                raise RefusedError(_CREATED_MEANWHILE + reason.message, reason.remedy) from error
            case Refused(reason):
                raise RefusedError(_CREATED_MEANWHILE + reason.message, reason.remedy) from error
            case _:
                raise


def _wait_until_visible(aws: Aws, desired: Resource) -> AnyObservation:
    """What AWS has, as soon as its reads show it and its tags."""
    seen: list[AnyObservation] = [Missing()]

    def is_unseen() -> bool:
        seen[:] = observe((Node(desired),), aws).values()
        return isinstance(seen[0], Missing) or (
            isinstance(seen[0], Found) and seen[0].owner is None
        )

    wait_while(aws, is_unseen, within=_LAG)
    return seen[0]
