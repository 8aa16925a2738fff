"""Definitions that AWS refuses, or takes though they are likely wrong, and ones that are fine."""

from __future__ import annotations

from pathlib import Path

import pytest
from asl.corpus_broken_json import BROKEN_JSON
from asl.corpus_broken_yaml import BROKEN_YAML
from asl.corpus_cases import Case
from asl.corpus_sound_json import SOUND_JSON
from asl.corpus_sound_jsonata import SOUND_JSONATA
from asl.corpus_sound_yaml import SOUND_YAML

from sfn_s3_cli.asl.language import definition
from sfn_s3_cli.asl.lint.checks import lint
from sfn_s3_cli.asl.lint.consequences import omit_consequences
from sfn_s3_cli.asl.permissions.derive import derive_permissions
from sfn_s3_cli.documents.document import LocatedDocument
from sfn_s3_cli.errors import ConfigError, Problem
from sfn_s3_cli.iam.arns import Place

BROKEN = BROKEN_YAML + BROKEN_JSON
SOUND = SOUND_YAML + SOUND_JSONATA + SOUND_JSON
PLACE = Place("aws", "123456789012", "eu-west-1")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("corpus")


def load(case: Case, folder: Path) -> LocatedDocument:
    path = folder / f"w{case.suffix}"
    path.write_text(case.text, encoding="utf-8")
    return definition.load(path, {}).document


def told(case: Case, folder: Path) -> list[Problem]:
    """What is said about a definition, apart from what is no matter."""
    try:
        document = load(case, folder)
    except ConfigError as error:
        return list(error.problems)
    findings = omit_consequences(
        lint(document.value, is_express=case.is_express), document.findings
    )
    problems = document.problems([*document.findings, *findings])
    return [problem for problem in problems if problem.code not in case.allowed]


def named(case: Case) -> str:
    return f"{case.name}{case.suffix}"


@pytest.mark.parametrize("case", BROKEN, ids=named)
def test_a_fault_is_told_once_where_it_stands(case: Case, folder: Path) -> None:
    problems = told(case, folder)
    places = [(problem.severity, problem.line) for problem in problems]
    assert places == [(case.severity, case.line)], problems


@pytest.mark.parametrize("case", SOUND, ids=named)
def test_of_a_sound_definition_nothing_is_told(case: Case, folder: Path) -> None:
    assert told(case, folder) == []


@pytest.mark.parametrize("case", SOUND, ids=named)
def test_the_permissions_of_a_sound_definition_are_known(case: Case, folder: Path) -> None:
    value = load(case, folder).value
    assert derive_permissions(value, place=PLACE, machine="orders").unknown_calls == ()


def test_every_case_has_a_name_of_its_own_and_every_fault_a_line() -> None:
    names = [case.name for case in BROKEN + SOUND]
    assert len(set(names)) == len(names)
    assert all(case.line for case in BROKEN)
    assert not any(case.line for case in SOUND)
