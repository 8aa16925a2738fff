"""In an environment where nothing can work, a command ends with one clear error."""

from __future__ import annotations

import json
import re
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import reliability_figures
from faults.rules import FAST, Rule
from pipelines import HELLO, pipeline_config
from sfnctl_script import SFNCTL, RunResult, Sfnctl

from sfn_s3_cli.errors import UsageError
from sfn_s3_cli.local import process

KEYS = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}
REGION = {"AWS_REGION": "eu-west-1"}


@pytest.fixture
def silent() -> Iterator[str]:
    """An address that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def project(sfnctl: Sfnctl, silent: str) -> Sfnctl:
    """A valid project on a machine whose network never answers."""
    sfnctl.environ["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = silent
    sfnctl.write("workflow.asl.json", json.dumps(HELLO))
    sfnctl.write("sfnctl.yaml", pipeline_config("123456789012"))
    return sfnctl


def run_failing(project: Sfnctl, *arguments: str, code: int = 1) -> RunResult:
    reliability_figures.count("bad inputs")
    ended = project(*arguments, code=code)
    assert ended.out == ""
    assert ended.err.count("Error: ") == 1
    assert "Traceback" not in ended.err
    return ended


ENVIRONMENTS = [
    (KEYS, "no region is set"),
    (REGION, "no AWS credentials were found"),
    (REGION | {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE"}, "Partial credentials found in env"),
    (REGION | {"AWS_PROFILE": "unknown"}, "The config profile (unknown) could not be found"),
    (KEYS | {"AWS_REGION": "a b"}, "Provided region_name 'a b' doesn't match"),
    (KEYS | REGION | {"AWS_ENDPOINT_URL": "nonsense"}, "Invalid endpoint: nonsense"),
    (KEYS | REGION | {"AWS_ENDPOINT_URL_STS": "localhost:1"}, "Invalid endpoint: localhost:1"),
]


@pytest.mark.parametrize(("environ", "error"), ENVIRONMENTS, ids=lambda value: str(value)[:40])
def test_an_incomplete_environment_is_explained(
    project: Sfnctl, environ: dict[str, str], error: str
) -> None:
    project.environ |= environ
    assert run_failing(project, "deploy", "--yes").err.startswith(f"Error: {error}")


CONFIG = """\
[profile session]
sso_session = work
sso_account_id = 123456789012
sso_role_name = dev
[sso-session work]
sso_start_url = https://example.awsapps.com/start
sso_region = eu-west-1
[profile legacy]
sso_start_url = https://example.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 123456789012
sso_role_name = dev
[profile unfinished]
sso_session = missing
sso_account_id = 123456789012
sso_role_name = dev
[profile chained]
role_arn = arn:aws:iam::123456789012:role/x
source_profile = missing
[profile process]
credential_process = /bin/false
[profile bad-file]
web_identity_token_file = /nowhere
role_arn = arn:aws:iam::123456789012:role/x
"""
PROFILES = ["session", "legacy", "unfinished", "chained", "process", "bad-file"]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_without_credentials_is_an_error(
    project: Sfnctl, tmp_path: Path, profile: str
) -> None:
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/config").write_text(CONFIG)
    project.environ |= REGION
    run_failing(project, "deploy", "--yes", "--profile", profile)


BROKEN_FILES = [b"nonsense", b"[default\n", b"[default]\n= x\n", b"[default]\nregion = \xff\n"]


@pytest.mark.parametrize("content", BROKEN_FILES, ids=repr)
def test_a_broken_config_file_is_named(project: Sfnctl, tmp_path: Path, content: bytes) -> None:
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/config").write_bytes(content)
    project.environ |= REGION
    assert f"{tmp_path}/.aws/config" in run_failing(project, "plan").err


def test_offline_commands_work_without_a_home(project: Sfnctl) -> None:
    reliability_figures.count("bad inputs")
    environ = {name: value for name, value in project.environment.items() if name != "HOME"}
    run = subprocess.run(
        [SFNCTL, "validate"], cwd=project.folder, env=environ, capture_output=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, b"")


def test_a_user_without_a_home_needs_a_state_folder(project: Sfnctl) -> None:
    project.environ["HOME"] = "~no-such-user"
    assert run_failing(project, "local", "status", code=2).err == (
        "Error: cannot find the home folder\nHint: set HOME, or choose a folder with --state-dir\n"
    )


STATE_DIRS = {
    "sfnctl.yaml": "it or one above it is a file",
    "sfnctl.yaml/below": "it or one above it is a file",
    "/proc/none": "No such file or directory",
    "open": "other users can write to it",
}
NEEDS_STATE = [("local", "start"), ("local", "stop"), ("--local", "plan")]
READS_STATE = [("local", "status"), ("local", "env")]


@pytest.mark.parametrize("folder", STATE_DIRS)
def test_an_unusable_state_folder_is_named(project: Sfnctl, folder: str) -> None:
    (project.folder / "open").mkdir()
    (project.folder / "open").chmod(0o777)
    commands = NEEDS_STATE + (READS_STATE if folder.startswith("sfnctl.yaml") else [])
    for command in commands:
        assert run_failing(project, *command, "--state-dir", folder, code=2).err == (
            f"Error: cannot use the folder {folder}: {STATE_DIRS[folder]}\n"
            "Hint: choose another folder with --state-dir\n"
        )


def test_a_state_folder_must_be_writable(
    project: Sfnctl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No mode keeps root out, so this test denies the access itself."""
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(UsageError, match=r"cannot use the folder .*: you cannot write to it"):
        process.ensure(tmp_path)


def test_an_unreachable_endpoint_says_what_to_check(project: Sfnctl) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    project.environ |= {**KEYS, **REGION, "AWS_ENDPOINT_URL": url}
    with project.with_faults(FAST):
        assert run_failing(project, "deploy", "--yes").err == (
            f'Error: Could not connect to the endpoint URL: "{url}/"\n'
            "Hint: check the region, the network and the proxy\n"
        )


REFUSALS = [
    ("RequestTimeTooSkewed", "clock"),
    ("InvalidSignatureException", "clock"),
    ("SignatureDoesNotMatch", "clock"),
    ("ExpiredToken", "expired"),
    ("ExpiredTokenException", "expired"),
    ("InvalidClientTokenId", "credentials are not valid"),
    ("UnrecognizedClientException", "credentials are not valid"),
]


@pytest.mark.parametrize(("code", "hint"), REFUSALS)
def test_errors_of_clock_and_credentials_are_explained(
    project: Sfnctl, code: str, hint: str
) -> None:
    project.environ |= {**KEYS, **REGION}
    refusal = Rule(do="error", times=None, code=code, message="No.", status=403)
    with project.with_faults(refusal):
        error = run_failing(project, "deploy", "--yes").err
    first, last = error.splitlines()
    assert re.match(rf"Error: GetCallerIdentity: {code}: No\.", first)
    assert last.startswith("Hint: ")
    assert hint in last
