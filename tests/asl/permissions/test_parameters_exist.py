"""The tables name only parameters that the operations of the SDKs have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sdk_table

from sfn_s3_cli.asl.permissions.extra_grants import EXTRA_GRANTS
from sfn_s3_cli.asl.permissions.gaps import GAPS
from sfn_s3_cli.asl.permissions.grants import Grant
from sfn_s3_cli.asl.permissions.notation import parse_path, parse_template, parse_templates
from sfn_s3_cli.asl.permissions.requirements import Requirement
from sfn_s3_cli.asl.permissions.sdk_special_cases import SPECIAL_CASES

Models = dict[str, sdk_table.Document]


def read_models() -> Models:
    folders = sorted(each for each in sdk_table.MODELS.iterdir() if each.is_dir())
    models = (sdk_table._read_model(each) for each in folders)
    return {sdk_table._name_service(each): each for each in models if each}


def list_choices(grant: Grant) -> Iterator[tuple[str, ...]]:
    """The parameters of a grant: of each choice the call needs to have one."""
    texts = [*parse_templates(grant.resources)]
    texts += [parse_template(each.value) for each in grant.conditions]
    yield from (each.paths for text in texts for each in text.placeholders)
    yield from map(list_paths, grant.when)


def list_paths(requirement: Requirement) -> tuple[str, ...]:
    fields = vars(requirement)
    paths = fields.get("paths") or (fields.get("path") or fields["name"],)
    return tuple(paths)


def has_parameter(path: str, shape: str, shapes: dict[str, Any]) -> bool:
    for segment in parse_path(path):
        members = shapes[shape].get("members", {})
        named = {name.lower(): each["shape"] for name, each in members.items()}
        if shapes[shape]["type"] == "map":
            named = {segment.name: shapes[shape]["value"]["shape"]}
        if segment.name not in named:
            return False
        shape = named[segment.name]
        if segment.part == "items":
            if shapes[shape]["type"] != "list":
                return False
            shape = shapes[shape]["member"]["shape"]
    return True


def find_unknown(name: str, model: sdk_table.Document) -> Iterator[str]:
    """Grants of which a parameter cannot be given."""
    for operation, details in model["operations"].items():
        call = f"{name}:{operation}".lower()
        row = SPECIAL_CASES.get(call)
        gaps = [GAPS[call].when] if call in GAPS else []
        grants = (*(row.grants if row else ()), *EXTRA_GRANTS.get(call, ()))
        choices = [choice for grant in grants for choice in list_choices(grant)]
        choices += [list_paths(each) for when in gaps for each in when]
        shape = details.get("input", {}).get("shape")
        for choice in choices:
            if not any(shape and has_parameter(each, shape, model["shapes"]) for each in choice):
                yield f"{name}:{operation} {'|'.join(choice)}"


def test_tables_name_existing_parameters() -> None:
    found = [each for name, model in read_models().items() for each in find_unknown(name, model)]
    assert found == []
