"""The test's account of the embedded cloud, its clients, and a bucket."""

from __future__ import annotations

from typing import Any

import pytest
from local.local_account import Account

from sfn_s3_cli.local.process import Cloud


@pytest.fixture
def account(cloud: Cloud, account: str) -> Account:
    return Account(cloud.endpoint_url, account)


@pytest.fixture
def bucket(account: Account) -> str:
    return account.create_bucket()


@pytest.fixture
def cloudtrail(account: Account) -> Any:
    return account.client("cloudtrail")


@pytest.fixture
def events(account: Account) -> Any:
    return account.client("events")


@pytest.fixture
def s3(account: Account) -> Any:
    return account.client("s3")


@pytest.fixture
def stepfunctions(account: Account) -> Any:
    return account.client("stepfunctions")
