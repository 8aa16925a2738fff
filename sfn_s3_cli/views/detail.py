"""How much an option such as `--detail` asks a view to show."""

from __future__ import annotations

from enum import StrEnum


class Detail(StrEnum):
    NONE = "none"
    SUMMARY = "summary"
    FULL = "full"
