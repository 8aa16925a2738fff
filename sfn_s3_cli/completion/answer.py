"""Answers a shell that asks for completions."""

from __future__ import annotations

import os
import re
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from sfn_s3_cli.completion.candidates import Candidate, find_candidates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import NoReturn

    from typer._click.core import Command

SHELL, BEFORE, CURRENT = "_SFNCTL_COMPLETE", "_SFNCTL_COMPLETE_BEFORE", "_SFNCTL_COMPLETE_CURRENT"
"""The variables of a request: the shell, the words before the cursor, and the word at it."""

_LONGEST_SECONDS = 5


def answer(environ: Mapping[str, str], make_root: Callable[[], Command]) -> NoReturn:
    """Print what the shell's script reads, and exit.

    Whatever goes wrong, or takes too long, prints nothing: a user who presses Tab cannot use an
    error. The words come as variables, not as arguments: a wrapper or an older sfnctl that does not
    know the variables must not run the command that is being typed.
    """
    signal.signal(signal.SIGALRM, lambda *_: os._exit(0))
    signal.setitimer(signal.ITIMER_REAL, _LONGEST_SECONDS)
    with suppress(Exception, SystemExit):
        text = "".join(f"{line}\n" for line in _list_lines(environ, make_root))
        sys.stdout.write(text)
        sys.stdout.flush()
    os._exit(0)


def _list_lines(environ: Mapping[str, str], make_root: Callable[[], Command]) -> Iterator[str]:
    """List the kind of the candidates, then the candidates in the format of the shell."""
    shell, current = environ[SHELL], environ.get(CURRENT, "")
    before = [each for each in environ.get(BEFORE, "").split("\n") if each]
    hidden = 0
    if shell == "bash":
        before, current, hidden = _join_at_equals_signs(before, current)
    found = find_candidates(make_root(), before, current)
    yield found.kind
    for each in found.words:
        yield _FORMATS[shell](each._replace(word=each.word[hidden:]))


def _join_at_equals_signs(before: list[str], current: str) -> tuple[list[str], str, int]:
    """Join what bash splits: `--output=js` is three words there, and the reply is the last one.

    >>> _join_at_equals_signs(["plan", "--output", "="], "js")
    (['plan'], '--output=js', 9)
    >>> _join_at_equals_signs(["--output", "=", "json", "plan", "--env"], "=")
    (['--output=json', 'plan'], '--env=', 6)
    """
    joined: list[str] = []
    for word in [*before, current]:
        is_value = word == "=" or (bool(joined) and joined[-1].endswith("="))
        if is_value and joined and joined[-1].startswith("--"):
            joined[-1] += word
        else:
            joined.append(word)
    name, equals, _ = joined[-1].partition("=")
    is_joined = equals and current != joined[-1]
    return joined[:-1], joined[-1], len(name + equals) if is_joined else 0


def _format_for_fish(candidate: Candidate) -> str:
    return f"{candidate.word}\t{candidate.help}".rstrip("\t")


def _format_for_zsh(candidate: Candidate) -> str:
    word = re.sub(r"([\\:])", r"\\\1", candidate.word)
    return f"{word}:{candidate.help}".rstrip(":")


_FORMATS: Mapping[str, Callable[[Candidate], str]] = {
    "bash": lambda candidate: candidate.word,
    "zsh": _format_for_zsh,
    "fish": _format_for_fish,
}
