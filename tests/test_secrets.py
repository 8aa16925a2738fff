"""No command, error or file shows credentials."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from faults.rules import Rule, deny
from pipelines import HELLO, pipeline_config
from sfnctl_script import RunResult, Sfnctl

from sfn_s3_cli.local.process import Cloud

KEY = "AKIACANARY0123456789"
SECRET = "canary/secret+0123456789abcdef0123456789"
TOKEN = "canary-token-0123456789=="
SIGNED = re.compile(
    r"Authorization|X-Amz-Security-Token|X-Amz-Signature|Signature=|AWS4-HMAC|Credential=",
    re.IGNORECASE,
)

OUTPUTS = pytest.mark.parametrize("output", ["text", "json"])


@pytest.fixture
def project(sfnctl: Sfnctl, cloud: Cloud, bucket: str, account: str) -> Sfnctl:
    """A project whose AWS is the embedded cloud, with credentials of its own and --verbose.

    The emulator uses an access key of twelve digits as the account.
    """
    sfnctl.environ |= {
        "AWS_ENDPOINT_URL": cloud.endpoint_url,
        "AWS_ACCESS_KEY_ID": account,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_SESSION_TOKEN": TOKEN,
        "AWS_REGION": "us-east-1",
        "SFNCTL_VERBOSE": "1",
    }
    sfnctl.write("sfnctl.yaml", pipeline_config(account))
    sfnctl.write("workflow.asl.json", json.dumps(HELLO))
    return sfnctl


def assert_no_secret(ended: RunResult, home: Path) -> None:
    """Neither the outputs nor any file below the home folder holds a secret."""
    logs = [path.read_text() for path in home.rglob("*.log")]
    for text in (ended.out, ended.err, *logs):
        for secret in (KEY, SECRET, TOKEN):
            assert secret not in text
        assert not SIGNED.search(text)


ONLINE = (
    ("plan",),
    ("deploy", "--yes"),
    ("status",),
    ("watch-executions", "--no-follow", "--input", "full"),
    ("teardown", "--yes"),
)
OFFLINE = (
    ("validate",),
    ("schema",),
    ("init", "new", "--name", "orders", "--bucket", "acme"),
    ("local", "status"),
)


@OUTPUTS
def test_no_command_shows_a_secret(project: Sfnctl, tmp_path: Path, output: str) -> None:
    for command in ONLINE:
        ended = project(*command, "--output", output)
        assert_no_secret(ended, tmp_path)
        assert "GetCallerIdentity" in ended.err


@pytest.mark.parametrize("command", OFFLINE, ids=lambda command: command[0])
def test_no_offline_command_shows_a_secret(
    project: Sfnctl, tmp_path: Path, command: tuple[str, ...]
) -> None:
    assert_no_secret(project(*command), tmp_path)


FAULTS = {
    "denied": deny("GetCallerIdentity", "sts:GetCallerIdentity"),
    "expired": Rule(do="error", code="ExpiredToken", message="It expired.", status=403),
    "crash": Rule(do="run", python=f"raise KeyError({SECRET + TOKEN + KEY!r})"),
    "signature": Rule(
        do="error",
        times=None,
        status=403,
        code="SignatureDoesNotMatch",
        message="The request signature we calculated does not match the signature you provided."
        " Check your AWS Secret Access Key and signing method. Consult the service documentation"
        " for details.\n\nThe Canonical String for this request should have been\n'POST\n/\n\n"
        f"host:sts.amazonaws.com\nx-amz-date:20260101T000000Z\nx-amz-security-token:{TOKEN}\n\n"
        "host;x-amz-date;x-amz-security-token\nab821ae955788b0e33ebd34c208442ccfc2d'",
    ),
}


@OUTPUTS
@pytest.mark.parametrize("fault", FAULTS)
def test_no_error_shows_a_secret(project: Sfnctl, tmp_path: Path, fault: str, output: str) -> None:
    project.environ["AWS_ACCESS_KEY_ID"] = KEY
    with project.with_faults(FAULTS[fault]):
        ended = project("deploy", "--yes", "--output", output, code=1)
    assert_no_secret(ended, tmp_path)


def test_a_bad_endpoint_shows_no_secret(project: Sfnctl, tmp_path: Path) -> None:
    project.environ |= {"AWS_ACCESS_KEY_ID": KEY, "AWS_ENDPOINT_URL": "nonsense"}
    assert_no_secret(project("deploy", "--yes", code=1), tmp_path)


def test_the_embedded_cloud_gets_no_secret(project: Sfnctl, tmp_path: Path) -> None:
    """Neither in its environment nor in requests."""
    project.environ |= {"SFNCTL_LOCAL": "1", "AWS_ACCESS_KEY_ID": KEY}
    cloud = project("local", "start", "--output", "json").document
    try:
        environ = Path(f"/proc/{cloud['pid']}/environ").read_text()
        for secret in (KEY, SECRET, TOKEN):
            assert secret not in environ
        assert_no_secret(project("deploy", "--yes", code=None), tmp_path)
    finally:
        project("local", "stop")
