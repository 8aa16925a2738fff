"""Whatever the config is changed to, and wherever a deploy is killed, no upload is lost."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from pipelines import (
    HELLO,
    THEIRS,
    Killed,
    another_trail,
    changes_something,
    deploy,
    plan_for,
    summarize,
    wiring_for,
)
from reliability_figures import TEST_ALL, count
from upload_history import UploadHistory

from sfn_s3_cli.aws.calls import ApiCall
from sfn_s3_cli.aws.client import Aws, connect_locally
from sfn_s3_cli.clock import SystemClock
from sfn_s3_cli.local.process import Cloud
from sfn_s3_cli.reconcile.desired import Node

SEEDS = range(100 if TEST_ALL else 6)
TRIGGERS: dict[str, dict[str, Any]] = {
    "s3": {"via": "s3"},
    "sfnctl": {"via": "cloudtrail"},
    "a-trail": {"via": "cloudtrail", "trail": "a-trail"},
    "b-trail": {"via": "cloudtrail", "trail": "b-trail"},
}
DEFINITIONS = (dict(HELLO), {"StartAt": "Bye", "States": {"Bye": {"Type": "Pass", "End": True}}})
GAPS = (0.4, 2, 5, 9, 9.9, 10.4, 11, 12, 14, 15.5, 16, 20, 30, 90)
LONG_ENOUGH = timedelta(minutes=40)


class Step(NamedTuple):
    """A deploy: which source, which definition, after how many changing calls it is killed, and how
    many minutes pass after it."""

    source: str
    definition: dict[str, Any]
    killed_after: int | None
    minutes: float


class FixedClock(SystemClock):
    """A clock that a test sets, and that nothing sleeps by."""

    def __init__(self) -> None:
        self.moment = datetime.now(UTC)

    def now(self) -> datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        """Returns immediately."""


def draw_steps(chance: random.Random) -> list[Step]:
    return [
        Step(
            chance.choice([*TRIGGERS]),
            chance.choice(DEFINITIONS),
            chance.randint(1, 12) if chance.random() < 0.4 else None,
            chance.choice(GAPS),
        )
        for _ in range(chance.randint(1, 5))
    ]


def wire(aws: Aws, step: Step) -> tuple[Node, ...]:
    nodes = wiring_for(aws, trigger=TRIGGERS[step.source])
    return tuple(
        node.replace(definition=step.definition) if node.resource.kind == "state_machine" else node
        for node in nodes
    )


@pytest.fixture
def connect(cloud: Cloud, account: str) -> Any:
    """A function that connects with that clock; the process is killed after so many changes."""

    def connect(clock: FixedClock, killed_after: int | None = None) -> Aws:
        seen: list[ApiCall] = []

        def follow(call: ApiCall) -> None:
            seen.extend([call] if changes_something(call) else [])
            if killed_after and len(seen) >= killed_after:
                raise Killed

        aws = connect_locally(cloud.endpoint_url, account=account, on_call=follow)
        aws.clock = clock
        return aws

    return connect


@pytest.mark.parametrize("seed", SEEDS)
def test_no_upload_is_lost_whatever_changes(aws: Aws, bucket: str, connect: Any, seed: int) -> None:
    steps = draw_steps(random.Random(seed))
    for trail in ("a-trail", "b-trail"):
        another_trail(aws, trail, AdvancedEventSelectors=[THEIRS])
    history, clock = UploadHistory(aws, bucket, ("sfnctl", "a-trail", "b-trail")), FixedClock()
    first = "s3" if steps[0].source == "sfnctl" else "sfnctl"
    deploy(connect(clock), wire(aws, Step(first, DEFINITIONS[0], None, 0)))
    history.record(clock.moment)
    began = clock.moment = clock.moment + LONG_ENOUGH
    last = steps[-1]._replace(killed_after=None, minutes=LONG_ENOUGH / timedelta(minutes=1))
    for step in (*steps, last, last):
        try:
            deploy(connect(clock, step.killed_after), wire(aws, step))
        except Killed:
            pass
        else:
            assert not plan_for(connect(clock), wire(aws, step)).differs, steps
        history.record(clock.moment)
        clock.moment += timedelta(minutes=step.minutes)
    assert summarize(plan_for(connect(clock), wire(aws, last))) == "", steps
    lost = history.list_lost(began, clock.moment - timedelta(minutes=15))
    count("changes of the source", 1, int(bool(lost)))
    assert not lost, steps
