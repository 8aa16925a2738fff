"""What AWS has under the names of a wiring, read all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_s3_cli.aws.errors import DENIED, code_of
from sfn_s3_cli.aws.explain import describe_error
from sfn_s3_cli.aws.reads import Reads, open_pool
from sfn_s3_cli.resources import KINDS
from sfn_s3_cli.resources.base import Observed, Refusal

if TYPE_CHECKING:
    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.reconcile.desired import Node
    from sfn_s3_cli.resources.base import Address

Snapshot = dict["Address", "Observed[Any]"]


_VANISHED = frozenset(
    {
        "NoSuchBucket",
        "NoSuchEntity",
        "ResourceNotFound",
        "ResourceNotFoundException",
        "StateMachineDoesNotExist",
        "TrailNotFoundException",
    }
)
_LAG = 0.5


def observe(nodes: tuple[Node, ...], aws: Aws) -> Snapshot:
    """What exists, by address; wanted or not. What does not exist has no entry.

    What comes or goes while it is read, so that one question finds it and another does not, is
    read again.
    """
    try:
        return _look(nodes, aws)
    except Exception as error:
        if code_of(error) not in _VANISHED:
            raise
    aws.pause(_LAG)
    return _look(nodes, aws)


def _look(nodes: tuple[Node, ...], aws: Aws) -> Snapshot:
    with Reads(aws) as reads, open_pool(len(nodes), "observe") as pool:
        asked = [(node, pool.submit(_observe, node, reads)) for node in nodes]
        errors = {node.resource.address: answer.exception() for node, answer in asked}
    found = {
        node.resource.address: answer.result()
        for node, answer in asked
        if not errors[node.resource.address]
    }
    refused = [each for each in found.values() if each and each.refusal]
    for node, answer in asked:
        if error := errors[node.resource.address]:
            if not refused or code_of(error) not in DENIED:
                answer.result()
            found[node.resource.address] = _unread(node, error)
    return {address: each for address, each in found.items() if each is not None}


def _observe(node: Node, reads: Reads) -> Observed[Any] | None:
    kind = KINDS[node.resource.kind]
    return kind.observe(reads, node.resource, leaving=not node.wanted)


def _unread(node: Node, error: BaseException) -> Observed[Any]:
    """A stranger's bucket denies each question: one more refusal, to be told with the others."""
    why = f"could not be read: {describe_error(error)}"
    return Observed(node.resource, owner=None, refusal=Refusal(why, "see the others first"))
