"""Policies in words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_s3_cli.iam.policy_words import describe_part, describe_statement, summarize

TEXT = st.text(min_size=1, max_size=20)
VALUES = TEXT | st.lists(TEXT, min_size=1, max_size=3)
CONDITIONS = st.dictionaries(TEXT, st.dictionaries(TEXT, VALUES, max_size=2), max_size=2)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ({"Action": "s3:*", "Resource": "*"}, "Allow s3:* on *"),
        (
            {"Principal": "*", "Effect": "Deny", "Action": ["a:B", "a:C"], "Resource": ["x", "y"]},
            "Deny everyone: a:B, a:C on x, y",
        ),
        (
            {"NotPrincipal": {"AWS": ["x", "y"]}, "NotAction": "a:B", "NotResource": "x"},
            "Allow everything but x, y: everything but a:B on everything but x",
        ),
        (
            {
                "Action": "a:B",
                "Resource": "in, and out/*",
                "Condition": {"Null": {"k": True}, "StringLike": {"k": ["a b", "c"], "l": "d"}},
            },
            (
                'Allow a:B on "in, and out/*" if k Null true and k StringLike ("a b" or c)'
                " and l StringLike d"
            ),
        ),
    ],
)
def test_statement_reads_as_a_sentence(statement: dict[str, Any], words: str) -> None:
    assert describe_statement({"Effect": "Allow", **statement}) == words


@given(VALUES, VALUES, CONDITIONS)
def test_no_value_of_a_statement_is_left_out(actions: Any, resources: Any, tests: Any) -> None:
    statement = {"Effect": "Deny", "Action": actions, "Resource": resources, "Condition": tests}
    (words,) = describe_part(statement)
    for operator, keys in tests.items():
        for key in keys:
            assert f"{key} {operator} " in words
    both = [actions] if isinstance(actions, str) else actions
    both += [resources] if isinstance(resources, str) else resources
    assert all(each in words for each in both if each.isalnum())


def test_only_policies_read_as_sentences() -> None:
    allow = {"Effect": "Allow", "Action": "a:B", "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [allow, allow]}
    assert describe_part(policy) == describe_part([allow, allow]) == ["Allow a:B on *"] * 2
    others: list[object] = [{}, [], [allow, 1], {"Effect": "x"}, "Allow", None]
    assert [describe_part(each) for each in others] == [[]] * 6


def test_summary_names_the_services() -> None:
    statements = [{"Action": ["s3:GetObject", "s3:PutObject"]}, {"Action": "logs:*"}]
    assert summarize({"Statement": statements}) == "2 statements: logs, s3"
    assert summarize({"Statement": statements[1:]}) == "one statement: logs"
    assert summarize(None) == "0 statements"
