"""Counts what the nets tried and what failed: the figures of docs/reliability.md.

With the environment variable FIGURES each count is added to the file that it names, by all workers
of a run; `make test-all` sets it and turns the file into the page.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

TEST_ALL = "TEST_ALL" in os.environ
"""Whether to run every case, however long it takes, instead of a sample."""


def count(name: str, tried: int = 1, lost: int = 0) -> None:
    """Adds to a figure. Call it before the assertion that could end the test."""
    if path := os.environ.get("FIGURES"):
        line = json.dumps([name, tried, lost]) + "\n"
        with Path(path).open("a") as file:  # one short write: lines of several workers do not mix
            file.write(line)
