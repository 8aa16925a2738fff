"""Two runs at the same time: of one pipeline, or of two that share a trail or a bucket."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from faults.rules import FAST, Rule
from pipelines import HELLO, pipeline_config
from reliability_figures import TEST_ALL, count
from sfnctl_script import Sfnctl, run_together

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.iam import arns

pytestmark = pytest.mark.usefixtures("bucket")

SEEDS = range(20 if TEST_ALL else 1)
VIAS = ("cloudtrail", "s3")


def choose_sources(sampled: str) -> pytest.MarkDecorator:
    """Both sources; in a sample only this one."""
    return pytest.mark.parametrize("via", VIAS if TEST_ALL else [sampled])


OTHER = {"StartAt": "Bye", "States": {"Bye": {"Type": "Succeed"}}}


@pytest.fixture
def pipeline(sfnctl_local: Sfnctl, account: str) -> Callable[..., Sfnctl]:
    """A function that writes a pipeline into a new folder."""

    def write(folder: str, *, definition: Any = HELLO, **config: Any) -> Sfnctl:
        place = sfnctl_local.folder.parent / folder
        place.mkdir()
        project = Sfnctl(place, dict(sfnctl_local.environ))
        project.write("sfnctl.yaml", pipeline_config(account, **config))
        project.write("workflow.asl.json", json.dumps(definition))
        return project

    return write


def race(seed: int, *runs: tuple[Sfnctl, str]) -> list[int]:
    """Runs these at the same time, with a random pause before each call; gives the exit codes."""
    with ExitStack() as stack:
        prepared = []
        for number, (project, verb) in enumerate(runs):
            slow = Rule(do="sleep", seconds=0.05, seed=100 * seed + number, times=None)
            # Waiting for resources that the other run has removed never helps: keep it short.
            stack.enter_context(project.with_faults(slow, FAST))
            prepared.append(project.prepare(verb, "--yes"))
        ended = run_together(*prepared)
    assert {run.code for run in ended} <= {0, 1, 4}, ended
    assert not any("Traceback" in run.err or "unexpected" in run.err for run in ended), ended
    return [run.code for run in ended]


@contextmanager
def count_race(kind: str) -> Iterator[None]:
    """Counts a race, as lost if an assertion inside the `with` fails."""
    try:
        yield
    except BaseException:
        count(kind, 1, lost=1)
        raise
    count(kind, 1)


def is_deployed(project: Sfnctl) -> bool:
    return project("plan", "--exit-code", code=None).code == 0


def deploy_and_check(project: Sfnctl) -> None:
    """Deploys once more, and finds nothing left to do."""
    project("deploy", "--yes")
    assert is_deployed(project), project("plan").out


@choose_sources("cloudtrail")
@pytest.mark.parametrize("seed", SEEDS)
def test_simultaneous_deploys_of_a_pipeline_converge(
    pipeline: Callable[..., Sfnctl], read_account: Callable[[], Any], seed: int, via: str
) -> None:
    before = read_account()
    one = pipeline("one", trigger={"via": via})
    two = pipeline("two", trigger={"via": via, "suffix": ".csv"}, definition=OTHER)
    with count_race("races: two deploys of a pipeline"):
        race(seed, (one, "deploy"), (two, "deploy"))
        deploy_and_check(two)
        two("teardown", "--yes")
        assert read_account() == before


@choose_sources("s3")
@pytest.mark.parametrize("seed", SEEDS)
def test_simultaneous_changes_of_the_source_leave_no_gap(
    pipeline: Callable[..., Sfnctl],
    aws: Aws,
    read_account: Callable[[], Any],
    seed: int,
    via: str,
) -> None:
    before = read_account()
    (old,) = {*VIAS} - {via}
    pipeline("old", trigger={"via": old})("deploy", "--yes")
    one, two = (pipeline(name, trigger={"via": via}, definition=OTHER) for name in ("one", "two"))
    with count_race("races: two changes of the source"):
        race(seed, (one, "deploy"), (two, "deploy"))
        deploy_and_check(one)
        moments = {read_moment(aws, each) for each in VIAS}
        assert len(moments) == 1
        one("teardown", "--yes")
        assert read_account() == before


def read_moment(aws: Aws, via: str) -> str:
    arn = arns.rule(aws.place, f"sfnctl-orders-{via}")
    tags = aws.events.list_tags_for_resource(ResourceARN=arn)["Tags"]
    return next(each["Value"] for each in tags if each["Key"] == "sfnctl:cutover")


@choose_sources("s3")
@pytest.mark.parametrize("seed", SEEDS)
def test_simultaneous_teardowns_leave_nothing(
    pipeline: Callable[..., Sfnctl], read_account: Callable[[], Any], seed: int, via: str
) -> None:
    before = read_account()
    one, two = (pipeline(name, trigger={"via": via}) for name in ("one", "two"))
    one("deploy", "--yes")
    with count_race("races: two teardowns of a pipeline"):
        race(seed, (one, "teardown"), (two, "teardown"))
        one("teardown", "--yes")
        assert read_account() == before


@choose_sources("cloudtrail")
@pytest.mark.parametrize("seed", SEEDS)
def test_two_pipelines_may_join_and_leave_simultaneously(
    pipeline: Callable[..., Sfnctl], read_account: Callable[[], Any], seed: int, via: str
) -> None:
    before = read_account()
    orders, invoices = (
        pipeline(name, name=name, trigger={"via": via}) for name in ("orders", "invoices")
    )
    with count_race("races: two pipelines join"):
        race(seed, (orders, "deploy"), (invoices, "deploy"))
        for each in (orders, invoices):
            deploy_and_check(each)
        assert is_deployed(orders)
        race(seed, (orders, "teardown"), (invoices, "teardown"))
        for each in (orders, invoices):
            each("teardown", "--yes")
        assert read_account() == before


@pytest.mark.parametrize("via", VIAS)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_pipeline_may_leave_while_another_joins(
    pipeline: Callable[..., Sfnctl], read_account: Callable[[], Any], seed: int, via: str
) -> None:
    before = read_account()
    leaving, joining = (
        pipeline(name, name=name, trigger={"via": via}) for name in ("leaving", "joining")
    )
    leaving("deploy", "--yes")
    with count_race("races: one leaves, another joins"):
        race(seed, (leaving, "teardown"), (joining, "deploy"))
        leaving("teardown", "--yes")
        deploy_and_check(joining)
        joining("teardown", "--yes")
        assert read_account() == before
