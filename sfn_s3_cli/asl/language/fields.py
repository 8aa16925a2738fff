"""Every field of the language: which objects have it, in which query language, with what value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.asl.language.field_types import Each, Kind, Number, Object, Plain, Spelling, Word
from sfn_s3_cli.asl.language.paths import PathKind
from sfn_s3_cli.asl.language.resource import ARN
from sfn_s3_cli.asl.language.states import JSONATA, JSONPATH

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Row(NamedTuple):
    """A field of one or more objects."""

    name: str
    owners: str
    kind: Kind
    language: str = ""
    """The only query language that has it; empty for both."""
    instead: str = ""
    """What the other language has in its place."""
    is_required: bool = False
    advice: str = ""
    """Why it is better not left out."""


class Group(NamedTuple):
    """Fields that exclude each other."""

    owners: str
    names: tuple[str, ...]
    remedy: str = ""
    """What to do without any of them; empty when none is needed."""


STATE_TYPES = ("Pass", "Task", "Wait", "Choice", "Parallel", "Map", "Succeed", "Fail")

_STATES = " ".join(STATE_TYPES)
_MOVING = "Pass Task Wait Parallel Map"
_PASSING = f"{_MOVING} Choice Succeed"
_WORKING = "Task Parallel Map"
_RULES = "ChoiceRule NestedRule"

_COUNT = Number(0)
_SECONDS = Number(1, 99_999_999)
_MANY = Number(0, 99_999_999)
_TEXTS = Each(Plain.TEXT, is_filled=True)
_NESTED = Object("NestedRule")

_ACTION = r"(?:aws-sdk:(?=.*:))?(?:(?!aws-sdk:)[\w-]+:)+\w+(?:\.sync(?::2)?|\.waitForTaskToken)?"
_TASK = Spelling(
    "INVALID_RESOURCE",
    re.compile(
        rf"{ARN}(?:lambda:[^:\s]*:[^:\s]*:function:[^:\s]+(?::[^:\s]+)?"
        rf"|states:[^:\s]*:[^:\s]*:(?:activity:\S+|{_ACTION}))"
    ),
    "an ARN such as `arn:aws:states:::sqs:sendMessage`",
)
_READER = Spelling(
    "INVALID_RESOURCE",
    re.compile(rf"{ARN}states:[^:\s]*:[^:\s]*:s3:(?:getObject|listObjectsV2)"),
    "`arn:aws:states:::s3:getObject` or `arn:aws:states:::s3:listObjectsV2`",
)
_WRITER = Spelling(
    "INVALID_RESOURCE",
    re.compile(rf"{ARN}states:[^:\s]*:[^:\s]*:s3:putObject"),
    "`arn:aws:states:::s3:putObject`",
)
# https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
_LABEL = Spelling(
    "INVALID_LABEL_NAME",
    re.compile(r"""[^\s?*<>{}\[\]"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]{1,40}"""),
    "1 to 40 letters, digits, `-`, `_` and `.`",
)


def _operators() -> Iterator[Row]:
    """The comparisons of JSONPath's choice rules; a rule has one of them beside its Variable."""
    orders = ("Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals")
    kinds: dict[str, Kind] = {
        **{f"String{order}": Plain.TEXT for order in orders},
        **{f"Numeric{order}": Number(is_whole=False) for order in orders},
        **{f"Timestamp{order}": Plain.TIMESTAMP for order in orders},
        "BooleanEquals": Plain.FLAG,
    }
    for name, kind in kinds.items():
        yield Row(name, _RULES, kind)
        yield Row(f"{name}Path", _RULES, PathKind.PATH)
    yield Row("StringMatches", _RULES, Plain.TEXT)
    for what in ("Null", "Present", "Numeric", "String", "Boolean", "Timestamp"):
        yield Row(f"Is{what}", _RULES, Plain.FLAG)


def _paths() -> Iterator[Row]:
    """The fields that take from the input, by a path, what another field says itself."""
    for owner, names in {
        "Task": "TimeoutSeconds HeartbeatSeconds",
        "Wait": "Seconds Timestamp",
        "Map": "MaxConcurrency ToleratedFailureCount ToleratedFailurePercentage",
        "ItemBatcher": "MaxItemsPerBatch MaxInputBytesPerBatch",
        "ReaderConfig": "MaxItems",
    }.items():
        for name in names.split():
            yield Row(f"{name}Path", owner, PathKind.REFERENCE, JSONPATH, name)
    for name in ("Error", "Cause"):
        yield Row(f"{name}Path", "Fail", PathKind.TEXT, JSONPATH, name)


_OPERATORS, _PATHS = tuple(_operators()), tuple(_paths())

OPERATORS = frozenset(row.name for row in _OPERATORS)

# Which states have which field, and the limits of the numbers, are as AWS has them; docs/facts.md.
ROWS = (
    # The definition, branches and processors.
    Row("Version", "Machine", Word(("1.0",))),
    Row("TimeoutSeconds", "Machine", _MANY),
    Row("StartAt", "Machine Branch ItemProcessor", Plain.TEXT, is_required=True),
    Row("States", "Machine Branch ItemProcessor", Plain.STATES, is_required=True),
    Row("ProcessorConfig", "ItemProcessor", Object("ProcessorConfig")),
    Row("Mode", "ProcessorConfig", Word(("INLINE", "DISTRIBUTED"))),
    Row("ExecutionType", "ProcessorConfig", Word(("STANDARD", "EXPRESS"))),
    # States of any type, or of most.
    Row("Type", _STATES, Word(STATE_TYPES)),
    Row("QueryLanguage", f"Machine {_STATES}", Word((JSONPATH, JSONATA))),
    Row("Next", _MOVING, Plain.TEXT),
    Row("End", _MOVING, Plain.FLAG),
    Row("InputPath", _PASSING, PathKind.INPUT, JSONPATH, "$states.input"),
    Row("OutputPath", _PASSING, PathKind.INPUT, JSONPATH, "Output"),
    Row("Output", _PASSING, Plain.TEMPLATE, JSONATA, "OutputPath"),
    Row("Assign", f"{_MOVING} Choice ChoiceRule Catcher", Plain.PAYLOAD),
    Row("Parameters", "Task Parallel", Plain.TEMPLATE, JSONPATH, "Arguments"),
    Row("Parameters", "Pass", Plain.TEMPLATE, JSONPATH, "Output"),
    Row("Parameters", "Map", Plain.TEMPLATE, JSONPATH, "ItemSelector"),
    Row("Arguments", "Task Parallel", Plain.PAYLOAD, JSONATA, "Parameters"),
    Row("ResultSelector", _WORKING, Plain.PAYLOAD, JSONPATH, "Output"),
    Row("ResultPath", f"{_WORKING} Pass Catcher", PathKind.RESULT, JSONPATH, "Output"),
    Row("Result", "Pass", Plain.LITERAL, JSONPATH, "Output"),
    # Task, Wait, Fail and Parallel.
    Row("Resource", "Task", _TASK, is_required=True),
    Row("Credentials", "Task", Plain.PAYLOAD),
    Row("TimeoutSeconds", "Task", _SECONDS),
    Row("HeartbeatSeconds", "Task", _SECONDS),
    Row("Seconds", "Wait", _MANY),
    Row("Timestamp", "Wait", Plain.TIMESTAMP),
    Row("Error", "Fail", Plain.PHRASE),
    Row("Cause", "Fail", Plain.PHRASE),
    Row("Branches", "Parallel", Each(Plain.CONTAINER, is_filled=True), is_required=True),
    # Errors.
    Row("Retry", "Parallel Map", Each(Object("Retrier"))),
    Row("Retry", "Task", Each(Object("Retrier")), advice="a failure that would pass is final"),
    Row("Catch", _WORKING, Each(Object("Catcher"))),
    Row("ErrorEquals", "Retrier Catcher", _TEXTS, is_required=True),
    Row("IntervalSeconds", "Retrier", _MANY),
    Row("MaxAttempts", "Retrier", _MANY),
    Row("BackoffRate", "Retrier", Number(1, is_whole=False)),
    Row("MaxDelaySeconds", "Retrier", Number(1, 31_622_400)),
    Row("JitterStrategy", "Retrier", Word(("FULL", "NONE"))),
    Row("Next", "Catcher ChoiceRule", Plain.TEXT, is_required=True),
    Row("Output", "Catcher", Plain.TEMPLATE, JSONATA, "ResultPath"),
    # Choice.
    Row("Choices", "Choice", Each(Object("ChoiceRule"), is_filled=True), is_required=True),
    Row(
        "Default", "Choice", Plain.TEXT, advice="an input that no rule matches fails the execution"
    ),
    Row("Output", "ChoiceRule", Plain.TEMPLATE, JSONATA, "OutputPath"),
    Row("Condition", "ChoiceRule", Plain.CONDITION, JSONATA, "Variable"),
    Row("Variable", _RULES, PathKind.PATH, JSONPATH, "Condition"),
    Row("And", _RULES, Each(_NESTED, is_filled=True), JSONPATH, "Condition"),
    Row("Or", _RULES, Each(_NESTED, is_filled=True), JSONPATH, "Condition"),
    Row("Not", _RULES, _NESTED, JSONPATH, "Condition"),
    *_OPERATORS,
    # Map.
    Row("ItemProcessor", "Map", Plain.CONTAINER),
    Row("Iterator", "Map", Plain.CONTAINER),
    Row("ItemsPath", "Map", PathKind.PATH, JSONPATH, "Items"),
    Row("Items", "Map", Plain.ITEMS, JSONATA, "ItemsPath"),
    Row("ItemSelector", "Map", Plain.TEMPLATE),
    Row("ItemReader", "Map", Object("ItemReader")),
    Row("ItemBatcher", "Map", Object("ItemBatcher")),
    Row("ResultWriter", "Map", Object("ResultWriter")),
    Row("MaxConcurrency", "Map", _COUNT),
    Row("ToleratedFailureCount", "Map", _COUNT),
    Row("ToleratedFailurePercentage", "Map", Number(0, 100, is_whole=False)),
    Row("Label", "Map", _LABEL),
    Row("Resource", "ItemReader", _READER, is_required=True),
    Row("Resource", "ResultWriter", _WRITER),
    Row("Parameters", "ItemReader ResultWriter", Plain.PAYLOAD, JSONPATH, "Arguments"),
    Row("Arguments", "ItemReader ResultWriter", Plain.PAYLOAD, JSONATA, "Parameters"),
    Row("ReaderConfig", "ItemReader", Object("ReaderConfig")),
    Row("InputType", "ReaderConfig", Word(("CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"))),
    Row("CSVHeaderLocation", "ReaderConfig", Word(("FIRST_ROW", "GIVEN"))),
    Row("CSVHeaders", "ReaderConfig", _TEXTS),
    Row("CSVDelimiter", "ReaderConfig", Word(("COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"))),
    Row("ItemsPointer", "ReaderConfig", Plain.PHRASE),
    Row("ManifestType", "ReaderConfig", Word(("ATHENA_DATA", "S3_INVENTORY"))),
    Row("Transformation", "ReaderConfig", Word(("NONE", "LOAD_AND_FLATTEN"))),
    Row("MaxItems", "ReaderConfig", Number(0, 100_000_000)),
    Row("MaxItemsPerBatch", "ItemBatcher", Number(1)),
    Row("MaxInputBytesPerBatch", "ItemBatcher", Number(1, 262_144)),
    Row("BatchInput", "ItemBatcher", Plain.TEMPLATE),
    Row("WriterConfig", "ResultWriter", Object("WriterConfig")),
    Row("OutputType", "WriterConfig", Word(("JSON", "JSONL"))),
    Row("Transformation", "WriterConfig", Word(("NONE", "COMPACT", "FLATTEN"))),
    *_PATHS,
)

GROUPS = (
    Group(_MOVING, ("Next", "End"), "add `End: true`, or a `Next`"),
    Group(
        "Wait", ("Seconds", "Timestamp", "SecondsPath", "TimestampPath"), "say how long it waits"
    ),
    Group("Map", ("ItemProcessor", "Iterator"), "add an `ItemProcessor`"),
    Group(_RULES, ("Variable", "And", "Or", "Not", "Condition"), "say what it tests"),
    *(Group(row.owners, (row.instead, row.name)) for row in _PATHS if row.owners != "Wait"),
)


def _by_owner() -> Mapping[str, Mapping[str, Row]]:
    tables: dict[str, dict[str, Row]] = {}
    for row in ROWS:
        for owner in row.owners.split():
            tables.setdefault(owner, {})[row.name] = row
    for table in tables.values():
        table["Comment"] = Row("Comment", "", Plain.LITERAL)
    return tables


FIELDS = _by_owner()
"""The fields of each object, by the object's name and their own."""

NAMES = frozenset(row.name for row in ROWS)
