"""Every invalid config is explained at its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from config.bad_configs import FILES, VALUES, VARIABLES, BadFile, BadValue, describe_problems
from pipelines import HELLO

from sfn_s3_cli.checks import offline
from sfn_s3_cli.config.load import load
from sfn_s3_cli.errors import ConfigError, UsageError


@pytest.fixture(autouse=True)
def in_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("w.asl.json").write_text(json.dumps(HELLO))


def validate(content: bytes) -> str:
    """The problems of a config with this content."""
    path = Path("sfnctl.yaml")
    path.write_bytes(content)
    try:
        offline.check(path, load(path, VARIABLES))
    except ConfigError as error:
        return describe_problems(error)
    except UsageError as error:
        return f"Error: {error.message} ({error.remedy})"
    return ""


@pytest.mark.parametrize("bad", FILES, ids=lambda bad: bad.what)
def test_a_bad_file_is_explained(bad: BadFile) -> None:
    assert validate(bad.content) == bad.problems


@pytest.mark.parametrize("bad", VALUES, ids=lambda bad: f"{bad.key}: {bad.value}"[:50])
def test_a_bad_value_is_explained(bad: BadValue) -> None:
    assert validate(bad.content) == bad.problems
