from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sfn_s3_cli.config.load import load
from sfn_s3_cli.config.schema import json_schema
from sfn_s3_cli.errors import ConfigError

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
    """Mappings with the keys of a model: some fit, some are missing, some hold anything at all."""
    members: dict[str, st.SearchStrategy[Any]] = {}
    for key, schema in model["properties"].items():
        reference = schema.get("$ref", schema.get("items", {}).get("$ref", ""))
        members[key] = VALUES
        if reference:
            inner = configs(models[reference.split("/")[-1]], models)
            members[key] = VALUES | (inner if "$ref" in schema else st.lists(inner, max_size=2))
    return st.fixed_dictionaries({}, optional={**members, "else": VALUES})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("configs")


@settings(deadline=None)
@given(config=configs(json_schema(), json_schema()["$defs"]))
def test_no_problem_is_told_in_the_words_of_pydantic(folder: Path, config: dict[str, Any]) -> None:
    path = folder / "sfnctl.yaml"
    path.write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(path, {})
    for problem in caught.value.problems:
        assert re.fullmatch(f"{re.escape(str(path))}:1:[0-9]+", problem.location)
        assert not PYDANTIC.search(problem.message)
