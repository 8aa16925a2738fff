"""`trail: none`: sfnctl makes no trail, and says which trails of others log the events."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from faults.rules import deny
from pipelines import another_trail, deploy, pipeline_config, summarize, tear_down, wiring_for
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.config.schema import Trigger
from sfn_s3_cli.events.cloudtrail import build_basic_selector

NONE = {"trail": "none", "prefix": "incoming/"}
NOBODY = (
    "sfnctl makes no trail, and no trail that can be read here logs the trigger's events. Unless"
    " another trail does, no upload starts an execution."
)


@pytest.fixture
def alone(project: Sfnctl, account: str) -> Sfnctl:
    """The pipeline with `trail: none`."""
    project.write("sfnctl.yaml", pipeline_config(account, trigger=NONE))
    return project


def log_writes(aws: Aws, name: str, bucket: str, prefix: str = "") -> None:
    """A trail of somebody else that logs what is written below a prefix."""
    selector = build_basic_selector(f"arn:aws:s3:::{bucket}", Trigger(prefix=(prefix,)))
    another_trail(aws, name, EventSelectors=[selector])


def list_notes(project: Sfnctl) -> list[str]:
    plan: Any = json.loads(project("plan", "--output", "json").out)
    return [note["message"] for note in plan["notes"]]


def test_without_a_trail_nothing_of_it_is_deployed(alone: Sfnctl, aws: Aws) -> None:
    alone("deploy", "--yes")
    assert aws.cloudtrail.describe_trails()["trailList"] == []
    remedy = "leave `trigger.trail` out to use sfnctl's own trail"
    assert alone("plan").out == f"Note: {NOBODY}\n    {remedy}\nNothing to do.\n"


def test_status_says_that_no_trail_logs_the_events(alone: Sfnctl, aws: Aws, bucket: str) -> None:
    alone("deploy", "--yes")
    assert f"Note: {NOBODY}" in alone("status", "--exit-code").out.splitlines()
    log_writes(aws, "org", bucket)
    (note,) = alone("--output", "json", "status").document["notes"]
    assert (note["code"], note["facts"]) == ("LOGGED_BY_OTHERS", {"trails": ["org"]})


def test_an_upload_starts_through_a_trail_of_others(
    alone: Sfnctl, aws: Aws, bucket: str, account: str
) -> None:
    log_writes(aws, "org", bucket)
    alone("deploy", "--yes")
    aws.s3.put_object(Bucket=bucket, Key="incoming/a.json")
    watched = alone("watch-executions", "--object", "incoming/a.json")
    assert f"s3://{bucket}/incoming/a.json" in watched.out


def test_the_plan_names_trails_that_log_the_events(alone: Sfnctl, aws: Aws, bucket: str) -> None:
    log_writes(aws, "part", bucket, "incoming/a/")
    assert list_notes(alone) == [
        (
            "sfnctl makes no trail, and no trail that can be read here logs all of the trigger's"
            " events. These log a part of them: part."
        )
    ]
    log_writes(aws, "stopped", bucket)
    aws.cloudtrail.stop_logging(Name="stopped")
    log_writes(aws, "all", bucket, "in")
    another_trail(aws, "management")
    assert list_notes(alone) == [
        "sfnctl makes no trail. These trails log the trigger's events: all.",
        "These trails have selectors for the trigger's events, but are not logging: stopped.",
    ]


def test_a_trail_of_another_region_counts(alone: Sfnctl, aws: Aws, bucket: str) -> None:
    log_writes(aws, "everywhere", bucket)
    aws.cloudtrail.update_trail(Name="everywhere", IsMultiRegionTrail=True)
    config = json.loads(pipeline_config(aws.place.account, trigger=NONE, region="eu-west-1"))
    alone.write("sfnctl.yaml", json.dumps(config))
    assert "These trails log the trigger's events: everywhere." in alone("plan").out


DENIED = (
    "(AccessDeniedException: User: arn:aws:iam::123456789012:user/dev is not authorized to perform:"
)


@pytest.mark.parametrize(
    ("operation", "notes"),
    [
        ("DescribeTrails", ["Not checked: whether a trail logs the trigger's events"]),
        (
            "GetTrailStatus",
            [NOBODY, "Not checked: whether these trails log the trigger's events: org"],
        ),
    ],
)
def test_what_cannot_be_read_is_not_checked(
    alone: Sfnctl, aws: Aws, bucket: str, operation: str, notes: list[str]
) -> None:
    log_writes(aws, "org", bucket)
    action = f"cloudtrail:{operation}"
    with alone.with_faults(deny(operation, action)):
        assert list_notes(alone) == [*notes[:-1], f"{notes[-1]} {DENIED} {action})."]


def test_our_trail_goes_when_the_config_wants_none(
    aws: Aws, bucket: str, account: str, read_account: Callable[[], Any]
) -> None:
    deploy(aws, wiring_for(aws, trigger={"via": "cloudtrail", "prefix": "incoming/"}))
    nodes = wiring_for(aws, trigger=NONE)
    assert summarize(deploy(aws, nodes)) == "\n".join(
        [
            "- event_selector orders",
            "- trail sfnctl",
            f"- log_bucket sfnctl-trail-{account}-us-east-1-an",
        ]
    )
    assert aws.cloudtrail.describe_trails()["trailList"] == []
    tear_down(aws, nodes)


def test_the_selector_leaves_a_joined_trail_for_none(aws: Aws, bucket: str) -> None:
    another_trail(aws, "audit")
    before = aws.cloudtrail.get_event_selectors(TrailName="audit")["EventSelectors"]
    deploy(aws, wiring_for(aws, trigger={"trail": "audit"}))
    deploy(aws, wiring_for(aws, trigger=NONE))
    assert aws.cloudtrail.get_event_selectors(TrailName="audit")["EventSelectors"] == before
