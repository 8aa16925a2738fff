"""The arguments of a run: which are options, values of options and commands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from typer._click.core import Command, Parameter


def move_global_options_first(arguments: Iterable[str], root: Command) -> list[str]:
    """Move the global options before a `--` to the front, where Typer expects them."""
    reader = Reader(root)
    reader.read(arguments)
    if reader.waiting in reader.global_options.values():
        return reader.front  # so that Typer says what is missing
    return reader.front + reader.rest


def list_options(command: Command) -> dict[str, Parameter]:
    """The options of a command, by each of their names."""
    return {
        name: each
        for each in command.params
        for name in (*each.opts, *each.secondary_opts)
        if name.startswith("-")
    }


def takes_value(option: Parameter) -> bool:
    return not getattr(option, "is_flag", False)


@dataclass
class Reader:
    """Reads arguments as Typer will, but finds the global options anywhere before a `--`."""

    command: Command
    """The command that was named, of those of the root."""
    front: list[str] = field(default_factory=list)
    """The global options and their values."""
    rest: list[str] = field(default_factory=list)
    given: list[Parameter] = field(default_factory=list)
    """The options that were given."""
    values: int = 0
    """How many arguments were values of the command itself."""
    waiting: Parameter | None = None
    """The option whose value is missing at the end."""
    has_ended_options: bool = False
    """Whether there was a `--`."""

    def __post_init__(self) -> None:
        self.global_options = {
            name: each for name, each in list_options(self.command).items() if not each.is_eager
        }

    def read(self, arguments: Iterable[str]) -> None:
        remaining = iter(arguments)
        for argument in remaining:
            if self.has_ended_options or argument == "-" or not argument.startswith("-"):
                self._read_word(argument)
            elif argument == "--":
                self.rest.append(argument)
                self.has_ended_options = True
            elif argument.startswith("--"):
                name, equals, _ = argument.partition("=")
                self._read_option(name, argument, None if equals else remaining)
            else:
                self._read_short_options(argument[1:], remaining)

    def find_option(self, name: str) -> Parameter | None:
        return self.global_options.get(name) or list_options(self.command).get(name)

    def _read_word(self, word: str) -> None:
        self.rest.append(word)
        commands: dict[str, Command] = getattr(self.command, "commands", {})
        if word in commands:
            self.command = commands[word]
        else:
            self.values += 1

    def _read_short_options(self, letters: str, remaining: Iterator[str]) -> None:
        """Read letters that share one `-`; what follows the first that takes a value is it."""
        for position, letter in enumerate(letters, start=1):
            name, value = f"-{letter}", letters[position:]
            option = self.find_option(name)
            if option is None:
                self.rest.append(name + value)  # so that Typer says that there is none
                return
            if takes_value(option):
                self._read_option(name, name + value, None if value else remaining)
                return
            self._read_option(name, name, None)

    def _read_option(self, name: str, argument: str, remaining: Iterator[str] | None) -> None:
        """Read an option, and its value from `remaining` if it needs one from there."""
        option = self.find_option(name)
        target = self.front if name in self.global_options else self.rest
        target.append(argument)
        if option is not None:
            self.given.append(option)
        if option is None or remaining is None or not takes_value(option):
            return
        value = next(remaining, None)
        if value is None:
            self.waiting = option
        else:
            target.append(value)
