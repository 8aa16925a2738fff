"""Reads the log of the embedded cloud, also while the cloud writes it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sfn_s3_cli.errors import SfnctlError
from sfn_s3_cli.local.process import read_record
from sfn_s3_cli.local.spawn import LOG, has_ended

_POLL_SECONDS = 0.1


class LogLine(NamedTuple):
    """A line of the log."""

    text: str


def read_lines(
    state_dir: Path, *, tail: int | None = None, follow: bool = False
) -> Iterator[LogLine]:
    """The lines of the log, or the last ones; with `follow` also new ones, until the cloud ends."""
    try:
        file = (state_dir / LOG).open(errors="replace")
    except OSError:
        raise SfnctlError(
            "there is no log: no local cloud was started", remedy="run `sfnctl local start`"
        ) from None
    with file:
        yield from (LogLine(line.rstrip("\n")) for line in deque(file, maxlen=tail))
        while follow:
            cloud = read_record(state_dir)
            is_last = cloud is None or has_ended(cloud.pid)
            yield from (LogLine(line.rstrip("\n")) for line in file)
            if is_last:
                return
            time.sleep(_POLL_SECONDS)
