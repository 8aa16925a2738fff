"""Carrying a plan out: independent changes at once, each after what it waits for."""

from __future__ import annotations

import queue
from concurrent.futures import Future, ThreadPoolExecutor
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any

from sfn_s3_cli import signals
from sfn_s3_cli.aws.errors import code_of
from sfn_s3_cli.aws.eventually import wait_until_gone
from sfn_s3_cli.aws.explain import explain
from sfn_s3_cli.errors import Refused
from sfn_s3_cli.reconcile.desired import Node
from sfn_s3_cli.reconcile.observe import observe
from sfn_s3_cli.reconcile.outcome import Done, Event, Failed, Kept, Skipped, Started
from sfn_s3_cli.reconcile.plan import Action, Conflict
from sfn_s3_cli.resources import KINDS
from sfn_s3_cli.resources.base import StillUsed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.errors import Signalled
    from sfn_s3_cli.reconcile.plan import Change, Plan
    from sfn_s3_cli.resources.base import Address, Kind, Observed, Resource

AT_ONCE = 10
_LAG = 10.0  # seconds after which AWS's reads tell of what was created

# What AWS answers when something of that name is there already.
_EXISTS = frozenset(
    {
        "BucketAlreadyOwnedByYou",
        "EntityAlreadyExists",
        "QueueAlreadyExists",
        "QueueNameExists",
        "ResourceAlreadyExistsException",
        "StateMachineAlreadyExists",
        "TrailAlreadyExistsException",
    }
)


def apply(plan: Plan, aws: Aws) -> Iterator[Event]:
    """Makes the pending changes and tells of each as it begins and ends.

    A failure skips what waits for it and lets the rest finish. At a signal nothing more is begun;
    when the calls in flight have ended, and were told, it is raised as Signalled.
    """
    work = _Work(plan, aws)
    try:
        with signals.defer(work.interrupt):
            yield from work.events()
    finally:
        work.pool.shutdown(cancel_futures=True)
    if work.signal:
        raise work.signal


class _Work:
    """A plan under way."""

    def __init__(self, plan: Plan, aws: Aws) -> None:
        self.pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="apply")
        self.signal: Signalled | None = None
        self._plan = plan
        self._aws = aws
        self._changes = {change.address: change for change in plan.pending}
        self._ended: queue.SimpleQueue[Future[Done | Failed | Kept] | None] = queue.SimpleQueue()
        self._missed: dict[Address, Address] = {}
        """What was not made, and the failure because of which."""
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
        """Nothing more is begun, and nobody waits for AWS any longer."""
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
                future = self.pool.submit(_make, change, self._aws)
                future.add_done_callback(self._ended.put)
                self._running += 1

    def _end(self) -> Iterator[Event]:
        ended = self._ended.get()
        if ended is None:
            self._aws.notify("Stopping when what is under way has ended; once more to end at once")
            return
        event = ended.result()
        self._running -= 1
        address = event.change.address
        if isinstance(event, Failed):
            self._missed[address] = address
        self._sorter.done(address)
        yield event


def _make(change: Change, aws: Aws) -> Done | Failed | Kept:
    kind = KINDS[change.address.kind]
    try:
        match change.action:
            case Action.CREATE if change.desired:
                _create(kind, aws, change.desired)
            case Action.UPDATE if change.observed:
                kind.update(aws, change.observed.resource, change.desired)
            case Action.DELETE if change.observed:
                kind.delete(aws, change.observed)
    except StillUsed as reason:
        return Kept(change, str(reason))
    except Exception as error:  # noqa: BLE001  (one change's trouble is told, not everyone's)
        return Failed(change, explain(error) or error)
    return Done(change)


def _create(kind: Kind[Any], aws: Aws, desired: Resource) -> None:
    """Nothing stood there when the plan was made. What does now may be ours: an answer was lost,
    or another deploy of the pipeline was quicker. Then it is changed to what is wanted.
    """
    try:
        kind.create(aws, desired)
    except Exception as error:
        if code_of(error) not in _EXISTS:
            raise
        found = _appeared(aws, desired)
        if found is None:
            raise
        if found.owner != desired.owner:
            conflict = Conflict.with_owner(desired.address, found.owner)
            raise Refused(f"it appeared meanwhile, and {conflict.why}") from error
        kind.update(aws, found.resource, desired)


def _appeared(aws: Aws, desired: Resource) -> Observed[Any] | None:
    """What is there, as soon as AWS's reads tell of it and of its tags."""
    seen: list[Observed[Any]] = []

    def is_unseen() -> bool:
        seen[:] = observe((Node(desired),), aws).values()
        return not seen or seen[0].owner is None

    wait_until_gone(aws, is_unseen, within=_LAG)
    return seen[0] if seen else None
