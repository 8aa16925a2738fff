"""Closed and full streams, and signals."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest
from faults.rules import Rule
from sfnctl_script import SFNCTL, Sfnctl


def test_closed_pipe_ends_the_command_quietly(sfnctl: Sfnctl) -> None:
    script = f"set -o pipefail; '{SFNCTL}' schema | true; echo ${{PIPESTATUS[0]}}"
    run = subprocess.run(
        ["bash", "-c", script], cwd=sfnctl.folder, capture_output=True, text=True, check=True
    )
    assert (run.stdout, run.stderr) in {("141\n", ""), ("0\n", "")}  # 0: it was quicker


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("arguments", ["schema", "--help", "--version"])
def test_full_disk_is_an_error_without_a_traceback(sfnctl: Sfnctl, arguments: str) -> None:
    with Path("/dev/full").open("w") as full:
        run = subprocess.run(
            [SFNCTL, arguments],
            cwd=sfnctl.folder,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert run.returncode == 1
    assert run.stderr in {
        "Error: cannot write to <stdout>: No space left on device\n",
        "Error: No space left on device\n",
    }


def test_closed_stdin_cannot_confirm(project: Sfnctl) -> None:
    run = subprocess.run(
        ["bash", "-c", f"'{SFNCTL}' deploy <&-"],
        cwd=project.folder,
        env=project.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert run.stderr.splitlines()[-2:] == [
        "Error: cannot ask for confirmation: no terminal, or JSON output",
        "Hint: pass --yes to go ahead",
    ]


SIGNALS = pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
NOTHING_TO_DO = "Nothing to do for orders: AWS matches the config.\n"


@pytest.fixture
def deployed(project: Sfnctl) -> None:
    project("deploy", "--yes")


@pytest.mark.usefixtures("deployed")
@SIGNALS
def test_signal_ends_a_watch_with_its_own_exit_code(
    sfnctl_local: Sfnctl, sent: signal.Signals, code: int
) -> None:
    with sfnctl_local.running("watch-executions") as run:
        assert run.stderr
        assert run.stderr.readline() == "Watching orders; press Ctrl-C to stop.\n"
        run.send_signal(sent)
        out, err = run.communicate(timeout=60)
    assert (run.returncode, out, err) == (code, "", "")


@pytest.mark.usefixtures("deployed")
@SIGNALS
def test_early_signal_says_that_nothing_was_changed(
    sfnctl_local: Sfnctl, sent: signal.Signals, code: int
) -> None:
    with sfnctl_local.running("deploy", "--yes", "--verbose") as run:
        assert run.stderr
        assert run.stderr.readline().startswith("sts:GetCallerIdentity")
        run.send_signal(sent)
        out, err = run.communicate(timeout=60)
    assert (run.returncode, out) in {(code, ""), (0, NOTHING_TO_DO)}
    assert run.returncode == 0 or "Error: interrupted; nothing was changed\n" in err


@pytest.mark.usefixtures("deployed")
def test_signal_ends_a_read_that_hangs(sfnctl_local: Sfnctl) -> None:
    hanging = Rule(do="sleep", operation="DescribeRule", seconds=600)
    with sfnctl_local.with_faults(hanging) as record, sfnctl_local.running("plan") as run:
        while not record.fired:
            assert run.poll() is None
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=60)
    assert (run.returncode, err) == (130, "Error: interrupted; nothing was changed\n")


def test_closed_stderr_ends_a_deploy(project: Sfnctl) -> None:
    """Also if a thread of the deploy writes to it."""
    with project.running("deploy", "--yes", "--verbose") as run:
        assert run.stderr
        while "CreateRole" not in run.stderr.readline():
            pass
        run.stderr.close()
        run.stderr = None
        run.communicate(timeout=60)
    assert run.returncode in {0, 141}
    project("deploy", "--yes")
