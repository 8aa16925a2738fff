from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sfn_s3_cli.iam.policies import document, merge, parse, select_ours, trust_service

OURS = document({"Sid": "SfnctlA", "Effect": "Allow"}, {"Sid": "SfnctlB", "Effect": "Deny"})
STATEMENTS = st.lists(
    st.fixed_dictionaries(
        {"Effect": st.sampled_from(["Allow", "Deny"])},
        optional={"Sid": st.sampled_from(["SfnctlA", "SfnctlB", "Theirs", "Other"])},
    )
)


def list_others(policy: dict[str, Any]) -> list[Any]:
    return [each for each in policy["Statement"] if not each.get("Sid", "").startswith("Sfnctl")]


@given(STATEMENTS)
def test_merge_adds_our_statements_once(statements: list[dict[str, Any]]) -> None:
    theirs = {"Version": "2008-10-17", "Id": "theirs", "Statement": statements}
    policy = merge(theirs, OURS)
    assert select_ours(policy, OURS) == OURS
    assert list_others(policy) == list_others(theirs)
    assert merge(policy, OURS) == policy
    assert (policy["Version"], policy["Id"]) == ("2008-10-17", "theirs")


def test_merge_keeps_a_single_statement_without_a_list() -> None:
    lone = {"Effect": "Allow", "Sid": "Theirs"}
    assert merge({"Version": "2012-10-17", "Statement": lone}, OURS) == document(
        lone, *OURS["Statement"]
    )


def test_without_a_policy_ours_becomes_the_policy() -> None:
    assert merge(None, OURS) == OURS
    assert select_ours(None, OURS) == document()
    assert parse("") is None


def test_trust_policy_names_the_account_and_the_source() -> None:
    arn = "arn:aws:events:eu-west-1:123456789012:rule/sfnctl-orders"
    assert trust_service("events.amazonaws.com", arn, account="123456789012") == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "events.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": "123456789012"},
                    "ArnLike": {"aws:SourceArn": arn},
                },
            }
        ],
    }
