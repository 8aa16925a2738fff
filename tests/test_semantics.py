"""Whether definition and trigger fit: the event's fields, endless loops, affixes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from effort import calls
from hypothesis import given, settings
from hypothesis import strategies as st

from sfn_s3_cli import fit
from sfn_s3_cli.asl.permissions.derive import derive
from sfn_s3_cli.asl.permissions.extra_grants import BESIDES
from sfn_s3_cli.asl.permissions.integrations import TABLE
from sfn_s3_cli.asl.permissions.sdk_exceptions import DEVIATIONS
from sfn_s3_cli.config.schema import Pipeline
from sfn_s3_cli.documents import json as json_file
from sfn_s3_cli.documents import yaml as yaml_file
from sfn_s3_cli.documents.findings import RULES, Finding
from sfn_s3_cli.events.shapes import delivered
from sfn_s3_cli.fit import loops
from sfn_s3_cli.fit.known_values import reveal
from sfn_s3_cli.fit.references import references, spelled
from sfn_s3_cli.iam.arns import Place

SHARED = Path(__file__).parents[1] / "../shared/samples"
SAMPLES = sorted((SHARED / "asl").glob("*.asl.*"))
LAMBDA = "arn:aws:states:::lambda:invoke"


def pipeline(**trigger: Any) -> Pipeline:
    return Pipeline.model_validate(
        {
            "name": "orders",
            "bucket": "acme-orders",
            "trigger": trigger,
            "state_machine": {"definition": "workflow.asl.json"},
        }
    )


def machine(*states: dict[str, Any], **also: Any) -> dict[str, Any]:
    """A definition of states A, B, C: each is followed by the next unless it says otherwise."""
    names = "ABCDEFGH"[: len(states)]
    linked = {}
    for number, (name, state) in enumerate(zip(names, states, strict=True)):
        ends = {"End", "Next", "Choices"} & state.keys() or state["Type"] in {"Succeed", "Fail"}
        last = {"End": True} if number + 1 == len(states) else {"Next": names[number + 1]}
        linked[name] = state if ends else state | last
    return {"StartAt": "A", "States": linked, **also}


def told(finding: Finding) -> str:
    assert finding.code in RULES
    path = ".".join(map(str, finding.path))
    return f"{finding.severity} {finding.code} {path}: {finding.message} ({finding.remedy})"


def of(definition: Any, **trigger: Any) -> list[str]:
    return [told(each) for each in fit.of_definition(pipeline(**trigger), definition)]


def brief(definition: Any, **trigger: Any) -> list[str]:
    """The findings as `severity path`."""
    found = fit.of_definition(pipeline(**trigger), definition)
    return [f"{each.severity} {'.'.join(map(str, each.path[1:]))}" for each in found]


def task(**parameters: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": LAMBDA, "Parameters": parameters}


def reading(path: str) -> dict[str, Any]:
    return machine(task(**{"x.$": path}))


WRONG = [
    (
        {"via": "cloudtrail"},
        "$.detail.bucket.name",
        (
            "the event of `via: cloudtrail` has no `detail.bucket`"
            " (read `$.detail.requestParameters.bucketName`)"
        ),
    ),
    (
        {"via": "cloudtrail"},
        "$.detail.object.key",
        (
            "the event of `via: cloudtrail` has no `detail.object`"
            " (read `$.detail.requestParameters.key`)"
        ),
    ),
    (
        {"via": "cloudtrail"},
        "$.detail.object.size",
        (
            "the event of `via: cloudtrail` has no `detail.object`"
            " (set `trigger.via: s3`, whose input has it)"
        ),
    ),
    (
        {"via": "cloudtrail"},
        "$.bucket",
        (
            "the event of `via: cloudtrail` has no `bucket`"
            " (read `$.detail.requestParameters.bucketName`, or set `trigger.input: object`)"
        ),
    ),
    (
        {"via": "s3"},
        "$.detail.requestParameters.key",
        "the event of `via: s3` has no `detail.requestParameters` (read `$.detail.object.key`)",
    ),
    (
        {"via": "s3"},
        "$.detail.requestParameters",
        (
            "the event of `via: s3` has no `detail.requestParameters`"
            " (read `$.detail.bucket.name` and `$.detail.object.key`)"
        ),
    ),
    (
        {"via": "s3"},
        "$.detail.sourceIPAddress",
        (
            "the event of `via: s3` has no `detail.sourceIPAddress`"
            " (read `$.detail['source-ip-address']`)"
        ),
    ),
    (
        {"via": "s3"},
        "$.Records[0].s3.object.key",
        "the event of `via: s3` has no `Records` (read `$.detail.object.key`)",
    ),
    (
        {"via": "s3", "events": ["deleted"]},
        "$.detail.object.size",
        (
            "the event of `via: s3` has no `detail.object.size`"
            " (read one of `etag`, `key`, `sequencer`, `version-id` of `$.detail.object`)"
        ),
    ),
    (
        {"via": "s3"},
        "$.account.id",
        "the event of `via: s3` has no `account.id` (read `$.account` itself, it is a plain value)",
    ),
    (
        {"via": "s3", "input": "object"},
        "$.detail.bucket.name",
        "the object document of `via: s3` has no `detail` (read `$.bucket`)",
    ),
    (
        {"via": "cloudtrail", "input": "object"},
        "$.size",
        (
            "the object document of `via: cloudtrail` has no `size`"
            " (set `trigger.via: s3`, whose input has it)"
        ),
    ),
    (
        {"via": "s3", "input": "object"},
        "$.region",
        (
            "the object document of `via: s3` has no `region`"
            " (set `trigger.input: event`, whose input has it)"
        ),
    ),
    (
        {"via": "s3", "input": "object"},
        "$.order",
        (
            "the object document of `via: s3` has no `order` (read one of `bucket`, `etag`,"
            " `event`, `key`, `requester`, `size`, `time`, `via` of `$`)"
        ),
    ),
]


@pytest.mark.parametrize(("trigger", "path", "words"), WRONG)
def test_a_field_that_is_not_delivered_is_told_with_what_to_read(
    trigger: dict[str, Any], path: str, words: str
) -> None:
    # What no form of the event has, or what is named plainly, may come from somebody else.
    is_doubtful = path == "$.bucket" or "read one of" in words or "itself" in words
    where = f"{'warning' if is_doubtful else 'error'} EVENT_FIELD States.A.Parameters.x.$"
    assert of(reading(path), **trigger) == [f"{where}: state 'A' reads `{path}`, but {words}"]


FINE = [
    ({"via": "cloudtrail"}, "$.detail.requestParameters.bucketName"),
    ({"via": "cloudtrail"}, "$.detail.requestParameters.anything"),
    ({"via": "cloudtrail"}, "$.detail.userIdentity.sessionContext.attributes"),
    ({"via": "cloudtrail"}, "$.detail.resources[0].ARN"),
    ({"via": "s3"}, "$.detail.object['version-id']"),
    ({"via": "s3"}, "$['detail-type']"),
    ({"via": "s3"}, "$.detail-type"),
    ({"via": "s3"}, "$"),
    ({"via": "s3"}, "$.resources[0]"),
    ({"via": "s3"}, "$.resources[?(@ == '$.bucket')]"),
    ({"via": "s3"}, "$..bucketName"),
    ({"via": "s3"}, "$.*"),
    ({"via": "s3"}, "$bucket"),
    ({"via": "s3"}, "$order.bucket"),
    ({"via": "s3"}, "$$.Execution.Id"),
    ({"via": "s3"}, "$$.Execution.Input.detail.bucket.name"),
    ({"via": "s3"}, "$$.Task.Token"),
    ({"via": "s3"}, "States.Format('$.bucket {}', $.detail.object.key)"),
    ({"via": "s3", "events": ["created", "deleted"]}, "$.detail.object.size"),
    ({"via": "s3", "events": ["created", "deleted"]}, "$.detail.deletion-type"),
    ({"via": "s3", "input": "object"}, "$.etag"),
    ({"via": "cloudtrail", "input": "object"}, "$.via"),
]


@pytest.mark.parametrize(("trigger", "path"), FINE)
def test_a_field_that_may_be_there_is_no_finding(trigger: dict[str, Any], path: str) -> None:
    assert of(reading(path), **trigger) == []


@pytest.mark.parametrize(
    ("via", "name"), [("cloudtrail", "cloudtrail-put-object"), ("s3", "s3-object-created")]
)
def test_every_field_of_the_real_events_is_known(via: str, name: str) -> None:
    event = json.loads((SHARED / f"events/{name}.json").read_text())
    shape = delivered(pipeline(via=via).trigger)

    def fields(value: Any, names: tuple[str, ...]) -> list[tuple[str, ...]]:
        inside = value.items() if isinstance(value, dict) else ()
        return [names, *(each for key, value in inside for each in fields(value, (*names, key)))]

    assert len(fields(event, ())) > 20
    assert [names for names in fields(event, ()) if shape.missing(names) is not None] == []


@pytest.mark.parametrize(
    "path",
    [
        "$.detail.order",  # AWS may have added it
        "$.Records[*].s3",
        "$.Records[?(@.x)]",
    ],
)
def test_what_is_not_certain_is_a_warning(path: str) -> None:
    assert brief(reading(path), via="s3") == ["warning A.Parameters.x.$"]


WRONG_PATH = "$.detail.bucket.name"
SURE = "error"
UNSURE = "warning"

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
            "ItemProcessor": reading("$.anything"),
        },
        ["error A.ItemsPath", "warning A.ItemSelector.x.$"],
    ),
    (
        "the reader of a Map",
        {
            "Type": "Map",
            "ItemReader": {"Parameters": {"Bucket.$": "$.detail.bucket.name"}},
            "ItemProcessor": reading("$$.Execution.Input.bucket"),
        },
        [
            "error A.ItemReader.Parameters.Bucket.$",
            "warning A.ItemProcessor.States.A.Parameters.x.$",
        ],
    ),
    (
        "a distributed Map, whose items have executions of their own",
        {
            "Type": "Map",
            "ItemProcessor": reading("$$.Execution.Input.bucket")
            | {"ProcessorConfig": {"Mode": "DISTRIBUTED"}},
        },
        [],
    ),
    (
        "branches, which get the input",
        {"Type": "Parallel", "Branches": [reading(WRONG_PATH), reading("$.detail.object.key")]},
        [
            "error A.Branches.0.States.A.Parameters.x.$",
            "error A.Branches.1.States.A.Parameters.x.$",
        ],
    ),
    (
        "branches with an input of their own",
        {"Type": "Parallel", "Parameters": {}, "Branches": [reading(WRONG_PATH)]},
        [],
    ),
    (
        "branches after InputPath",
        {
            "Type": "Parallel",
            "InputPath": "$.detail",
            "Branches": [reading("$.detail.eventName"), reading("$.eventName")],
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
def test_where_a_path_stands_decides_how_bad_it_is(
    state: dict[str, Any], expected: list[str]
) -> None:
    assert brief(machine(state), via="cloudtrail") == expected


READS = task(**{"x.$": WRONG_PATH})
FLOWS: list[tuple[str, list[dict[str, Any]], list[str]]] = [
    ("Pass hands its input on", [{"Type": "Pass"}, READS], ["error B.Parameters.x.$"]),
    (
        "Wait hands its input on",
        [{"Type": "Wait", "Seconds": 1}, READS],
        ["error B.Parameters.x.$"],
    ),
    ("a task's result replaces it", [task(), READS], []),
    ("a result is left out", [task() | {"ResultPath": None}, READS], ["error B.Parameters.x.$"]),
    (
        "a result is added",
        [task() | {"ResultPath": "$.detail.bucket"}, READS, task(**{"x.$": "$.detail.object.key"})],
        [],
    ),
    (
        "a result is added elsewhere",
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
        "one that is missing is said once",
        [{"Type": "Pass", "InputPath": "$.detail.object"}, task(**{"x.$": "$.id"})],
        ["error A.InputPath"],
    ),
    (
        "after a Choice nothing is sure",
        [
            {"Type": "Choice", "Choices": [{"Variable": "$.id", "IsString": True, "Next": "B"}]},
            READS,
        ],
        ["warning B.Parameters.x.$"],
    ),
    (
        "who knows the kinds of events",
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
        "what is asked for may be missing",
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
        "an error is added",
        [
            task()
            | {"ResultPath": None, "Catch": [{"Next": "C", "ResultPath": "$.error"}], "Next": "B"},
            READS | {"ResultPath": None, "Next": "C"},
            task(**{"x.$": "$.error.Cause", "y.$": "$.detail.object.key"}),
        ],
        ["warning B.Parameters.x.$", "warning C.Parameters.y.$"],
    ),
    (
        "an error replaces",
        [
            task() | {"ResultPath": None, "Catch": [{"Next": "C"}], "Next": "B"},
            {"Type": "Pass"},
            READS,
        ],
        [],
    ),
    (
        "a loop that adds",
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
def test_the_event_is_followed_from_state_to_state(
    states: list[dict[str, Any]], expected: list[str]
) -> None:
    assert brief(machine(*states), via="cloudtrail") == expected


@pytest.mark.parametrize(
    ("path", "remedy"),
    [
        ("$.detail.eventNames", "did you mean 'eventName'?"),
        ("$.detail.order", "read a field of `$.detail`"),
    ],
)
def test_of_many_fields_only_the_nearest_is_named(path: str, remedy: str) -> None:
    [finding] = fit.of_definition(pipeline(via="cloudtrail"), reading(path))
    assert finding.remedy == remedy


def test_the_remedy_is_written_as_the_reference_is() -> None:
    selecting = {"Type": "Pass", "OutputPath": "$.detail"}
    reads = [
        task(**{"x.$": "$.requestParameters.key"}) | {"ResultPath": None},
        {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.input.eventTime %}"},
    ]
    found = fit.of_definition(pipeline(via="s3"), machine(selecting, *reads))
    assert [each.remedy for each in found] == [
        "read `$.object.key`",
        "read `$states.context.Execution.Input.time`",
    ]


def test_what_one_expression_reads_twice_is_said_once() -> None:
    assert len(of(reading("States.Format('{}{}', $.order, $.order)"), via="s3")) == 1


JSONATA = [
    (
        "$states.input.detail.bucket.name",
        "read `$states.input.detail.requestParameters.bucketName`",
    ),
    (
        "'a' & $states.context.Execution.Input.detail.object.key",
        "read `$states.context.Execution.Input.detail.requestParameters.key`",
    ),
    ("$count( $states . input . `detail` . object )", None),
    (
        "$uppercase($states.input.detail.`object`.`version-id`)",
        "read `$states.input.detail.responseElements.`x-amz-version-id``",
    ),
    ("$exists($states.input.detail.object.key)", None),
    ("$states.input.bucket ? 'yes' : 'no'", None),
    ("'$states.input.bucket' & \"$states.input.key\" /* $states.input.x */", None),
    ("$states.input.detail.requestParameters.bucketName", None),
    ("$states.result.bucket", None),
    ("$mystates.input.bucket", None),
    ("$states.inputs.bucket", None),
]


@pytest.mark.parametrize(("expression", "remedy"), JSONATA)
def test_jsonata_is_read_too(expression: str, remedy: str | None) -> None:
    """An expression that is nothing but a field fails without it; others may do something else."""
    severity = "error" if re.fullmatch(r"[$.\w]+", expression) else "warning"
    state = {"Type": "Task", "Resource": LAMBDA, "Arguments": [f"{{% {expression} %}}"]}
    found = fit.of_definition(pipeline(), machine(state, QueryLanguage="JSONata"))
    expected = [] if remedy is None else [(severity, remedy)]
    assert [(str(each.severity), each.remedy) for each in found] == expected


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ({"Type": "Pass"}, ["warning B.Output"]),
        ({"Type": "Pass", "Output": "{% 1 %}"}, []),
        ({"Type": "Task", "Resource": LAMBDA}, []),
        ({"Type": "Pass", "Assign": {"x": 1}}, ["warning B.Output"]),
    ],
)
def test_jsonata_hands_on_what_output_says(first: dict[str, Any], expected: list[str]) -> None:
    second = {"Type": "Pass", "Output": "{% $states.input.bucket %}"}
    assert brief(machine(first, second, QueryLanguage="JSONata")) == expected


def put(**parameters: Any) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:s3:putObject",
        "Parameters": {"Bucket": "acme-orders", "Body": "x", **parameters},
    }


def calling(call: str, **parameters: Any) -> dict[str, Any]:
    resource = f"arn:aws:states:::{call}"
    return {"Type": "Task", "Resource": resource, "Parameters": parameters}


S3_BUCKET, S3_KEY = "$.detail.bucket.name", "$.detail.object.key"
BOTH = {"prefix": "in/", "suffix": ".csv"}
# trigger, state, severity
LOOPS: list[tuple[dict[str, Any], dict[str, Any], str | None]] = [
    ({"prefix": "in/"}, put(Key="in/copy"), "error"),
    ({"prefix": "in/"}, put(Key="out/copy"), None),
    ({"prefix": ["a/", "in/"]}, put(Key="in/copy"), "error"),
    ({}, put(Key="out/copy"), "error"),
    ({}, put(**{"Key.$": "$.detail.id"}), "error"),
    ({"prefix": "in/"}, put(Bucket="acme-results", Key="in/copy"), None),
    ({"prefix": "in/"}, put(Key="in/copy", IfNoneMatch="*"), None),
    ({"prefix": "in/", "events": ["deleted"]}, put(Key="in/copy"), None),
    (BOTH, put(Key="in/copy.csv"), "error"),
    (BOTH, put(Key="in/copy.json"), None),
    (BOTH, put(**{"Key.$": "States.Format('in/{}', $.id)"}), "warning"),
    (BOTH, put(**{"Key.$": "States.Format('in/{}.csv', $.id)"}), "error"),
    (BOTH, put(**{"Key.$": "States.Format('in/{}.json', $.id)"}), None),
    (BOTH, put(**{"Key.$": S3_KEY}), "error"),
    (BOTH, put(**{"Key.$": f"States.Format('{{}}', {S3_KEY})"}), "error"),
    (BOTH, put(**{"Key.$": f"States.Format('{{}}.done', {S3_KEY})"}), None),
    ({"suffix": ".csv"}, put(**{"Key.$": f"States.Format('out/{{}}', {S3_KEY})"}), "error"),
    ({"prefix": "in/"}, put(**{"Key.$": f"States.Format('out/{{}}', {S3_KEY})"}), None),
    ({"prefix": "in/"}, put(**{"Key.$": f"States.Format('{{}}/{{}}', 'out', {S3_KEY})"}), None),
    ({"prefix": "in/"}, put(**{"Key.$": r"States.Format('\{{}', $.id)"}), None),
    ({"prefix": "in/"}, put(**{"Key.$": "States.Format('{}/x', States.UUID())"}), "warning"),
    ({"prefix": "in/"}, put(**{"Key.$": "$$.Execution.Input.detail.object.key"}), "error"),
    ({"prefix": "in/"}, put(**{"Key.$": "$name"}), "warning"),
    ({"prefix": "in/"}, calling("s3:putObject", **{"Bucket.$": S3_BUCKET, "Key": "in/a"}), "error"),
    ({"prefix": "in/"}, calling("aws-sdk:s3:copyObject", Key="in/a"), None),
    (
        {"via": "cloudtrail", "prefix": "in/"},
        calling(
            "aws-sdk:s3:copyObject",
            **{
                "Bucket.$": "$.detail.requestParameters.bucketName",
                "Key.$": "$.detail.requestParameters.key",
            },
        ),
        "error",
    ),
    (
        {"input": "object", "prefix": "in/"},
        calling("aws-sdk:s3:copyObject", **{"Bucket.$": "$.bucket", "Key.$": "$.key"}),
        "error",
    ),
    (
        {"prefix": "in/"},
        calling(
            "athena:startQueryExecution.sync",
            ResultConfiguration={"OutputLocation": "s3://acme-orders/in/x"},
        ),
        "error",
    ),
    (
        {"prefix": "in/"},
        calling(
            "aws-sdk:athena:startQueryExecution",
            ResultConfiguration={"OutputLocation": "s3://acme-orders"},
        ),
        "warning",
    ),
    (
        {"prefix": "in/"},
        calling(
            "athena:startQueryExecution",
            ResultConfiguration={"OutputLocation": "s3://acme-orders/out/"},
        ),
        None,
    ),
    (
        {"prefix": "in/"},
        calling(
            "athena:startQueryExecution",
            ResultConfiguration={
                "OutputLocation.$": f"States.Format('s3://{{}}/in/{{}}', {S3_BUCKET}, $.id)"
            },
        ),
        "error",
    ),
    ({}, calling("bedrock:invokeModel", Output={"S3Uri": "s3://acme-orders/in/a"}), "error"),
    ({}, calling("bedrock:invokeModel", Output="s3://acme-orders/in/a"), None),
    ({"prefix": "in/"}, put(Key=1), "warning"),
    ({}, calling("lambda:invoke", Bucket="acme-orders", Key="in/a"), None),
    (
        {"events": ["deleted"], "via": "cloudtrail"},
        calling("aws-sdk:s3:deleteObject", Bucket="acme-orders", Key="a"),
        "error",
    ),
    (
        {"events": ["deleted"]},
        calling("aws-sdk:s3:deleteObject", Bucket="acme-orders", Key="a"),
        "warning",
    ),
    ({}, calling("aws-sdk:s3:deleteObject", Bucket="acme-orders", Key="a"), None),
    ({"events": ["deleted"]}, put(Key="a"), None),
    (
        {"prefix": "in/"},
        put(**{"Key.$": "States.Format('{}/{}', 'in/a,b', $.detail.object.key)"}),
        "error",
    ),
    (
        {"prefix": "in/"},
        put(**{"Key.$": "States.Format('{}/{}', 'out', States.UUID())"}),
        None,
    ),
    ({"prefix": "in/"}, calling("aws-sdk:s3:putObject", bucket="acme-orders", key="in/a"), "error"),
    (
        {"prefix": "in/"},
        {
            **put(Key="in/copy"),
            "Resource": "arn:aws:states:eu-west-1:123456789012:aws-sdk:s3service:putObject",
        },
        "error",
    ),
    (
        {"prefix": "in/"},
        {
            "Type": "Map",
            "ItemProcessor": machine({"Type": "Succeed"}),
            "ResultWriter": {
                "Resource": "arn:aws:states:::s3:putObject",
                "Parameters": {"Bucket": "acme-orders", "Prefix": "in/results"},
            },
        },
        None,
    ),
    (
        {"prefix": "in/"},
        {
            "Type": "Map",
            "ItemProcessor": {
                **machine({"Type": "Succeed"}),
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            },
            "ResultWriter": {
                "Resource": "arn:aws:states:::s3:putObject",
                "Parameters": {"Bucket": "acme-orders", "Prefix": "in"},
            },
        },
        "error",
    ),
]


@pytest.mark.parametrize(("trigger", "state", "severity"), LOOPS)
def test_a_workflow_that_starts_itself_is_found(
    trigger: dict[str, Any], state: dict[str, Any], severity: str | None
) -> None:
    found = fit.of_definition(pipeline(**{"via": "s3", **trigger}), machine(state))
    loops = [str(each.severity) for each in found if each.code == "ENDLESS_LOOP"]
    assert loops == ([severity] if severity else [])


JSONATA_KEYS = [
    ("'in/' & $states.input.id", "warning"),
    ("'in/' & $string($f(1, '&')) & '.csv'", "error"),
    ("'out/' & $states.input.detail.object.key", None),
    ("$states.input.detail.object.key", "error"),
    ("$states.input.detail.object.key & '.json'", None),
    ("'out/' & x = y ? 'in/a.csv' : 'in/b.csv'", "warning"),
    ("$states.input.detail.object.key & '", "warning"),
    ("", "warning"),
]


@pytest.mark.parametrize(("expression", "severity"), JSONATA_KEYS)
def test_keys_of_jsonata_are_read_as_far_as_they_go(expression: str, severity: str | None) -> None:
    state = put() | {"Arguments": {"Bucket": "acme-orders", "Key": f"{{% {expression} %}}"}}
    found = fit.of_definition(pipeline(via="s3", **BOTH), machine(state, QueryLanguage="JSONata"))
    loops = [str(each.severity) for each in found if each.code == "ENDLESS_LOOP"]
    assert loops == ([severity] if severity else [])


def test_a_loop_is_told_with_the_key_it_writes() -> None:
    state = put(**{"Key.$": f"States.Format('in/{{}}/{{}}', $.id, {S3_KEY})"})
    assert of(machine(state), via="s3", prefix="in/") == [
        (
            "error ENDLESS_LOOP States.A.Parameters.Key.$: state 'A' writes"
            " 's3://acme-orders/in/.../<key>', which starts the next execution, and so on"
            " without end (write to another bucket,"
            " or to keys that `trigger.prefix` and `trigger.suffix` leave out)"
        )
    ]


def test_a_write_that_a_choice_may_prevent_is_a_warning() -> None:
    choice = {"Type": "Choice", "Choices": [{"Variable": "$.id", "IsNull": True, "Next": "B"}]}
    found = fit.of_definition(
        pipeline(prefix="in/"), machine(choice, put(Key="in/x"), {"Type": "Succeed"})
    )
    assert [(str(each.severity), each.path) for each in found] == [
        ("warning", ("States", "B", "Parameters", "Key"))
    ]


CONFIGS: list[tuple[dict[str, Any], list[str]]] = [
    ({"prefix": "in/", "events": ["deleted"]}, []),
    ({"suffix": [".csv", ".json"]}, []),
    (
        {"prefix": "/in/"},
        [
            (
                "warning PREFIX_SLASH trigger.prefix.0: keys rarely begin with a slash,"
                " but '/in/' wants one (write 'in/')"
            )
        ],
    ),
    (
        {"prefix": ["a/", "in/*/raw"]},
        [
            (
                "warning KEY_WILDCARD trigger.prefix.1: a prefix is literal:"
                " 'in/*/raw' wants a * in the key (name each prefix in a list)"
            )
        ],
    ),
    (
        {"suffix": "-*.csv"},
        [
            (
                "warning KEY_WILDCARD trigger.suffix.0: a suffix is literal:"
                " '-*.csv' wants a * in the key (name each suffix in a list)"
            )
        ],
    ),
    (
        BOTH,
        [
            (
                "warning WILDCARD_RULE trigger.suffix: prefix and suffix together take a rule"
                " with a wildcard, of which EventBridge allows 30 in a region"
                " (leave out one of them where it is not needed)"
            )
        ],
    ),
]


@pytest.mark.parametrize(("trigger", "expected"), CONFIGS)
def test_what_a_trigger_likely_does_not_mean(trigger: dict[str, Any], expected: list[str]) -> None:
    assert [told(each) for each in fit.of_config(pipeline(**trigger))] == expected


def test_findings_stand_where_the_files_say_it() -> None:
    text = "trigger:\n  prefix: /in/\n  suffix: ['.csv', 'a*b']\n"
    config = yaml_file.parse(text, "sfnctl.yaml")
    found = fit.of_config(pipeline(**config.value["trigger"]))
    assert [each.problem(config).location for each in found] == [
        "sfnctl.yaml:2:11",
        "sfnctl.yaml:3:20",
        "sfnctl.yaml:3:11",
    ]


@pytest.mark.parametrize("via", ["cloudtrail", "s3"])
@pytest.mark.parametrize("given_as", ["event", "object"])
def test_real_definitions_have_errors_only_for_fields_that_are_not_there(
    via: str, given_as: str
) -> None:
    """They are not written for these events: what they read of their input is truly missing."""
    assert len(SAMPLES) > 50
    asked = pipeline(via=via, input=given_as, prefix="in/")
    event = delivered(asked.trigger)
    for path in SAMPLES:
        parse = json_file.parse if path.suffix == ".json" else yaml_file.parse
        for finding in fit.of_definition(asked, parse(path.read_text(), str(path)).value):
            assert finding.code == "EVENT_FIELD", path.name
            if finding.severity == "error":
                [read] = references(finding.message.split("`")[1], "JSONPath")
                assert event.missing(read.names) is not None, path.name


def test_every_call_that_writes_objects_may_start_the_workflow_again() -> None:
    """What the derived role knows to write is known here too; parts are no objects yet."""
    parts = {"s3:completemultipartupload", "s3:uploadpart", "s3:uploadpartcopy"}
    tables = ({name.lower(): row.grants for name, row in TABLE.items()}, BESIDES)
    writing = {
        name
        for table in (*tables, {name: row.grants for name, row in DEVIATIONS.items()})
        for name, grants in table.items()
        if any("s3:PutObject" in grant.actions.split() for grant in grants)
    }
    assert writing - parts <= loops._WRITES.keys()


NAMES = st.sampled_from(["detail", "object", "key", "version-id", "a b", "0", "x_1"])


@settings(deadline=None, max_examples=50)
@given(names=st.lists(NAMES.filter(lambda name: name != "0"), max_size=4).map(tuple))
@pytest.mark.parametrize("root", ["$", "$$.Execution.Input", "$states.input"])
def test_a_reference_reads_as_it_is_spelled(root: str, names: tuple[str, ...]) -> None:
    text = spelled(root, names)
    is_jsonata = root.startswith("$states")
    written, language = (f"{{% {text} %}}", "JSONata") if is_jsonata else (text, "JSONPath")
    assert [(each.root, each.names) for each in references(written, language)] == [(root, names)]


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
def test_no_definition_makes_it_raise(definition: dict[str, Any]) -> None:
    config = pipeline(via="s3")
    for finding in fit.of_definition(config, definition):
        value: Any = definition
        for key in finding.path:
            value = value[key]
    place, known = Place("aws", "123456789012", "eu-west-1"), reveal(config, definition)
    derive(definition, place=place, machine="orders", reveal=known)


def chain(states: int) -> dict[str, Any]:
    """States that each read, add and go back."""

    def step(number: int) -> dict[str, Any]:
        return put(**{"Key.$": "States.Format('in/{}', $.bucket)"}) | {
            "ResultPath": f"$.result{number % 9}",
            "Catch": [{"Next": f"S{number // 2}", "ResultPath": "$.error"}],
            "Next": f"S{number + 1}",
        }

    return {"StartAt": "S0", "States": {f"S{number}": step(number) for number in range(states)}}


def test_ten_times_the_states_take_ten_times_the_work() -> None:
    def work(states: int) -> int:
        definition = chain(states)
        return calls(lambda: fit.of_definition(pipeline(prefix="in/"), definition))

    work(10)
    assert work(400) <= 12 * work(40)
