"""Which objects two event patterns have in common: both would start an execution for each. Pure.

It reads the patterns that sfnctl writes, of any source. A condition that it does not know counts as
one that every key meets.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.events import SOURCES
from sfn_s3_cli.events.pattern import list_alternatives

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.events.source import Source
    from sfn_s3_cli.json_types import JsonObject


class Keys(NamedTuple):
    """The keys with a beginning and an end; if it is exact, only the one that is the beginning."""

    prefix: str = ""
    suffix: str = ""
    is_exact: bool = False

    def __str__(self) -> str:
        """Write them as a pattern.

        >>> str(Keys("incoming/", ".json")), str(Keys("a", "a", is_exact=True))
        ('incoming/*.json', 'a')
        """
        return self.prefix if self.is_exact else f"{self.prefix}*{self.suffix}"

    def match(self, key: str) -> bool:
        """Whether a key is one of them.

        >>> Keys("ab", "bc").match("abc"), Keys("ab", "bc").match("abbc")
        (False, True)
        """
        if self.is_exact:
            return key == self.prefix
        is_long = len(key) >= len(self.prefix) + len(self.suffix)
        return is_long and key.startswith(self.prefix) and key.endswith(self.suffix)


class Objects(NamedTuple):
    """The events of one kind, `created` or `deleted`, of a bucket's objects with such keys."""

    bucket: str
    event: str
    keys: Keys


def find_common(one: JsonObject, other: JsonObject) -> tuple[Objects, ...]:
    """Find the objects that both patterns match, whatever their sources; sorted."""
    others = {*_list_objects(other)}
    found = (_intersect(mine, theirs) for mine in {*_list_objects(one)} for theirs in others)
    return tuple(sorted({objects for objects in found if objects}))


def can_watch(pattern: JsonObject, bucket: str) -> bool:
    """Whether a pattern names a bucket, in the events of any source, or has an operator there."""
    for alternative in list_alternatives(pattern):
        for source in SOURCES.values():
            match _look_up(alternative, source.FIELDS["bucket"]):
                case [*names] if any(not isinstance(each, str) or each == bucket for each in names):
                    return True
    return False


def _list_objects(pattern: JsonObject) -> Iterator[Objects]:
    for alternative in list_alternatives(pattern):
        for source in SOURCES.values():
            match _look_up(alternative, source.FIELDS["bucket"]):
                case [*buckets]:
                    keys = [*_list_keys(_look_up(alternative, source.FIELDS["key"]))]
                    yield from (
                        Objects(bucket, event, each)
                        for bucket in buckets
                        if isinstance(bucket, str)
                        for event in _list_events(alternative, source)
                        for each in keys
                    )


def _look_up(pattern: JsonObject, path: str) -> object:
    value: object = pattern
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _list_events(pattern: JsonObject, source: Source) -> Iterator[str]:
    """List the kinds of events that a pattern without `$or` can match."""
    conditions = _look_up(pattern, source.EVENT_FIELD)
    known = conditions if isinstance(conditions, list) else None
    for event, values in source.EVENT_VALUES.items():
        if known is None or any(not isinstance(each, str) or each in values for each in known):
            yield event


def _list_keys(conditions: object) -> Iterator[Keys]:
    for condition in conditions if isinstance(conditions, list) else [None]:
        match condition:
            case str(key):
                yield Keys(key, is_exact=True)
            case {"prefix": str(prefix)}:
                yield Keys(prefix)
            case {"suffix": str(suffix)}:
                yield Keys("", suffix)
            case {"wildcard": str(text)}:
                yield _read_wildcard(text)
            case _:
                yield Keys()


def _read_wildcard(text: str) -> Keys:
    r"""Read what is before the first `*` and behind the last one; `\*` is no wildcard.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
    """
    letters = re.findall(r"\\.|[^\\]", text, flags=re.DOTALL)
    stars = [index for index, letter in enumerate(letters) if letter == "*"] or [len(letters)]
    prefix, suffix = letters[: stars[0]], letters[stars[-1] + 1 :]
    return Keys(_unescape(prefix), _unescape(suffix), is_exact=stars[0] == len(letters))


def _unescape(letters: list[str]) -> str:
    return "".join(letter[-1] for letter in letters)


def _intersect(one: Objects, other: Objects) -> Objects | None:
    if (one.bucket, one.event) != (other.bucket, other.event):
        return None
    for exact, rest in ((one, other), (other, one)):
        if exact.keys.is_exact:
            return exact if rest.keys.match(exact.keys.prefix) else None
    short, long = sorted((one.keys.prefix, other.keys.prefix), key=len)
    end, longer_end = sorted((one.keys.suffix, other.keys.suffix), key=len)
    if not long.startswith(short) or not longer_end.endswith(end):
        return None
    return one._replace(keys=Keys(long, longer_end))
