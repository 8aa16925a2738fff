"""What happened under a set of rules: the attempts, the rules that fired, the time waited."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from faults.rules import READING, Rule


class Made(NamedTuple):
    """One attempt, with its outcome before any rule replaced what AWS said."""

    service: str
    operation: str
    params: dict[str, Any]
    outcome: str
    """`ok`, the code of AWS's error, or the name of an exception."""
    sent: bool
    """Whether AWS has seen it; False if a rule answered it."""

    @property
    def changes(self) -> bool:
        """Whether it may have changed something."""
        return not self.operation.startswith(READING)


@dataclass(frozen=True)
class Record:
    """The log of one or several runs under the same rules."""

    path: Path
    rules: tuple[Rule, ...] = ()

    @property
    def lines(self) -> list[Any]:
        """The complete lines: the last one may still be in writing."""
        if not self.path.exists():
            return []
        return [json.loads(line) for line in self.path.read_text().split("\n")[:-1]]

    @property
    def calls(self) -> list[Made]:
        """The attempts in the order in which they ended."""
        return [Made(**line) for line in self.lines if "sent" in line]

    @property
    def fired(self) -> Counter[int]:
        """How often each rule has fired, by its number."""
        return Counter(line["fired"] for line in self.lines if "fired" in line)

    def waited(self, by: str = "clock") -> float:
        """The seconds that the program (`clock`) or `botocore` would have waited, in all."""
        return float(sum(line["waited"] for line in self.lines if line.get("by") == by))

    def assert_all_fired(self) -> None:
        missed = [each for number, each in enumerate(self.rules) if not self.fired[number]]
        assert not missed, f"rules that never fired: {missed}"
