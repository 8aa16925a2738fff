import subprocess
import sys

import pytest

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
