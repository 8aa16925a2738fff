"""What every kind promises, each driven through all it can do, on two clouds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest
from kind_cases import CASES
from moto import mock_aws
from pipelines import carried_out, planned, torn_down, wired

from sfn_s3_cli.aws import Aws
from sfn_s3_cli.aws import tags as ownership
from sfn_s3_cli.desired import Node
from sfn_s3_cli.observe import observe
from sfn_s3_cli.plan import Action, Conflict
from sfn_s3_cli.resources import KINDS
from sfn_s3_cli.resources.base import Resource

MOTO_LACKS = {
    "bucket": "CreateBucket drops the tags",
    "bucket_notification": "GetBucketNotificationConfiguration never tells of EventBridge",
    "log_bucket": "CreateBucket drops the tags",
    "state_machine": "PublishStateMachineVersion is not implemented",
}
TAGGED = sorted(KINDS.keys() - {"bucket_notification", "event_selector", "target"})

EVERY_KIND = pytest.mark.parametrize("kind", sorted(KINDS))
TAGGED_KINDS = pytest.mark.parametrize("kind", TAGGED)


@pytest.fixture(params=["embedded", "moto"])
def world(request: pytest.FixtureRequest, kind: str) -> Iterator[Aws]:
    """An empty account on the embedded cloud, over HTTP, and one on moto, in this process."""
    if request.param == "embedded":
        yield request.getfixturevalue("aws")
        return
    if kind in MOTO_LACKS:
        pytest.skip(f"moto: {MOTO_LACKS[kind]}")
    with mock_aws():
        yield Aws(boto3.Session(region_name="us-east-1"))


@pytest.fixture
def resource(world: Aws, kind: str) -> Resource:
    """A resource of the kind, absent; what it needs is there."""
    via = "s3" if kind == "bucket_notification" else "cloudtrail"
    bucket = {"name": f"orders-{world.place.account}", "create": True}
    nodes = wired(world, bucket=bucket, trigger={"via": via})
    node = next(node for node in nodes if node.resource.kind == kind)
    carried_out(world, _needed(nodes, node, without=() if kind in MOTO_LACKS else MOTO_LACKS))
    return node.resource


def _needed(nodes: tuple[Node, ...], node: Node, without: Any) -> tuple[Node, ...]:
    """What must be there before a node, with what that needs."""
    return nodes


def only(resource: Resource) -> tuple[Node, ...]:
    """A wiring of one node."""
    return (Node(resource),)
