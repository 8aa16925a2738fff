"""Checks real definitions, and real ones with random changes."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import DEFINITIONS, needs_samples
from work_counter import count_calls

from sfn_s3_cli.asl.language.fields import FIELD_NAMES
from sfn_s3_cli.asl.lint.linter import lint
from sfn_s3_cli.checks.codes import CODES
from sfn_s3_cli.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"


def fill(value: Any, key: str = "") -> Any:
    """A sample as it is deployed: with a function's ARN, or some word, for each placeholder."""
    match value:
        case str() if key == "Resource" and value.startswith("${"):
            return FUNCTION
        case str():
            return re.sub(r"\$\{\w+\}", "word", value)
        case list():
            return [fill(item) for item in value]
        case dict():
            return {name: fill(item, name) for name, item in value.items()}
    return value


def read_sample(path: Path) -> dict[str, Any]:
    text = path.read_text(encoding="utf-8")
    parse: Callable[[str], Any] = json.loads if path.suffix == ".json" else yaml.safe_load
    value: dict[str, Any] = fill(parse(text))
    return value


@needs_samples
def test_real_definitions_have_no_errors() -> None:
    for path in DEFINITIONS:
        errors = {each for each in lint(read_sample(path)) if each.severity is Severity.ERROR}
        assert not errors, path.name


JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 0, -1, 1.5, float("inf"), "", "$", "{% x %}", "A", [], [[]], [None], {}, {"a": 1}]
).map(copy.deepcopy)
NAMES = st.sampled_from(sorted(FIELD_NAMES))


def walk_holders(value: Any) -> Iterator[Any]:
    """All its lists and mappings."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict | list) and item:
            yield item
            waiting += item.values() if isinstance(item, dict) else item


@needs_samples
@settings(deadline=None, max_examples=200, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_checks_any_broken_definition(data: st.DataObject) -> None:
    definition = read_sample(data.draw(st.sampled_from(DEFINITIONS)))
    for _ in range(data.draw(st.integers(1, 8))):
        mutate(data, data.draw(st.sampled_from(list(walk_holders(definition)))))
    for each in lint(definition, is_express=data.draw(st.booleans())):
        assert each.code in CODES
        assert each.message
        assert each.remedy
        assert not (each.message + each.remedy).endswith(".")


def mutate(data: st.DataObject, holder: Any) -> None:
    """Take a member away, put another in its place, or add one under a name of the language."""
    keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
    key = data.draw(st.sampled_from(keys))
    match data.draw(st.sampled_from(["delete", "replace", "copy", "add"])):
        case "delete" if len(keys) > 1:
            del holder[key]
        case "copy":
            holder[key] = copy.deepcopy(holder[data.draw(st.sampled_from(keys))])
        case "add" if isinstance(holder, dict):
            holder[data.draw(NAMES)] = data.draw(JUNK)
        case _:
            holder[key] = data.draw(JUNK)


@pytest.mark.parametrize("last", ["S{}", "nowhere"])
def test_work_grows_linearly_with_the_states(last: str) -> None:
    def definition(size: int) -> dict[str, Any]:
        states = {
            f"S{number:03}": {
                "Type": "Task",
                "Resource": FUNCTION,
                "Retry": [{"ErrorEquals": ["E"]}],
                "Next": f"S{number + 1:03}",
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": last.format(number)}],
            }
            for number in range(size)
        }
        return {"StartAt": "S000", "States": {**states, f"S{size:03}": {"Type": "Succeed"}}}

    small, large = definition(40), definition(400)
    lint(small)
    assert count_calls(lambda: lint(large)) <= 12 * count_calls(lambda: lint(small))
