"""What a kind of resource is: a frozen dataclass and a handful of functions in one module."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, Protocol, TypeVar

from sfn_s3_cli.iam import tags as ownership

if TYPE_CHECKING:
    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads


class Address(NamedTuple):
    """Names one resource of a pipeline, whatever it is called on AWS at the moment."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A resource as the config wants it, or, normalised to the same shape, as AWS has it.

    Every field is compared, except `address` and the ones a subclass excludes from comparison.
    """

    kind: ClassVar[str]
    name: str

    @property
    def address(self) -> Address:
        return Address(self.kind, self.name)

    @property
    def owner(self) -> str | None:
        """Whose it is when it is ours; None for what sfnctl only looks at."""
        return ownership.owner(getattr(self, "tags", {}))

    @property
    def given_by(self) -> str:
        """How to come by what sfnctl never makes, so that it must be there; else empty."""
        return ""

    @property
    def is_slice(self) -> bool:
        """Whether it is our part of something shared: that others own it is no conflict then."""
        return False

    def document(self) -> dict[str, Any]:
        """The compared fields as a JSON document."""
        return {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if field.compare and field.name != "name"
        }


R = TypeVar("R", bound=Resource)


@dataclass(frozen=True)
class Observed(Generic[R]):
    """What AWS has under a resource's name, whose it is, and what speaks against deleting it."""

    resource: R
    owner: str | None
    """The owning pipeline, `tags.SHARED`, or None when it is not sfnctl's."""
    holds: str = ""
    """What would be lost with it, such as "objects": deleted only on request."""
    used_by: str = ""
    """Who else depends on it: never deleted."""
    others: str = ""
    """What others put on it, which stays as it is."""
    refusal: Refusal | None = None


class Refusal(NamedTuple):
    """Why a resource as it stands can be no part of the pipeline, and what to do about it."""

    why: str
    remedy: str
    in_config: bool = False
    """Whether the config is what is wrong."""


class StillUsed(Exception):  # noqa: N818  (not an error: deleting it would be one)
    """Raised by `delete` for what others began to use after it was observed; says how."""


class Kind(Protocol[R]):
    """How one kind of resource is read and changed. Each module of this package is one.

    `update` and `delete` are given what was observed, so that they make only the calls that the
    difference needs. Every verb may be repeated after it was cut off half-way.
    """

    # What AWS has under that name. `leaving` asks for `holds` and `used_by` as well.
    def observe(self, reads: Reads, desired: R, *, leaving: bool) -> Observed[R] | None: ...
    def create(self, aws: Aws, desired: R) -> None: ...
    def update(self, aws: Aws, observed: R, desired: R) -> None: ...
    def delete(self, aws: Aws, observed: Observed[R]) -> None: ...
