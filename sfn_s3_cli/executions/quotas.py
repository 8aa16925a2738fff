"""AWS's quotas for reading executions."""

from __future__ import annotations

import math
from typing import NamedTuple

from sfn_s3_cli.clock import Quota


class Quotas(NamedTuple):
    """AWS's quotas for the three calls, for one account and region."""

    list_executions: Quota
    describe_execution: Quota
    get_execution_history: Quota


_NO_QUOTA = Quota(math.inf, 1000)
UNLIMITED = Quotas(_NO_QUOTA, _NO_QUOTA, _NO_QUOTA)


def find_quotas(region: str) -> Quotas:
    """The quotas that AWS documents for the region.

    https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
    """
    if region in {"us-east-1", "us-west-2", "eu-west-1"}:
        return Quotas(Quota(200, 5), Quota(300, 15), Quota(400, 20))
    return Quotas(Quota(100, 2), Quota(250, 10), Quota(400, 20))
