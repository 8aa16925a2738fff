"""The lines of results that depend on the time and on the terminal."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from datetime import timedelta

import pytest
from fake_clock import NOON
from fake_terminal import FakeTerminal

from sfn_s3_cli.executions.latest import LatestExecutions
from sfn_s3_cli.reconcile.outcome import Outcome
from sfn_s3_cli.reconcile.plan import Plan
from sfn_s3_cli.reconcile.status import ResourceState, StateName, Status
from sfn_s3_cli.resources.base import Address
from sfn_s3_cli.resources.dead_letters import DUPLICATE, DeadLetters, ErrorCount
from sfn_s3_cli.views.human import Human

MACHINE = "https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/m"
QUEUE = "https://eu-west-1.console.aws.amazon.com/sqs/v3/home?region=eu-west-1#/q"
LETTERS = DeadLetters(
    60,
    NOON,
    (
        ErrorCount("NO_PERMISSIONS", 40, NOON - timedelta(days=2, hours=23)),
        ErrorCount("", 1, NOON - timedelta(minutes=119)),
        ErrorCount(DUPLICATE, 9, NOON + timedelta(seconds=1)),
    ),
)
STATUS = Status(
    resources=(ResourceState(Address("queue", "orders"), StateName.OK),),
    again_after=None,
    dead_letters=LETTERS,
    executions=LatestExecutions(()),
    outputs={"state_machine_console_url": MACHINE, "queue_console_url": QUEUE},
)
IN_A_PIPE = """\
ok        queue               orders
Dead letters: 60, 50 of them read, the oldest 2 days old
    40 NO_PERMISSIONS, the oldest 2 days old
    1 without ERROR_CODE, 1 hour old
    9 RESOURCE_ALREADY_EXISTS, the oldest 0 seconds old (duplicates: their executions exist)
Executions: none yet
"""


def show(monkeypatch: pytest.MonkeyPatch, status: Status | Outcome, stream: io.StringIO) -> str:
    monkeypatch.setattr(sys, "stdout", stream)
    Human().show(status)
    return stream.getvalue()


def test_a_pipe_gets_ages_and_no_links(monkeypatch: pytest.MonkeyPatch) -> None:
    assert show(monkeypatch, STATUS, io.StringIO()) == IN_A_PIPE


def test_a_terminal_gets_pages_of_the_console(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    *lines, last = IN_A_PIPE.splitlines(keepends=True)
    plain = "".join([*lines, f"    Queue: {QUEUE}\n", last, f"State machine: {MACHINE}\n"])
    assert show(monkeypatch, STATUS, FakeTerminal()) == plain, "NO_COLOR"
    duplicates = replace(STATUS, dead_letters=DeadLetters(9, NOON, LETTERS.errors[2:]))
    assert QUEUE not in show(monkeypatch, duplicates, FakeTerminal())
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "xterm")
    assert f"State machine: {MACHINE}\n" in show(monkeypatch, STATUS, FakeTerminal())
    monkeypatch.setenv("TERM", "xterm-kitty")
    shown = show(monkeypatch, STATUS, FakeTerminal())
    assert f";{MACHINE}\x1b\\" in shown
    assert f": {MACHINE}" not in shown
    monkeypatch.setenv("TERM", "dumb")
    assert show(monkeypatch, STATUS, FakeTerminal()) == plain


def test_a_deploy_on_a_terminal_ends_with_a_link(monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = Outcome("deploy", "orders", Plan((), (), {}), outputs=STATUS.outputs)
    done = "Nothing to do for orders: AWS matches the config.\n"
    assert show(monkeypatch, outcome, io.StringIO()) == done
    assert show(monkeypatch, outcome, FakeTerminal()) == f"{done}State machine: {MACHINE}\n"
    on_an_emulator = replace(outcome, outputs={"state_machine_arn": "arn"})
    assert show(monkeypatch, on_an_emulator, FakeTerminal()) == done
