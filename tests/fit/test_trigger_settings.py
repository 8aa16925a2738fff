"""Likely mistakes in the trigger: its prefixes and suffixes, and its events."""

from __future__ import annotations

from typing import Any

import pytest
from fit.workflows import describe, make_pipeline

from sfn_s3_cli import fit
from sfn_s3_cli.documents import yaml

CONFIGS: list[tuple[dict[str, Any], list[str]]] = [
    ({"prefix": "in/", "events": ["deleted"]}, []),
    ({"events": ["deleted"], "input": "object", "via": "s3"}, []),
    ({"input": "object"}, []),
    (
        {"events": ["created", "deleted"], "input": "object"},
        [
            (
                "warning MISSED_EVENTS trigger.events: batch deletions, such as those of the S3"
                " console, start no execution: with `input: object` EventBridge cannot insert the"
                " key from their records (use `via: s3` or `input: event`)"
            )
        ],
    ),
    (
        {"suffix": ".csv", "events": ["deleted"]},
        [
            (
                "warning WILDCARD_RULE trigger.suffix: with `via: cloudtrail`, a suffix and deleted"
                " events together need a rule with a wildcard, of which EventBridge allows 30 in a"
                " region (remove the suffix if you do not need it)"
            )
        ],
    ),
    ({"suffix": ".csv", "events": ["deleted"], "via": "s3"}, []),
    ({"prefix": "wildcard/"}, []),
    ({"suffix": [".csv", ".json"]}, []),
    (
        {"prefix": "/in/"},
        [
            (
                "warning PREFIX_SLASH trigger.prefix.0: keys rarely begin with a slash,"
                " but '/in/' requires one (write 'in/')"
            )
        ],
    ),
    (
        {"prefix": ["a/", "in/*/raw"]},
        [
            (
                "warning KEY_WILDCARD trigger.prefix.1: a prefix is literal:"
                " 'in/*/raw' matches only keys with a `*` (list each prefix)"
            )
        ],
    ),
    (
        {"suffix": "-*.csv"},
        [
            (
                "warning KEY_WILDCARD trigger.suffix.0: a suffix is literal:"
                " '-*.csv' matches only keys with a `*` (list each suffix)"
            )
        ],
    ),
    (
        {"prefix": "in/", "suffix": ".csv"},
        [
            (
                "warning WILDCARD_RULE trigger.suffix: prefix and suffix together need a rule"
                " with a wildcard, of which EventBridge allows 30 in a region"
                " (remove one of them if you do not need both)"
            )
        ],
    ),
]


@pytest.mark.parametrize(("trigger", "expected"), CONFIGS)
def test_likely_mistake_is_reported(trigger: dict[str, Any], expected: list[str]) -> None:
    assert [describe(each) for each in fit.check_config(make_pipeline(**trigger))] == expected


def test_finding_has_its_place_in_the_config() -> None:
    text = "trigger:\n  prefix: /in/\n  suffix: ['.csv', 'a*b']\n"
    config = yaml.parse(text, "sfnctl.yaml")
    findings = fit.check_config(make_pipeline(**config.value["trigger"]))
    assert [config.problem(each).location for each in findings] == [
        "sfnctl.yaml:2:11",
        "sfnctl.yaml:3:20",
        "sfnctl.yaml:3:11",
    ]
