"""What a state reads of its input and of the execution's, field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sfn_s3_cli.asl.language.evaluation import LITERAL, is_evaluated
from sfn_s3_cli.asl.language.states import JSONATA
from sfn_s3_cli.fit.references import Names, Reference, references

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sfn_s3_cli.documents.document import ValuePath
    from sfn_s3_cli.fit.data_flow import Input, Visit

_OF_RESULT = {"Assign", "Catch", "Credentials", "ResultSelector"}
"""The JSONPath fields that read something else than the input after `InputPath`."""
_PERHAPS = {"Catch", "Credentials", "ItemBatcher", "ItemSelector"}
"""The fields that a run of the state may do without."""


class Read(NamedTuple):
    """A reference in a definition."""

    visit: Visit
    path: ValuePath
    """Where it stands in the definition's file."""
    reference: Reference
    field: Names | None
    """The field of what started the execution; None when that is not known."""
    is_needed: bool
    """Whether the state fails without it."""
    is_tested: bool
    """Whether it is only asked if there is such a field."""

    @property
    def base(self) -> Names:
        """Where in what started the execution the reference begins."""
        return self.field[: len(self.field) - len(self.reference.names)] if self.field else ()


def reads(visit: Visit) -> Iterator[Read]:
    """Every reference of the state itself, without the states inside it."""
    for name, value in visit.state.value.items():
        if name not in LITERAL:
            yield from _reads(visit, name, value)


def _reads(visit: Visit, name: str, value: object) -> Iterator[Read]:
    state, own = visit.state, _input_of(visit, name)
    for path, text, owner in _texts((name,), value):
        key = path[-1]
        if not is_evaluated(path, state.language):
            continue
        for reference in references(text, state.language):
            is_test = key == "Variable" and any(str(each).startswith("Is") for each in owner)
            yield Read(
                visit,
                (*state.path, *path),
                reference,
                visit.field(reference, own),
                not is_test and _is_needed(visit, path, reference),
                reference.is_tested or (key == "Variable" and "IsPresent" in owner),
            )


def _texts(
    path: ValuePath, value: object, owner: Mapping[str, Any] | None = None
) -> Iterator[tuple[ValuePath, str, Mapping[str, Any]]]:
    """Every string inside the value, with the mapping that it is a member of."""
    waiting: list[tuple[ValuePath, object, Mapping[str, Any]]] = [(path, value, owner or {})]
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


def _input_of(visit: Visit, name: str) -> Input:
    """What is known about the input that a field of the state reads."""
    state = visit.state
    if state.language == JSONATA or name == "InputPath":
        return visit.input
    if name == "OutputPath":
        return visit.output
    if name == "Assign" and state.type in {"Choice", "Pass", "Wait"}:
        return visit.selected if not {"Result", "Parameters"} & state.value.keys() else None
    return None if name in _OF_RESULT else visit.selected


def _is_needed(visit: Visit, path: ValuePath, reference: Reference) -> bool:
    """Whether the state fails without it; JSONata only when it is asked for nothing else.

    Of a Choice only the first test is made for sure.
    https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
    """
    state = visit.state
    if not (reference.is_whole if state.language == JSONATA else reference.is_definite):
        return False
    if path[0] == "Choices":
        return not any(isinstance(each, int) and each for each in path)
    is_of_items = path[0] == "Parameters" and state.type == "Map"
    return path[0] not in _PERHAPS and not is_of_items and state.type != "Fail"
