"""Opens pages in a headless Chromium, for tests that skip without one."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

_PROGRAM = shutil.which("chromium")
_CHECK = (Path(__file__).parent / "self_check.js").read_text()
_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1400,1000",
    "--virtual-time-budget=20000",
)

needs_chromium = pytest.mark.skipif(not _PROGRAM, reason="chromium is not installed")


class Checked(NamedTuple):
    """What the check in the page found; `dom` is the page after it."""

    problems: list[str]
    states: int
    dom: str


def check_page(page: str, folder: Path) -> Checked:
    """Adds the check to a page, without weakening what the page allows, and runs it."""
    assert _PROGRAM
    file = folder / "page.html"
    digest = base64.b64encode(hashlib.sha256(_CHECK.encode()).digest()).decode()
    allowed = page.replace("script-src ", f"script-src 'sha256-{digest}' ", 1)
    file.write_text(allowed.replace("</body>", f"<script>{_CHECK}</script></body>"))
    run = subprocess.run(
        [_PROGRAM, *_OPTIONS, f"--user-data-dir={folder}/profile", "--dump-dom", file.as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    found = re.search(r'<pre id="result">(.*?)</pre>', run.stdout)
    assert found, "the check did not run to its end"
    result = json.loads(html.unescape(found[1]))
    return Checked(result["problems"], result["states"], run.stdout)
