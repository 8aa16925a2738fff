"""The docs match the program."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from textwrap import dedent

import pytest

from sfn_s3_cli.documents.yaml import parse
from sfn_s3_cli.errors import ExitCode

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
GENERATE = runpy.run_path(str(ROOT / "docs" / "generate.py"))
PAGES = GENERATE["PAGES"]


@pytest.mark.parametrize("name", PAGES)
def test_generated_pages_are_current(name: str) -> None:
    """If this fails, run `make docs`."""
    assert (ROOT / "docs" / name).read_text() == PAGES[name]()


def test_help_cuts_no_summary_short() -> None:
    lines = PAGES["commands.md"]().splitlines()
    assert [line for line in lines if line.endswith("...") and "[ARGS]" not in line] == []


def test_help_names_the_value_of_every_option() -> None:
    """`--config FILE`, not `--config <path>`; a choice such as `<text|json>` is its own name."""
    options = re.findall(r"^ .*--[a-z-]+ (\S+)  ", PAGES["commands.md"](), re.MULTILINE)
    assert {"FILE", "NAME", "<text|json>"} <= set(options)
    generic = re.compile(r"<(?![a-z]+\|)|TEXT|PATH|INTEGER")
    assert [value for value in options if generic.match(value)] == []


def test_readme_lists_every_exit_code() -> None:
    for code in ExitCode:
        assert f"| {code.value} | {code.meaning} |" in README


def test_readme_shows_configs_that_load() -> None:
    blocks = README.split("```yaml\n")[1:]
    assert blocks
    for block in blocks:
        document = parse(block.partition("```")[0], "README.md")
        assert not document.findings


def test_readme_shows_the_ci_workflow_of_every_template() -> None:
    for workflow in ROOT.glob("templates/*/.github/workflows/deploy.yml"):
        assert f"```yaml\n{workflow.read_text()}```" in README


def test_links_between_the_docs_work() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for link in page.read_text().split("](")[1:]:
            target = link.partition(")")[0].partition("#")[0]
            assert not target or "://" in target or (page.parent / target).exists(), (page, target)


def test_figures_are_sums_and_leave_the_page_alone() -> None:
    page = "# Page\n\n<!-- figures -->\nold\n<!-- end of figures -->\n\nThe end.\n"
    lines = ['["races", 1000, 0]', '["kill points", 2, 1]', '["races", 500, 0]']
    assert GENERATE["fill_figures"](page, lines) == dedent("""\
        # Page

        <!-- figures -->
        | what was tried | how often | lost |
        |---|---|---|
        | kill points | 2 | 1 |
        | races | 1,500 | 0 |
        <!-- end of figures -->

        The end.
        """)


def test_nothing_was_lost_in_any_figure() -> None:
    page = (ROOT / "docs" / "reliability.md").read_text()
    figures = page.partition("<!-- figures -->")[2].splitlines()[3:-1]
    assert figures
    assert [row for row in figures if not row.endswith("| 0 |")] == []
