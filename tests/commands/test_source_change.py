"""A change of the event source, from the command line."""

from __future__ import annotations

import re
from textwrap import dedent
from types import SimpleNamespace
from typing import Any

import pytest
from fake_clock import FakeClock, at, offline_aws
from faults.rules import Rule
from pipelines import pipeline_config
from sfnctl_script import Sfnctl

from sfn_s3_cli.errors import ExitCode, Interrupted, Signalled
from sfn_s3_cli.run_plan import wait_until

HURRY = Rule(do="fast", pace=2000)
S3 = {"via": "s3", "prefix": "incoming/"}
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\dZ"


def strip_moments(text: str) -> str:
    return re.sub(MOMENT, "MOMENT", text)


@pytest.fixture
def changed(project: Sfnctl, account: str) -> Sfnctl:
    """A pipeline that is deployed with CloudTrail, and then configured with S3."""
    project("deploy", "--yes")
    project.write("sfnctl.yaml", pipeline_config(account, trigger=S3))
    return project


def test_the_plan_shows_what_stays_and_until_when(changed: Sfnctl, account: str) -> None:
    planned = changed("plan")
    assert strip_moments(planned.out.partition("Plan:")[0]) == dedent(f"""\
          = log_bucket          sfnctl-trail-{account}-us-east-1-an  kept: until MOMENT, while S3 takes over from CloudTrail
          + bucket_notification orders  EventBridge on for orders-{account}
          + rule                sfnctl-orders-s3  s3://orders-{account}, key prefix "incoming/"
          = target              sfnctl-orders-cloudtrail  kept: until MOMENT, while S3 takes over from CloudTrail
          = trail               sfnctl  kept: until MOMENT, while S3 takes over from CloudTrail
          = event_selector      orders  kept: until MOMENT, while S3 takes over from CloudTrail
          + target              sfnctl-orders-s3  starts orders:live, failed events to sfnctl-orders-dlq
          ~ rule                sfnctl-orders-cloudtrail  kept: until MOMENT, while S3 takes over from CloudTrail
              ~ cutover: null -> "before MOMENT"
        Note: AWS takes about five minutes until the bucket's events reach EventBridge.
        Note: The event source changes from CloudTrail to S3 at MOMENT. For uploads before then, the old rule starts the executions, with the input that it has now; for later ones, the new rule. An upload in the last minute before then may start two.
        """)  # noqa: E501


def test_what_stays_is_neither_a_difference_nor_a_drift(changed: Sfnctl) -> None:
    deployed = changed("deploy", "--yes")
    assert strip_moments(deployed.out).splitlines()[-1] == (
        "Deploy again after MOMENT to remove what is kept until then."
    )
    planned = changed("--output", "json", "plan", "--exit-code").document
    assert re.fullmatch(MOMENT, planned["again_after"])
    assert {each["code"] for each in planned["kept"]} == {"OLD_SOURCE_STAYS"}
    status = changed("--output", "json", "status", "--exit-code").document
    assert status["again_after"] == planned["again_after"]
    assert {each["state"] for each in status["resources"]} == {"ok", "kept"}
    again = changed("deploy", "--yes")
    assert again.out.startswith("Nothing to do for orders: AWS matches the config.\n")


def test_wait_removes_what_stays(changed: Sfnctl) -> None:
    with changed.with_faults(HURRY) as record:
        deployed = changed("deploy", "--yes", "--wait")
    assert 20 * 60 <= record.waited() <= 22 * 60
    assert "Waiting until" in deployed.err
    first, second = re.findall(r"^Deployed orders: .*$", deployed.out, re.MULTILINE)
    assert second == "Deployed orders: 1 changed, 5 removed."
    assert first == "Deployed orders: 3 created, 1 changed."
    changed("plan", "--exit-code")
    assert "cloudtrail" not in changed("status").out


def test_wait_for_nothing_ends_at_once(project: Sfnctl) -> None:
    project("deploy", "--yes", "--wait")
    assert "Waiting until" not in project("deploy", "--yes", "--wait").err


def test_wait_keeps_to_the_expected_plan(changed: Sfnctl) -> None:
    fingerprint = changed("--output", "json", "plan").document["fingerprint"]
    with changed.with_faults(HURRY):
        changed("deploy", "--yes", "--wait", "--expect", fingerprint)
    changed("plan", "--exit-code")


def test_an_interrupted_wait_says_what_is_left() -> None:
    class Stopped(FakeClock):
        def sleep(self, seconds: float) -> None:
            super().sleep(seconds)
            raise Signalled(ExitCode.INTERRUPTED)

    context: Any = SimpleNamespace(
        aws=offline_aws(Stopped()), view=SimpleNamespace(remark=lambda _: None)
    )
    with pytest.raises(Interrupted, match="while waiting until 2026-01-02T12:10Z") as caught:
        wait_until(context, at(600))
    assert caught.value.exit_code == 130
    assert caught.value.remedy.startswith("run `sfnctl deploy` after that")
