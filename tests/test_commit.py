from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from sfnctl_script import Sfnctl

from sfn_s3_cli import __version__, commit


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    command = ["git", "-C", str(folder), *who, *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    return ended.stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    folder = tmp_path / "checkout"
    folder.mkdir()
    git(folder, "init", "--quiet")
    (folder / "file").write_text("one")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "one")
    git(folder, "tag", "v1")
    return folder


def test_a_checkout_has_a_commit(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = git(checkout, "rev-parse", "--short=12", "HEAD")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "of-a-hook"))  # git sets it for its hooks
    assert commit.describe_checkout(checkout) == head
    (checkout / "file").write_text("two")
    assert commit.describe_checkout(checkout) == f"{head}-dirty"


def test_a_worktree_has_a_commit(checkout: Path, tmp_path: Path) -> None:
    git(checkout, "worktree", "add", "--quiet", str(tmp_path / "other"))
    head = git(checkout, "rev-parse", "--short=12", "HEAD")
    assert commit.describe_checkout(tmp_path / "other") == head


def test_the_repository_around_an_install_is_not_its_own(checkout: Path) -> None:
    (checkout / "site-packages").mkdir()
    assert commit.describe_checkout(checkout / "site-packages") == ""


def test_without_git_the_commit_is_not_known(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    assert commit.describe_checkout(checkout) == ""


def test_a_record_is_read(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (checkout / commit.RECORD).write_text("abc\n")
    monkeypatch.setattr(commit, "__file__", str(checkout / "commit.py"))
    assert commit.find_commit() == "abc"


def test_version_says_the_commit(sfnctl: Sfnctl) -> None:
    known = commit.find_commit()
    shown = f" (commit {known})" if known else ""
    assert sfnctl("--version").out == f"sfnctl {__version__}{shown}\n"
    assert re.fullmatch(r"([0-9a-f]{12}(-dirty)?)?", known)
