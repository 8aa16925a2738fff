"""What scripts need to know of a deployed pipeline: ARNs, names and URLs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.reconcile.desired import Node
    from sfn_s3_cli.resources.base import Address


def list_outputs(
    nodes: tuple[Node, ...], existing: Collection[Address], aws: Aws
) -> dict[str, str]:
    """The outputs of what the config asks for and AWS has."""
    found: dict[str, str | None] = {}
    for node in nodes:
        if node.wanted and node.resource.address in existing:
            found |= node.resource.outputs(aws)
    return {name: value for name, value in found.items() if value is not None}
