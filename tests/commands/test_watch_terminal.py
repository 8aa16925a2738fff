"""`watch-executions` on a real terminal."""

from __future__ import annotations

from pathlib import Path

from pseudo_terminal import CTRL_C, PseudoTerminal
from screen import Screen
from sfnctl_script import SFNCTL, Sfnctl

from sfn_s3_cli.aws.client import Aws

HOSTILE = "incoming/\x1b[2J\x9b31m\x1b]0;x\x07\u202e日本語.json"


def test_a_watch_on_a_terminal_until_ctrl_c(project: Sfnctl, aws: Aws, account: str) -> None:
    """With a key that could control it, and after it was resized."""
    project("deploy", "--yes")
    command: list[str | Path] = [SFNCTL, "watch-executions", "--since", "1h"]
    environ = {**project.environment, "TERM": "xterm-256color", "NO_COLOR": ""}
    with PseudoTerminal(command, project.folder, environ, Screen(80, 24)) as terminal:
        terminal.wait_until(lambda shown: "Ctrl-C to stop" in shown)
        aws.s3.put_object(Bucket=f"orders-{account}", Key="incoming/a.json", Body=b"{}")
        terminal.wait_until(lambda shown: "1 succeeded" in shown)
        terminal.resize(120, 30)
        aws.s3.put_object(Bucket=f"orders-{account}", Key=HOSTILE, Body=b"{}")
        terminal.wait_until(lambda shown: "2 succeeded" in shown)
        terminal.press(CTRL_C)
        assert terminal.wait_for_end() == 130
        assert terminal.read_modes() == terminal.modes
    screen = terminal.screen
    assert screen.wraps == 0
    lines = screen.text.splitlines()
    assert [line.split()[0] for line in lines].count("TIME") == 2, "one for each layout"
    rows = [line for line in lines if "SUCCEEDED" in line]
    assert rows[0].endswith("incoming/a.json")
    assert rows[1].endswith(r"incoming/\x1b[2J\x9b31m\x1b]0;x\x07\u202e日本語.json")
    assert lines[-1] == "2 executions ended: 2 succeeded"
