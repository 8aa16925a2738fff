"""A change: one resource before and after, and what happens to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from sfn_s3_cli.iam import tags
from sfn_s3_cli.resources.base import FLEETING, TOLERATED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_s3_cli.resources.base import Address, Resource
    from sfn_s3_cli.resources.observation import AnyFound
    from sfn_s3_cli.resources.reasons import Reason


class Absent(Enum):
    """Marks the side of a difference that has no value; JSON's null is a value."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT
ROLE_TAG = "role tag "
"""Begins the path of a tag on the pipeline's events role that is about another resource."""


OWN_TAGS = "sfnctl's own tags"
"""Says what a change is about that shows no field."""


class Field(NamedTuple):
    """One difference inside a resource."""

    path: str
    before: Any
    after: Any

    @property
    def root(self) -> str:
        """The field of the resource itself."""
        return self.path.partition(".")[0].partition("[")[0]

    @property
    def is_own_tag(self) -> bool:
        """Whether it is a tag that sfnctl sets for its own use, which nobody has to review."""
        key = self.path.removeprefix("tags.").removeprefix(ROLE_TAG)
        return key != self.path and tags.is_own(key)


class Action(Enum):
    """What happens to a resource; the value is how it is printed."""

    CREATE = "+"
    UPDATE = "~"
    DELETE = "-"
    KEEP = "="
    """It is ours and no longer wanted, and stays for a reason."""
    NOTHING = " "

    @property
    def changes(self) -> bool:
        return self in {Action.CREATE, Action.UPDATE, Action.DELETE}


@dataclass(frozen=True)
class Change:
    """One resource, before and after."""

    action: Action
    address: Address
    observed: AnyFound | None
    desired: Resource | None
    fields: tuple[Field, ...] = ()
    reason: Reason | None = None
    """Why it, or a part of it, stays although the config does not ask for it."""
    until: datetime | None = None
    """When that ends, where the time is known."""
    adopts: bool = False
    """Whether it takes over a resource that has no owner."""
    is_leftover: bool = False
    """Whether it removes what an earlier deploy kept for a while: nobody has to review that."""

    @property
    def is_secondary(self) -> bool:
        """Whether it is shown after the changes of what it watches."""
        resource = self.desired or (self.observed and self.observed.resource)
        return bool(resource and resource.is_secondary)

    @property
    def shown_fields(self) -> tuple[Field, ...]:
        """The fields that plans show: all but sfnctl's own tags."""
        return tuple(field for field in self.fields if not field.is_own_tag)

    @property
    def is_fleeting(self) -> bool:
        """Whether it only finishes what an earlier deploy left for later: it is not reviewed."""
        return self.is_leftover or self._only_changes(FLEETING)

    @property
    def is_tolerated(self) -> bool:
        """Whether it is no difference between AWS and the config."""
        return self._only_changes(TOLERATED)

    def _only_changes(self, metadata: Mapping[str, bool]) -> bool:
        names = self.desired.list_fields(metadata) if self.desired else set()
        changed = {field.root for field in self.fields}
        return self.action is Action.UPDATE and changed <= names

    def affects(self, field: str) -> bool:
        """Whether a field of the resource itself changes."""
        return any(each.path == field for each in self.fields)

    @property
    def is_slice(self) -> bool:
        """Whether it is our part of something that others change too."""
        return self.desired is not None and self.desired.is_slice
