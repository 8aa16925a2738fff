"""What a template asks: the questions that its `template.yaml` declares, and checking answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sfn_s3_cli.documents import yaml
from sfn_s3_cli.documents.files import read_text
from sfn_s3_cli.documents.findings import invalid_config
from sfn_s3_cli.documents.wording import describe, suggest
from sfn_s3_cli.errors import ConfigError, UsageError, problems_in, unreadable
from sfn_s3_cli.templates.catalogue import QUESTIONS
from sfn_s3_cli.templates.placeholders import RESERVED, fill_in, to_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from sfn_s3_cli.documents.findings import Finding
    from sfn_s3_cli.documents.places import ValuePath

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_LONGEST_NAME = 40
_PLAIN = re.compile(r"[^\"'\\\x00-\x1f\x7f-\x9f\u2028\u2029]+")
"""What an answer may be without a pattern: a line that cannot break the syntax of a file."""
_LONGEST = 1000  # characters of an answer
_MOST = 50  # questions
_TEXTS = ("name", "prompt", "help", "default", "pattern")
_KEYS = (*_TEXTS, "choices")


@dataclass(frozen=True)
class Question:
    """A value that the files of a template have in the place of `__NAME_OF_THE_QUESTION__`."""

    name: str
    prompt: str
    help: str = ""
    default: str | None = None
    """May have the placeholders of the values before it, such as `__NAME__`."""
    pattern: str | None = None
    """A regular expression for the whole answer."""
    choices: tuple[str, ...] = ()

    def check(self, answer: str) -> str:
        """The answer; UsageError if the template does not accept it."""
        if expected := self._find_expected(answer):
            raise UsageError(f"expected {expected}, found {describe(answer)}", self.help)
        return answer

    def fill_default(self, known: Mapping[str, str]) -> str | None:
        """The default for these values of name, bucket and the questions before this one."""
        return None if self.default is None else fill_in(self.default, known)

    def _find_expected(self, answer: str) -> str:
        if len(answer) > _LONGEST:
            return f"at most {_LONGEST} characters"
        if self.choices:
            return "" if answer in self.choices else f"one of {', '.join(self.choices)}"
        if self.pattern is not None:
            fits = re.fullmatch(self.pattern, answer)
            return "" if fits else f"a text that matches {self.pattern}"
        return "" if _PLAIN.fullmatch(answer) else "one line without quotes and backslashes"


@problems_in("template")
def read(folder: Path) -> tuple[Question, ...]:
    """Reads the questions of a template; ConfigError with everything that is wrong with them."""
    path = folder / QUESTIONS
    if path.is_symlink():
        raise ConfigError([unreadable(str(path), "this is a link", "replace it by a file")])
    text = read_text(path, f"a template declares its questions in {QUESTIONS}")
    document = yaml.parse(text, str(path))
    findings = [*document.findings, *_check_document(document.value)]
    if findings:
        raise document.error(findings)
    questions = tuple(
        Question(**{**each, "choices": tuple(each.get("choices", ()))})
        for each in document.value["questions"]
    )
    if findings := [*_check_defaults(questions)]:
        raise document.error(findings)
    return questions


def parse_answers(options: Iterable[str]) -> dict[str, str]:
    """The answers of options such as `--set queue=orders`; UsageError if one has another form."""
    answers: dict[str, str] = {}
    for option in options:
        name, equals, answer = option.partition("=")
        if not (name and equals):
            raise UsageError(f"--set: expected NAME=VALUE, found {describe(option)}")
        if name in answers:
            raise UsageError(f"--set {name} is given twice", "give it once")
        answers[name] = answer
    return answers


def check_given(questions: tuple[Question, ...], given: Mapping[str, str]) -> None:
    """ConfigError with every answer that belongs to no question or that is not accepted."""
    known = {each.name: each for each in questions}
    problems = []
    for name, answer in given.items():
        if name not in known:
            remedy = suggest(name, known) or _list_names(known)
            problems.append(unreadable(f"--set {name}", "the template does not ask this", remedy))
            continue
        try:
            known[name].check(answer)
        except UsageError as error:
            problems.append(unreadable(f"--set {name}", error.message, error.remedy))
    if problems:
        raise ConfigError(problems, "options")


def _list_names(known: Mapping[str, Question]) -> str:
    return f"it asks {', '.join(known)}" if known else "leave it out: it asks nothing else"


def choose(
    questions: tuple[Question, ...], given: Mapping[str, str], known: Mapping[str, str]
) -> dict[str, str]:
    """An answer to each question: the given one, or else its default.

    ConfigError with every answer that is missing or that the template does not accept.
    """
    answers: dict[str, str] = {}
    problems = []
    for each in questions:
        answer = given.get(each.name, each.fill_default({**known, **answers}))
        option = f"--set {each.name}"
        if answer is None:
            remedy = f"pass --set {each.name}=VALUE, or run on a terminal without --yes"
            problems.append(unreadable(option, f"is missing: {each.prompt}", remedy))
            continue
        try:
            answers[each.name] = each.check(answer)
        except UsageError as error:
            problems.append(unreadable(option, error.message, error.remedy))
    if problems:
        raise ConfigError(problems, "options")
    return answers


def _check_document(value: Any) -> Iterator[Finding]:
    match value:
        case {"questions": list(questions)}:
            for key in value.keys() - {"questions"}:
                yield _unknown(key, (key,), ("questions",))
            if len(questions) > _MOST:
                message = f"expected at most {_MOST} questions, found {len(questions)}"
                yield invalid_config(message, "remove some", ("questions",))
            for number, question in enumerate(questions):
                yield from _check_question(question, ("questions", number))
            yield from _find_repeated(questions)
        case _:
            message = f"expected the key questions with a list, found {describe(value)}"
            yield invalid_config(message, "write `questions: []` if there are none")


def _check_question(value: Any, path: ValuePath) -> Iterator[Finding]:
    if not isinstance(value, dict):
        yield invalid_config(f"expected a mapping, found {describe(value)}", _USE_KEYS, path)
        return
    for key in value.keys() - {*_KEYS}:
        yield _unknown(key, (*path, key), _KEYS)
    for key in ("name", "prompt"):
        if key not in value:
            yield invalid_config(f"the key {key!r} is missing", "add it", path)
    for key in _TEXTS:
        if key in value and not (isinstance(value[key], str) and value[key]):
            found = describe(value[key])
            yield invalid_config(f"expected a text, found {found}", "quote it", (*path, key))
    yield from _check_characters(value, path)
    match value.get("name"):
        case str(name):
            yield from _check_name(name, (*path, "name"))
    match value.get("pattern"):
        case str(pattern):
            yield from _check_pattern(pattern, (*path, "pattern"))
    if "choices" in value:
        yield from _check_choices(value, path)


def _check_characters(value: Mapping[str, Any], path: ValuePath) -> Iterator[Finding]:
    """Reports texts that could control the terminal. Only a help may have several lines."""
    choices = value.get("choices")
    texts: dict[ValuePath, Any] = {(key,): value.get(key) for key in _TEXTS}
    if isinstance(choices, list):
        texts |= {("choices", number): each for number, each in enumerate(choices)}
    for place, text in texts.items():
        lines = text.split("\n") if place == ("help",) and isinstance(text, str) else [text]
        if not all(each.isprintable() for each in lines if isinstance(each, str)):
            message = f"{describe(text)} has characters that cannot be printed"
            yield invalid_config(message, "remove them", (*path, *place))


def _check_name(name: str, path: ValuePath) -> Iterator[Finding]:
    if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name):
        message = f"expected a name such as task_role, found {describe(name)}"
        remedy = f"use up to {_LONGEST_NAME} lower-case letters, digits and single underscores"
        yield invalid_config(message, remedy, path)
    elif to_placeholder(name) in RESERVED:
        yield invalid_config(f"init fills in {to_placeholder(name)} itself", "rename it", path)


def _check_pattern(pattern: str, path: ValuePath) -> Iterator[Finding]:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        message = f"this is not a regular expression: {error}"
        yield invalid_config(message, "correct it", path)


def _check_choices(value: dict[str, Any], path: ValuePath) -> Iterator[Finding]:
    match value["choices"]:
        case [_, *_] as choices if all(isinstance(each, str) and each for each in choices):
            pass
        case found:
            message = f"expected a list of texts, found {describe(found)}"
            yield invalid_config(message, "quote each of them", (*path, "choices"))
    if "pattern" in value:
        yield invalid_config("choices need no pattern", "remove it", (*path, "pattern"))


def _find_repeated(questions: list[Any]) -> Iterator[Finding]:
    names = [each.get("name") if isinstance(each, dict) else None for each in questions]
    for number, name in enumerate(names):
        if name is not None and name in names[:number]:
            path = ("questions", number, "name")
            yield invalid_config(f"the question {describe(name)} is defined twice", "rename", path)


def _check_defaults(questions: tuple[Question, ...]) -> Iterator[Finding]:
    """A default without placeholders must be a valid answer."""
    for number, each in enumerate(questions):
        if each.default is not None and "__" not in each.default:
            try:
                each.check(each.default)
            except UsageError as error:
                path = ("questions", number, "default")
                yield invalid_config(error.message, "correct the default or the check", path)


_USE_KEYS = f"use the keys {', '.join(_KEYS)}"


def _unknown(key: str, path: ValuePath, allowed: tuple[str, ...]) -> Finding:
    remedy = suggest(str(key), allowed) or f"use one of {', '.join(allowed)}"
    return invalid_config(f"unknown key {describe(key)}", remedy, path)._replace(at_key=True)
