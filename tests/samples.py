"""Real definitions and events, in a folder beside the checkout that need not be there."""

from __future__ import annotations

from pathlib import Path

import pytest

_FOLDER = Path(__file__).parents[2] / "shared" / "samples"
DEFINITIONS = sorted((_FOLDER / "asl").glob("*.asl.*"))
EVENTS = _FOLDER / "events"

needs_samples = pytest.mark.skipif(
    not DEFINITIONS, reason="the samples are not beside this checkout"
)
