from __future__ import annotations

from pathlib import Path

import pytest
import typer.main

from sfn_s3_cli.cli import app
from sfn_s3_cli.completion.candidates import find_candidates

ROOT = typer.main.get_command(app)

CASES = [
    ("de", "deploy demo"),
    ("--local pl", "plan"),
    ("-c other.yaml --output json tea", "teardown"),
    ("local st", "start stop status"),
    ("nonsense ", ""),
    ("plan ", ""),
    ("permissions w", "watch-executions workflow"),
    (
        "permissions --local ",
        "init plan deploy status show graph test watch-executions teardown workflow kms-key",
    ),
    ("deploy --outp", "--output"),
    ("deploy --output ", "text json"),
    ("deploy --output=j", "--output=json"),
    ("deploy -yo j", "json"),
    ("deploy -o json --out", ""),  # a second one would have no effect
    ("deploy --local -yv --w", "--wait"),
    ("deploy --local -yv --y", ""),
    ("deploy --local -yv -v", ""),
    ("deploy -- --", ""),
    ("deploy --yes=", ""),
    ("--inst", "--install-completion"),
    ("--install-completion ", "bash zsh fish"),
    ("--show-completion z", "zsh"),
    (
        "init --template ",
        "copy distributed-csv ecs-task express-fanout hello lambda validate-and-quarantine",
    ),
    ("init --via ", "cloudtrail s3"),
    ("init --ci g", "github gitlab"),
    ("watch-executions --status S", "SUCCEEDED"),
    ("watch-executions --status FAILED --statu", "--status"),  # it is repeatable
    ("watch-executions --input ", "none summary full"),
    ("plan --profile ", "default dev prod"),
    ("plan --profile p", "prod"),
    ("plan --region ", ""),
    ("plan -c ", "files"),
    ("plan --config=a", "files"),
    ("validate --sarif ", "files"),
    ("init ", "folders"),
    ("local start --state-dir ", "folders"),
]

CONFIG = """\
[default]
[profile dev]
[profile  prod ]
[sso-session corp]
"""


@pytest.fixture(autouse=True)
def _profiles(tmp_path: Path) -> None:
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/config").write_text(CONFIG)
    (tmp_path / ".aws/credentials").write_text("[default]\n")


@pytest.mark.parametrize(("line", "expected"), CASES)
def test_what_fits_at_the_end_of_a_line(line: str, expected: str) -> None:
    *before, current = line.split(" ")
    found = find_candidates(ROOT, before, current)
    words = " ".join(each.word for each in found.words)
    assert (words if found.kind == "words" else found.kind) == expected


def test_each_command_also_takes_the_global_options() -> None:
    for command in ("plan", "local start", "watch-executions"):
        found = find_candidates(ROOT, command.split(), "-")
        words = [each.word for each in found.words]
        names = "--config -c --region --profile --local --output -o --verbose -v --state-dir --help"
        assert words[-len(names.split()) :] == names.split()
        assert all(each.help for each in found.words)
