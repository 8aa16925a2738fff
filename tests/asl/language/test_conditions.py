"""The rules of a Choice in words."""

from __future__ import annotations

from typing import Any

import pytest

from sfn_s3_cli.asl.language.conditions import describe_condition


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"Variable": "$.a", "StringEquals": "x"}, '$.a = "x"'),
        ({"Variable": "$.a", "StringMatches": "*.log"}, '$.a matches "*.log"'),
        ({"Variable": "$.a", "NumericLessThanEquals": 3}, "$.a <= 3"),
        ({"Variable": "$.a", "NumericGreaterThanEqualsPath": "$.b"}, "$.a >= $.b"),
        ({"Variable": "$.a", "TimestampLessThanPath": "$.b"}, "$.a < $.b"),
        ({"Variable": "$.a", "BooleanEquals": False}, "$.a = false"),
        ({"Variable": "$.a", "IsNull": True}, "$.a is null"),
        ({"Variable": "$.a", "IsTimestamp": False}, "$.a is not timestamp"),
        (
            {"Not": {"And": [{"Variable": "$.a", "IsPresent": True}]}},
            "not ($.a is present)",
        ),
        (
            {
                "And": [
                    {"Or": [{"Variable": "$.a", "NumericEquals": n} for n in (1, 2)]},
                    {"Variable": "$.b", "IsString": True},
                ]
            },
            "($.a = 1 or $.a = 2) and $.b is string",
        ),
        ({"Condition": "{% $a\n  and $b %}"}, "$a and $b"),
        ({"Condition": True}, "true"),
        ({}, "?"),
    ],
)
def test_a_rule_is_written_in_words(rule: dict[str, Any], words: str) -> None:
    assert describe_condition(rule) == words
