"""What reading a resource on AWS can give: it is found, missing, refused or unreadable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeAlias, TypeVar

if TYPE_CHECKING:
    from sfn_s3_cli.resources.reasons import Reason

R_co = TypeVar("R_co", covariant=True)


class RoleTags(NamedTuple):
    """Tags of the events role, as AWS has them and as they should be."""

    before: Mapping[str, str] = {}
    after: Mapping[str, str] = {}


NO_ROLE_TAGS = RoleTags()


@dataclass(frozen=True)
class Found(Generic[R_co]):
    """What AWS has under a resource's name, and the reasons not to delete it.

    A kind may extend it by facts that its own `update` and `delete` need.
    """

    resource: R_co
    owner: str | None
    """The owning pipeline, `tags.SHARED`, or None for a resource without sfnctl's tags."""
    holds: Reason | None = None
    """Data that would be lost with it: it is deleted only with --purge."""
    adopted: str | None = None
    """The day on which sfnctl adopted it; None if sfnctl created it."""
    used_by: Reason | None = None
    """Who else depends on it: it is never deleted."""
    additions: Reason | None = None
    """What others added to it. A deploy leaves that as it is."""
    role_tags: RoleTags = NO_ROLE_TAGS
    """What the pipeline's events role notes about the resource."""
    notes: tuple[Reason, ...] = ()
    """What a plan that changes it should say, and any plan if it describes the state."""


@dataclass(frozen=True)
class Missing:
    """AWS has nothing of that name."""

    notes: tuple[Reason, ...] = ()
    """What a plan that creates it should say, and any plan if it describes the state."""


@dataclass(frozen=True)
class Refused:
    """Something of that name exists and cannot be part of the pipeline."""

    reason: Reason


@dataclass(frozen=True)
class Unreadable:
    """AWS denied a read."""

    error: Exception
    message: str


Observation: TypeAlias = Found[R_co] | Missing | Refused | Unreadable
AnyFound: TypeAlias = Found[Any]
AnyObservation: TypeAlias = AnyFound | Missing | Refused | Unreadable
