from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from local.local_account import Account

PATTERN = json.dumps({"source": ["shop"]})


def test_put_rule_empties_omitted_fields(events: Any) -> None:
    events.put_rule(Name="rule", EventPattern=PATTERN, Description="old", State="DISABLED")
    events.put_rule(Name="rule", EventPattern=PATTERN)
    rule = events.describe_rule(Name="rule")
    assert "Description" not in rule
    assert rule["State"] == "ENABLED"


def test_put_rule_ignores_tags_of_an_existing_rule(events: Any) -> None:
    first, second = [{"Key": "a", "Value": "1"}], [{"Key": "b", "Value": "2"}]
    arn = events.put_rule(Name="rule", EventPattern=PATTERN, Tags=first)["RuleArn"]
    events.put_rule(Name="rule", EventPattern=PATTERN, Tags=second)
    assert events.list_tags_for_resource(ResourceARN=arn)["Tags"] == first


def test_a_rule_with_targets_is_not_deleted(account: Account, events: Any) -> None:
    events.put_rule(Name="rule", EventPattern=PATTERN)
    events.put_targets(Rule="rule", Targets=[account.target()])
    with pytest.raises(ClientError) as refused:
        events.delete_rule(Name="rule")
    assert refused.value.response["Error"] == {
        "Code": "ValidationException",
        "Message": "Rule can't be deleted since it has targets.",
    }
    events.remove_targets(Rule="rule", Ids=["machine"])
    events.delete_rule(Name="rule")
    events.delete_rule(Name="rule")


def test_a_state_machine_target_needs_a_role(account: Account, events: Any) -> None:
    events.put_rule(Name="rule", EventPattern=PATTERN)
    target = account.target()
    del target["RoleArn"]
    with pytest.raises(ClientError) as refused:
        events.put_targets(Rule="rule", Targets=[target])
    assert refused.value.response["Error"] == {
        "Code": "ValidationException",
        "Message": f"RoleArn is required for target {target['Arn']}.",
    }


def test_a_target_takes_only_one_kind_of_input(account: Account, events: Any) -> None:
    events.put_rule(Name="rule", EventPattern=PATTERN)
    with pytest.raises(ClientError, match="ValidationException"):
        events.put_targets(Rule="rule", Targets=[account.target(Input="{}", InputPath="$.detail")])


def test_a_sixth_target_is_refused(account: Account, events: Any) -> None:
    events.put_rule(Name="rule", EventPattern=PATTERN)
    targets = [account.target() | {"Id": str(n)} for n in range(6)]
    events.put_targets(Rule="rule", Targets=targets[:5])
    events.put_targets(Rule="rule", Targets=targets[:5])
    with pytest.raises(ClientError, match="LimitExceededException"):
        events.put_targets(Rule="rule", Targets=targets[5:])


def test_a_missing_rule_has_no_targets(events: Any) -> None:
    with pytest.raises(events.exceptions.ResourceNotFoundException):
        events.list_targets_by_rule(Rule="rule")
    with pytest.raises(events.exceptions.ResourceNotFoundException):
        events.remove_targets(Rule="rule", Ids=["machine"])


def test_a_full_bus_refuses_another_rule(events: Any) -> None:
    wildcard = json.dumps({"detail": {"key": [{"wildcard": "in/*.csv"}]}})
    for number in range(30):
        events.put_rule(Name=f"wild{number}", EventPattern=wildcard)
    with pytest.raises(ClientError, match="LimitExceededException"):
        events.put_rule(Name="wild30", EventPattern=wildcard)
    for number in range(270):
        events.put_rule(Name=f"rule{number}", EventPattern=PATTERN)
    with pytest.raises(ClientError, match="LimitExceededException"):
        events.put_rule(Name="rule270", EventPattern=PATTERN)
    events.put_rule(Name="wild0", EventPattern=wildcard, Description="changed")
    events.create_event_bus(Name="other")
    events.put_rule(Name="rule", EventBusName="other", EventPattern=PATTERN)
