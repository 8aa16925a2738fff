"""Types of single values in the config, with rules beyond the types of YAML."""

from __future__ import annotations

import bisect
import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

from sfn_s3_cli.config import patterns
from sfn_s3_cli.config.interpolate import Interpolated
from sfn_s3_cli.documents.wording import describe, suggest
from sfn_s3_cli.duration import parse_duration
from sfn_s3_cli.events import SOURCES, s3

RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365),
    *(400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653),
)


OTHER_KEY = "name a key of the pipeline's region, or the replica of a multi-Region key there"
OTHER_TOPIC = "name a topic of the pipeline's region"

VALUE_ERROR = "sfnctl"
"""The type of our own errors among pydantic's."""


def value_error(message: str, remedy: str = "") -> PydanticCustomError:
    """An error for validators to raise; schema_errors shows its message and remedy as they are."""
    return PydanticCustomError(VALUE_ERROR, "{message}", {"message": message, "remedy": remedy})


def _to_number(value: object) -> object:
    match value:
        case Interpolated() if re.fullmatch(r"-?[0-9]{1,15}", value):
            return int(value)
    return value


def _to_flag(value: object) -> object:
    match value:
        case Interpolated() if value in {"true", "false"}:
            return value == "true"
    return value


def _to_list(value: object) -> object:
    match value:
        case str():
            return [value]
        case list() | tuple():
            return value
    raise value_error(f"expected a string or a list of strings, found {describe(value)}")


def _check_via(value: object) -> str:
    if isinstance(value, str) and value in SOURCES:
        return str(value)
    raise value_error(
        f"expected {' or '.join(map(repr, SOURCES))}, found {describe(value)}",
        suggest(value, SOURCES) if isinstance(value, str) else "",
    )


def _check_distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    for position, value in enumerate(values):
        if value in values[:position]:
            raise value_error(f"{value!r} is listed twice", "remove one of them")
    return values


def _check_bucket(name: str) -> str:
    if name.endswith("--x-s3"):
        raise value_error(
            f"{name!r} is a directory bucket, which sends no events to EventBridge",
            "use a general purpose bucket",
        )
    prefixes = ("xn--", "sthree-", "amzn-s3-demo-")
    suffixes = ("-s3alias", "--ol-s3", ".mrap", "--table-s3")
    if name.startswith(prefixes) or name.endswith(suffixes):
        raise value_error(f"S3 reserves names like {name!r}")
    if ".." in name or re.fullmatch(r"[0-9]+(\.[0-9]+){3}", name):
        raise value_error(
            f"a bucket name cannot contain two adjacent dots or be an IP address, found {name!r}"
        )
    return name


def _check_definition_path(path: str) -> str:
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", path):
        raise value_error(
            f"expected the path of a file, found the URL {path!r}",
            "download the definition, and name the file",
        )
    return path


def _check_prefix(text: str) -> str:
    if text.endswith("*"):
        raise value_error(f"a prefix is taken literally, but {text!r} ends with *", "remove the *")
    return _check_part_of_key(text)


def _check_suffix(text: str) -> str:
    if text.startswith("*"):
        raise value_error(
            f"a suffix is taken literally, but {text!r} begins with *", "remove the *"
        )
    return _check_part_of_key(text)


def _check_part_of_key(text: str) -> str:
    if len(text.encode()) > 1024:  # noqa: PLR2004  (S3's limit)
        raise value_error("object keys have at most 1,024 bytes of UTF-8; this is longer")
    return text


def _check_parts(parts: tuple[str, ...]) -> tuple[str, ...]:
    if parts == ("",):
        return ()
    if "" in parts:
        raise value_error("an empty string matches every key, so the other entries have no effect")
    return _check_distinct(parts)


def _check_tag_key(key: str) -> str:
    if key.lower().startswith(("aws:", "sfnctl:")):
        raise value_error(f"tags that begin with aws: or sfnctl: are reserved, found {key!r}")
    return key


def _check_tag_cases(tags: dict[str, str]) -> dict[str, str]:
    """IAM compares the keys of tags without case, so a role cannot have both `Team` and `team`.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
    """
    first: dict[str, str] = {}
    repeated = [key for key in tags if first.setdefault(key.lower(), key) != key]
    if repeated:
        errors = [
            InitErrorDetails(
                type=value_error(
                    f"the tag {key!r} differs from {first[key.lower()]!r} in case only, and IAM"
                    " does not tell them apart",
                    "remove or rename one of them",
                ),
                loc=(key, "[key]"),
                input=key,
            )
            for key in repeated
        ]
        raise ValidationError.from_exception_data("tags", errors)
    return tags


def _to_max_age(value: object) -> int:
    seconds = _to_seconds(_to_number(value))
    if seconds is None:
        raise value_error(
            "expected a number of seconds or a duration such as 24h or 1h30m,"
            f" found {describe(value)}"
        )
    if not 60 <= seconds <= 86400:  # noqa: PLR2004  (EventBridge's bounds)
        raise value_error(f"expected 60 seconds to 24 hours, found {describe(value)}")
    return seconds


def _to_period(value: object) -> int:
    seconds = _to_seconds(_to_number(value))
    if seconds is None:
        raise value_error(
            f"expected a number of seconds or a duration such as 5m or 1h, found {describe(value)}"
        )
    if not 60 <= seconds <= 86400 or seconds % 60:  # noqa: PLR2004  (of metrics of AWS)
        raise value_error(
            f"expected one or more whole minutes, up to 24 hours, found {describe(value)}"
        )
    return seconds


def _refuse_fifo_topic(value: object) -> object:
    """CloudWatch alarms have no message group, which a FIFO topic needs."""
    if isinstance(value, str) and ":sns:" in value and value.endswith(".fifo"):
        raise value_error(
            f"CloudWatch alarms cannot notify a FIFO topic such as {value}", "use a standard topic"
        )
    return value


def _to_seconds(value: object) -> int | None:
    match value:
        case int() if not isinstance(value, bool):
            return value
        case str() if not value.isdecimal():
            return parse_duration(value)
    return None


def _check_retention(days: int) -> int:
    if days not in RETENTION_DAYS:
        place = bisect.bisect(RETENTION_DAYS, days)
        nearest = RETENTION_DAYS[max(place - 1, 0) : place + 1]
        raise value_error(
            f"CloudWatch Logs cannot keep logs for {days} days",
            f"use {' or '.join(str(day) for day in nearest)}",
        )
    return days


def _to_substitution(value: object) -> object:
    match value:
        case str():
            return str(value)
        case int() | float():
            return value
    raise value_error(f"expected a string, a number or a boolean, found {describe(value)}")


Flag = Annotated[bool, BeforeValidator(_to_flag)]
KeptVersions = Annotated[int, Field(ge=1, le=1000), BeforeValidator(_to_number)]
Attempts = Annotated[int, Field(ge=0, le=185), BeforeValidator(_to_number)]
MinSize = Annotated[int, Field(ge=0, le=s3.LARGEST_OBJECT), BeforeValidator(_to_number)]
_DURATION = r"^([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?$"
MaxAge = Annotated[
    int,
    PlainValidator(
        _to_max_age,
        json_schema_input_type=Annotated[int, Field(ge=60, le=86400)]
        | Annotated[str, Field(pattern=_DURATION, min_length=2)],
    ),
]
Period = Annotated[
    int,
    PlainValidator(
        _to_period,
        json_schema_input_type=Annotated[int, Field(ge=60, le=86400, multiple_of=60)]
        | Annotated[str, Field(pattern=_DURATION, min_length=2)],
    ),
]
PeriodCount = Annotated[int, Field(ge=1, le=1440), BeforeValidator(_to_number)]
Threshold = Annotated[int, Field(ge=1), BeforeValidator(_to_number)]
RetentionDays = Annotated[
    int,
    Field(json_schema_extra={"enum": list(RETENTION_DAYS)}),
    AfterValidator(_check_retention),
    BeforeValidator(_to_number),
]
Substitution = Annotated[
    str | int | float | bool,
    PlainValidator(_to_substitution, json_schema_input_type=str | float | bool),
]

Via = Annotated[
    str, PlainValidator(_check_via), WithJsonSchema({"enum": [*SOURCES], "type": "string"})
]
PipelineName = Annotated[str, Field(pattern=patterns.NAME)]
Account = Annotated[str, Field(pattern=patterns.ACCOUNT)]
Region = Annotated[str, Field(pattern=patterns.REGION)]
BucketName = Annotated[str, Field(pattern=patterns.BUCKET), AfterValidator(_check_bucket)]
TrailName = Annotated[str, Field(pattern=patterns.TRAIL, min_length=3, max_length=128)]
TrailOrDefault = Annotated[
    TrailName | None,  # None only by default: the schema and a validator refuse null
    WithJsonSchema({"type": "string", "pattern": patterns.TRAIL, "minLength": 3, "maxLength": 128}),
]
RoleArn = Annotated[str, Field(pattern=patterns.ROLE_ARN)]
PolicyArn = Annotated[str, Field(pattern=patterns.POLICY_ARN)]
KeyArn = Annotated[str, Field(pattern=patterns.KEY_ARN)]
TopicArn = Annotated[str, Field(pattern=patterns.TOPIC_ARN), BeforeValidator(_refuse_fifo_topic)]
RolePath = Annotated[str, Field(pattern=patterns.ROLE_PATH, max_length=512)]
DefinitionPath = Annotated[str, AfterValidator(_check_definition_path)]
SubstitutionName = Annotated[str, Field(pattern=patterns.SUBSTITUTION)]
TagKey = Annotated[
    str, Field(pattern=patterns.TAG_KEY, max_length=128), AfterValidator(_check_tag_key)
]
TagValue = Annotated[str, Field(pattern=patterns.TAG_VALUE, max_length=256)]
Tags = Annotated[dict[TagKey, TagValue], AfterValidator(_check_tag_cases)]

Sid = Annotated[str, Field(pattern=patterns.SID)]
Action = Annotated[str, Field(pattern=patterns.ACTION)]
Resource = Annotated[str, Field(pattern=patterns.RESOURCE)]

OneOrMore = BeforeValidator(_to_list, json_schema_input_type=str | list[str])
Distinct = AfterValidator(_check_distinct)

# CloudTrail's selectors hold 500 values per trail, EventBridge's patterns 2,048 characters.
_A_FEW = Field(strict=False, max_length=50)
_SOME_KEYS = AfterValidator(_check_parts)
_Prefix = Annotated[str, AfterValidator(_check_prefix)]
_Suffix = Annotated[str, AfterValidator(_check_suffix)]
Prefixes = Annotated[tuple[_Prefix, ...], _A_FEW, _SOME_KEYS, OneOrMore]
Suffixes = Annotated[tuple[_Suffix, ...], _A_FEW, _SOME_KEYS, OneOrMore]
