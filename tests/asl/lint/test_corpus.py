"""Checks every definition of the corpus: broken ones, doubtful ones and sound ones."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import pytest
from asl.lint.corpus import Case, Mark, read_cases

from sfn_s3_cli.asl.language import definition
from sfn_s3_cli.asl.lint.consequences import omit_consequences
from sfn_s3_cli.asl.lint.linter import lint
from sfn_s3_cli.asl.permissions.derive import derive_permissions
from sfn_s3_cli.errors import ConfigError, Problem
from sfn_s3_cli.iam.arns import Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_s3_cli.documents.document import LocatedDocument

    Load = Callable[[str, str], LocatedDocument]

BROKEN = [*read_cases("broken.yaml"), *read_cases("broken.json")]
SOUND = [*read_cases("sound.yaml"), *read_cases("sound.json")]
PLACE = Place("aws", "123456789012", "eu-west-1")


@pytest.fixture(scope="module")
def load(tmp_path_factory: pytest.TempPathFactory) -> Load:
    folder = tmp_path_factory.mktemp("corpus")

    @functools.cache
    def load(text: str, suffix: str) -> LocatedDocument:
        path = folder / f"w{suffix}"
        path.write_text(text, encoding="utf-8")
        return definition.load(path, {}).document

    return load


def find_problems(case: Case, load: Load, *, is_express: bool) -> list[Problem]:
    """What is wrong with a definition, in the order of the file."""
    try:
        document = load(case.text, case.suffix)
    except ConfigError as error:
        return list(error.problems)
    findings = omit_consequences(lint(document.value, is_express=is_express), document.findings)
    problems = document.problems([*document.findings, *findings])
    return [each for each in problems if each.code not in case.allowed]


def name_case(case: Case) -> str:
    return f"{case.name}{case.suffix}"


@pytest.mark.parametrize("case", BROKEN, ids=name_case)
def test_finds_exactly_what_is_marked(case: Case, load: Load) -> None:
    problems = find_problems(case, load, is_express=case.is_express)
    marks = [Mark(each.line, each.column, each.severity, each.code) for each in problems]
    assert marks == case.marks, problems
    if case.texts:
        assert [(each.message, each.remedy) for each in problems] == case.texts
    if case.is_express:
        assert not find_problems(case, load, is_express=False)


@pytest.mark.parametrize("case", SOUND, ids=name_case)
def test_finds_nothing_in_a_sound_definition(case: Case, load: Load) -> None:
    assert not find_problems(case, load, is_express=case.is_express)


@pytest.mark.parametrize("case", SOUND, ids=name_case)
def test_derives_permissions_of_a_sound_definition(case: Case, load: Load) -> None:
    value = load(case.text, case.suffix).value
    assert derive_permissions(value, place=PLACE, machine="orders").unknown_calls == ()


def test_each_case_is_complete() -> None:
    names = [name_case(case) for case in BROKEN + SOUND]
    assert len(set(names)) == len(names)
    assert all(case.marks for case in BROKEN)
    assert all(not case.texts or len(case.texts) == len(case.marks) for case in BROKEN)
    assert not any(case.marks for case in SOUND)
