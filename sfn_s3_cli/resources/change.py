"""A change: one resource before and after, and what happens to it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from sfn_s3_cli.resources.base import Address, Resource
    from sfn_s3_cli.resources.observation import AnyFound
    from sfn_s3_cli.resources.reasons import Reason


class Absent(Enum):
    """Marks the side of a difference that has no value; JSON's null is a value."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT


class Field(NamedTuple):
    """One difference inside a resource."""

    path: str
    before: Any
    after: Any


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
    """For KEEP: why it stays."""

    def affects(self, field: str) -> bool:
        """Whether a field of the resource itself changes."""
        return any(each.path == field for each in self.fields)

    @property
    def is_slice(self) -> bool:
        """Whether it is our part of something that others change too."""
        return self.desired is not None and self.desired.is_slice
