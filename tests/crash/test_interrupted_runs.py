"""Runs are killed or interrupted at any call to AWS, and the next run finishes the job."""

from __future__ import annotations

import re
from signal import SIGKILL

import pytest
from crash.scenario_runner import Cut, ScenarioRunner, Step
from crash.scenarios import SCENARIOS
from faults.rules import Rule, delay_roles
from reliability_figures import TEST_ALL, count
from sfnctl_script import RunResult

PARTS = 8 if TEST_ALL else 1
SAMPLE = ("cloudtrail, much of it changed", "s3, much of it changed", "between trails of others")
FIGURES = {"SIGKILL": "kill points", "SIGINT": "signals", "SIGTERM": "signals"}
CODES = {"SIGKILL": -SIGKILL, "SIGINT": 130, "SIGTERM": 143}
NOTHING = "Error: interrupted; nothing was changed\n"
ALL = (
    r"Error: interrupted (after all changes were made\n|after all changes were made, before the"
    r" shared settings were checked\nHint: .*\n|after changes were made\nHint: .*\n)\Z"
)
HALF = (
    r"Error: interrupted: the changes in progress have ended, \d+ of \d+ changes did not begin\n"
    r"Hint: run `sfnctl (deploy|teardown)` again to finish\n\Z"
)


def choose_cuts(step: Step, scenario: int, part: int) -> list[Cut]:
    if TEST_ALL:
        return step.cuts()[part::PARTS]
    signal = ("SIGINT", "SIGTERM")[scenario % 2]
    second = "SIGKILL" if scenario % 3 else signal
    return step.sample(scenario / len(SCENARIOS), "SIGKILL", second)


def is_reported(cut: Cut, ended: RunResult, *, has_changed: bool, is_done: bool) -> bool:
    """Whether the run ended with the right exit code and message."""
    if ended.code != CODES[cut.signal]:
        return False
    if cut.signal == "SIGKILL" or re.search(HALF, ended.err):
        return True
    if ended.err.endswith(NOTHING):
        return not has_changed
    return bool(re.search(ALL, ended.err)) and is_done


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("scenario", [*SCENARIOS] if TEST_ALL else SAMPLE)
def test_the_next_run_finishes_an_interrupted_run(
    runner: ScenarioRunner, scenario: str, part: int
) -> None:
    runner.play_undisturbed(SCENARIOS[scenario])
    last = Cut("SIGKILL", 0, after=False)
    losses: list[str] = []

    def cut_off(step: Step, cut: Cut) -> bool:
        nonlocal last
        last, before = cut, runner.read_state()
        ended = runner.run_and_cut(step, cut)
        has_changed = runner.read_state() != before
        if ended:
            is_done = not runner.diff_from(step)
            is_lost = not is_reported(cut, ended, has_changed=has_changed, is_done=is_done)
            count(FIGURES[cut.signal], 1, int(is_lost))
            losses.extend([f"{step.verb}, {cut}: {ended}"] if is_lost else [])
        return has_changed

    number = [*SCENARIOS].index(scenario)
    for step in runner.play_disturbed(
        [choose_cuts(step, number, part) for step in runner.steps], cut_off
    ):
        if missed := runner.diff_from(step):
            count(FIGURES[last.signal], 0, 1)
            losses.append(f"{step.verb}, run again after {last}:\n{missed}")
        if TEST_ALL and step.verb == "deploy":
            runner.sfnctl("plan", "--exit-code")
    if losses:
        pytest.fail("\n\n".join(losses), pytrace=False)


def test_a_second_signal_ends_the_run_immediately(runner: ScenarioRunner) -> None:
    runner.write(SCENARIOS["s3 to cloudtrail"].before)
    rules = (  # the pause lets the first one take effect
        Rule(do="sleep", operation="CreateLogGroup", seconds=600),
        Rule(do="signal", operation="CreateRole", signal="SIGINT"),
        Rule(do="sleep", operation="CreateRole", seconds=0.5),
        Rule(do="signal", operation="CreateRole", signal="SIGINT"),
    )
    with runner.sfnctl.with_faults(*rules):
        ended = runner.sfnctl("deploy", "--yes", code=130)  # within two minutes
    assert ended.err.endswith("Error: interrupted twice: stopped immediately\n")
    runner.sfnctl("deploy", "--yes")
    runner.sfnctl("plan", "--exit-code")


def test_a_signal_ends_a_wait_for_a_role(runner: ScenarioRunner) -> None:
    """A deploy waits two minutes for a role that stays unknown."""
    runner.write(SCENARIOS["s3 to cloudtrail"].before)
    is_young, _ = delay_roles()
    third = Rule(do="signal", operation="CreateStateMachine", first=3, signal="SIGINT")
    with runner.sfnctl.with_faults(is_young, third) as record:
        ended = runner.sfnctl("deploy", "--yes", code=130)
    assert record.waited() < 20
    assert re.search(HALF, ended.err), ended
    runner.sfnctl("deploy", "--yes")
    runner.sfnctl("plan", "--exit-code")
