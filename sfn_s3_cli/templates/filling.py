"""Fills in the files of a template: their placeholders, what they say about CI, and the picture."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

from sfn_s3_cli import ci_files
from sfn_s3_cli.ci_files import Ci, Repository
from sfn_s3_cli.documents import json, yaml
from sfn_s3_cli.documents.findings import invalid_config
from sfn_s3_cli.errors import ConfigError, Problem, unreadable
from sfn_s3_cli.templates import catalogue
from sfn_s3_cli.templates.placeholders import GRAPH, fill_in, to_placeholder, write_via
from sfn_s3_cli.templates.template_files import read_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sfn_s3_cli.templates.catalogue import Template
    from sfn_s3_cli.templates.questions import Question
    from sfn_s3_cli.templates.scaffold import Values

CONFIG = PurePosixPath("sfnctl.yaml")
_CREATED = re.compile(
    r'^(# deploy creates the bucket\b.*\n)?bucket: \{name: "__BUCKET__", create: true\}',
    re.MULTILINE,
)
"""The lines of a config that make deploy create the bucket."""


class AboutCi(NamedTuple):
    """What a template's files say about CI."""

    ci: Ci
    name: str
    repository: Repository


def fill_files(
    template: Template,
    questions: tuple[Question, ...],
    answers: Mapping[str, str],
    values: Values,
    about_ci: AboutCi,
) -> Iterator[tuple[PurePosixPath, bytes]]:
    """Each file of the template by its path, filled in. A file that is not text stays as it is.

    ConfigError if the files are not those of a template.
    """
    files = read_files(template.folder)
    texts = {
        path: text for path, content in files.items() if (text := _decode(content)) is not None
    }
    _check_use(template, questions, files, texts)
    if not values.creates_bucket:
        texts[CONFIG] = _CREATED.sub('bucket: "__BUCKET__"', texts[CONFIG])
    known = {**answers, "via": write_via(values.via, needs_trail=values.needs_trail)}
    filled = {path: fill_in(_fill_in_ci(text, about_ci), known) for path, text in texts.items()}
    paths = {path: _fill_in_path(path, answers) for path in files}
    config = _read_config(template, filled)
    picture = _draw(template, config, {paths[each]: text for each, text in filled.items()}, texts)
    for path, content in files.items():
        text = filled.get(path)
        yield paths[path], content if text is None else text.replace(GRAPH, picture).encode()


def _decode(content: bytes) -> str | None:
    """The text of a file; None if it is not a text, such as a picture."""
    if b"\0" in content:
        return None
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None


def _check_use(
    template: Template,
    questions: tuple[Question, ...],
    files: Mapping[PurePosixPath, bytes],
    texts: Mapping[PurePosixPath, str],
) -> None:
    """ConfigError if there is no config, or if no file uses the answer to a question."""
    problems = []
    if CONFIG not in texts:
        place = str(template.folder / CONFIG)
        problems.append(unreadable(place, "the file does not exist", "a template needs a config"))
    everything = "\n".join((*texts.values(), *map(str, files)))
    used = everything + "".join(each.default or "" for each in questions)
    for each in questions:
        if to_placeholder(each.name) not in used:
            message = f"no file has {to_placeholder(each.name)}, for the question {each.name!r}"
            place = str(template.folder / catalogue.QUESTIONS)
            problems.append(unreadable(place, message, "remove the question, or correct its name"))
    if problems:
        raise ConfigError(problems)


def _fill_in_path(path: PurePosixPath, values: Mapping[str, str]) -> PurePosixPath:
    """The path with its placeholders; ConfigError if a part of it would lead elsewhere."""
    parts = [fill_in(part, values) for part in path.parts]
    for before, part in zip(path.parts, parts, strict=True):
        if part != before and not _is_file_name(part):
            remedy = "give another answer, and the question a pattern that only file names fit"
            raise ConfigError([unreadable(str(path), f"{part!r} is not a file name", remedy)])
    return PurePosixPath(*parts)


def _is_file_name(text: str) -> bool:
    is_special = text.lower() in {"", ".", "..", ".git"}
    return not is_special and text.isprintable() and not set(text) & set("/\\:")


def _fill_in_ci(text: str, about: AboutCi) -> str:
    """Replace the placeholders of the README about CI; without CI, remove their lines."""
    if "__CI_" not in text:
        return text
    if about.ci is Ci.NONE:
        return re.sub(r"\n.*__CI_\w+__.*", "", text).rstrip("\n") + "\n"
    section = catalogue.read_text(catalogue.find_folder() / "_ci" / f"{about.ci}.md")
    values = {
        "ci_section": ci_files.fill_in(section.rstrip("\n"), *about),
        "ci_summary": ci_files.summarize(about.ci, about.repository),
        "ci_file": ci_files.find_path(about.ci, about.name).as_posix(),
    }
    return fill_in(text, values)


def _read_config(template: Template, filled: Mapping[PurePosixPath, str]) -> Any:
    """The config as YAML; ConfigError if an answer or the template itself breaks its syntax."""
    document = yaml.parse(filled[CONFIG], str(template.folder / CONFIG))
    findings = document.findings
    if not isinstance(document.value, dict):
        findings = [*findings, invalid_config("expected a mapping", "write keys and values")]
    if findings:
        raise document.error(findings)
    return document.value


def _draw(
    template: Template,
    config: Any,
    filled: Mapping[PurePosixPath, str],
    texts: Mapping[PurePosixPath, str],
) -> str:
    """The picture of the state machine as Mermaid text, if a file has a place for it."""
    if not any(GRAPH in text for text in texts.values()):
        return ""
    from sfn_s3_cli.graph.machine import draw_machine  # noqa: PLC0415  (as above)

    match config:
        case {"state_machine": {"definition": str(name), **rest}} if PurePosixPath(name) in filled:
            file = str(template.folder / name)
            parse = json.parse if Path(name).suffix == ".json" else yaml.parse
            document = parse(filled[PurePosixPath(name)], file)
            if isinstance(document.value, dict):
                substitutions: Any = rest.get("substitutions")
                machine = _substitute(document.value, substitutions or {})
                return draw_machine(machine).rstrip("\n")
            problem = unreadable(file, f"this is no definition, which {GRAPH} needs")
        case _:
            problem = _explain_no_definition(template)
    raise ConfigError([problem])


def _substitute(value: Any, substitutions: Mapping[str, Any]) -> Any:
    """The definition with the substitutions of the config, where there are any."""
    match value:
        case str():
            return re.sub(
                r"\$\{([^}]*)\}", lambda found: str(substitutions.get(found[1], found[0])), value
            )
        case list():
            return [_substitute(each, substitutions) for each in value]
        case dict():
            return {key: _substitute(each, substitutions) for key, each in value.items()}
    return value


def _explain_no_definition(template: Template) -> Problem:
    message = f"state_machine.definition names no file of the template, which {GRAPH} needs"
    return unreadable(str(template.folder / CONFIG), message, f"correct it, or remove {GRAPH}")
