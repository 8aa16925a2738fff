"""Whole definitions: samples, random ones and large ones."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from asl.permissions.derivation import PLACE, derive_state, task
from asl.permissions.integration_cases import CASES
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import DEFINITIONS, needs_samples
from work_counter import count_calls

from sfn_s3_cli.asl.permissions.derive import derive_permissions
from sfn_s3_cli.asl.permissions.integrations import INTEGRATIONS
from sfn_s3_cli.checks.codes import CODES

OPERATIONS = {
    "PutItem": "putItem",
    "GetItem": "getItem",
    "UpdateItem": "updateItem",
    "TransactWrite": "updateItem",
}


def fill_placeholders(path: Path) -> Any:
    """A sample with likely values in place of its placeholders."""

    def fill(placeholder: re.Match[str]) -> str:
        for part, operation in OPERATIONS.items():
            if part in placeholder[1]:
                return f"arn:aws:states:::dynamodb:{operation}"
        return f"arn:aws:lambda:eu-west-1:123456789012:function:{placeholder[1]}"

    text = re.sub(r"\$\{(\w+)\}", fill, path.read_text("utf-8"))
    return yaml.safe_load(text) if path.suffix == ".yaml" else json.loads(text)


@needs_samples
def test_every_sample_has_known_permissions() -> None:
    assert len(DEFINITIONS) > 50
    for path in DEFINITIONS:
        derived = derive_permissions(fill_placeholders(path), place=PLACE, machine="orders")
        assert not derived.unknown_calls, path.name


NAMES = st.sampled_from(
    [
        *("States", "StartAt", "Type", "Resource", "Parameters", "Arguments", "Branches"),
        *("ItemProcessor", "Iterator", "ItemReader", "ResultWriter", "ReaderConfig", "Mode"),
        *("ProcessorConfig", "Label", "Credentials", "QueryLanguage", "FunctionName", "Key"),
        *("Entries", "Bucket", "TransactItems"),
    ]
)
TEXTS = st.one_of(
    st.sampled_from(
        [
            *("Task", "Map", "Parallel", "JSONata", "JSONPath", "DISTRIBUTED", "{% $x %}"),
            *("arn:aws:states:::lambda:invoke", "arn:aws:states:::aws-sdk:s3:getObject"),
            *(
                "arn:aws:states:::events:putEvents",
                "arn:aws:states:::aws-sdk:dynamodb:batchGetItem",
            ),
        ]
    ),
    st.sampled_from([f"arn:aws:states:::{name}.sync" for name in INTEGRATIONS]),
    st.text(max_size=5),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(NAMES, st.text(max_size=3)), inner, max_size=6),
    ),
    max_leaves=30,
)
STATES = st.fixed_dictionaries(
    {"Type": st.sampled_from(["Task", "Map", "Parallel"]), "Resource": TEXTS},
    optional={
        "Parameters": VALUES,
        "Arguments": VALUES,
        "Credentials": VALUES,
        "ItemReader": st.one_of(
            VALUES, st.fixed_dictionaries({"Resource": TEXTS, "Parameters": VALUES})
        ),
        "ItemProcessor": VALUES,
        "QueryLanguage": TEXTS,
    },
)


@settings(deadline=None, max_examples=50)
@given(st.dictionaries(NAMES, VALUES, max_size=4), st.dictionaries(st.text(max_size=3), STATES))
def test_no_definition_raises(rest: dict[str, Any], states: dict[str, Any]) -> None:
    for definition in (rest, {**rest, "States": states}):
        found = derive_permissions(definition, place=PLACE, machine="orders")
        json.dumps(found.statements)
        assert all(each.code in CODES for each in (*found.wide_permissions, *found.unknown_calls))


def replace_members(value: Any, by: Any) -> Iterator[Any]:
    """The value, each time with another one of its members replaced."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield {**value, key: by}
            yield from ({**value, key: each} for each in replace_members(member, by))


@pytest.mark.parametrize("by", [5, 1.5, True, [], ["a"], [None], {}, {"a": 1}, "", " ", "arn:"])
def test_no_parameter_raises(by: Any) -> None:
    for case in CASES:
        for parameters in replace_members(case.parameters, by):
            json.dumps(derive_state(task(case.resource, parameters)).statements)


def make_states(count: int) -> dict[str, Any]:
    """Many states that all use different resources."""
    resources = [
        ("lambda:invoke", "FunctionName"),
        ("dynamodb:putItem", "TableName"),
        ("aws-sdk:s3:listObjectsV2", "Bucket"),
        ("sagemaker:createModel", "ModelName"),
        ("aws-sdk:kinesis:putRecord", "StreamName"),
    ]
    return {
        f"State {number}": task(resource, {parameter: f"name-{number}"})
        for number in range(count)
        for resource, parameter in [resources[number % len(resources)]]
    }


def test_order_of_states_does_not_matter() -> None:
    states = [*make_states(40).items()]
    found = set()
    for seed in range(5):
        random.Random(seed).shuffle(states)
        result = derive_permissions({"States": dict(states)}, place=PLACE, machine="orders")
        found.add(json.dumps(result.statements))
    assert len(found) == 1


def test_work_grows_linearly_with_states() -> None:
    def work(count: int) -> int:
        definition = {"States": make_states(count)}
        return count_calls(lambda: derive_permissions(definition, place=PLACE, machine="orders"))

    work(20)  # reads the table of the aws-sdk calls
    assert work(400) <= 12 * work(40)
