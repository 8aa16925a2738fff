"""Where stories are played: an account in which others have something too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from crash.stage import Stage
from crash.stories import neighbours
from script import Sfnctl

from sfn_s3_cli.aws.client import Aws


@pytest.fixture
def stage(sfnctl_local: Sfnctl, aws: Aws, account: str, held: Callable[[], Any]) -> Stage:
    neighbours(aws)
    return Stage(sfnctl_local, account, held)
