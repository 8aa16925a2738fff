"""The pytest plugin: fixtures that deploy a pipeline to the embedded cloud, for tests of it.

pytest loads it at each start, so it imports the rest only when a test uses a fixture.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.testing.cloud import LocalAccount, LocalCloud
    from sfn_s3_cli.testing.pipeline import Pipeline

CONFIG = "sfnctl.yaml"


@pytest.fixture(scope="session")
def local_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    """sfnctl's embedded cloud, which ends with this test run; each worker of it has its own."""
    from sfn_s3_cli.testing.cloud import run_cloud

    with _report_errors(), run_cloud(tmp_path_factory.mktemp("sfnctl")) as cloud:
        yield cloud


@pytest.fixture
def sfnctl_config(request: pytest.FixtureRequest) -> Path:
    """The config that `pipeline` deploys: sfnctl.yaml in the nearest folder above the test file."""
    folders = request.path.parents
    found = next((each / CONFIG for each in folders if (each / CONFIG).is_file()), None)
    if found is None:
        pytest.fail(
            f"no folder above {request.path} has a {CONFIG}:"
            " write a fixture `sfnctl_config` that returns the path of the config",
            pytrace=False,
        )
    return found


@pytest.fixture
def local_account(local_cloud: LocalCloud, sfnctl_config: Path) -> Iterator[LocalAccount]:
    """An account of the embedded cloud for one test: that of the config, or else a new one."""
    from sfn_s3_cli.testing.deployment import read_place

    with _report_errors():
        account, region = read_place(sfnctl_config)
    with local_cloud.open_account(account, region) as opened:
        yield opened


@pytest.fixture
def pipeline(local_account: LocalAccount, sfnctl_config: Path) -> Pipeline:
    """The pipeline of the config, deployed in an account of its own."""
    with _report_errors():
        return local_account.deploy(sfnctl_config)


@contextmanager
def _report_errors() -> Iterator[None]:
    """Fails with what is wrong and what to do, instead of a traceback through sfnctl."""
    from sfn_s3_cli.errors import SfnctlError

    try:
        yield
    except SfnctlError as error:
        problems = [(f"{each.location}: {each.message}", each.remedy) for each in error.problems]
        texts = [
            f"{message}\n    {remedy}".rstrip()
            for message, remedy in problems or [(error.message, error.remedy)]
        ]
        raise pytest.fail.Exception("\n".join(texts), pytrace=False) from None
