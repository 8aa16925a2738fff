"""The checks on real, random and large definitions, and references of any form."""

from __future__ import annotations

from typing import Any

import pytest
from fit.workflows import make_pipeline, put_object
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import DEFINITIONS, needs_samples
from work_counter import count_calls

from sfn_s3_cli import fit
from sfn_s3_cli.asl.permissions.derive import derive_permissions
from sfn_s3_cli.documents import json, yaml
from sfn_s3_cli.events import SOURCES
from sfn_s3_cli.events.execution_input import describe_input
from sfn_s3_cli.fit.known_values import predict_values
from sfn_s3_cli.fit.references import find_references, write_reference
from sfn_s3_cli.iam.arns import Place


@needs_samples
@pytest.mark.parametrize("via", SOURCES)
@pytest.mark.parametrize("given_as", ["event", "object"])
def test_real_definitions_only_lack_event_fields(via: str, given_as: str) -> None:
    """They are not written for these events: what they read from their input is truly missing."""
    assert len(DEFINITIONS) > 50
    config = make_pipeline(via=via, input=given_as, prefix="in/")
    event = describe_input(config.trigger)
    for path in DEFINITIONS:
        parse = json.parse if path.suffix == ".json" else yaml.parse
        for finding in fit.check_definition(config, parse(path.read_text(), str(path)).value):
            assert finding.code == "EVENT_FIELD", path.name
            if finding.severity == "error":
                [reference] = find_references(finding.message.split("`")[1], "JSONPath")
                assert event.find_missing(reference.field) is not None, path.name


NAMES = st.sampled_from(["detail", "object", "key", "version-id", "a b", "x_1"])


@settings(deadline=None, max_examples=50)
@given(field=st.lists(NAMES, max_size=4).map(tuple))
@pytest.mark.parametrize("root", ["$", "$$.Execution.Input", "$states.input"])
def test_every_form_of_reference_is_found(root: str, field: tuple[str, ...]) -> None:
    text = write_reference(root, field)
    is_jsonata = root.startswith("$states")
    written, language = (f"{{% {text} %}}", "JSONata") if is_jsonata else (text, "JSONPath")
    found = [(each.root, each.field) for each in find_references(written, language)]
    assert found == [(root, field)]


TEXTS = st.sampled_from(
    [
        *("A", "B", "$.detail.bucket.name", "$.a", "{% $states.input.x & 'y' %}", "{%%}", "$", ""),
        *("Task", "Pass", "Map", "Choice", "Parallel", "JSONata", "s3://acme-orders/x"),
        *("States.Format('{}', $.x", "arn:aws:states:::s3:putObject", "acme-orders", "'", "$['"),
    ]
)
KEYS = st.sampled_from(
    [
        *("StartAt", "States", "Type", "Next", "Choices", "Variable", "IsPresent", "Branches"),
        *("Parameters", "Arguments", "Bucket", "Key", "Key.$", "Resource", "ResultWriter", "Catch"),
        *("ItemProcessor", "InputPath", "OutputPath", "ResultPath", "Output", "A", "B"),
    ]
)
SCALARS = st.none() | st.booleans() | st.integers() | TEXTS | st.text(max_size=5)
ANYTHING = st.recursive(
    SCALARS,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(KEYS, inside, max_size=5),
    max_leaves=30,
)
STATE = st.fixed_dictionaries(
    {"Type": TEXTS}, optional=dict.fromkeys(["Next", "Parameters", "Choices", "Catch"], ANYTHING)
) | st.dictionaries(KEYS, ANYTHING, max_size=6)


@settings(deadline=None, max_examples=100)
@given(
    definition=st.dictionaries(KEYS, ANYTHING, max_size=5)
    | st.fixed_dictionaries(
        {"StartAt": st.just("A"), "States": st.dictionaries(st.sampled_from("AB"), STATE)}
    )
)
def test_no_definition_makes_the_checks_raise(definition: dict[str, Any]) -> None:
    config = make_pipeline(via="s3")
    for finding in fit.check_definition(config, definition):
        value: Any = definition
        for key in finding.path:
            value = value[key]
    place, known = Place("aws", "123456789012", "eu-west-1"), predict_values(config, definition)
    derive_permissions(definition, place=place, machine="orders", cases=known)


def make_chain(states: int) -> dict[str, Any]:
    """States that each read, add and go back."""

    def step(number: int) -> dict[str, Any]:
        return put_object(**{"Key.$": "States.Format('in/{}', $.bucket)"}) | {
            "ResultPath": f"$.result{number % 9}",
            "Catch": [{"Next": f"S{number // 2}", "ResultPath": "$.error"}],
            "Next": f"S{number + 1}",
        }

    return {"StartAt": "S0", "States": {f"S{number}": step(number) for number in range(states)}}


def test_work_grows_linearly_with_the_states() -> None:
    def work(states: int) -> int:
        definition = make_chain(states)
        return count_calls(lambda: fit.check_definition(make_pipeline(prefix="in/"), definition))

    work(10)
    assert work(400) <= 12 * work(40)
