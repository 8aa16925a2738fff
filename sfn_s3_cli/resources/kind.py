"""What a kind of resource is: a frozen dataclass and a handful of functions in one module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from sfn_s3_cli.resources.base import Resource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads
    from sfn_s3_cli.iam.arns import Place
    from sfn_s3_cli.resources.base import Address, Removal
    from sfn_s3_cli.resources.change import Change
    from sfn_s3_cli.resources.observation import AnyFound, Observation
    from sfn_s3_cli.resources.permissions import Permission
    from sfn_s3_cli.resources.reasons import Reason

R = TypeVar("R", bound=Resource)
F_contra = TypeVar("F_contra", bound="AnyFound", contravariant=True)


class Kind(Protocol[R, F_contra]):
    """How one kind of resource is read and changed. Each module in the table `KINDS` is one.

    `update` and `delete` get what was observed, so that they make only the calls that the
    difference needs. Every verb may be repeated after it was cut off half-way.
    """

    # The codes of AWS's errors for a name that is taken, and for one that does not exist.
    @property
    def EXISTS(self) -> tuple[str, ...]: ...  # noqa: N802  (a constant of the module)
    @property
    def MISSING(self) -> tuple[str, ...]: ...  # noqa: N802

    # What AWS has under that name; if it is not wanted, also what it holds and who else uses it.
    def observe(self, reads: Reads, desired: R, *, wanted: bool) -> Observation[R]: ...
    # With its tags in the very first call, so that a crash leaves nothing without an owner.
    def create(self, aws: Aws, desired: R) -> None: ...
    def update(self, aws: Aws, observed: F_contra, desired: R) -> None: ...
    # Raises StillUsed for what came into use meanwhile.
    def delete(self, aws: Aws, observed: F_contra, removal: Removal) -> None: ...
    # The IAM actions of each verb.
    def permissions(self, desired: R, place: Place) -> Iterable[Permission]: ...
    # What a plan cannot show of this change: delays of AWS, what is left alone.
    def notes(self, change: Change, changes: Mapping[Address, Change]) -> Iterator[Reason]: ...


def no_notes(_change: Change, _changes: Mapping[Address, Change]) -> Iterator[Reason]:
    """The notes of a kind whose changes need no explanation."""
    yield from ()
