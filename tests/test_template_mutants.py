"""The tests of the templates notice faults in their definitions."""

from __future__ import annotations

import os
from pathlib import Path

import yaml
from mutants import Mutant, make_mutants
from sfnctl_script import Sfnctl

from sfn_s3_cli import templates
from sfn_s3_cli.checks import offline
from sfn_s3_cli.ci_files import Ci
from sfn_s3_cli.config.load import load

MOST_MISSED = 4
TRIED = 40
GROUP = 10
"""Mutants of all templates together; every mutant with TEST_ALL."""


def list_valid_mutants(folder: Path) -> list[Mutant]:
    """The mutants that `sfnctl validate` does not find already."""
    definition = folder / "workflow.asl.yaml"
    sound = definition.read_text()
    pipeline = load(folder / "sfnctl.yaml", {})
    found = []
    for each in make_mutants(yaml.safe_load(sound)):
        definition.write_text(yaml.safe_dump(each.definition, sort_keys=False))
        if not offline.check(folder / "sfnctl.yaml", pipeline).problems:
            found.append(each)
    definition.write_text(sound)
    return found


def choose(mutants: list[tuple[str, Mutant]]) -> list[tuple[str, Mutant]]:
    """Mutants from the first to the last, always the same ones."""
    if "TEST_ALL" in os.environ:
        return mutants
    return [mutants[number * len(mutants) // TRIED] for number in range(TRIED)]


def write_project(template: str, folder: Path) -> None:
    values = templates.Values("orders", "acme-orders")
    templates.write(templates.find(template), folder, values, ci=Ci.NONE)


def find_unnoticed(sfnctl: Sfnctl, folder: Path, mutants: list[Mutant]) -> list[str]:
    """The faults of the mutants whose cases all pass."""
    cases = (folder / "workflow.test.yaml").read_text()
    (folder / "workflow.test.yaml").unlink()
    groups = [mutants[start : start + GROUP] for start in range(0, len(mutants), GROUP)]
    return [fault for group in groups for fault in _run(sfnctl, folder, cases, group)]


def _run(sfnctl: Sfnctl, folder: Path, cases: str, mutants: list[Mutant]) -> list[str]:
    """Runs mutants together: each is a definition with a copy of the template's case file."""
    names = [f"m{number}.test.yaml" for number in range(len(mutants))]
    for name, each in zip(names, mutants, strict=True):
        definition = name.replace(".test.", ".asl.")
        (folder / definition).write_text(yaml.safe_dump(each.definition, sort_keys=False))
        (folder / name).write_text(f"definition: {definition}\n{cases}")
    paths = [str(folder / name) for name in names]
    config = ("--config", str(folder / "sfnctl.yaml"))
    report = sfnctl(*config, "test", *paths, "-o", "json", code=None).document
    ran = {Path(each["file"]).name for each in report["cases"]}
    noticed = {Path(each["file"]).name for each in report["cases"] if each["verdict"] != "passed"}
    assert ran == set(names)
    return [each.fault for name, each in zip(names, mutants, strict=True) if name not in noticed]


def test_36_of_40_faults_fail_the_tests_of_a_template(sfnctl: Sfnctl) -> None:
    names = [each.name for each in templates.list_templates()]
    mutants = []
    for name in names:
        write_project(name, sfnctl.folder / name)
        mutants += [(name, each) for each in list_valid_mutants(sfnctl.folder / name)]
    chosen = choose(mutants)
    unnoticed = [
        f"{name}: {fault}"
        for name in names
        for fault in find_unnoticed(
            sfnctl, sfnctl.folder / name, [each for owner, each in chosen if owner == name]
        )
    ]
    assert len(chosen) >= TRIED
    assert len(unnoticed) <= MOST_MISSED * len(chosen) / TRIED, "\n".join(unnoticed)
