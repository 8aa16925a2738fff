"""The docs match the program."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from textwrap import dedent

import pytest

from sfn_s3_cli import __version__, templates
from sfn_s3_cli.documents.yaml import parse
from sfn_s3_cli.errors import ExitCode

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
GENERATE = runpy.run_path(str(ROOT / "docs" / "generate.py"))
PAGES = GENERATE["PAGES"]
PAGES_ABOUT_CODE = [
    ROOT / "CONTRIBUTING.md",
    *(ROOT / "docs" / f"{name}.md" for name in ("adding-a-kind", "architecture", "facts")),
]
EXAMPLES = {"sfn_s3_cli/resources/metric_filter.py"}
"""Modules that a page shows how to write."""


@pytest.mark.parametrize("name", PAGES)
def test_generated_pages_are_current(name: str) -> None:
    """If this fails, run `make docs`."""
    assert (ROOT / "docs" / name).read_text() == PAGES[name]()


def test_help_shows_summaries_in_full() -> None:
    lines = PAGES["commands.md"]().splitlines()
    assert [line for line in lines if re.search(r"[^\]]\.\.\.$", line)] == []


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


def test_readme_shows_the_ci_workflow(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: elsewhere\n")
    folder, values = tmp_path / "pipelines/orders", templates.Values("orders", "acme-orders")
    written = templates.write(templates.find("hello"), folder, values).written
    assert f"```yaml\n{written[0].read_text()}```" in README


def test_readme_names_the_wheel() -> None:
    assert f"sfnctl-{__version__}-py3-none-any.whl" in README


def test_links_between_the_docs_work() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for link in page.read_text().split("](")[1:]:
            target = link.partition(")")[0].partition("#")[0]
            assert not target or "://" in target or (page.parent / target).exists(), (page, target)


@pytest.mark.parametrize("page", PAGES_ABOUT_CODE, ids=lambda page: page.name)
def test_modules_that_a_page_names_exist(page: Path) -> None:
    """A path counts from the package or the repository; a bare name may be anywhere in them."""
    names = set(re.findall(r"`([\w./-]+\.py)`", page.read_text())) - EXAMPLES
    assert names
    assert [name for name in sorted(names) if not is_module(name)] == []


def test_architecture_names_every_room() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text()
    package = ROOT / "sfn_s3_cli"
    rooms = [f"`{path.parent.name}/`" for path in package.glob("*/__init__.py")]
    modules = [f"`{path.name}`" for path in package.glob("[a-z]*.py")]
    assert [name for name in rooms + modules if name not in page] == []


def is_module(name: str) -> bool:
    if "/" in name:
        return any((folder / name).exists() for folder in (ROOT, ROOT / "sfn_s3_cli"))
    return any(list((ROOT / folder).rglob(name)) for folder in ("sfn_s3_cli", "tests"))


def test_only_the_figures_of_a_page_are_replaced() -> None:
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


def test_no_figure_counts_a_lost_case() -> None:
    page = (ROOT / "docs" / "reliability.md").read_text()
    figures = page.partition("<!-- figures -->")[2].splitlines()[3:-1]
    assert figures
    assert [row for row in figures if not row.endswith("| 0 |")] == []
