"""Names: AWS accepts every one, also the longest."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain, permutations
from typing import Any

import botocore.session
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_s3_cli.events import SOURCES
from sfn_s3_cli.iam import arns
from sfn_s3_cli.iam.arns import Place, shorten
from sfn_s3_cli.iam.names import ALIAS, OWN_TRAIL, Names

BOTOCORE = botocore.session.Session()
REGIONS = sorted(
    chain.from_iterable(
        BOTOCORE.get_available_regions("stepfunctions", partition)
        for partition in BOTOCORE.get_available_partitions()
    )
)
PIPELINES = st.from_regex(r"[a-z][a-z0-9-]{0,39}", fullmatch=True)

# Where each name goes: a service, and the shape of its API; S3 and SQS have no limits there.
SHAPES = {
    "events_role": ("iam", "roleNameType"),
    "states_role": ("iam", "roleNameType"),
    "log_group": ("logs", "LogGroupName"),
    "state_machine": ("stepfunctions", "Name"),
    "state_machine_arn": ("stepfunctions", "Arn"),
    "selector": ("cloudtrail", "SelectorName"),
    "alarm": ("cloudwatch", "AlarmName"),
}
PATTERNS = {
    "queue": r"[A-Za-z0-9_-]{1,80}",
    "log_bucket": r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]",
    "state_machine": r"[A-Za-z0-9_-]{1,80}",  # other characters keep it from logging
}


def list_names(names: Names, attributes: Iterable[str]) -> dict[str, str]:
    return {attribute: getattr(names, attribute) for attribute in attributes}


def read_limits(service: str, shape: str) -> dict[str, Any]:
    metadata: dict[str, Any] = BOTOCORE.get_service_model(service).shape_for(shape).metadata
    return metadata


@pytest.mark.parametrize("region", ["us-east-1", max(REGIONS, key=len)])
@pytest.mark.parametrize("pipeline", ["a", "o" * 40, "a" + "-" * 39])
def test_every_name_is_valid_on_aws(pipeline: str, region: str) -> None:
    names = Names(pipeline, Place("aws", "123456789012", region))
    rules = {via: names.rule(via) for via in SOURCES}
    alarms = {"alarm": names.alarm("failed-invocations-cloudtrail")}
    for attribute, name in {
        **list_names(names, SHAPES.keys() - {"alarm"}),
        **rules,
        **alarms,
    }.items():
        allowed = read_limits(*SHAPES.get(attribute, ("events", "RuleName")))
        assert allowed.get("min", 0) <= len(name) <= allowed["max"], attribute
        assert re.fullmatch(allowed.get("pattern", ".*"), name), attribute
    for attribute, pattern in PATTERNS.items():
        assert re.fullmatch(pattern, getattr(names, attribute)), attribute


def test_fixed_names_are_valid_on_aws() -> None:
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{1,126}[A-Za-z0-9]", OWN_TRAIL)
    assert re.fullmatch(r"(?=.*[a-zA-Z_\-.])[a-zA-Z0-9_\-.]{1,80}", ALIAS)


@given(st.lists(PIPELINES, unique=True, min_size=2, max_size=8))
def test_pipelines_share_no_name(pipelines: list[str]) -> None:
    everything = [
        list_names(Names(each, Place("aws", "1" * 12, region)), SHAPES.keys() - {"alarm"})
        for each in pipelines
        for region in ("eu-west-1", "eu-west-2")
    ]
    roles = [(names["events_role"], names["states_role"]) for names in everything]
    assert len({*chain.from_iterable(roles)}) == 2 * len(roles)
    assert len({tuple(names.values()) for names in everything}) == len(everything)
    place = Place("aws", "1" * 12, "eu-west-1")
    rules = [Names(each, place).rule(via) for each in pipelines for via in SOURCES]
    assert len({*rules}) == len(rules)
    alarms = [Names(each, place).alarm("x") for each in pipelines]
    assert not any(one.startswith(other[:-1]) for one, other in permutations(alarms, 2))


@given(st.text("ab-", min_size=1, max_size=30), st.integers(10, 30))
def test_only_names_that_are_too_long_are_shortened(name: str, limit: int) -> None:
    cut = shorten(name, limit)
    assert len(cut) <= limit
    assert (cut == name) == (len(name) <= limit)


@given(st.lists(st.text("ab", min_size=12, max_size=20), unique=True, max_size=20))
def test_shortened_names_stay_different(names: list[str]) -> None:
    assert len({shorten(name, 11) for name in names}) == len(names)


def test_arns_name_the_partition() -> None:
    place = Place("aws-cn", "123456789012", "cn-north-1")
    assert [
        arns.bucket(place, "b"),
        arns.trail(place, "t"),
        arns.rule(place, "r"),
        arns.queue(place, "q"),
        arns.alarm(place, "a/b"),
        arns.role(place, "x", "/teams/"),
        arns.log_group(place, "/g"),
        arns.state_machine_alias(place, "m", "live"),
    ] == [
        "arn:aws-cn:s3:::b",
        "arn:aws-cn:cloudtrail:cn-north-1:123456789012:trail/t",
        "arn:aws-cn:events:cn-north-1:123456789012:rule/r",
        "arn:aws-cn:sqs:cn-north-1:123456789012:q",
        "arn:aws-cn:cloudwatch:cn-north-1:123456789012:alarm:a/b",
        "arn:aws-cn:iam::123456789012:role/teams/x",
        "arn:aws-cn:logs:cn-north-1:123456789012:log-group:/g",
        "arn:aws-cn:states:cn-north-1:123456789012:stateMachine:m:live",
    ]
