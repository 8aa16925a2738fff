"""Importing a pure package loads none of the libraries that talk to AWS or to a terminal."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent

IMPORT_ALL = """
import importlib, json, pkgutil, sys

def import_all(name):
    module = importlib.import_module(name)
    for each in pkgutil.iter_modules(getattr(module, "__path__", ()), f"{name}."):
        import_all(each.name)

for name in sys.argv[1:]:
    import_all(name)
print(json.dumps(sorted(sys.modules)))
"""


def read_contract(word: str) -> dict[str, list[str]]:
    """The contract of import-linter that has the word in its name."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = settings["tool"]["importlinter"]["contracts"]
    (contract,) = [each for each in contracts if word in each["name"]]
    return dict(contract)


def load(names: list[str]) -> set[str]:
    """Every module that a fresh process has loaded after it imported these."""
    run = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, *names], capture_output=True, text=True, check=True
    )
    modules = set(json.loads(run.stdout))
    assert modules >= set(names)
    return modules


def test_pure_packages_load_no_aws_library() -> None:
    """import-linter reads imports; this also finds those made while a module is loaded."""
    contract = read_contract("Pure")
    assert not load(contract["source_modules"]) & set(contract["forbidden_modules"])


def test_wiring_loads_no_boto3() -> None:
    """It needs the classes of the kinds, whose modules know AWS's errors, but no client."""
    assert not load(["sfn_s3_cli.reconcile.desired"]) & {"boto3", "rich", "typer", "ministack"}
