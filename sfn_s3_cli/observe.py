"""What AWS has under the names of a wiring, read all at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from sfn_s3_cli.aws.errors import code_of
from sfn_s3_cli.aws.reads import Reads
from sfn_s3_cli.resources import KINDS

if TYPE_CHECKING:
    from sfn_s3_cli.aws import Aws
    from sfn_s3_cli.desired import Node
    from sfn_s3_cli.resources.base import Address, Observed

Snapshot = dict["Address", "Observed[Any]"]


_VANISHED = frozenset(
    {
        "NoSuchBucket",
        "NoSuchEntity",
        "ResourceNotFoundException",
        "StateMachineDoesNotExist",
        "TrailNotFoundException",
    }
)


def observe(nodes: tuple[Node, ...], aws: Aws) -> Snapshot:
    """What exists, by address; wanted or not. What does not exist has no entry.

    What goes while it is read, so that one question finds it and the next does not, is read again.
    """
    try:
        return _look(nodes, aws)
    except Exception as error:
        if code_of(error) not in _VANISHED:
            raise
    return _look(nodes, aws)


def _look(nodes: tuple[Node, ...], aws: Aws) -> Snapshot:
    with Reads(aws) as reads, ThreadPoolExecutor(len(nodes), thread_name_prefix="observe") as pool:
        asked = {node.resource.address: pool.submit(_observe, node, reads) for node in nodes}
    answers = {address: future.result() for address, future in asked.items()}
    return {address: found for address, found in answers.items() if found is not None}


def _observe(node: Node, reads: Reads) -> Observed[Any] | None:
    kind = KINDS[node.resource.kind]
    return kind.observe(reads, node.resource, leaving=not node.wanted)
