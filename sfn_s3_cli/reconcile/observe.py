"""What AWS has under the names of a wiring, all read at the same time."""

from __future__ import annotations

from collections.abc import Callable
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
Revise = Callable[[Snapshot], "tuple[Node, ...]"]
"""What is wanted, given what was observed."""

_LAG = 0.5


def observe(nodes: tuple[Node, ...], aws: Aws) -> Snapshot:
    """An observation for every node, wanted or not."""
    return observe_and_revise(nodes, aws, lambda _: nodes)[1]


def observe_and_revise(
    nodes: tuple[Node, ...], aws: Aws, revise: Revise
) -> tuple[tuple[Node, ...], Snapshot]:
    """Observes the nodes, and then once more what `revise` wants otherwise, by the same answers.

    A resource that comes or goes while it is read, so that one read finds it and another does
    not, is read again.
    """
    try:
        return _observe_all(nodes, aws, revise)
    except Exception as error:
        if not any(code_of(error) in kind.MISSING for kind in KINDS.values()):
            raise
    aws.pause(_LAG)
    return _observe_all(nodes, aws, revise)


def _observe_all(
    nodes: tuple[Node, ...], aws: Aws, revise: Revise
) -> tuple[tuple[Node, ...], Snapshot]:
    with Reads(aws) as reads, open_pool(len(nodes), "observe") as pool:
        # What comes last in the wiring asks the most questions one after another, so it begins.
        backwards = nodes[::-1]
        observations = pool.map(lambda node: _observe_one(node, reads), backwards)
        addresses = (node.resource.address for node in backwards)
        snapshot = dict(zip(addresses, observations, strict=True))
        revised = revise(snapshot)
        for node in revised:
            if node not in nodes:  # `reads` has the answers already
                snapshot[node.resource.address] = _observe_one(node, reads)
    _raise_errors(revised, snapshot)
    return revised, snapshot


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
