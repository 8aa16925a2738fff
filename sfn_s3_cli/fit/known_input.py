"""What is known about the input of a state: which part of the execution's input it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from sfn_s3_cli.fit.references import Reference, find_references

if TYPE_CHECKING:
    from sfn_s3_cli.documents.shape import FieldPath

_MOST_ADDED = 16
"""How many added names to remember; keeps the time linear in the number of states."""


class EventPart(NamedTuple):
    """A part of the execution's input, and the names of the fields that states have added to it."""

    base: FieldPath = ()
    added: frozenset[str] = frozenset()

    def locate(self, field: FieldPath) -> FieldPath | None:
        """Locate a field in the execution's input; None if a state may have written it."""
        return None if field and field[0] in self.added else (*self.base, *field)


KnownInput: TypeAlias = EventPart | None
"""None if nothing is known."""


def merge(one: KnownInput, other: KnownInput) -> KnownInput:
    """Keep what is true of both inputs."""
    if one and other and one.base == other.base:
        return _limit(one.base, one.added | other.added)
    return None


def select(known: KnownInput, path: object) -> KnownInput:
    """Follow a path such as that of `InputPath`."""
    field = _parse(path)
    if known is None or field is None:
        return None
    if not field:
        return known
    base = known.locate(field)
    return None if base is None else EventPart(base)


def add_result(known: KnownInput, result: KnownInput, path: object) -> KnownInput:
    """Put a result into the input at a reference path such as that of `ResultPath`."""
    if path == "$":
        return result
    if path is None or known is None:
        return known
    field = _parse(path)
    return _limit(known.base, known.added | {field[0]}) if field else None


def _limit(base: FieldPath, added: frozenset[str]) -> KnownInput:
    return EventPart(base, added) if len(added) <= _MOST_ADDED else None


def _parse(path: object) -> FieldPath | None:
    """Read a path that only names a field; None for anything else."""
    if not isinstance(path, str):
        return None
    match list(find_references(path, "")):
        case [Reference(root="$", is_whole=True, field=field)]:
            return field
    return None
