"""What a plan says of a resource, for every kind."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pipelines import HELLO, pipeline_config

from sfn_s3_cli.config.schema import Pipeline
from sfn_s3_cli.iam.arns import Place
from sfn_s3_cli.reconcile.desired import wiring
from sfn_s3_cli.reconcile.plan import Plan, make_plan
from sfn_s3_cli.resources.base import Resource
from sfn_s3_cli.resources.change import ABSENT, Action, Change, Field
from sfn_s3_cli.resources.kinds import KINDS
from sfn_s3_cli.resources.reasons import ReasonType
from sfn_s3_cli.resources.words import outline
from sfn_s3_cli.views import content, plan
from sfn_s3_cli.views.detail import Detail
from sfn_s3_cli.views.escape import escape

ACCOUNT = "111122223333"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=40),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=8,
)


def list_resources() -> dict[str, Resource]:
    """A resource of each kind, as a config wants it."""
    created = {"name": "acme", "create": True}
    config = Pipeline.model_validate_json(pipeline_config(ACCOUNT, bucket=created))
    nodes = wiring(config, dict(HELLO), Place("aws", ACCOUNT, "us-east-1"))
    return {node.resource.kind: node.resource for node in nodes}


RESOURCES = list_resources()


def list_lines(resource: Resource, width: int | None = None) -> list[str]:
    return [line.text for line in content.created_lines(resource, width)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_what_is_in_it(kind: str) -> None:
    resource = RESOURCES[kind]
    lines = list_lines(resource)
    assert resource.essence
    assert lines
    assert "sfnctl:" not in "".join(lines)
    assert not [line for line in lines if ": {" in line or ": [" in line], "JSON is put into words"


def test_long_resources_end_after_thirty_lines() -> None:
    statement = {"Effect": "Allow", "Action": "a:B", "Resource": "*"}
    role: Any = RESOURCES["role"]
    short = replace(role, policy={"Statement": [statement] * 28}, trust={}, path="")
    long = replace(short, policy={"Statement": [statement] * 40})
    assert len(list_lines(short)) == 29
    assert len(list_lines(long)) == 31
    assert list_lines(long)[-1] == "      … 11 more lines: --output json"


def test_values_cannot_control_the_terminal() -> None:
    rule: Any = RESOURCES["rule"]
    evil = replace(rule, description="a\x1b[31m\n  - bucket acme", tags={"k\r": "\u202e"})
    text = "\n".join(list_lines(evil, 60))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "description: a\\x1b[31m\\n" in text


@given(JSON, JSON, st.none() | st.integers(1, 200))
def test_any_value_that_changes_can_be_shown(before: Any, after: Any, width: int | None) -> None:
    change = Change(
        Action.UPDATE,
        RESOURCES["rule"].address,
        None,
        RESOURCES["rule"],
        (Field("pattern", before, after),),
    )
    lines = [line.text for line in content.update_lines(change, width)]
    assert lines[0].startswith("      ~ pattern:")
    assert [escape(line) for line in lines] == lines
    assert len(lines) <= 63
    assert all(isinstance(line, str) for line in outline(before))


def test_summary_ends_after_a_hundred_characters() -> None:
    prefixes = [f"a-long-prefix-{number:03}/" for number in range(30)]
    config = pipeline_config(ACCOUNT, trigger={"prefix": prefixes, "via": "s3"})
    nodes = wiring(
        Pipeline.model_validate_json(config), dict(HELLO), Place("aws", ACCOUNT, "us-east-1")
    )
    lines = [line.text for line in plan.lines(make_plan(nodes, {}), Detail.SUMMARY)]
    (rule,) = [line for line in lines if line.startswith("  + rule")]
    assert rule.endswith("…")
    assert len(rule) == len(f"  + {'rule':<19} sfnctl-orders-s3  ") + 101


def test_a_plan_has_every_warning_but_ten_notes() -> None:
    note, warning = ReasonType("A", "{text}"), ReasonType("B", "{text}", is_warning=True)
    notes = (*(note(text=f"n{n}") for n in range(12)), *(warning(text=f"w{n}") for n in range(11)))
    lines = [line.text for line in plan.lines(Plan((), (), {}, notes))]
    assert lines == [
        *(f"Warning: w{n}" for n in range(11)),
        *(f"Note: n{n}" for n in range(10)),
        "2 more notes: --output json",
        "Nothing to do.",
    ]


def test_alternatives_of_a_changed_pattern_are_readable() -> None:
    alternatives = [
        {"eventType": [{"anything-but": ["a"]}], "object": {"key": [{"prefix": "incoming/"}]}},
        {"eventType": ["b"], "object": {"size": [{"numeric": [">=", 1]}]}},
    ]
    field = Field("pattern.detail.$or", ABSENT, alternatives)
    assert list_change(field) == [
        "      + pattern.detail.$or:",
        "          detail: one of these",
        '          - eventType: anything but ["a"]',
        '            object.key: prefix "incoming/"',
        '          - eventType: "b"',
        "            object.size: >= 1",
    ]


def test_a_test_of_a_changed_pattern_is_readable() -> None:
    keys = [{"prefix": f"incoming/of-a-customer-with-a-long-name-{n}/"} for n in range(2)]
    before, after = {"key": keys[:1]}, {"key": keys}
    added = (
        '          + detail.object.key: prefix "incoming/of-a-customer-with-a-long-name-0/", prefix'
        ' "incoming/of-a-customer-with-a-long-name-1/"'
    )
    assert list_change(Field("pattern.detail.object", before, after)) == [
        "      ~ pattern.detail.object:",
        '          - detail.object.key: prefix "incoming/of-a-customer-with-a-long-name-0/"',
        added,
    ]


def list_change(field: Field) -> list[str]:
    rule = RESOURCES["rule"]
    change = Change(Action.UPDATE, rule.address, None, rule, (field,))
    return [line.text for line in content.update_lines(change, None)]


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        ({"key": [{"prefix": "in/"}]}, ["key:", "  - prefix: in/"]),
        ({"key": []}, ["key: []"]),
        ({"key": ["a", "b"]}, ["key: a, b"]),
    ],
)
def test_lists_of_objects_get_lines_of_their_own(value: Any, lines: list[str]) -> None:
    assert outline(value) == lines
