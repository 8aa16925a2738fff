"""Saves the state of the embedded cloud while it runs, so that a kill loses at most two seconds.

The emulator writes objects of S3 at once, and everything else when it ends. Here everything else is
also written every second in which something may have changed.
"""

from __future__ import annotations

import asyncio
import logging

from sfn_s3_cli.local.internals import APP, PERSISTENCE
from sfn_s3_cli.local.repairs import running

_ATTEMPTS = 5
_ROUNDS = 2  # what a request causes may happen after its answer

_log = logging.getLogger(__name__)
_rounds = [0]


def note_change() -> None:
    """Notes that something may have changed."""
    _rounds[0] = _ROUNDS


async def keep_saving() -> None:
    """Saves every second in which something may have changed, if the cloud keeps its state."""
    while PERSISTENCE["PERSIST_STATE"]:
        await asyncio.sleep(1)
        if running.is_active():
            note_change()
        if _rounds[0]:
            _rounds[0] -= 1
            await asyncio.to_thread(save)


def save() -> None:
    """Writes one file for each service, in one step."""
    for name, get_state in APP["_build_persistence_save_dict"]().items():
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                state = get_state()
            except RuntimeError:  # it changed while it was read
                if attempt == _ATTEMPTS:
                    _log.warning("the state of %s is too busy to be saved now", name)
                continue
            if state is not None:
                PERSISTENCE["save_state"](name, state)
            break
