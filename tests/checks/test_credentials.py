from __future__ import annotations

from pathlib import Path

import pytest

from sfn_s3_cli.checks.credentials import has_credentials

KEYS = "[default]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = x\n"
LOGIN = "[profile dev]\nsso_session = main\n"


@pytest.mark.parametrize(
    "name",
    [
        "AWS_ACCESS_KEY_ID",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_PROFILE",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
    ],
)
def test_environment_variables_can_hold_credentials(name: str) -> None:
    assert has_credentials({name: "x"})
    assert not has_credentials({name: ""})


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("credentials", KEYS, True),
        ("config", LOGIN, True),
        ("config", "[profile dev]\nrole_arn=arn:aws:iam::123456789012:role/dev\n", True),
        ("config", "[profile dev]\n  credential_process = /bin/x\n", True),
        ("config", "[default]\nregion = eu-west-1\noutput = json\n", False),
        ("config", "# aws_access_key_id = AKIAEXAMPLE\n", False),
        ("credentials", "", False),
        ("other", KEYS, False),
    ],
)
def test_files_can_hold_credentials(tmp_path: Path, file: str, text: str, expected: bool) -> None:
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / file).write_text(text)
    assert has_credentials({"HOME": str(tmp_path)}) is expected


def test_variables_can_name_other_files(tmp_path: Path) -> None:
    path = tmp_path / "elsewhere"
    path.write_text(KEYS)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        assert has_credentials({name: str(path)})
        assert not has_credentials({name: str(tmp_path)})


def test_without_a_home_there_are_no_credentials() -> None:
    assert not has_credentials({})
