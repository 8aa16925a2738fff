"""An unexpected error prints one line; its traceback is in a private log."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from faults.rules import Rule
from pipelines import HELLO, pipeline_config
from sfnctl_script import RunResult, Sfnctl

SECRET = "canary-secret-0123456789"


@pytest.fixture
def project(sfnctl: Sfnctl) -> Sfnctl:
    """A project with credentials, for `crash`."""
    sfnctl.environ |= {
        "AWS_ACCESS_KEY_ID": "AKIACANARY0123456789",
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_SESSION_TOKEN": "canary-token",
        "AWS_REGION": "eu-west-1",
    }
    sfnctl.write("workflow.asl.json", json.dumps(HELLO))
    sfnctl.write("sfnctl.yaml", pipeline_config("123456789012", name="${NAME:-canary-name}"))
    return sfnctl


def crash(project: Sfnctl, *arguments: str, operation: str = "GetCallerIdentity") -> RunResult:
    """Run a command that has a bug in one of its AWS calls."""
    fault = f"inside = 'canary-local'; raise KeyError('Arn of {SECRET}\\x1b[2J')"
    with project.with_faults(Rule(do="run", operation=operation, python=fault)):
        return project(*arguments, code=1)


def read_log(ended: RunResult) -> Path:
    hint = ended.err.splitlines()[-1]
    return Path(hint.partition("please report it with ")[2].partition(";")[0])


def test_unexpected_error_prints_a_line_and_the_log(project: Sfnctl, tmp_path: Path) -> None:
    ended = crash(project, "deploy", "--yes", "--config", "sfnctl.yaml", "--expect=abcdefabcdef")
    path = read_log(ended)
    assert ended.out == ""
    assert ended.err == (
        "Error: unexpected error; this is a bug in sfnctl: KeyError: 'Arn of ***\\x1b[2J'\n"
        f"Hint: please report it with {path}; `sfnctl status` shows the state of the pipeline\n"
    )
    first, about, _, *rest = path.read_text().splitlines()
    assert first == "sfnctl --config ... deploy --yes --expect=..."
    assert about.startswith("sfnctl ")
    assert ", boto3 " in about
    assert rest[0] == "Traceback (most recent call last):"
    assert rest[-1].startswith("KeyError: 'Arn of ***")
    assert path.parent == tmp_path / ".local/state/sfnctl"


def test_log_is_private_and_holds_no_values(project: Sfnctl) -> None:
    path = read_log(crash(project, "plan"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    log = path.read_text()
    for canary in (SECRET, "AKIACANARY", "canary-token", "canary-name", "canary-value"):
        assert canary not in log


def test_unexpected_error_as_json_names_the_log(project: Sfnctl) -> None:
    error = json.loads(crash(project, "status", "-o", "json").err)
    assert (error["type"], error["exit_code"]) == ("error", 1)
    assert ".log" in error["remedy"]


@pytest.mark.parametrize("state", ["/dev/null", "/proc/none", "~no-such-user"])
def test_log_goes_to_the_temporary_folder_if_needed(
    project: Sfnctl, tmp_path: Path, state: str
) -> None:
    project.environ |= {"XDG_STATE_HOME": state, "TMPDIR": str(tmp_path)}
    path = read_log(crash(project, "plan"))
    assert path.parent == tmp_path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_unexpected_error_in_a_thread_is_logged_too(sfnctl_local: Sfnctl, account: str) -> None:
    sfnctl_local.write("workflow.asl.json", json.dumps(HELLO))
    sfnctl_local.write("sfnctl.yaml", pipeline_config(account))
    ended = crash(sfnctl_local, "plan", operation="DescribeRule")
    assert ended.err.startswith("Error: unexpected error; this is a bug in sfnctl: KeyError")
    assert "thread.py" in read_log(ended).read_text()
