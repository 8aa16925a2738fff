"""Mocks in Python: whatever they do, each case has a verdict."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sfnctl_script import Sfnctl
from testing.workflow_cases import define, run, run_one, task, write

from sfn_s3_cli.local.testing import python_mocks
from sfn_s3_cli.local.testing.case import Case

COPY = define(Copy=task(Parameters={"Bucket": "b", "Key": "k", "CopySource": "a/k"}))
MOCKS = """\
import os, pdb, sys

def leave(arguments): sys.exit("bye")
def interrupt(arguments): raise KeyboardInterrupt
def generator(arguments): raise GeneratorExit
def die(arguments): os._exit(3)
def ask(arguments): return input()
def debug(arguments): pdb.set_trace()
def good(arguments): return {"ok": True}
"""


def call(function: str, **more: Any) -> dict[str, Any]:
    return {"input": {}, "mocks": {"Copy": {"python": f"m.py:{function}"}}, **more}


@pytest.mark.parametrize(
    ("function", "raised"),
    [
        ("leave", "SystemExit: bye"),
        ("interrupt", "KeyboardInterrupt"),
        ("generator", "GeneratorExit"),
    ],
)
def test_a_mock_that_ends_python_ends_its_case(sfnctl: Sfnctl, function: str, raised: str) -> None:
    sfnctl.write("m.py", MOCKS)
    write(sfnctl, COPY, call(function, expect={"status": "FAILED"}), call("good"))
    bad, good = run(sfnctl, code=1)
    assert (bad["verdict"], good["verdict"]) == ("error", "passed")
    assert "the mock of the state 'Copy' does not work" in bad["failure"]["message"]
    assert bad["failure"]["message"].endswith(f"m.py raised {raised}")


def test_a_file_that_ends_python_cannot_be_loaded(sfnctl: Sfnctl) -> None:
    sfnctl.write("m.py", "def f(arguments): pass\nraise SystemExit(2)\n")
    ran = run_one(sfnctl, COPY, call("f"))
    assert ran["failure"]["message"].endswith("m.py cannot be loaded: SystemExit: 2")


def test_cases_without_a_result_are_errors(sfnctl: Sfnctl) -> None:
    sfnctl.write("m.py", MOCKS)
    write(sfnctl, COPY, call("die"))
    [ran] = run(sfnctl, code=1)
    assert ran["verdict"] == "error"
    assert "ended before the case did (exit code 3)" in ran["failure"]["message"]


@pytest.mark.parametrize(("function", "error"), [("ask", "EOFError"), ("debug", "BdbQuit")])
def test_mocks_do_not_read_the_runs(sfnctl: Sfnctl, function: str, error: str) -> None:
    sfnctl.write("m.py", MOCKS)
    cases = [call(function, expect={"error": error}) for _ in range(20)]
    write(sfnctl, COPY, *cases, call("good"))
    assert {each["verdict"] for each in run(sfnctl, code=0)} == {"passed"}


def test_a_mock_that_never_returns_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(python_mocks, "_MOST_SECONDS", 0.01)
    file = tmp_path / "m.py"
    file.write_text("import threading\ndef f(arguments): threading.Event().wait()\n")
    mock = {"file": str(file), "function": "f"}
    with pytest.raises(python_mocks.BadMockError, match=r"^f in .*m.py did not return within"):
        python_mocks.call(Case({}, {}), mock, "arn:aws:states:::lambda:invoke", {})


def test_a_thread_of_a_mock_keeps_nothing_alive(sfnctl: Sfnctl) -> None:
    sfnctl.write(
        "m.py",
        "import threading\n"
        "def f(arguments): threading.Thread(target=threading.Event().wait).start()\n",
    )
    assert run_one(sfnctl, COPY, call("f"))["verdict"] == "passed"


def test_mocks_can_have_dataclasses(sfnctl: Sfnctl) -> None:
    sfnctl.write(
        "m.py",
        "from __future__ import annotations\n"
        "from dataclasses import asdict, dataclass\n"
        "@dataclass\n"
        "class Copied:\n"
        "    key: str\n"
        "def f(arguments): return asdict(Copied(arguments['Key']))\n",
    )
    ran = run_one(sfnctl, COPY, call("f", expect={"output": {"key": "k"}}))
    assert ran["verdict"] == "passed"


def test_a_case_whose_calls_are_no_json_has_a_verdict(sfnctl: Sfnctl) -> None:
    sfnctl.write("m.py", "def f(arguments): return {'a': '\\ud800'}\n")
    assert run_one(sfnctl, COPY, call("f"))["verdict"] in {"passed", "error"}
