from __future__ import annotations

from pathlib import Path

import pytest

from sfn_s3_cli.aws.partitions import partition_of


@pytest.mark.parametrize("config", ["", "[unreadable"])
def test_the_users_profile_and_files_play_no_part(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, config: str
) -> None:
    path = tmp_path / "config"
    path.write_text(config)
    monkeypatch.setenv("AWS_PROFILE", "missing")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(path))
    assert [*map(partition_of, ("eu-west-1", "cn-north-1", "us-gov-west-9"))] == [
        "aws",
        "aws-cn",
        "aws-us-gov",
    ]
