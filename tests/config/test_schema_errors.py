from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from sfn_s3_cli.config.schema import Pipeline, json_schema
from sfn_s3_cli.config.schema_errors import translate_all

PYDANTIC = re.compile("pydantic|Input should|[Vv]alue error|[Vv]alid|type=|Tuple|Dict")

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=5)
    | st.sampled_from(["s3", "cloudtrail", "created", "arn:x", "name", "x" * 600, "1h"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab:é", max_size=3), inner),
    max_leaves=6,
)


def configs(model: dict[str, Any], models: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Mappings with the keys of a model: some are valid, some missing, some have any value."""
    members: dict[str, st.SearchStrategy[Any]] = {}
    for key, schema in model["properties"].items():
        reference = schema.get("$ref", schema.get("items", {}).get("$ref", ""))
        members[key] = VALUES
        if reference:
            inner = configs(models[reference.split("/")[-1]], models)
            members[key] = VALUES | (inner if "$ref" in schema else st.lists(inner, max_size=2))
    return st.fixed_dictionaries({}, optional={**members, "else": VALUES})


@settings(deadline=None)
@given(config=configs(json_schema(), json_schema()["$defs"]))
def test_messages_do_not_use_pydantics_words(config: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        Pipeline.model_validate(config)
    for finding in translate_all(caught.value.errors(include_url=False)):
        assert not PYDANTIC.search(finding.message)
