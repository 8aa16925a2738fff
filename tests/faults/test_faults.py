"""Faults at each operation that sfnctl uses: retried, or reported and fixed by the next run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import pytest
from crash.scenario_runner import ScenarioRunner, Step
from crash.scenarios import SCENARIOS
from faults.record import Made
from faults.rules import EXPIRED, FAST, OPTIONAL, Rule, deny, throttle
from reliability_figures import TEST_ALL, count

from sfn_s3_cli.errors import ExitCode

PARTS = 8 if TEST_ALL else 1
FOR_EVER = 600.0
"""Seconds that all threads together may wait before they give up."""


class Trouble(NamedTuple):
    """Faults for one run, and words that its error must have."""

    rules: tuple[Rule, ...]
    words: tuple[str, ...] = ()


PASSING: dict[str, Callable[[str], Rule]] = {
    "throttled twice": throttle,
    "an internal failure": lambda operation: Rule(do="error", operation=operation),
    "a connection reset before the call": lambda operation: Rule(do="reset", operation=operation),
    "an answer that is lost": lambda operation: Rule(do="reset", after=True, operation=operation),
}
# The same update sent twice creates one more version: see the test below.
NOT_TWICE = dict.fromkeys(PASSING, ()) | {"an answer that is lost": ("UpdateStateMachine",)}
# A bucket whose creation was not answered is found afterwards, with S3's default encryption.
NOT_TOGETHER = dict.fromkeys(PASSING, ()) | {"an answer that is lost": ("PutBucketEncryption",)}


def list_passing_troubles(step: Step) -> list[Trouble]:
    """Each fault at all operations in one run; with TEST_ALL also at each operation alone."""
    operations = sorted(call.operation for call in step.operations)
    found = []
    for fault, rule in PASSING.items():
        rules = [rule(each) for each in operations if each not in NOT_TWICE[fault]]
        together = [each for each in rules if each.operation not in NOT_TOGETHER[fault]]
        found += [Trouble((*together,)), *[Trouble((each,)) for each in rules if TEST_ALL]]
    return found


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("scenario", [*SCENARIOS][: 2 if TEST_ALL else 1])
def test_transient_faults_are_retried(runner: ScenarioRunner, scenario: str, part: int) -> None:
    runner.play_undisturbed(SCENARIOS[scenario])
    losses: list[str] = []

    def disturb(step: Step, trouble: Trouble) -> bool:
        with runner.sfnctl.with_faults(*trouble.rules, FAST):
            ended = runner.run(step, code=None)
            count("faults injected", len(trouble.rules), int(ended.code != 0))
            assert ended.code == 0, (trouble, ended)
        if missed := runner.diff_from(step):
            count("faults injected", 0, 1)
            losses.append(f"{step.verb} {trouble}: {ended}\n{missed}")
        return True

    every = [list_passing_troubles(step) for step in runner.steps]
    # Of four faults, a sample puts one at all operations of each of the three steps.
    sampled = [each[part::PARTS] if TEST_ALL else [each[n]] for n, each in enumerate(every)]
    for _ in runner.play_disturbed(sampled, disturb):
        pass
    if losses:
        pytest.fail("\n\n".join(losses), pytrace=False)


def test_an_update_sent_twice_leaves_the_newest_version_live(
    runner: ScenarioRunner,
) -> None:
    """AWS gives each update a new revision, and so a new version."""
    scenario = SCENARIOS["cloudtrail, much of it changed"]
    runner.write(scenario.before)
    runner.sfnctl("deploy", "--yes")
    runner.write(scenario.after)
    with runner.sfnctl.with_faults(
        Rule(do="reset", after=True, operation="UpdateStateMachine"), FAST
    ):
        runner.sfnctl("deploy", "--yes")
    runner.sfnctl("plan", "--exit-code")
    assert any("stateMachine:orders:3" in line for line in runner.read_state())
    runner.sfnctl("teardown", "--yes")
    assert not any("stateMachine:orders:" in line for line in runner.read_state())


REFUSED = {"GetBucketTagging": "s3:GetBucketTagging", "HeadBucket": "s3:ListBucket"}
"""Operations whose denial sfnctl reports in its own words, with the action alone."""


def list_lasting_troubles(step: Step) -> list[Trouble]:
    """Faults that last, at each operation; and credentials that expire at each change."""

    def at(call: Made) -> list[Trouble]:
        service, operation = call[:2]
        code = "AccessDenied" if service in {"iam", "s3", "sts"} else "AccessDeniedException"
        action = REFUSED.get(operation, f"{service}:{operation}")
        words = (action,) if operation in REFUSED else (operation, code, action)
        return [
            Trouble((deny(operation, action, code=code),), words),
            Trouble((throttle(operation, times=None), FAST), (operation, "Rate exceeded")),
        ]

    changes = sum(call.changes for call in step.calls)
    expired = [replace(EXPIRED, changes=True, first=n + 1) for n in range(changes)]
    return [
        *(
            each
            for call in step.operations
            if call.operation not in OPTIONAL or step.verb == "teardown"
            for each in at(call)
        ),
        *(Trouble((rule,), ("the credentials have expired",)) for rule in expired),
    ]


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("scenario", [*SCENARIOS][: 2 if TEST_ALL else 1])
def test_the_next_run_finishes_after_a_lasting_fault(
    runner: ScenarioRunner, scenario: str, part: int
) -> None:
    runner.play_undisturbed(SCENARIOS[scenario])
    losses: list[str] = []

    def disturb(step: Step, trouble: Trouble) -> bool:
        before = runner.read_state()
        with runner.sfnctl.with_faults(*trouble.rules) as record:
            ended = runner.run(step, code=None)
        waited = record.waited("clock") + record.waited("botocore")
        has_changed = runner.read_state() != before
        is_told = all(word in ended.err for word in trouble.words) and waited < FOR_EVER
        codes = {ExitCode.PARTLY_DONE} if has_changed else {ExitCode.FAILED, ExitCode.PARTLY_DONE}
        if ended.code == ExitCode.DONE:  # it read something that does not exist
            is_lost = bool(runner.diff_from(step))
        else:
            is_lost = ended.code not in codes or not is_told
        count("faults injected", 1, int(is_lost))
        losses.extend([f"{step.verb} {trouble} {waited}: {ended}"] if is_lost else [])
        return has_changed

    every = [list_lasting_troubles(step) for step in runner.steps]
    sampled = [each[part::PARTS] if TEST_ALL else each[7 :: len(each)] for each in every]
    for step in runner.play_disturbed(sampled, disturb):
        if missed := runner.diff_from(step):
            count("faults injected", 0, 1)
            losses.append(f"{step.verb}, run again:\n{missed}")
    if losses:
        pytest.fail("\n\n".join(losses), pytrace=False)
