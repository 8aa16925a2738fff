"""Counts that stop at a limit, such as one page of AWS's answer."""

from __future__ import annotations

from typing import NamedTuple


class Count(NamedTuple):
    """A number, and whether there are more than that. Zero is false."""

    number: int
    has_more: bool = False

    def __bool__(self) -> bool:
        return self.number > 0
