"""The sdist and the wheel that users install."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from sfn_s3_cli import __version__, commit

ROOT = Path(__file__).parent.parent
CAN_BUILD = all(map(importlib.util.find_spec, ("build", "hatchling", "twine")))

pytestmark = pytest.mark.skipif(not CAN_BUILD, reason="build, hatchling and twine are needed")


def run_python(*arguments: str | Path, **environ: str) -> str:
    """Runs Python without asking the network."""
    ended = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def build(source: Path, folder: Path, *options: str, **environ: str) -> Path:
    """Builds as `python -m build` does, with what is installed; returns the wheel."""
    run_python("-m", "build", "--no-isolation", *options, "-o", folder, source, **environ)
    [wheel] = folder.glob("*.whl")
    return wheel


def ask_version(wheel: Path) -> str:
    """What the installed wheel says, in a folder of no checkout."""
    folder = wheel.with_suffix("")
    with zipfile.ZipFile(wheel) as built:
        built.extractall(folder)
    return run_python("-m", "sfn_s3_cli", "--version", PYTHONPATH=str(folder), PYTHONSAFEPATH="1")


def list_pytest_plugins(wheel: Path) -> str:
    """The plugins that a pytest loads by itself where the wheel is installed."""
    folder = wheel.with_name("installed")
    with zipfile.ZipFile(wheel) as built:
        built.extractall(folder)
    options = ("--trace-config", "--collect-only", "-q", "-c", os.devnull, folder / "sfn_s3_cli")
    command = (sys.executable, "-m", "pytest", *options)
    environ = {**os.environ, "PYTHONPATH": str(folder), "PYTHONSAFEPATH": "1"}
    shown = subprocess.run(
        command, cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
    return shown.stdout


def test_sdist_and_wheel_are_complete(tmp_path: Path) -> None:
    wheel = build(ROOT, tmp_path / "built")
    [sdist] = (tmp_path / "built").glob("*.tar.gz")
    run_python("-m", "twine", "check", "--strict", wheel, sdist)
    expected = {
        path.relative_to(ROOT / "templates")
        for path in (ROOT / "templates").rglob("*")
        if path.is_file()
    }
    with zipfile.ZipFile(wheel) as zipped:
        names = zipped.namelist()
    assert _list_below("sfn_s3_cli/_templates", names) == expected
    assert {f"sfn_s3_cli/completion/sfnctl.{each}" for each in ("bash", "zsh", "fish")} <= {*names}
    assert "sfn_s3_cli.testing.plugin" in list_pytest_plugins(wheel)
    with tarfile.open(sdist) as tarred:
        folder = sdist.name.removesuffix(".tar.gz")
        assert _list_below(f"{folder}/templates", tarred.getnames()) == expected
        tarred.extractall(tmp_path, filter="data")

    described = commit.describe_checkout(ROOT)
    shown = f" (commit {described})" if described else ""
    assert ask_version(wheel) == f"sfnctl {__version__}{shown}\n"

    unpacked = tmp_path / folder
    (unpacked / "sfn_s3_cli" / commit.RECORD).unlink(missing_ok=True)
    without = build(unpacked, tmp_path / "without", "--wheel", PATH="")  # nor is there a git
    assert ask_version(without) == f"sfnctl {__version__}\n"


def _list_below(folder: str, names: list[str]) -> set[Path]:
    return {Path(name).relative_to(folder) for name in names if name.startswith(f"{folder}/")}
