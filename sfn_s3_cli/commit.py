"""The commit that sfnctl was built from. `hatch_build.py` runs this module on its own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

RECORD = "_commit.txt"
"""In a wheel or an sdist, the file of the package that holds the commit."""


def find_commit() -> str:
    """Find the commit of this build or of this checkout; empty if it is not known."""
    package = Path(__file__).parent
    record = package / RECORD
    return record.read_text().strip() if record.is_file() else describe_checkout(package.parent)


def describe_checkout(folder: Path) -> str:
    """Ask git for the commit, with `-dirty` if files differ from it; empty if there is no answer.

    The folder itself must be the checkout: one of somebody else may be around it.
    """
    if not (folder / ".git").exists():
        return ""
    others = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = ["git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
    try:
        described = subprocess.run(  # noqa: S603
            command,
            cwd=folder,
            env={**others, "GIT_OPTIONAL_LOCKS": "0"},
            capture_output=True,
            text=True,
            timeout=5,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return described.stdout.strip()
