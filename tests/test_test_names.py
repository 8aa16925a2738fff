"""Names of tests are short enough to read, and those of their modules differ."""

from __future__ import annotations

import re
from collections import Counter
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


def test_no_two_modules_have_the_same_name() -> None:
    """pytest would refuse the second one: the folders are no packages."""
    names = Counter(path.name for path in FOLDER.rglob("test_*.py"))
    assert [name for name, count in names.items() if count > 1] == []
