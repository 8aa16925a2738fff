"""What AWS has under the names of a wiring, all read at the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.aws.errors import DENIED, code_of
from sfn_s3_cli.aws.explain import describe_error
from sfn_s3_cli.aws.pool import open_pool
from sfn_s3_cli.aws.reads import Reads
from sfn_s3_cli.resources.kinds import KINDS
from sfn_s3_cli.resources.observation import Refused, Unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.reconcile.desired import Node
    from sfn_s3_cli.resources.base import Address
    from sfn_s3_cli.resources.observation import AnyObservation

Snapshot = dict["Address", "AnyObservation"]

_LAG = 0.5


def observe(nodes: tuple[Node, ...], aws: Aws) -> Snapshot:
    """An observation for every node, wanted or not.

    A resource that comes or goes while it is read, so that one read finds it and another does
    not, is read again.
    """
    try:
        return _observe_all(nodes, aws)
    except Exception as error:
        if not any(code_of(error) in kind.MISSING for kind in KINDS.values()):
            raise
    aws.pause(_LAG)
    return _observe_all(nodes, aws)


def _observe_all(nodes: tuple[Node, ...], aws: Aws) -> Snapshot:
    with Reads(aws) as reads, open_pool(len(nodes), "observe") as pool:
        observations = [*pool.map(lambda node: _observe_one(node, reads), nodes)]
    snapshot = {
        node.resource.address: observation
        for node, observation in zip(nodes, observations, strict=True)
    }
    _raise_errors(nodes, snapshot)
    return snapshot


def _observe_one(node: Node, reads: Reads) -> AnyObservation:
    kind = KINDS[node.resource.kind]
    try:
        return kind.observe(reads, node.resource, wanted=node.wanted)
    except Exception as error:  # noqa: BLE001  (raised below, when all reads have ended)
        return Unreadable(error, describe_error(error))


def _raise_errors(nodes: tuple[Node, ...], snapshot: Mapping[Address, AnyObservation]) -> None:
    """Raises the first error.

    If a wanted resource is refused, a denied read becomes another conflict instead of an error: a
    bucket of another account denies every read, and all conflicts are shown together.
    """
    wanted = {node.resource.address for node in nodes if node.wanted}
    has_refusal = any(isinstance(snapshot[address], Refused) for address in wanted)
    for each in snapshot.values():
        if isinstance(each, Unreadable) and not (has_refusal and code_of(each.error) in DENIED):
            raise each.error
