"""What may stand at the cursor: commands, options and their values."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.arguments import Reader, list_options, takes_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from typer._click.core import Command, Parameter


class Candidate(NamedTuple):
    """A word, and what it means."""

    word: str
    help: str = ""


class Candidates(NamedTuple):
    """All words that fit, or that the names of files or folders do."""

    kind: str
    """`words`, `files` or `folders`."""
    words: tuple[Candidate, ...] = ()


HELP = Candidate("--help", "Show this message and exit.")
_NONE = Candidates("words")


def find_candidates(root: Command, before: Sequence[str], current: str) -> Candidates:
    """What may be at the cursor after these arguments; it begins with `current`."""
    reader = Reader(root)
    reader.read(before)
    find_values = partial(_find_values, root, reader)
    if reader.waiting:
        return find_values(reader.waiting, current)
    if current.startswith("-") and not reader.has_ended_options:
        name, equals, value = current.partition("=")
        option = reader.find_option(name) if equals else None
        if option is None:
            return Candidates("words", tuple(_find_options(reader, root, current)))
        found = find_values(option, value) if takes_value(option) else _NONE
        words = tuple(each._replace(word=f"{name}={each.word}") for each in found.words)
        return found._replace(words=words)
    if commands := getattr(reader.command, "commands", {}):
        known = () if reader.values else commands.values()
        return Candidates("words", tuple(_find_commands(known, current)))
    arguments = [each for each in reader.command.params if each.param_type_name == "argument"]
    taken = arguments[reader.values : reader.values + 1]
    return find_values(taken[0], current) if taken else _NONE


def _find_commands(commands: Iterable[Command], current: str) -> Iterator[Candidate]:
    for each in commands:
        if not each.hidden and (each.name or "").startswith(current):
            yield Candidate(each.name or "", each.get_short_help_str(limit=80))


def _find_options(reader: Reader, root: Command, current: str) -> Iterator[Candidate]:
    """The options of the command, then the global ones; none that was given and counts once."""
    own = list_options(reader.command)
    others = {} if reader.command is root else reader.global_options
    for name, each in {**own, **others}.items():
        is_left = each not in reader.given or getattr(each, "multiple", False)
        if is_left and not getattr(each, "hidden", False) and name.startswith(current):
            yield Candidate(name, getattr(each, "help", None) or "")
    if HELP.word.startswith(current):
        yield HELP


def _find_values(root: Command, reader: Reader, parameter: Parameter, current: str) -> Candidates:
    """The values that Typer knows or the parameter's `autocompletion` finds.

    It gets the global options of the line as `args`; to read them would take pydantic.
    """
    match getattr(parameter, "metavar", None):
        case "FILE":
            return Candidates("files")
        case "DIR":
            return Candidates("folders")
    context = root.context_class(root, info_name="sfnctl")
    context.args = reader.front
    items: list[Any] = parameter.shell_complete(context, current)
    return Candidates("words", tuple(Candidate(each.value, each.help or "") for each in items))
