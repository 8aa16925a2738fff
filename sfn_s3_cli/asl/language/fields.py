"""All fields of the language: which objects have them, in which query language, of what type."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.asl.language.field_types import (
    FieldType,
    Format,
    ListOf,
    Number,
    Object,
    OneOf,
    Plain,
)
from sfn_s3_cli.asl.language.paths import PathType
from sfn_s3_cli.asl.language.resource import ARN
from sfn_s3_cli.asl.language.states import JSONATA, JSONPATH

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Field(NamedTuple):
    """A field of one or more objects."""

    name: str
    objects: str
    type: FieldType
    language: str = ""
    """The only query language that has the field; empty for both."""
    instead: str = ""
    """What to use in the other language."""
    is_required: bool = False
    advice: str = ""
    """What goes wrong without it; empty when nothing does."""


class ExclusiveFields(NamedTuple):
    """Fields of one or more objects, of which an object can have only one."""

    objects: str
    names: tuple[str, ...]
    remedy: str = ""
    """What to add when there is none of them; empty when none is required."""


STATE_TYPES = ("Pass", "Task", "Wait", "Choice", "Parallel", "Map", "Succeed", "Fail")

_STATES = " ".join(STATE_TYPES)
_MOVING = "Pass Task Wait Parallel Map"
_PASSING = f"{_MOVING} Choice Succeed"
_WORKING = "Task Parallel Map"
_RULES = "ChoiceRule NestedRule"

_COUNT = Number(0)
_SECONDS = Number(1, 99_999_999)
_MANY = Number(0, 99_999_999)
_TEXTS = ListOf(Plain.TEXT, is_filled=True)
_NESTED = Object("NestedRule")

_ACTION = r"(?:aws-sdk:(?=.*:))?(?:(?!aws-sdk:)[\w-]+:)+\w+(?:\.sync(?::2)?|\.waitForTaskToken)?"
_TASK = Format(
    "INVALID_RESOURCE",
    re.compile(
        rf"{ARN}(?:lambda:[^:\s]*:[^:\s]*:function:[^:\s]+(?::[^:\s]+)?"
        rf"|states:[^:\s]*:[^:\s]*:(?:activity:\S+|{_ACTION}))"
    ),
    "an ARN such as `arn:aws:states:::sqs:sendMessage`",
)
_READER = Format(
    "INVALID_RESOURCE",
    re.compile(rf"{ARN}states:[^:\s]*:[^:\s]*:s3:(?:getObject|listObjectsV2)"),
    "`arn:aws:states:::s3:getObject` or `arn:aws:states:::s3:listObjectsV2`",
)
_WRITER = Format(
    "INVALID_RESOURCE",
    re.compile(rf"{ARN}states:[^:\s]*:[^:\s]*:s3:putObject"),
    "`arn:aws:states:::s3:putObject`",
)
# https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
_LABEL = Format(
    "INVALID_LABEL_NAME",
    re.compile(r"""[^\s?*<>{}\[\]"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]{1,40}"""),
    "1 to 40 letters, digits, `-`, `_` and `.`",
)


def _list_operators() -> Iterator[Field]:
    """Lists the comparisons of JSONPath choice rules; a rule has its Variable and one of them."""
    orders = ("Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals")
    types: dict[str, FieldType] = {
        **{f"String{order}": Plain.TEXT for order in orders},
        **{f"Numeric{order}": Number(is_whole=False) for order in orders},
        **{f"Timestamp{order}": Plain.TIMESTAMP for order in orders},
        "BooleanEquals": Plain.FLAG,
    }
    for name, type_ in types.items():
        yield Field(name, _RULES, type_)
        yield Field(f"{name}Path", _RULES, PathType.PATH)
    yield Field("StringMatches", _RULES, Plain.TEXT)
    for what in ("Null", "Present", "Numeric", "String", "Boolean", "Timestamp"):
        yield Field(f"Is{what}", _RULES, Plain.FLAG)


def _list_paths() -> Iterator[Field]:
    """Lists the fields that read by a path what another field holds as a literal."""
    for object_, names in {
        "Task": "TimeoutSeconds HeartbeatSeconds",
        "Wait": "Seconds Timestamp",
        "Map": "MaxConcurrency ToleratedFailureCount ToleratedFailurePercentage",
        "ItemBatcher": "MaxItemsPerBatch MaxInputBytesPerBatch",
        "ReaderConfig": "MaxItems",
    }.items():
        for name in names.split():
            yield Field(f"{name}Path", object_, PathType.REFERENCE, JSONPATH, name)
    for name in ("Error", "Cause"):
        yield Field(f"{name}Path", "Fail", PathType.TEXT, JSONPATH, name)


_OPERATORS, _PATHS = tuple(_list_operators()), tuple(_list_paths())

OPERATORS = frozenset(field.name for field in _OPERATORS)

# docs/facts.md says where the facts about AWS are from.
FIELDS = (
    # The definition, branches and processors.
    Field("Version", "Machine", OneOf(("1.0",))),
    Field("TimeoutSeconds", "Machine", _MANY),
    Field("StartAt", "Machine Branch ItemProcessor", Plain.TEXT, is_required=True),
    Field("States", "Machine Branch ItemProcessor", Plain.STATES, is_required=True),
    Field("ProcessorConfig", "ItemProcessor", Object("ProcessorConfig")),
    Field("Mode", "ProcessorConfig", OneOf(("INLINE", "DISTRIBUTED"))),
    Field("ExecutionType", "ProcessorConfig", OneOf(("STANDARD", "EXPRESS"))),
    # States of any type, or of most.
    Field("Type", _STATES, OneOf(STATE_TYPES)),
    Field("QueryLanguage", f"Machine {_STATES}", OneOf((JSONPATH, JSONATA))),
    Field("Next", _MOVING, Plain.TEXT),
    Field("End", _MOVING, Plain.FLAG),
    Field("InputPath", _PASSING, PathType.INPUT, JSONPATH, "$states.input"),
    Field("OutputPath", _PASSING, PathType.INPUT, JSONPATH, "Output"),
    Field("Output", _PASSING, Plain.TEMPLATE, JSONATA, "OutputPath"),
    Field("Assign", f"{_MOVING} Choice ChoiceRule Catcher", Plain.PAYLOAD),
    Field("Parameters", "Task Parallel", Plain.TEMPLATE, JSONPATH, "Arguments"),
    Field("Parameters", "Pass", Plain.TEMPLATE, JSONPATH, "Output"),
    Field("Parameters", "Map", Plain.TEMPLATE, JSONPATH, "ItemSelector"),
    Field("Arguments", "Task Parallel", Plain.PAYLOAD, JSONATA, "Parameters"),
    Field("ResultSelector", _WORKING, Plain.PAYLOAD, JSONPATH, "Output"),
    Field("ResultPath", f"{_WORKING} Pass Catcher", PathType.RESULT, JSONPATH, "Output"),
    Field("Result", "Pass", Plain.LITERAL, JSONPATH, "Output"),
    # Task, Wait, Fail and Parallel.
    Field("Resource", "Task", _TASK, is_required=True),
    Field("Credentials", "Task", Plain.PAYLOAD),
    Field("TimeoutSeconds", "Task", _SECONDS),
    Field("HeartbeatSeconds", "Task", _SECONDS),
    Field("Seconds", "Wait", _MANY),
    Field("Timestamp", "Wait", Plain.TIMESTAMP),
    Field("Error", "Fail", Plain.PHRASE),
    Field("Cause", "Fail", Plain.PHRASE),
    Field("Branches", "Parallel", ListOf(Plain.CONTAINER, is_filled=True), is_required=True),
    # Errors.
    Field("Retry", "Parallel Map", ListOf(Object("Retrier"))),
    Field(
        "Retry", "Task", ListOf(Object("Retrier")), advice="a temporary error fails the execution"
    ),
    Field("Catch", _WORKING, ListOf(Object("Catcher"))),
    Field("ErrorEquals", "Retrier Catcher", _TEXTS, is_required=True),
    Field("IntervalSeconds", "Retrier", _MANY),
    Field("MaxAttempts", "Retrier", _MANY),
    Field("BackoffRate", "Retrier", Number(1, is_whole=False)),
    Field("MaxDelaySeconds", "Retrier", Number(1, 31_622_400)),
    Field("JitterStrategy", "Retrier", OneOf(("FULL", "NONE"))),
    Field("Next", "Catcher ChoiceRule", Plain.TEXT, is_required=True),
    Field("Output", "Catcher", Plain.TEMPLATE, JSONATA, "ResultPath"),
    # Choice.
    Field("Choices", "Choice", ListOf(Object("ChoiceRule"), is_filled=True), is_required=True),
    Field(
        "Default", "Choice", Plain.TEXT, advice="an input that matches no rule fails the execution"
    ),
    Field("Output", "ChoiceRule", Plain.TEMPLATE, JSONATA, "OutputPath"),
    Field("Condition", "ChoiceRule", Plain.CONDITION, JSONATA, "Variable"),
    Field("Variable", _RULES, PathType.PATH, JSONPATH, "Condition"),
    Field("And", _RULES, ListOf(_NESTED, is_filled=True), JSONPATH, "Condition"),
    Field("Or", _RULES, ListOf(_NESTED, is_filled=True), JSONPATH, "Condition"),
    Field("Not", _RULES, _NESTED, JSONPATH, "Condition"),
    *_OPERATORS,
    # Map.
    Field("ItemProcessor", "Map", Plain.CONTAINER),
    Field("Iterator", "Map", Plain.CONTAINER),
    Field("ItemsPath", "Map", PathType.PATH, JSONPATH, "Items"),
    Field("Items", "Map", Plain.ITEMS, JSONATA, "ItemsPath"),
    Field("ItemSelector", "Map", Plain.TEMPLATE),
    Field("ItemReader", "Map", Object("ItemReader")),
    Field("ItemBatcher", "Map", Object("ItemBatcher")),
    Field("ResultWriter", "Map", Object("ResultWriter")),
    Field("MaxConcurrency", "Map", _COUNT),
    Field("ToleratedFailureCount", "Map", _COUNT),
    Field("ToleratedFailurePercentage", "Map", Number(0, 100, is_whole=False)),
    Field("Label", "Map", _LABEL),
    Field("Resource", "ItemReader", _READER, is_required=True),
    Field("Resource", "ResultWriter", _WRITER),
    Field("Parameters", "ItemReader ResultWriter", Plain.PAYLOAD, JSONPATH, "Arguments"),
    Field("Arguments", "ItemReader ResultWriter", Plain.PAYLOAD, JSONATA, "Parameters"),
    Field("ReaderConfig", "ItemReader", Object("ReaderConfig")),
    Field("InputType", "ReaderConfig", OneOf(("CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"))),
    Field("CSVHeaderLocation", "ReaderConfig", OneOf(("FIRST_ROW", "GIVEN"))),
    Field("CSVHeaders", "ReaderConfig", _TEXTS),
    Field("CSVDelimiter", "ReaderConfig", OneOf(("COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"))),
    Field("ItemsPointer", "ReaderConfig", Plain.PHRASE),
    Field("ManifestType", "ReaderConfig", OneOf(("ATHENA_DATA", "S3_INVENTORY"))),
    Field("Transformation", "ReaderConfig", OneOf(("NONE", "LOAD_AND_FLATTEN"))),
    Field("MaxItems", "ReaderConfig", Number(0, 100_000_000)),
    Field("MaxItemsPerBatch", "ItemBatcher", Number(1)),
    Field("MaxInputBytesPerBatch", "ItemBatcher", Number(1, 262_144)),
    Field("BatchInput", "ItemBatcher", Plain.TEMPLATE),
    Field("WriterConfig", "ResultWriter", Object("WriterConfig")),
    Field("OutputType", "WriterConfig", OneOf(("JSON", "JSONL"))),
    Field("Transformation", "WriterConfig", OneOf(("NONE", "COMPACT", "FLATTEN"))),
    *_PATHS,
)

EXCLUSIVE_FIELDS = (
    ExclusiveFields(_MOVING, ("Next", "End"), "add `End: true`, or a `Next`"),
    ExclusiveFields(
        "Wait", ("Seconds", "Timestamp", "SecondsPath", "TimestampPath"), "add how long it waits"
    ),
    ExclusiveFields("Map", ("ItemProcessor", "Iterator"), "add an `ItemProcessor`"),
    ExclusiveFields(_RULES, ("Variable", "And", "Or", "Not", "Condition"), "add a condition"),
    *(
        ExclusiveFields(field.objects, (field.instead, field.name))
        for field in _PATHS
        if field.objects != "Wait"
    ),
)


def _group_by_object() -> Mapping[str, Mapping[str, Field]]:
    tables: dict[str, dict[str, Field]] = {}
    for field in FIELDS:
        for name in field.objects.split():
            tables.setdefault(name, {})[field.name] = field
    for table in tables.values():
        table["Comment"] = Field("Comment", "", Plain.LITERAL)
    return tables


FIELDS_OF = _group_by_object()
"""The fields of each object, by the name of the object and their own."""

FIELD_NAMES = frozenset(field.name for field in FIELDS)
