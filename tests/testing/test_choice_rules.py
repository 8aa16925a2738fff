"""The rules of a Choice compare values of one type only."""

from __future__ import annotations

from typing import Any

from sfnctl_script import Sfnctl
from testing.workflow_cases import run, write

DAY, LATER = "2026-01-01T00:00:00Z", "2026-01-01T01:00:00+00:30"
MATCHES: list[tuple[dict[str, Any], Any, Any]] = [
    ({"StringLessThanPath": "$.b"}, "a", "b"),
    ({"StringGreaterThanEqualsPath": "$.b"}, "b", "b"),
    ({"StringEquals": "a"}, "a", None),
    ({"StringMatches": "in/*.csv"}, "in/a/b.csv", None),
    ({"StringMatches": "a\\*b"}, "a*b", None),
    ({"StringMatches": "*"}, "two\nlines", None),
    ({"NumericEqualsPath": "$.b"}, 1, 1.0),
    ({"NumericGreaterThanEquals": 1}, 1.5, None),
    ({"BooleanEqualsPath": "$.b"}, True, True),
    ({"TimestampEqualsPath": "$.b"}, DAY, "2026-01-01T01:00:00+01:00"),
    ({"TimestampLessThanPath": "$.b"}, DAY, LATER),
    ({"TimestampGreaterThanEqualsPath": "$.b"}, LATER, DAY),
    ({"IsNumeric": False}, True, None),
    ({"IsTimestamp": False}, "2026-01-01", None),
    ({"IsTimestamp": True}, DAY, None),
    ({"IsNull": True}, None, None),
]
OTHERS: list[tuple[dict[str, Any], Any, Any]] = [
    ({"StringLessThanPath": "$.b"}, "a", 5),
    ({"NumericEquals": 1}, True, None),
    ({"NumericLessThanPath": "$.b"}, 1, "2"),
    ({"BooleanEquals": True}, 1, None),
    ({"StringMatches": "a\\*b"}, "axb", None),
    ({"StringMatches": "a.b"}, "axb", None),
    ({"TimestampLessThan": LATER}, "2026-01-01", None),
]


def test_rules_compare_values_of_their_type(sfnctl: Sfnctl) -> None:
    ends: dict[str, Any] = {name: {"Type": "Pass", "End": True} for name in ("Yes", "No")}
    cases = []
    for number, (rule, one, other) in enumerate([*MATCHES, *OTHERS]):
        name = f"R{number}"
        rules = [{"Variable": "$.a", **rule, "Next": "Yes"}]
        ends[name] = {"Type": "Choice", "Choices": rules, "Default": "No"}
        end = "Yes" if number < len(MATCHES) else "No"
        expect = {"path": [name, end]}
        cases.append({"input": {"a": one, "b": other}, "from": name, "expect": expect})
    first: dict[str, Any] = {"Type": "Choice", "Default": "No", "Choices": []}
    first["Choices"] = [
        {"Variable": "$.n", "NumericEquals": number, "Next": f"R{number}"}
        for number in range(len(cases))
    ]
    write(sfnctl, {"StartAt": "First", "States": {"First": first, **ends}}, *cases)
    assert [each["differences"] for each in run(sfnctl, code=0)] == [[]] * len(cases)
