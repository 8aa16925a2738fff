"""Lengths of time as people write them."""

from __future__ import annotations

import re

_WRITTEN = re.compile(r"(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?")


def seconds(text: str) -> int | None:
    """The seconds of 90s, 15m, 1h30m or 2d, or of a bare number; None for anything else.

    >>> seconds("1h30m"), seconds("90"), seconds("soon")
    (5400, 90, None)
    """
    written = _WRITTEN.fullmatch(f"{text}s" if text.isdecimal() else text)
    if not text or not written:
        return None
    days, hours, minutes, rest = (int(part or 0) for part in written.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + rest
