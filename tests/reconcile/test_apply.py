"""Applying a plan: all that can be done is done, in parallel where possible."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, cast

import pytest
from error_responses import make_error
from fake_clock import FakeClock, offline_aws
from fake_kind import OURS, FakeKind, Thing, World, node, worlds
from hypothesis import given, settings
from hypothesis import strategies as st

from sfn_s3_cli import signals
from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.errors import RefusedError, Signalled
from sfn_s3_cli.reconcile.apply import apply
from sfn_s3_cli.reconcile.desired import Node, unwant
from sfn_s3_cli.reconcile.observe import observe
from sfn_s3_cli.reconcile.outcome import Done, Event, Failed, Kept, Skipped, Started
from sfn_s3_cli.reconcile.plan import Plan, make_plan
from sfn_s3_cli.resources.base import Address, StillUsed
from sfn_s3_cli.resources.observation import Found, Observation, Refused
from sfn_s3_cli.resources.reasons import ReasonType

USED = ReasonType("USED", "another pipeline uses it")
NO_AWS = cast("Aws", None)


def make_plan_for(nodes: tuple[Node, ...]) -> Plan:
    return make_plan(nodes, observe(nodes, NO_AWS))


@pytest.fixture
def begin() -> Iterator[Callable[..., Iterator[Event]]]:
    """Applies a wiring to an empty shelf; `on_change` is called with the name of each thing."""
    with ExitStack() as opened:

        def on_empty_shelf(*nodes: Node, on_change: Callable[[str], None]) -> Iterator[Event]:
            opened.enter_context(FakeKind(on_change=on_change).in_use())
            return apply(make_plan_for(nodes), offline_aws(FakeClock()))

        yield on_empty_shelf


@given(worlds())
@settings(max_examples=40, deadline=None)
def test_nothing_is_pending_after_an_apply(world: World) -> None:
    shelf = FakeKind(dict(world.existing))
    with shelf.in_use():
        events = list(apply(make_plan_for(world.nodes), NO_AWS))
        assert not any(isinstance(event, Failed) for event in events)
        assert not make_plan_for(world.nodes).pending
        assert shelf.things == {
            each.resource.name: each.resource for each in world.nodes if each.wanted
        }
        list(apply(make_plan_for(unwant(world.nodes)), NO_AWS))
        assert shelf.things == {}


@given(worlds(), st.sets(st.sampled_from("abcdefg")))
@settings(max_examples=40, deadline=None)
def test_failure_skips_only_the_changes_that_wait_for_it(world: World, bad: set[str]) -> None:
    def fail(name: str) -> None:
        if name in bad:
            raise RuntimeError(name)

    with FakeKind(dict(world.existing), fail).in_use():
        plan = make_plan_for(world.nodes)
        events = list(apply(plan, NO_AWS))

    skipped: set[Address] = set()
    for change in plan.pending:  # in an order that respects what waits for what
        waits_for = plan.waits_for[change.address]
        if waits_for & skipped or any(each.name in bad for each in waits_for):
            skipped.add(change.address)
    failed = {each for each in plan.waits_for if each.name in bad} - skipped
    assert list_addresses(events, Skipped) == sorted(skipped)
    assert list_addresses(events, Failed) == sorted(failed)
    assert list_addresses(events, Done) == sorted(plan.waits_for.keys() - skipped - failed)
    assert {each.because for each in events if isinstance(each, Skipped)} <= failed
    assert {str(each.error) for each in events if isinstance(each, Failed)} == {
        address.name for address in failed
    }


@given(worlds())
@settings(max_examples=40, deadline=None)
def test_change_starts_after_all_changes_it_waits_for(world: World) -> None:
    with FakeKind(dict(world.existing)).in_use():
        plan = make_plan_for(world.nodes)
        events = list(apply(plan, NO_AWS))
    for address, befores in plan.waits_for.items():
        mine = [
            (type(event), place)
            for place, event in enumerate(events)
            if get_address(event) == address
        ]
        (started, begin), (done, _) = mine
        assert (started, done) == (Started, Done)
        assert befores <= set(list_addresses(events[:begin], Done))


def get_address(event: Event) -> Address:
    return event.change.address


def list_addresses(events: list[Event], kind: type[Event]) -> list[Address]:
    return sorted(get_address(event) for event in events if isinstance(event, kind))


def test_independent_changes_run_in_parallel(begin: Any) -> None:
    together = threading.Barrier(3, timeout=30)
    nodes = [node(name) for name in "abc"]
    events = list(begin(*nodes, on_change=lambda _: together.wait()))
    assert sum(isinstance(event, Done) for event in events) == 3


def test_dependent_changes_run_in_order(begin: Any) -> None:
    made: list[str] = []
    nodes = [node("a", "b"), node("b", "c"), node("c")]
    list(begin(*nodes, on_change=made.append))
    assert made == ["c", "b", "a"]


def test_closed_apply_starts_no_more_changes(begin: Any) -> None:
    made: list[str] = []
    events = begin(node("a"), node("b", "a"), on_change=made.append)
    while not isinstance(next(events), Done):
        pass
    events.close()
    assert made == ["a"]


def test_closed_apply_waits_for_running_changes(begin: Any) -> None:
    begun, go_on = threading.Event(), threading.Event()
    made: list[str] = []

    def on_change(name: str) -> None:
        if name == "slow":
            begun.set()
            go_on.wait(30)
        made.append(name)

    events = begin(node("quick"), node("slow"), on_change=on_change)
    while not isinstance(next(events), Done):
        pass
    assert begun.wait(30)
    closing = threading.Event()

    def release() -> None:
        closing.wait(30)
        go_on.set()

    threading.Thread(target=release).start()
    assert made == ["quick"]
    closing.set()
    events.close()
    assert made == ["quick", "slow"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_lets_running_changes_end_and_starts_no_more(
    begin: Any, number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signals, "_arrivals", [])
    made: list[str] = []

    def on_change(name: str) -> None:
        os.kill(os.getpid(), number)
        made.append(name)

    with pytest.raises(Signalled) as raised:
        list(begin(node("a"), node("b", "a"), on_change=on_change))
    assert raised.value.exit_code == 128 + number
    assert made == ["a"]


def test_signal_between_two_starts_prevents_the_second(
    begin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signals, "_arrivals", [])
    made: list[str] = []
    events = begin(node("a"), node("b"), on_change=made.append)
    assert isinstance(next(events), Started)
    os.kill(os.getpid(), signal.SIGINT)
    with pytest.raises(Signalled):
        list(events)
    assert made == ["a"]


def test_system_exit_in_a_thread_ends_the_apply(begin: Any) -> None:
    """A closed stderr ends the command, also if a thread notices it."""

    def on_change(name: str) -> None:
        raise SystemExit(141)

    with pytest.raises(SystemExit):
        list(begin(node("a"), on_change=on_change))


def test_resource_that_is_used_again_is_kept(begin: Any) -> None:
    def on_change(name: str) -> None:
        raise StillUsed(USED())

    _, kept = begin(node("a"), on_change=on_change)
    assert isinstance(kept, Kept)
    assert kept.reason == USED()


FOREIGN = ReasonType("FOREIGN", "is managed by an AWS service", "choose another name")
THEIRS = Thing(name="a", value=1, tags={**OURS, "sfnctl:pipeline": "invoices"})


@pytest.mark.parametrize(
    ("found", "message", "remedy"),
    [
        (Refused(FOREIGN()), "is managed by an AWS service", "choose another name"),
        (
            Found(THEIRS, owner="invoices"),
            "belongs to pipeline invoices",
            "choose another name",
        ),
    ],
)
def test_resource_created_by_others_meanwhile_is_refused(
    found: Observation[Thing], message: str, remedy: str
) -> None:
    def on_change(name: str) -> None:
        raise make_error("Taken")

    kind, clock = FakeKind(on_change=on_change, EXISTS=("Taken",)), FakeClock()
    with kind.in_use():
        plan = make_plan_for((node("a"),))
        kind.answers["a"] = found
        *_, failed = apply(plan, offline_aws(clock))
    assert isinstance(failed, Failed)
    assert isinstance(failed.error, RefusedError)
    assert failed.error.message == f"it was created in the meantime and {message}"
    assert failed.error.remedy == remedy
    assert clock.slept == 0
