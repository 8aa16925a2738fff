"""ARNs: each follows from partition, account, region and a name."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

ROLE_NAME_LIMIT = 64


class Place(NamedTuple):
    """Where resources are: partition, account and region, as in their ARNs."""

    partition: str
    account: str
    region: str

    def arn(self, service: str, resource: str) -> str:
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"


def place_of(arn: str) -> Place:
    """Where a resource is that has account and region in its ARN."""
    _, partition, _, region, account, *_ = arn.split(":")
    return Place(partition, account, region)


def regional_service(place: Place, service: str) -> str:
    """The name of a service that differs by region, as principals and conditions have it.

    >>> regional_service(Place("aws-cn", "123456789012", "cn-north-1"), "logs")
    'logs.cn-north-1.amazonaws.com.cn'
    """
    suffix = "amazonaws.com.cn" if place.partition == "aws-cn" else "amazonaws.com"
    return f"{service}.{place.region}.{suffix}"


def bucket(place: Place, name: str) -> str:
    return f"arn:{place.partition}:s3:::{name}"


def trail(place: Place, name: str) -> str:
    return place.arn("cloudtrail", f"trail/{name}")


def rule(place: Place, name: str) -> str:
    """A rule of the default event bus, the only one that AWS's own events reach."""
    return place.arn("events", f"rule/{name}")


def queue(place: Place, name: str) -> str:
    return place.arn("sqs", name)


def alarm(place: Place, name: str) -> str:
    return place.arn("cloudwatch", f"alarm:{name}")


def role(place: Place, name: str, path: str = "/") -> str:
    return f"arn:{place.partition}:iam::{place.account}:role{path}{name}"


def log_group(place: Place, name: str) -> str:
    """Without the trailing `:*`, as tagging calls need it; Step Functions needs it with."""
    return place.arn("logs", f"log-group:{name}")


def state_machine(place: Place, name: str) -> str:
    return place.arn("states", f"stateMachine:{name}")


def state_machine_alias(place: Place, name: str, alias: str) -> str:
    return place.arn("states", f"stateMachine:{name}:{alias}")


def shorten(name: str, limit: int) -> str:
    """The name, shortened to the limit with a hash that keeps it unique.

    >>> shorten("sfnctl-orders-eu-west-1-events", 64)
    'sfnctl-orders-eu-west-1-events'
    >>> shorten("sfnctl-orders-eu-west-1-events", 20)
    'sfnctl-orde-80ed340f'
    """
    if len(name) <= limit:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: limit - len(digest) - 1].rstrip('-')}-{digest}"
