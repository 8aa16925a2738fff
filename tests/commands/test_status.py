"""What `sfnctl status` says beyond the state of each resource."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pipelines import pipeline_config
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.iam.names import Names
from sfn_s3_cli.resources import event_selector

DISABLED = (
    "Note: The trigger is disabled (`trigger.enabled: false`): no upload starts an execution."
)
BILLED = {
    "cloudtrail": "Note: Trail sfnctl still logs the data events of bucket {}, and AWS bills them.",
    "s3": "Note: Bucket {} still sends its events to EventBridge, and AWS bills them.",
}


def read_notes(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("Note: ")]


@pytest.mark.parametrize("via", BILLED)
def test_a_disabled_trigger_is_named(project: Sfnctl, aws: Aws, account: str, via: str) -> None:
    off = pipeline_config(account, trigger={"via": via, "enabled": False})
    project.write("sfnctl.yaml", off)
    expected = {DISABLED, BILLED[via].format(f"orders-{account}")}
    assert expected < {*read_notes(project("deploy", "--yes").out)}
    assert {*read_notes(project("plan", "--exit-code").out)} == expected
    assert {*read_notes(project("status", "--exit-code").out)} == expected
    codes = [each["code"] for each in project("status", "-o", "json").documents[0]["notes"]]
    assert sorted(codes) == ["STILL_BILLED", "TRIGGER_DISABLED"]
    on = pipeline_config(account, trigger={"via": via})
    project.write("sfnctl.yaml", on)
    assert not expected & {*read_notes(project("plan").out)}
    project("deploy", "--yes")
    assert read_notes(project("status").out) == []


def test_a_trail_that_cannot_write_is_named(project: Sfnctl, aws: Aws) -> None:
    project("deploy", "--yes")
    assert project("status", "-o", "json").documents[0]["notes"] == []
    aws.s3.delete_bucket_policy(Bucket=Names("orders", aws.place).log_bucket)
    (note,) = project("status", "-o", "json").documents[0]["notes"]
    assert (note["code"], note["facts"]) == (
        "TRAIL_DELIVERY_FAILS",
        {"trail": "sfnctl", "error": "AccessDenied", "last": "never"},
    )
    assert read_notes(project("status").out) == [f"Note: {note['message']}"]
    assert f"Note: {note['message']}" in read_notes(project("plan").out)


def test_the_last_delivery_of_a_trail_is_dated() -> None:
    status: Any = {
        "LatestDeliveryError": "AccessDenied",
        "LatestDeliveryTime": datetime(2026, 11, 1, 10, 30, 5, 120_000, UTC),
    }
    reason = event_selector._read_delivery("audit", status)
    assert reason is not None
    assert reason.facts["last"] == "2026-11-01T10:30:05Z"
    status["LatestDeliveryError"] = ""
    assert event_selector._read_delivery("audit", status) is None
