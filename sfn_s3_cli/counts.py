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
        '1 object, 2 objects, more than 1000 objects'
        """
        number = f"more than {self.number}" if self.has_more else str(self.number)
        plural = "" if self.number == 1 else "s"
        return f"{number} {noun}{plural}" if noun else number
