"""What single values of the config may be, beyond the types that YAML knows."""

from __future__ import annotations

import bisect
import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator
from pydantic_core import PydanticCustomError

from sfn_s3_cli.config import patterns
from sfn_s3_cli.config.interpolate import Interpolated
from sfn_s3_cli.documents.wording import found
from sfn_s3_cli.duration import seconds

RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365),
    *(400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653),
)


def wrong(message: str, remedy: str = "") -> PydanticCustomError:
    """A fault that is already in the reader's words; for validators to raise."""
    return PydanticCustomError("worded", "{message}", {"message": message, "remedy": remedy})


def _number(value: object) -> object:
    match value:
        case Interpolated() if re.fullmatch(r"-?[0-9]{1,9}", value):
            return int(value)
    return value


def _flag(value: object) -> object:
    match value:
        case Interpolated() if value in {"true", "false"}:
            return value == "true"
    return value


def _listed(value: object) -> object:
    match value:
        case str():
            return [value]
        case list() | tuple():
            return value
    raise wrong(f"expected a string or a list of strings, found {found(value)}")


def _distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    for position, value in enumerate(values):
        if value in values[:position]:
            raise wrong(f"{value!r} stands here twice", "remove one of them")
    return values


def _bucket(name: str) -> str:
    if name.endswith("--x-s3"):
        raise wrong(
            f"{name!r} is a directory bucket, and those send no events to EventBridge",
            "use a general purpose bucket",
        )
    prefixes = ("xn--", "sthree-", "amzn-s3-demo-")
    suffixes = ("-s3alias", "--ol-s3", ".mrap", "--table-s3")
    if name.startswith(prefixes) or name.endswith(suffixes):
        raise wrong(f"S3 reserves names such as {name!r}")
    if ".." in name or re.fullmatch(r"[0-9]+(\.[0-9]+){3}", name):
        raise wrong(f"{name!r} is no bucket name: it has adjacent dots, or is an IP address")
    return name


def _prefix(text: str) -> str:
    if text.endswith("*"):
        raise wrong(f"a prefix is literal, but {text!r} ends with *", "leave the * out")
    return _part_of_key(text)


def _suffix(text: str) -> str:
    if text.startswith("*"):
        raise wrong(f"a suffix is literal, but {text!r} begins with *", "leave the * out")
    return _part_of_key(text)


def _part_of_key(text: str) -> str:
    if len(text.encode()) > 1024:  # noqa: PLR2004  (S3's limit)
        raise wrong("no object key is longer than 1,024 bytes of UTF-8")
    return text


def _some_keys(parts: tuple[str, ...]) -> tuple[str, ...]:
    if parts == ("",):
        return ()
    if "" in parts:
        raise wrong("an empty string stands for every key, so the others would mean nothing")
    return _distinct(parts)


def _tag_key(key: str) -> str:
    if key.lower().startswith(("aws:", "sfnctl:")):
        raise wrong(f"tags that begin with aws: or sfnctl: are reserved, such as {key!r}")
    return key


def _seconds(value: object) -> int:
    length = _duration(_number(value))
    if length is None:
        raise wrong(
            f"expected a duration, found {found(value)}",
            "write 24h, 15m, 90s or 1h30m, or a number of seconds",
        )
    if not 60 <= length <= 86400:  # noqa: PLR2004  (EventBridge's bounds)
        raise wrong(f"expected 60 seconds to 24 hours, found {found(value)}")
    return length


def _duration(value: object) -> int | None:
    match value:
        case int() if not isinstance(value, bool):
            return value
        case str() if not value.isdecimal():
            return seconds(value)
    return None


def _retention(days: int) -> int:
    if days not in RETENTION_DAYS:
        place = bisect.bisect(RETENTION_DAYS, days)
        nearest = RETENTION_DAYS[max(place - 1, 0) : place + 1]
        raise wrong(
            f"CloudWatch Logs cannot keep logs for {days} days",
            f"nearest: {' or '.join(str(day) for day in nearest)}",
        )
    return days


def _scalar(value: object) -> object:
    match value:
        case str():
            return str(value)
        case int() | float():
            return value
    raise wrong(f"expected a string, a number or a boolean, found {found(value)}")


Flag = Annotated[bool, BeforeValidator(_flag)]
Attempts = Annotated[int, Field(ge=0, le=185), BeforeValidator(_number)]
_DURATION = r"^([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?$"
MaxAge = Annotated[
    int,
    PlainValidator(
        _seconds,
        json_schema_input_type=Annotated[int, Field(ge=60, le=86400)]
        | Annotated[str, Field(pattern=_DURATION, min_length=2)],
    ),
]
RetentionDays = Annotated[
    int,
    Field(json_schema_extra={"enum": list(RETENTION_DAYS)}),
    AfterValidator(_retention),
    BeforeValidator(_number),
]
Scalar = Annotated[
    str | int | float | bool, PlainValidator(_scalar, json_schema_input_type=str | float | bool)
]

PipelineName = Annotated[str, Field(pattern=patterns.NAME)]
Account = Annotated[str, Field(pattern=patterns.ACCOUNT)]
Region = Annotated[str, Field(pattern=patterns.REGION)]
BucketName = Annotated[str, Field(pattern=patterns.BUCKET), AfterValidator(_bucket)]
TrailName = Annotated[str, Field(pattern=patterns.TRAIL, min_length=3, max_length=128)]
RoleArn = Annotated[str, Field(pattern=patterns.ROLE_ARN)]
PolicyArn = Annotated[str, Field(pattern=patterns.POLICY_ARN)]
RolePath = Annotated[str, Field(pattern=patterns.ROLE_PATH, max_length=512)]
SubstitutionName = Annotated[str, Field(pattern=patterns.SUBSTITUTION)]
TagKey = Annotated[str, Field(pattern=patterns.TAG_KEY, max_length=128), AfterValidator(_tag_key)]
TagValue = Annotated[str, Field(pattern=patterns.TAG_VALUE, max_length=256)]

Sid = Annotated[str, Field(pattern=patterns.SID)]
Action = Annotated[str, Field(pattern=patterns.ACTION)]
Resource = Annotated[str, Field(pattern=patterns.RESOURCE)]

OneOrMore = BeforeValidator(_listed, json_schema_input_type=str | list[str])
Distinct = AfterValidator(_distinct)

# CloudTrail's selectors hold 500 values per trail, EventBridge's patterns 2,048 characters.
_A_FEW = Field(strict=False, max_length=50)
_SOME_KEYS = AfterValidator(_some_keys)
_Prefix = Annotated[str, AfterValidator(_prefix)]
_Suffix = Annotated[str, AfterValidator(_suffix)]
Prefixes = Annotated[tuple[_Prefix, ...], _A_FEW, _SOME_KEYS, OneOrMore]
Suffixes = Annotated[tuple[_Suffix, ...], _A_FEW, _SOME_KEYS, OneOrMore]
