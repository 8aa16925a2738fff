"""Where the event goes: from field to field of a state, and from state to state."""

from __future__ import annotations

from typing import Any

import pytest
from fit.workflows import LAMBDA, check_paths, make_definition, read_path, task

WRONG_PATH = "$.detail.bucket.name"

PLACES: list[tuple[str, dict[str, Any], list[str]]] = [
    ("InputPath", {"Type": "Pass", "InputPath": WRONG_PATH}, ["error A.InputPath"]),
    ("OutputPath", {"Type": "Succeed", "OutputPath": WRONG_PATH}, ["error A.OutputPath"]),
    ("OutputPath of a result", task() | {"OutputPath": "$.Payload"}, []),
    ("ResultPath", task() | {"ResultPath": WRONG_PATH}, []),
    ("SecondsPath", {"Type": "Wait", "SecondsPath": WRONG_PATH}, ["error A.SecondsPath"]),
    (
        "an intrinsic",
        task(**{"x.$": "States.Format('{}', $.detail.bucket.name)"}),
        ["error A.Parameters.x.$"],
    ),
    ("a literal", task(x="$.detail.bucket.name", xPath="$.detail.bucket.name"), []),
    ("inside a list", task(x=[{"y.$": WRONG_PATH}]), ["error A.Parameters.x.0.y.$"]),
    ("ResultSelector", task() | {"ResultSelector": {"x.$": WRONG_PATH}}, []),
    ("Assign of a result", task() | {"Assign": {"x.$": WRONG_PATH}}, []),
    (
        "Assign of an input",
        {"Type": "Pass", "Assign": {"x.$": WRONG_PATH}},
        ["error A.Assign.x.$"],
    ),
    ("Pass", {"Type": "Pass", "Parameters": {"x.$": WRONG_PATH}}, ["error A.Parameters.x.$"]),
    ("Result", {"Type": "Pass", "Result": {"x.$": WRONG_PATH}}, []),
    ("CausePath", {"Type": "Fail", "CausePath": WRONG_PATH}, ["warning A.CausePath"]),
    (
        "a caught failure",
        task(**{"x.$": WRONG_PATH}) | {"Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Z"}]},
        ["warning A.Parameters.x.$"],
    ),
    (
        "a Map",
        {
            "Type": "Map",
            "ItemsPath": "$.detail.bucket.name",
            "ItemSelector": {"x.$": "$.detail.object.key"},
            "ItemProcessor": read_path("$.anything"),
        },
        ["error A.ItemsPath", "warning A.ItemSelector.x.$"],
    ),
    (
        "the reader of a Map",
        {
            "Type": "Map",
            "ItemReader": {"Parameters": {"Bucket.$": "$.detail.bucket.name"}},
            "ItemProcessor": read_path("$$.Execution.Input.bucket"),
        },
        [
            "error A.ItemReader.Parameters.Bucket.$",
            "warning A.ItemProcessor.States.A.Parameters.x.$",
        ],
    ),
    (
        "a distributed Map, whose items run in other executions",
        {
            "Type": "Map",
            "ItemProcessor": read_path("$$.Execution.Input.bucket")
            | {"ProcessorConfig": {"Mode": "DISTRIBUTED"}},
        },
        [],
    ),
    (
        "branches get the input",
        {"Type": "Parallel", "Branches": [read_path(WRONG_PATH), read_path("$.detail.object.key")]},
        [
            "error A.Branches.0.States.A.Parameters.x.$",
            "error A.Branches.1.States.A.Parameters.x.$",
        ],
    ),
    (
        "branches with Parameters",
        {"Type": "Parallel", "Parameters": {}, "Branches": [read_path(WRONG_PATH)]},
        [],
    ),
    (
        "branches after InputPath",
        {
            "Type": "Parallel",
            "InputPath": "$.detail",
            "Branches": [read_path("$.detail.eventName"), read_path("$.eventName")],
        },
        ["warning A.Branches.0.States.A.Parameters.x.$"],
    ),
    (
        "tests",
        {
            "Type": "Choice",
            "Choices": [
                {
                    "And": [
                        {"Variable": "$.detail.bucket.name", "StringEquals": "a"},
                        {
                            "Variable": "$.detail.object.key",
                            "StringEqualsPath": "$.detail.object.etag",
                        },
                    ],
                    "Next": "A",
                },
                {"Not": {"Variable": "$.size", "IsNull": True}, "Next": "A"},
            ],
        },
        [
            "error A.Choices.0.And.0.Variable",
            "warning A.Choices.0.And.1.Variable",
            "warning A.Choices.0.And.1.StringEqualsPath",
            "warning A.Choices.1.Not.Variable",
        ],
    ),
]


@pytest.mark.parametrize(
    ("state", "expected"), [row[1:] for row in PLACES], ids=[row[0] for row in PLACES]
)
def test_severity_depends_on_where_the_path_is(state: dict[str, Any], expected: list[str]) -> None:
    assert check_paths(make_definition(state), via="cloudtrail") == expected


READS = task(**{"x.$": WRONG_PATH})
FLOWS: list[tuple[str, list[dict[str, Any]], list[str]]] = [
    ("Pass passes on its input", [{"Type": "Pass"}, READS], ["error B.Parameters.x.$"]),
    (
        "Wait passes on its input",
        [{"Type": "Wait", "Seconds": 1}, READS],
        ["error B.Parameters.x.$"],
    ),
    ("a task's result replaces it", [task(), READS], []),
    ("a discarded result", [task() | {"ResultPath": None}, READS], ["error B.Parameters.x.$"]),
    (
        "a result is added to the input",
        [task() | {"ResultPath": "$.detail.bucket"}, READS, task(**{"x.$": "$.detail.object.key"})],
        [],
    ),
    (
        "a result is added under another name",
        [
            task() | {"ResultPath": "$.result.x"},
            task(**{"x.$": "$.result.y", "y.$": "$.detail.object.key"}),
        ],
        ["error B.Parameters.y.$"],
    ),
    ("a Pass with a Result", [{"Type": "Pass", "Result": {}}, READS], []),
    ("a Pass with Parameters", [{"Type": "Pass", "Parameters": {}}, READS], []),
    (
        "OutputPath selects",
        [{"Type": "Pass", "OutputPath": "$.detail"}, task(**{"x.$": "$.bucket.name"})],
        ["error B.Parameters.x.$"],
    ),
    ("InputPath null", [{"Type": "Pass", "InputPath": None}, READS], []),
    (
        "a missing field is reported once",
        [{"Type": "Pass", "InputPath": "$.detail.object"}, task(**{"x.$": "$.id"})],
        ["error A.InputPath"],
    ),
    (
        "after a Choice nothing is certain",
        [
            {"Type": "Choice", "Choices": [{"Variable": "$.id", "IsString": True, "Next": "B"}]},
            READS,
        ],
        ["warning B.Parameters.x.$"],
    ),
    (
        "the definition tells events apart",
        [
            {
                "Type": "Choice",
                "Choices": [{"Variable": "$.source", "IsString": True, "Next": "B"}],
            },
            READS,
        ],
        [],
    ),
    (
        "the definition tests if the field exists",
        [
            {
                "Type": "Choice",
                "Choices": [{"Variable": "$.detail.bucket.name", "IsPresent": True, "Next": "B"}],
            },
            READS,
        ],
        [],
    ),
    (
        "an error is added to the input",
        [
            task()
            | {"ResultPath": None, "Catch": [{"Next": "C", "ResultPath": "$.error"}], "Next": "B"},
            READS | {"ResultPath": None, "Next": "C"},
            task(**{"x.$": "$.error.Cause", "y.$": "$.detail.object.key"}),
        ],
        ["warning B.Parameters.x.$", "warning C.Parameters.y.$"],
    ),
    (
        "an error replaces the input",
        [
            task() | {"ResultPath": None, "Catch": [{"Next": "C"}], "Next": "B"},
            {"Type": "Pass"},
            READS,
        ],
        [],
    ),
    (
        "a loop adds a field",
        [
            READS | {"ResultPath": "$.status"},
            {
                "Type": "Choice",
                "Choices": [{"Variable": "$.status", "IsNull": False, "Next": "A"}],
                "Default": "C",
            },
            task(**{"x.$": "$.detail.object.key"}),
        ],
        ["error A.Parameters.x.$", "warning C.Parameters.x.$"],
    ),
]


@pytest.mark.parametrize(
    ("states", "expected"), [row[1:] for row in FLOWS], ids=[row[0] for row in FLOWS]
)
def test_event_is_followed_from_state_to_state(
    states: list[dict[str, Any]], expected: list[str]
) -> None:
    assert check_paths(make_definition(*states), via="cloudtrail") == expected


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ({"Type": "Pass"}, ["warning B.Output"]),
        ({"Type": "Pass", "Output": "{% 1 %}"}, []),
        ({"Type": "Task", "Resource": LAMBDA}, []),
        ({"Type": "Pass", "Assign": {"x": 1}}, ["warning B.Output"]),
    ],
)
def test_jsonata_state_passes_on_its_output(first: dict[str, Any], expected: list[str]) -> None:
    second = {"Type": "Pass", "Output": "{% $states.input.bucket %}"}
    assert check_paths(make_definition(first, second, QueryLanguage="JSONata")) == expected
