"""Runs the terminal sessions of the README and of other pages: stdout is what the page shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from sessions import PAGES, ROOT, mask, play
from sfnctl_script import Sfnctl


@pytest.mark.parametrize("page", PAGES)
def test_the_page_shows_a_real_session(sfnctl: Sfnctl, tmp_path: Path, page: str) -> None:
    """If this fails, run `make docs`."""
    text = (ROOT / page).read_text()
    assert mask(play(text, sfnctl, tmp_path / "cloud")) == mask(text)
