"""One embedded cloud for all tests of a worker; each test has an account of its own in it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from local_account import Account, numbers

from sfn_s3_cli.local import process
from sfn_s3_cli.local.process import Cloud


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    state_dir = tmp_path_factory.mktemp("cloud")
    yield process.ensure(state_dir)
    process.stop(state_dir)


@pytest.fixture
def account(cloud: Cloud) -> Account:
    return Account(cloud.endpoint_url, f"{os.getpid() % 10**6:06}{next(numbers):06}")
