"""Counts that stop at a limit, such as one page of AWS's answer."""

from __future__ import annotations

from typing import NamedTuple


class Count(NamedTuple):
    """A number, and whether there are more than that. Zero is false."""

    number: int
    has_more: bool = False

    def __bool__(self) -> bool:
        return self.number > 0

    def __format__(self, noun: str) -> str:
        """Writes it with its noun, in the singular or plural.

        >>> f"{Count(1):object}, {Count(2):object}, {Count(1000, has_more=True):object}"
        '1 object, 2 objects, more than 1,000 objects'
        """
        number = f"{'more than ' if self.has_more else ''}{self.number:,}"
        plural = "" if self.number == 1 else "s"
        return f"{number} {noun}{plural}" if noun else number


class Size(NamedTuple):
    """A number of bytes, and whether there are more than that."""

    bytes: int
    has_more: bool = False

    def __format__(self, _: str) -> str:
        """Writes it in a unit that people read.

        >>> f"{Size(1400)}, {Size(5_000_000, has_more=True)}"
        '1.4 kB, more than 5.0 MB'
        """
        return f"{'more than ' if self.has_more else ''}{format_size(self.bytes)}"


def format_size(count: int) -> str:
    """Write bytes in the units of the AWS console.

    >>> format_size(999), format_size(1400), format_size(5_000_000)
    ('999 B', '1.4 kB', '5.0 MB')
    """
    if count < 1000:  # noqa: PLR2004
        return f"{count} B"
    value = float(count)
    for unit in ("kB", "MB", "GB"):
        value /= 1000
        if value < 999.95:  # noqa: PLR2004
            return f"{value:.1f} {unit}"
    return f"{value / 1000:.1f} TB"
