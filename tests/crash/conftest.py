"""A runner of scenarios, in an account where others have resources too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from crash.scenario_runner import ScenarioRunner
from crash.scenarios import add_basic_trail
from pipelines import add_other_resources
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import Aws


@pytest.fixture
def runner(
    sfnctl_local: Sfnctl, aws: Aws, account: str, read_account: Callable[[], Any]
) -> ScenarioRunner:
    add_other_resources(aws)
    add_basic_trail(aws)
    return ScenarioRunner(sfnctl_local, account, read_account)
