"""Reads lengths of time as people write them."""

from __future__ import annotations

import re

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
