"""Clients and background calls for the three scripts of the floor."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

Json = Any
Answer = Future[Any]

# The same as sfnctl's.
CONFIG = Config(
    retries={"mode": "standard", "total_max_attempts": 8},
    connect_timeout=5,
    read_timeout=30,
    max_pool_connections=32,
    inject_host_prefix=False,
    proxies={},
    s3={"addressing_style": "path"},
)
SERVICES = ("s3", "cloudtrail", "iam", "stepfunctions", "logs", "events", "sqs")
BLOCK_ALL = dict.fromkeys(
    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
)
POOL = ThreadPoolExecutor(48)


class Aws:
    """Creates each client on first use, while the started calls are running."""

    def __init__(self, endpoint_url: str) -> None:
        session = boto3.Session()
        self._make: Callable[[str], Any] = cache(
            lambda service: session.client(service, endpoint_url=endpoint_url, config=CONFIG)
        )

    def __getattr__(self, service: str) -> Any:
        return self._make(service)


def start(call: Callable[..., Any], *, after: Iterable[Answer] = (), **arguments: Json) -> Answer:
    """Makes a call in the background, after the others have succeeded."""

    def run() -> Any:
        for each in after:
            each.result()
        return call(**arguments)

    return POOL.submit(run)


def as_list(tags: Json) -> list[Json]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def as_dict(tags: Json) -> Json:
    """Tags in the one shape or the other; Step Functions spells the keys in lower case."""
    if isinstance(tags, dict):
        return tags
    return {each.get("Key") or each["key"]: each.get("Value") or each["value"] for each in tags}


def make_target(target: Json) -> Json:
    return {
        "Id": "sfnctl",
        "Arn": target["arn"],
        "RoleArn": target["role_arn"],
        "RetryPolicy": {
            "MaximumRetryAttempts": target["retry_attempts"],
            "MaximumEventAgeInSeconds": target["retry_max_age_seconds"],
        },
        "DeadLetterConfig": {"Arn": target["dead_letter_queue_arn"]},
    }
