"""Which fields a state reads from its input and from the execution's input."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.asl.language.evaluation import LITERAL, is_evaluated
from sfn_s3_cli.asl.language.states import JSONATA
from sfn_s3_cli.fit.references import Reference, find_references
from sfn_s3_cli.json_types import JsonMapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.asl.language.states import State
    from sfn_s3_cli.documents.places import ValuePath
    from sfn_s3_cli.documents.shape import FieldPath
    from sfn_s3_cli.fit.data_flow import ReachedState
    from sfn_s3_cli.fit.known_input import KnownInput

_READ_OTHER_DATA = {"Assign", "Catch", "Credentials", "ResultSelector"}
"""The JSONPath fields that do not read the input after `InputPath`."""
_NOT_ALWAYS_EVALUATED = {"Catch", "Credentials", "ItemBatcher", "ItemSelector"}
"""The fields that a run of the state does not always need."""


class FieldRead(NamedTuple):
    """One reference to a field in a definition."""

    reader: ReachedState
    path: ValuePath
    """The path of the string in the definition."""
    reference: Reference
    field: FieldPath | None
    """The field of the execution's input; None if that is not known."""
    is_needed: bool
    """Whether the state fails without the field."""
    is_tested: bool
    """Whether the definition only tests if the field exists."""

    @property
    def start(self) -> FieldPath:
        """The part of the execution's input that the reference starts from."""
        return self.field[: len(self.field) - len(self.reference.field)] if self.field else ()


def find_reads(reader: ReachedState) -> Iterator[FieldRead]:
    """Find every reference of the state itself, without the states inside it."""
    for name, value in reader.state.value.items():
        if name not in LITERAL:
            yield from _find_in_field(reader, name, value)


def _find_in_field(reader: ReachedState, name: str, value: object) -> Iterator[FieldRead]:
    state, own = reader.state, _find_input(reader, name)
    for path, text, owner in _find_strings((name,), value):
        if not is_evaluated(path, state.language):
            continue
        tests = [str(each) for each in owner if path[-1] == "Variable"]
        is_type_test = any(each.startswith("Is") for each in tests)
        for reference in find_references(text, state.language):
            yield FieldRead(
                reader,
                (*state.path, *path),
                reference,
                reader.locate(reference, own),
                is_needed=not is_type_test and _is_needed(state, path, reference),
                is_tested=reference.is_tested or "IsPresent" in tests,
            )


def _find_strings(
    path: ValuePath, value: object, owner: JsonMapping | None = None
) -> Iterator[tuple[ValuePath, str, JsonMapping]]:
    """Find every string inside the value, with the mapping that it is a member of."""
    waiting: list[tuple[ValuePath, object, JsonMapping]] = [(path, value, owner or {})]
    while waiting:
        path, value, owner = waiting.pop()
        match value:
            case str():
                yield path, value, owner
            case list():
                inside = [((*path, index), each, owner) for index, each in enumerate(value)]
                waiting += reversed(inside)
            case dict():
                waiting += reversed([((*path, key), each, value) for key, each in value.items()])


def _find_input(reader: ReachedState, name: str) -> KnownInput:
    """Find what is known about the data that a field of the state reads."""
    state = reader.state
    if state.language == JSONATA or name == "InputPath":
        return reader.input
    if name == "OutputPath":
        return reader.result
    if name == "Assign" and state.type in {"Choice", "Pass", "Wait"}:
        return reader.selected_input if not {"Result", "Parameters"} & state.value.keys() else None
    return None if name in _READ_OTHER_DATA else reader.selected_input


def _is_needed(state: State, path: ValuePath, reference: Reference) -> bool:
    """Whether the state fails without the field.

    JSONata fails for certain only if the expression is nothing but the reference. Of the tests of a
    Choice, only the first is certain to be made.
    https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
    """
    if not (reference.is_whole if state.language == JSONATA else reference.is_definite):
        return False
    if path[0] == "Choices":
        return not any(isinstance(each, int) and each for each in path)
    is_per_item = path[0] == "Parameters" and state.type == "Map"
    return path[0] not in _NOT_ALWAYS_EVALUATED and not is_per_item and state.type != "Fail"
