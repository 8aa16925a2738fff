"""Finds the variables that a state assigns and reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.asl.language import intrinsics, jsonata, paths
from sfn_s3_cli.asl.language.evaluation import LITERAL, is_evaluated
from sfn_s3_cli.asl.language.paths import ExpressionError
from sfn_s3_cli.asl.language.states import JSONATA
from sfn_s3_cli.asl.language.values import walk_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.asl.language.states import State
    from sfn_s3_cli.documents.places import ValuePath

RESERVED = "states"
"""The variable `$states`, which every state has."""


def list_assignments(state: State) -> Iterator[tuple[str, ValuePath]]:
    """Lists the variables that a state, its catchers or its rules assign."""
    yield from _read_assign(state.value, state.path, state)
    for field in ("Catch", "Choices"):
        match state.value.get(field):
            case list(items):
                for index, item in enumerate(items):
                    yield from _read_assign(item, (*state.path, field, index), state)


def _read_assign(value: object, path: ValuePath, state: State) -> Iterator[tuple[str, ValuePath]]:
    match value:
        case {"Assign": dict(members)}:
            for key in members:
                name = key if state.language == JSONATA else key.removesuffix(".$")
                yield name, (*path, "Assign", key)


def list_reads(state: State) -> Iterator[tuple[str, ValuePath]]:
    """Lists the variables that a state reads."""
    for field, value in state.value.items():
        if field in LITERAL:
            continue
        for path, item in walk_values(value, (*state.path, field)):
            if isinstance(item, str) and is_evaluated(path[len(state.path) :], state.language):
                for name in _parse_variables(item, state.language):
                    yield name, path


def _parse_variables(text: str, language: str) -> tuple[str, ...]:
    if language == JSONATA:
        if not jsonata.is_expression(text):
            return ()
        return tuple(sorted(set(jsonata.read(text).variables) - jsonata.FUNCTIONS - {RESERVED}))
    try:
        if intrinsics.looks_like_call(text):
            return intrinsics.parse(text).variables
        name = paths.parse(text).variable
    except ExpressionError:
        return ()
    return (name,) if name else ()
