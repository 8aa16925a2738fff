"""What a kind of resource is: a frozen dataclass and a handful of functions in one module."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol, TypeVar

from sfn_s3_cli.iam import tags

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads
    from sfn_s3_cli.iam.arns import Place
    from sfn_s3_cli.resources.change import Change
    from sfn_s3_cli.resources.observation import AnyFound, Observation
    from sfn_s3_cli.resources.permissions import Permission
    from sfn_s3_cli.resources.reasons import Reason


class Address(NamedTuple):
    """Names one resource of a pipeline, whatever AWS has there at the moment."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A resource as the config wants it or, normalised to the same shape, as AWS has it.

    Every field is compared and shown in plans, except `name` and fields with `compare=False`.
    """

    kind: ClassVar[str]
    is_shared: ClassVar[bool] = False
    """Whether other pipelines and tools change the same thing on AWS too."""

    name: str
    pipeline: str = field(compare=False)
    """The pipeline whose config speaks of it."""

    @property
    def address(self) -> Address:
        return Address(self.kind, self.name)

    @property
    def owner(self) -> str | None:
        """Whose it is once it is deployed; None for what sfnctl only looks at."""
        return tags.owner(getattr(self, "tags", {}))

    @property
    def is_slice(self) -> bool:
        """Whether it is our part of something: that others own the whole is no conflict."""
        return False

    @property
    def missing_reason(self) -> Reason | None:
        """Why a plan cannot go on without it; None for what sfnctl creates itself."""
        return None

    def document(self) -> dict[str, Any]:
        """The compared fields as a JSON document."""
        return {
            each.name: getattr(self, each.name)
            for each in fields(self)
            if each.compare and each.name != "name"
        }


@dataclass(frozen=True)
class Removal:
    """What the user asked of a teardown."""

    purge: bool = False
    """Delete resources that hold data as well."""
    stop_executions: bool = False
    """Stop running executions instead of waiting for them."""


class StillUsed(Exception):  # noqa: N818  (not an error: deleting it would be one)
    """Raised by `delete` for a resource that others began to use after it was observed."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.message)
        self.reason = reason


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
