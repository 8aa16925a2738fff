"""What a command loads: quick commands do not load AWS's libraries."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from pipelines import HELLO, pipeline_config
from sfnctl_script import Sfnctl

PROBE = """
import json, sys
sys.argv = ["sfnctl", *sys.argv[1:]]
from sfn_s3_cli.cli import main
try:
    main()
except SystemExit as ended:
    assert not ended.code, ended.code
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})), file=sys.stderr)
"""


def list_loaded_modules(sfnctl: Sfnctl, *arguments: str) -> set[str]:
    """The top-level modules that a command has loaded when it ends."""
    command = [sys.executable, "-c", PROBE, *arguments]
    run = subprocess.run(
        command, cwd=sfnctl.folder, capture_output=True, text=True, check=True, timeout=60
    )
    return set(json.loads(run.stderr.splitlines()[-1]))


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("deploy", "--help"),
        ("init", "new", "--bucket", "acme-orders", "--name", "orders"),
        ("validate",),
        ("schema",),
        ("graph",),
        ("graph", "--format", "mermaid"),
        ("test",),
    ],
)
def test_commands_without_aws_calls_load_no_boto3(
    sfnctl: Sfnctl, arguments: tuple[str, ...]
) -> None:
    sfnctl.write("sfnctl.yaml", pipeline_config("123456789012"))
    sfnctl.write("workflow.asl.json", json.dumps(HELLO))
    sfnctl.write("workflow.test.yaml", "cases: [{name: a, input: 1}]")
    modules = list_loaded_modules(sfnctl, *arguments)
    assert "typer" in modules
    assert not modules & {"boto3", "botocore", "mermaidx", "ministack", "rich"}


@pytest.mark.parametrize("before", ["init\n--template", "plan\n--profile"])
def test_completion_loads_only_what_it_needs(
    sfnctl: Sfnctl, monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    monkeypatch.setenv("_SFNCTL_COMPLETE", "bash")
    monkeypatch.setenv("_SFNCTL_COMPLETE_BEFORE", before)
    monkeypatch.setitem(globals(), "PROBE", "import os; os._exit = exit\n" + PROBE)
    modules = list_loaded_modules(sfnctl)
    assert "typer" in modules
    assert not modules & {"boto3", "botocore", "ministack", "pydantic", "rich", "yaml"}


def test_help_loads_neither_pydantic_nor_yaml(sfnctl: Sfnctl) -> None:
    assert not list_loaded_modules(sfnctl, "--help") & {"pydantic", "yaml"}
