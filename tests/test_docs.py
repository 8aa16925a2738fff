"""The docs say what the program does."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from sfn_s3_cli.config.yaml import parse
from sfn_s3_cli.errors import ExitCode

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
PAGES = runpy.run_path(str(ROOT / "docs" / "generate.py"))["PAGES"]


@pytest.mark.parametrize("name", PAGES)
def test_generated_pages_are_current(name: str) -> None:
    """`make docs` brings them up to date."""
    assert (ROOT / "docs" / name).read_text() == PAGES[name]()


def test_the_readme_lists_every_exit_code() -> None:
    for code in ExitCode:
        assert f"| {code.value} | {code.meaning} |" in README


def test_the_readme_shows_configs_that_load() -> None:
    blocks = README.split("```yaml\n")[1:]
    assert blocks
    for block in blocks:
        document = parse(block.partition("```")[0], "README.md")
        assert not document.faults


def test_the_readme_shows_the_ci_workflow_that_comes_with_every_template() -> None:
    for workflow in ROOT.glob("templates/*/.github/workflows/deploy.yml"):
        assert f"```yaml\n{workflow.read_text()}```" in README


def test_links_between_the_docs_lead_somewhere() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for link in page.read_text().split("](")[1:]:
            target = link.partition(")")[0].partition("#")[0]
            assert not target or "://" in target or (page.parent / target).exists(), (page, target)
