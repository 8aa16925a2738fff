"""The tests of the templates notice faults in their definitions."""

from __future__ import annotations

from pathlib import Path

import yaml
from mutants import Mutant, make_mutants
from reliability_figures import TEST_ALL
from sfnctl_script import Sfnctl

from sfn_s3_cli import templates
from sfn_s3_cli.checks import offline
from sfn_s3_cli.ci_files import Ci
from sfn_s3_cli.config.load import load

DEFINITION = "workflow.asl.yaml"
MOST_MISSED = 4
TRIED = 40
"""Mutants of all templates together; every mutant with TEST_ALL."""
GROUP = 10


def list_mutants(template: str, folder: Path) -> list[tuple[str, Mutant]]:
    write_project(template, folder)
    sound = yaml.safe_load((folder / DEFINITION).read_text())
    return [(template, each) for each in make_mutants(sound)]


def is_valid(folder: Path, mutant: Mutant) -> bool:
    """Whether `sfnctl validate` finds nothing wrong with it."""
    definition = folder / DEFINITION
    sound = definition.read_text()
    definition.write_text(yaml.safe_dump(mutant.definition, sort_keys=False))
    result = offline.check(folder / "sfnctl.yaml", load(folder / "sfnctl.yaml", {}))
    definition.write_text(sound)
    return not result.problems


def choose(mutants: list[tuple[str, Mutant]], home: Path) -> list[tuple[str, Mutant]]:
    """Valid mutants from the first to the last, always the same ones."""
    step = 1 if TEST_ALL else max(1, len(mutants) // (2 * TRIED))
    valid = [(name, each) for name, each in mutants[::step] if is_valid(home / name, each)]
    return valid if TEST_ALL else [valid[number * len(valid) // TRIED] for number in range(TRIED)]


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
    home = sfnctl.folder
    names = [each.name for each in templates.list_templates()]
    chosen = choose([each for name in names for each in list_mutants(name, home / name)], home)
    unnoticed = [
        f"{name}: {fault}"
        for name in names
        for fault in find_unnoticed(
            sfnctl, home / name, [each for owner, each in chosen if owner == name]
        )
    ]
    assert len(chosen) >= TRIED
    assert len(unnoticed) <= MOST_MISSED * len(chosen) / TRIED, "\n".join(unnoticed)
