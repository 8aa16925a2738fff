import signal
import subprocess
import sys
import threading
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sfn_s3_cli import signals

ROOT = Path(__file__).parent.parent
LOST = """
import signal, time
from sfn_s3_cli import signals
from sfn_s3_cli.errors import Signalled

class Lost:
    def __del__(self):
        signal.raise_signal(signal.{name})

signals.install()
received = []
try:
    if {deferred}:
        lost = Lost()
        del lost
        with signals.defer(received.append):
            while not received:
                time.sleep(0.01)
        raise received[0]
    Lost()
    while True:
        time.sleep(0.01)
except Signalled as signalled:
    raise SystemExit(int(signalled.exit_code))
"""


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
@pytest.mark.parametrize("deferred", [False, True])
def test_signal_is_not_lost_where_python_ignores_exceptions(
    name: str, code: int, deferred: bool
) -> None:
    """It hung a watch: the signal came during an import, in the callback of a weak reference."""
    run = subprocess.run(
        [sys.executable, "-c", LOST.format(name=name, deferred=deferred)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stdout, run.stderr) == (code, "", "")


def test_a_time_limit_ends_a_block() -> None:
    with pytest.raises(signals.TimeUp), signals.time_limit(0.01):
        threading.Event().wait(60)
    with signals.time_limit(60), pytest.raises(ZeroDivisionError):
        raise ZeroDivisionError
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert signal.getsignal(signal.SIGALRM) is signal.SIG_DFL


def test_a_time_limit_of_zero_is_one() -> None:
    with pytest.raises(signals.TimeUp), signals.time_limit(0):
        threading.Event().wait(60)


def test_another_thread_has_no_time_limit() -> None:
    def work() -> str:
        with signals.time_limit(60):
            return str(signal.getitimer(signal.ITIMER_REAL))

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(work).result() == "(0.0, 0.0)"


LOST_LIMIT = """
import time
from sfn_s3_cli import signals

class Lost:
    def __del__(self):
        time.sleep(0.5)

signals.install()
try:
    with signals.time_limit(0.1):
        Lost()
        while True:
            time.sleep(0.01)
except signals.TimeUp:
    print("time is up")
"""


def test_a_time_limit_is_not_lost_either() -> None:
    command = [sys.executable, "-c", LOST_LIMIT]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert (run.stdout, run.stderr) == ("time is up\n", "")


INTERRUPTED_WHILE_LOADING = """
import signal, sys

class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == "sfn_s3_cli.commands":
            signal.raise_signal(signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)  # it may be ignored here
sys.meta_path.insert(0, Interrupt())
from sfn_s3_cli.entry import main
main()
"""


def test_ctrl_c_while_the_program_loads_is_one_line() -> None:
    run = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_WHILE_LOADING],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    expected = "Error: interrupted; nothing was changed\n"
    assert (run.returncode, run.stdout, run.stderr) == (130, "", expected)


def test_the_installed_script_guards_its_imports() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert scripts == {"sfnctl": "sfn_s3_cli.entry:main"}
