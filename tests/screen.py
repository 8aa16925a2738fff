"""A terminal of a given size: what it shows, and what has scrolled away."""

from __future__ import annotations

import re
import unicodedata

_PART = re.compile(r"\x1b\[(?:(\d*)([AB])|([JK])|[\d;]*(m))|[\r\n]|[^\x00-\x1f\x7f-\x9f]")
"""All that a live table may write: up, down, erase a line or all below, colour, two control
characters, and text."""


class Screen:
    """Draws what is written to it. Fails on every other escape sequence or control character."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self.lines: list[str] = [""]
        """The history and, below it, the screen."""
        self.wraps = 0
        self._top = self._row = self._column = 0

    @property
    def text(self) -> str:
        return "".join(f"{line.rstrip()}\n" for line in self.lines).rstrip("\n") + "\n"

    @property
    def visible(self) -> str:
        return "".join(f"{line.rstrip()}\n" for line in self.lines[self._top :])

    def resize(self, columns: int, rows: int) -> None:
        """Break lines of narrow characters that are too long, as most terminals do."""
        assert self._row == len(self.lines) - 1
        self.lines = [
            line[start : start + columns]
            for line in self.lines
            for start in range(0, max(len(line), 1), columns)
        ]
        self.columns, self.rows, self._row = columns, rows, len(self.lines) - 1
        self._top = max(0, len(self.lines) - rows)

    def feed(self, text: str) -> None:
        position = 0
        while position < len(text):
            part = _PART.match(text, position)
            assert part, text[position : position + 20].encode()
            position = part.end()
            self._draw(part[0], int(part[1] or 1), part[2] or part[3] or part[4])

    def _draw(self, part: str, count: int, command: str | None) -> None:
        match command, part:
            case "A", _:
                assert self._row - count >= self._top, "above the screen"
                self._row -= count
            case "B", _:
                assert self._row + count < len(self.lines), "below the screen"
                self._row += count
            case "K", _:
                self.lines[self._row] = self.lines[self._row][: self._column]
            case "J", _:
                assert self._row > self._top, "tmux copies the whole screen into its history"
                self.lines[self._row] = self.lines[self._row][: self._column]
                del self.lines[self._row + 1 :]
            case "m", _:
                pass
            case _, "\r":
                self._column = 0
            case _, "\n":
                self._go_down()
            case _:
                self._put(part)

    def _go_down(self) -> None:
        self._row += 1
        if self._row == len(self.lines):
            self.lines.append("")
        self._top = max(self._top, self._row + 1 - self.rows)
        self._column = 0

    def _put(self, character: str) -> None:
        if unicodedata.category(character) not in {"Mn", "Me"}:
            self._column += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if self._column > self.columns:
            self.wraps += 1
            self._go_down()
            self._column = 1
        self.lines[self._row] += character
