"""Carrying a plan out: independent changes at once, each after what it waits for."""

from __future__ import annotations

import queue
from concurrent.futures import ThreadPoolExecutor
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

from sfn_s3_cli.aws.errors import explained
from sfn_s3_cli.outcome import Done, Event, Failed, Skipped, Started
from sfn_s3_cli.plan import Action
from sfn_s3_cli.resources import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.aws import Aws
    from sfn_s3_cli.plan import Change, Plan
    from sfn_s3_cli.resources.base import Address

AT_ONCE = 10


def apply(plan: Plan, aws: Aws) -> Iterator[Event]:
    """Makes the pending changes and tells of each as it begins and ends.

    A failure skips what waits for it and lets the rest finish. Closing the generator (or Ctrl-C)
    begins nothing more and waits for the calls in flight.
    """
    changes = {change.address: change for change in plan.pending}
    sorter = TopologicalSorter(plan.waits_for)
    sorter.prepare()
    ended: queue.SimpleQueue[Done | Failed] = queue.SimpleQueue()
    missed: dict[Address, Address] = {}
    running = 0
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="apply")
    try:
        while sorter.is_active():
            for address in sorted(sorter.get_ready()):
                because = next((a for a in sorted(plan.waits_for[address]) if a in missed), None)
                if because:
                    missed[address] = missed[because]
                    sorter.done(address)
                    yield Skipped(changes[address], missed[because])
                else:
                    yield Started(changes[address])
                    pool.submit(lambda change: ended.put(_make(change, aws)), changes[address])
                    running += 1
            if running:
                event = ended.get()
                running -= 1
                address = event.change.address
                if isinstance(event, Failed):
                    missed[address] = address
                sorter.done(address)
                yield event
    finally:
        pool.shutdown(cancel_futures=True)


def _make(change: Change, aws: Aws) -> Done | Failed:
    kind = KINDS[change.address.kind]
    try:
        match change.action:
            case Action.CREATE:
                kind.create(aws, change.desired)
            case Action.UPDATE if change.observed:
                kind.update(aws, change.observed.resource, change.desired)
            case Action.DELETE if change.observed:
                kind.delete(aws, change.observed)
    except Exception as error:  # noqa: BLE001  (one change's trouble is told, not everyone's)
        return Failed(change, explained(error) or error)
    return Done(change)
