"""The test's account of the embedded cloud, with clients of its own."""

from __future__ import annotations

import pytest
from local.local_account import Account

from sfn_s3_cli.local.process import Cloud


@pytest.fixture
def account(cloud: Cloud, account: str) -> Account:
    return Account(cloud.endpoint_url, account)
