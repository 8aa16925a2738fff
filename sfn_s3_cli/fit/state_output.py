"""What a state makes of its input: what it selects, and what the next state gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.asl.language.states import JSONATA
from sfn_s3_cli.fit.known_input import add_result, select
from sfn_s3_cli.json_types import JsonMapping

if TYPE_CHECKING:
    from sfn_s3_cli.asl.language.states import State
    from sfn_s3_cli.fit.known_input import KnownInput

_PASSING = {"Choice", "Pass", "Succeed", "Wait"}
"""The types of states whose result is their input."""


def select_input(state: State, known: KnownInput) -> KnownInput:
    """Apply `InputPath`."""
    if state.language == JSONATA:
        return known
    return select(known, state.value.get("InputPath", "$"))


def find_result(state: State, known: KnownInput) -> KnownInput:
    """Find what the state passes on, before `OutputPath`."""
    value = state.value
    if state.language == JSONATA:
        return known if state.type in _PASSING and "Output" not in value else None
    selected = select_input(state, known)
    if state.type in _PASSING - {"Pass"}:
        return selected
    if value.get("InputPath", "$") != "$" and "ResultPath" in value:
        return None
    is_unchanged = state.type == "Pass" and not {"Result", "Parameters"} & value.keys()
    return add_result(known, selected if is_unchanged else None, value.get("ResultPath", "$"))


def find_output(state: State, known: KnownInput) -> KnownInput:
    """Find the input of the next state."""
    result = find_result(state, known)
    if state.language == JSONATA:
        return result
    return select(result, state.value.get("OutputPath", "$"))


def find_error_output(state: State, known: KnownInput, catcher: JsonMapping) -> KnownInput:
    """Find the input of the state that a catcher leads to."""
    if state.language == JSONATA:
        return None
    return add_result(known, None, catcher.get("ResultPath", "$"))
