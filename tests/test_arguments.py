"""Global options may be anywhere, and short options may share one `-`."""

from __future__ import annotations

import pytest
import typer.main

from sfn_s3_cli.arguments import move_global_options_first
from sfn_s3_cli.cli import app

ROOT = typer.main.get_command(app)

CASES = [
    ("deploy --yes --local -ojson", "--local -ojson deploy --yes"),
    ("deploy -yv", "-v deploy -y"),
    ("deploy -vy", "-v deploy -y"),
    ("deploy -yvojson", "-v -ojson deploy -y"),
    ("deploy -yo json", "-o json deploy -y"),
    ("-vc a.yaml deploy -y", "-v -c a.yaml deploy -y"),
    ("deploy --output=json -y", "--output=json deploy -y"),
    ("deploy -yz", "deploy -y -z"),
    ("deploy -1", "deploy -1"),
    ("local start -v", "-v local start"),
    ("init -- -v", "init -- -v"),
    ("init - --local", "--local init -"),
    ("init --name -v --local", "--local init --name -v"),  # as Typer: what follows is the value
    ("watch --key --local -v", "-v watch --key --local"),
    ("deploy --output", "--output"),  # so that Typer says what is missing, not that it is `deploy`
    ("deploy -yo", "-o"),
    ("deploy --expect", "deploy --expect"),
    ("nonsense -v", "-v nonsense"),
    ("", ""),
]


@pytest.mark.parametrize(("given", "moved"), CASES)
def test_global_options_move_to_the_front(given: str, moved: str) -> None:
    assert " ".join(move_global_options_first(given.split(), ROOT)) == moved
