"""Reads and writes lengths of time as people write them."""

from __future__ import annotations

import re
from datetime import timedelta

_UNITS = {"day": 86_400, "hour": 3600, "minute": 60, "second": 1}
_DURATION = re.compile(r"(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?")


def parse_duration(text: str) -> int | None:
    """The seconds of 90s, 15m, 1h30m or 2d, or of a bare number; None for anything else.

    >>> parse_duration("1h30m"), parse_duration("90"), parse_duration("soon")
    (5400, 90, None)
    """
    match = _DURATION.fullmatch(f"{text}s" if text.isdecimal() else text)
    if not text or not match:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def format_duration(length: timedelta) -> str:
    """Writes it in the largest unit of which there is at least one.

    >>> format_duration(timedelta(minutes=119)), format_duration(timedelta(days=1, hours=23))
    ('1 hour', '1 day')
    >>> format_duration(timedelta(seconds=59.9))
    '59 seconds'
    """
    seconds = max(0, int(length.total_seconds()))
    unit, size = next((each for each in _UNITS.items() if seconds >= each[1]), ("second", 1))
    number = seconds // size
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def format_length(length: timedelta | None) -> str:
    """Write a length of time as people read it.

    >>> format_length(timedelta(seconds=3.21)), format_length(timedelta(seconds=3725))
    ('3.2s', '1h02m05s')
    """
    seconds = max(0.0, length.total_seconds()) if length is not None else 0.0
    if seconds < 60:  # noqa: PLR2004
        return f"{seconds:.1f}s"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h{minutes:02}m{rest:02}s" if hours else f"{minutes}m{rest:02}s"
