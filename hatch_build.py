"""Writes the commit into sdists and wheels, where `sfnctl --version` finds it."""

from __future__ import annotations

import runpy
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CommitHook(BuildHookInterface):
    """Adds the record of the commit, unless an sdist brings it or the install is editable."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        package = Path(self.root, "sfn_s3_cli")
        commit = runpy.run_path(str(package / "commit.py"))
        found, record = commit["describe_checkout"](Path(self.root)), commit["RECORD"]
        if version == "editable" or (package / record).exists() or not found:
            return
        self._folder = tempfile.TemporaryDirectory()
        draft = Path(self._folder.name, record)
        draft.write_text(f"{found}\n")
        build_data["force_include"][str(draft)] = f"sfn_s3_cli/{record}"
