"""Lines that are too wide for a terminal."""

from __future__ import annotations

import io
import sys

import pytest
from fake_terminal import FakeTerminal
from hypothesis import given
from hypothesis import strategies as st

from sfn_s3_cli.errors import Problem, Severity
from sfn_s3_cli.local.environment import Environment
from sfn_s3_cli.views import environment, github, pretty_json
from sfn_s3_cli.views.human import Human
from sfn_s3_cli.views.wrap import NARROWEST, wrap

TEXT = st.text(st.sampled_from("ab /:,`"), max_size=200)
ARN = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/vendedlogs/states/orders"


@given(TEXT, st.integers(1, 120))
def test_nothing_is_lost_and_every_line_fits(text: str, width: int) -> None:
    lines = [*wrap(text, width)]
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    deepest = len(text) - len(text.lstrip(" ")) + 4
    for line in lines:
        assert len(line) <= max(width, NARROWEST) or deepest > NARROWEST or "`" in line
    assert [part for line in lines for part in wrap(line, width)] == lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            f"      log_group_arn: {ARN}",
            [
                "      log_group_arn:",
                "          arn:aws:logs:us-east-1:111122223333:",
                "          log-group:/aws/vendedlogs/states/orders",
            ],
        ),
        (
            "If you want to remove it, run `sfnctl teardown --pipeline a-very-long-name`.",
            [
                "If you want to remove it, run",
                "    `sfnctl teardown --pipeline a-very-long-name`.",
            ],
        ),
        (
            f"key {'x' * 60} ends",
            ["key", "    " + "x" * 46, "    " + "x" * 14 + " ends"],
        ),
    ],
    ids=["parts of an ARN", "a command stays whole", "a long word"],
)
def test_lines_break_where_people_would(text: str, lines: list[str]) -> None:
    assert [*wrap(text, 50)] == lines


def test_only_terminals_get_broken_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, pipe = FakeTerminal(), io.StringIO()
    monkeypatch.setenv("COLUMNS", "50")
    for stream in (terminal, pipe):
        monkeypatch.setattr(sys, "stderr", stream)
        Human().remark("Waiting for IAM: the new rights take some seconds to spread")
    assert terminal.getvalue() == (
        "Waiting for IAM: the new rights take some seconds\n    to spread\n"
    )
    assert pipe.getvalue() == "Waiting for IAM: the new rights take some seconds to spread\n"


def test_what_is_copied_whole_is_not_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shell commands, JSON and the commands of GitHub Actions end where their lines do."""
    long = " ".join(["word"] * 30)
    commands = Environment({"NAME": long}, (long,))
    for lines in (
        environment.lines(commands),
        pretty_json.lines(f'"{long}"'),
        pretty_json.lines(f"no JSON: {long}"),
        github.lines([Problem("CODE", Severity.ERROR, long, "", "sfnctl.yaml")]),
    ):
        assert all(line.is_verbatim for line in lines)
    terminal = FakeTerminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    Human().show(commands)
    assert terminal.getvalue() == f"unset {long}\nexport NAME='{long}'\n"
