"""Deploy and teardown ask for confirmation: yes applies the plan that was shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import Aws

DEPLOY = "Deploy orders? Type yes to go ahead:"
TEAR_DOWN = "Tear down orders? Type yes to go ahead:"
LOGS = "/aws/vendedlogs/states/orders"


def test_yes_applies_the_plan(project: Sfnctl, read_account: Callable[[], Any]) -> None:
    before = read_account()
    ended = project.converse("deploy", talk=[(DEPLOY, "yes")])
    assert ended.out.endswith("Deployed orders: 10 created.\n")
    ended = project.converse("teardown", talk=[(TEAR_DOWN, "yes")])
    assert ended.out.endswith("Tore down orders: 10 removed.\n")
    assert read_account() == before


@pytest.mark.parametrize("answer", ["y", "no", ""])
def test_any_other_answer_changes_nothing(
    project: Sfnctl, read_account: Callable[[], Any], answer: str
) -> None:
    before = read_account()
    ended = project.converse("deploy", talk=[(DEPLOY, answer)], code=1)
    assert "Error: not confirmed; nothing was changed" in ended.err
    assert read_account() == before


def test_change_on_aws_before_the_answer_is_noticed(project: Sfnctl, aws: Aws) -> None:
    project("deploy", "--yes")

    def tag_as_theirs() -> str:
        group = aws.place.arn("logs", f"log-group:{LOGS}")
        aws.logs.tag_resource(resourceArn=group, tags={"sfnctl:pipeline": "invoices"})
        return "yes"

    ended = project.converse("teardown", talk=[(TEAR_DOWN, tag_as_theirs)], code=1)
    assert (
        "Error: AWS has changed since the plan was shown; this command changed nothing" in ended.err
    )
    assert aws.logs.describe_log_groups(logGroupNamePrefix=LOGS)["logGroups"]
