"""The page about security names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "security.md"
LINKS = re.findall(r"\[(\S+)::(\w+)\]\(([^)]+)\)", PAGE.read_text())
ROWS = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")]
PROMISES = [row for row in ROWS if not row.startswith("| promise |")]


@pytest.mark.parametrize(("file", "test", "target"), LINKS)
def test_each_test_that_is_named_exists(file: str, test: str, target: str) -> None:
    path = (PAGE.parent / target).resolve()
    assert path.name == file
    assert f"\ndef {test}(" in path.read_text()


def test_each_promise_names_a_test() -> None:
    assert PROMISES
    for promise in PROMISES:
        assert "::test_" in promise.rsplit(" | ", 1)[1]


def test_the_readme_leads_to_the_page() -> None:
    assert "(docs/security.md)" in (ROOT / "README.md").read_text()
