"""The name of a test is short enough to read: under 60 characters."""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).parent


def test_every_test_name_is_under_60_characters() -> None:
    names = [
        name
        for path in FOLDER.rglob("test_*.py")
        for name in re.findall(r"^ *def (test_\w+)", path.read_text(), re.MULTILINE)
    ]
    assert "test_every_test_name_is_under_60_characters" in names
    assert [name for name in names if len(name) >= 60] == []
