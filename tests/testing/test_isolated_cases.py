"""Cases have the same account, and nothing of each other."""

from __future__ import annotations

from typing import Any

import pytest
from sfnctl_script import Sfnctl
from testing.workflow_cases import define, run, task, write

from sfn_s3_cli.local.testing.account import Account

SHOW = define(
    Show={
        "Type": "Pass",
        "Parameters": {
            "execution.$": "$$.Execution.Id",
            "machine.$": "$$.StateMachine.Id",
            "role.$": "$$.Execution.RoleArn",
        },
        "End": True,
    }
)


@pytest.mark.parametrize(
    ("config", "account"), [({}, "123456789012"), ({"account": "210987654321"}, "210987654321")]
)
def test_arns_do_not_depend_on_the_place_of_a_case(
    sfnctl: Sfnctl, config: dict[str, Any], account: str
) -> None:
    start = f"arn:aws:states:eu-west-1:{account}"
    expected = {
        "execution": f"{start}:execution:orders:test",
        "machine": f"{start}:stateMachine:orders",
        "role": f"arn:aws:iam::{account}:role/orders",
    }
    case = {"input": {}, "expect": {"exactly": expected}}
    write(sfnctl, SHOW, *[case] * 20, region="eu-west-1", **config)
    assert [each["differences"] for each in run(sfnctl, code=0)] == [[]] * 20
    assert [each["verdict"] for each in run(sfnctl, "-k", "case 7")] == ["passed"]


def test_express_cases_do_not_end_each_other(sfnctl: Sfnctl) -> None:
    put = task("putObject", Parameters={"Bucket": "acme-orders", "Key": "n", "Body": "x"})
    listed = task("listObjectsV2", Parameters={"Bucket": "acme-orders"}, ResultPath=None)
    listed = {**listed, "Next": "Put"}
    del listed["End"]
    case = {
        "object": {"key": "incoming/a", "body": "x"},
        "expect": {"path": ["List", "Put"], "calls": {"Put": {"Key": "n"}}},
    }
    write(sfnctl, define(List=listed, Put=put), *[case] * 30, machine={"type": "express"})
    assert {each["verdict"] for each in run(sfnctl, code=0)} == {"passed"}


def test_accounts_with_the_same_number_differ() -> None:
    one, other = Account("123456789012"), Account("123456789012")
    assert one == "123456789012"
    assert f"{one}" == "123456789012"
    assert one != other
    assert {one: 1}.get(other) is None
    assert {(one, "key"): 1}[one, "key"] == 1
