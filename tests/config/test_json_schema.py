from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sfn_s3_cli.config.schema import json_schema

VARIABLE = {"type": "string", "pattern": r"\$\{"}


def list_properties(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from schema["properties"].items()
    for owner, definition in schema["$defs"].items():
        for key, value in definition["properties"].items():
            yield f"{owner}.{key}", value


def test_every_key_is_described_in_one_sentence() -> None:
    schema = json_schema()
    for key, value in list_properties(schema):
        described = value if "$ref" not in value else schema["$defs"][value["$ref"].split("/")[-1]]
        assert described["description"].endswith("."), key
        assert ". " not in described["description"], key


def test_the_schema_has_the_short_forms_of_the_loader() -> None:
    schema = json_schema()
    trigger = schema["$defs"]["Trigger"]["properties"]
    string_or_list = [{"type": "string"}, {"items": {"type": "string"}, "type": "array"}]
    assert trigger["prefix"]["anyOf"] == string_or_list
    assert {"$ref": "#/$defs/Bucket"} in schema["properties"]["bucket"]["anyOf"]


def test_the_schema_allows_a_variable_for_any_typed_value() -> None:
    schema = json_schema()
    retry = schema["$defs"]["Retry"]["properties"]
    assert retry["attempts"] == {
        "title": "Attempts",
        "description": "How many times EventBridge retries a failed start.",
        "default": 185,
        "anyOf": [{"type": "integer", "minimum": 0, "maximum": 185}, VARIABLE],
    }
    assert VARIABLE in schema["properties"]["name"]["anyOf"]
    assert VARIABLE in schema["$defs"]["Trigger"]["properties"]["via"]["anyOf"]


def test_unknown_keys_are_refused_at_every_level() -> None:
    schema = json_schema()
    for level in (schema, *schema["$defs"].values()):
        assert level["additionalProperties"] is False
