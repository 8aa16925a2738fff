from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from local.local_account import REGION, Account, until

PATTERN = json.dumps({"source": ["shop"]})


@pytest.fixture
def events(account: Account) -> Any:
    return account.client("events")


@pytest.fixture
def stepfunctions(account: Account) -> Any:
    return account.client("stepfunctions")


def _target(account: Account, name: str = "machine", **more: Any) -> dict[str, Any]:
    return {
        "Id": "machine",
        "Arn": f"arn:aws:states:{REGION}:{account.id}:stateMachine:{name}",
        "RoleArn": f"arn:aws:iam::{account.id}:role/events",
        **more,
    }


def _send(events: Any, detail: str = "{}") -> str:
    entry = {"Source": "shop", "DetailType": "sold", "Detail": detail}
    return str(events.put_events(Entries=[entry])["Entries"][0]["EventId"])


# Rules


def test_put_rule_empties_what_is_left_out(events: Any) -> None:
    events.put_rule(Name="rule", EventPattern=PATTERN, Description="old", State="DISABLED")
    events.put_rule(Name="rule", EventPattern=PATTERN)
    rule = events.describe_rule(Name="rule")
    assert "Description" not in rule
    assert rule["State"] == "ENABLED"


def test_tags_of_an_existing_rule_are_ignored(events: Any) -> None:
    first, second = [{"Key": "a", "Value": "1"}], [{"Key": "b", "Value": "2"}]
    arn = events.put_rule(Name="rule", EventPattern=PATTERN, Tags=first)["RuleArn"]
    events.put_rule(Name="rule", EventPattern=PATTERN, Tags=second)
    assert events.list_tags_for_resource(ResourceARN=arn)["Tags"] == first


def test_a_rule_with_targets_is_not_deleted(account: Account, events: Any) -> None:
    events.put_rule(Name="rule", EventPattern=PATTERN)
    events.put_targets(Rule="rule", Targets=[_target(account)])
    with pytest.raises(ClientError) as refused:
        events.delete_rule(Name="rule")
    assert refused.value.response["Error"] == {
        "Code": "ValidationException",
        "Message": "Rule can't be deleted since it has targets.",
    }
    events.remove_targets(Rule="rule", Ids=["machine"])
    events.delete_rule(Name="rule")
    events.delete_rule(Name="rule")


# Targets


def test_a_state_machine_target_needs_a_role(account: Account, events: Any) -> None:
    events.put_rule(Name="rule", EventPattern=PATTERN)
    target = _target(account)
    del target["RoleArn"]
    with pytest.raises(ClientError) as refused:
        events.put_targets(Rule="rule", Targets=[target])
    assert refused.value.response["Error"] == {
        "Code": "ValidationException",
        "Message": f"RoleArn is required for target {target['Arn']}.",
    }


def test_inputs_exclude_each_other(account: Account, events: Any) -> None:
    events.put_rule(Name="rule", EventPattern=PATTERN)
    with pytest.raises(ClientError, match="ValidationException"):
        events.put_targets(
            Rule="rule", Targets=[_target(account, Input="{}", InputPath="$.detail")]
        )


def test_a_sixth_target_is_refused(account: Account, events: Any) -> None:
    events.put_rule(Name="rule", EventPattern=PATTERN)
    targets = [_target(account) | {"Id": str(n)} for n in range(6)]
    events.put_targets(Rule="rule", Targets=targets[:5])
    events.put_targets(Rule="rule", Targets=targets[:5])
    with pytest.raises(ClientError, match="LimitExceededException"):
        events.put_targets(Rule="rule", Targets=targets[5:])


def test_targets_of_a_missing_rule_cannot_be_listed_or_removed(events: Any) -> None:
    with pytest.raises(events.exceptions.ResourceNotFoundException):
        events.list_targets_by_rule(Rule="rule")
    with pytest.raises(events.exceptions.ResourceNotFoundException):
        events.remove_targets(Rule="rule", Ids=["machine"])


# Delivery


def test_an_execution_is_named_after_its_event(
    account: Account, events: Any, stepfunctions: Any
) -> None:
    machine = account.machine()
    events.put_rule(Name="rule", EventPattern=PATTERN)
    events.put_targets(Rule="rule", Targets=[_target(account), _target(account) | {"Id": "again"}])
    event_id = _send(events)
    executions = until(lambda: stepfunctions.list_executions(stateMachineArn=machine)["executions"])
    names = {execution["name"] for execution in executions}
    assert len(names) == 2
    assert all(name.startswith(f"{event_id}_") for name in names)


@pytest.fixture
def dead_letters(account: Account, events: Any) -> Any:
    """A queue that the rule may send to, and the rule with it; gives the next message."""
    sqs = account.client("sqs")
    url = sqs.create_queue(QueueName="dead")["QueueUrl"]
    arn = f"arn:aws:sqs:{REGION}:{account.id}:dead"
    rule_arn = events.put_rule(Name="rule", EventPattern=PATTERN)["RuleArn"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": rule_arn}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})

    def receive() -> Any:
        answer = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])
        return answer.get("Messages", [None])[0]

    return receive


def _dead_letter_queue(account: Account) -> dict[str, Any]:
    return {"DeadLetterConfig": {"Arn": f"arn:aws:sqs:{REGION}:{account.id}:dead"}}


def _attributes(message: dict[str, Any]) -> dict[str, str]:
    return {
        name: attribute["StringValue"] for name, attribute in message["MessageAttributes"].items()
    }


def test_an_event_for_a_missing_machine_becomes_a_dead_letter(
    account: Account, events: Any, dead_letters: Any
) -> None:
    target = _target(account, "nowhere", **_dead_letter_queue(account))
    events.put_targets(Rule="rule", Targets=[target])
    event_id = _send(events, '{"n": 1}')
    message = until(dead_letters)
    event = json.loads(message["Body"])
    assert (event["id"], event["detail"], event["detail-type"]) == (event_id, {"n": 1}, "sold")
    assert _attributes(message) == {
        "RULE_ARN": f"arn:aws:events:{REGION}:{account.id}:rule/rule",
        "TARGET_ARN": target["Arn"],
        "ERROR_CODE": "NO_RESOURCE",
        "ERROR_MESSAGE": f"State machine {target['Arn']} not found",
    }


def test_a_path_that_the_event_lacks_breaks_the_input_and_so_the_delivery(
    account: Account, events: Any, dead_letters: Any
) -> None:
    account.machine()
    transformer = {"InputPathsMap": {"n": "$.detail.missing"}, "InputTemplate": '{"n": <n>}'}
    target = _target(account, InputTransformer=transformer, **_dead_letter_queue(account))
    events.put_targets(Rule="rule", Targets=[target])
    event_id = _send(events, '{"n": 1}')
    message = until(dead_letters)
    assert json.loads(message["Body"])["id"] == event_id
    assert _attributes(message)["ERROR_CODE"] == "INVALID_JSON"


def test_an_input_is_transformed_where_every_path_is_there(
    account: Account, events: Any, stepfunctions: Any
) -> None:
    machine = account.machine()
    paths = {"n": "$.detail.n", "all": "$.detail", "who": "$.source"}
    template = '{"n": <n>, "all": <all>, "text": "from <who>"}'
    transformer = {"InputPathsMap": paths, "InputTemplate": template}
    events.put_rule(Name="rule", EventPattern=PATTERN)
    events.put_targets(Rule="rule", Targets=[_target(account, InputTransformer=transformer)])
    _send(events, '{"n": 1}')
    (execution,) = until(
        lambda: stepfunctions.list_executions(stateMachineArn=machine)["executions"]
    )
    described = stepfunctions.describe_execution(executionArn=execution["executionArn"])
    assert json.loads(described["input"]) == {"n": 1, "all": {"n": 1}, "text": "from shop"}


def test_an_input_beyond_the_limit_becomes_a_dead_letter(
    account: Account, events: Any, dead_letters: Any
) -> None:
    account.machine()
    template = '{"a": <all>, "b": <all>}'
    transformer = {"InputPathsMap": {"all": "$.detail.text"}, "InputTemplate": template}
    target = _target(account, InputTransformer=transformer, **_dead_letter_queue(account))
    events.put_targets(Rule="rule", Targets=[target])
    _send(events, json.dumps({"text": "x" * 140_000}))
    assert _attributes(until(dead_letters))["ERROR_CODE"] == "SDK_CLIENT_ERROR"


def test_the_same_event_again_becomes_a_dead_letter(
    account: Account, events: Any, dead_letters: Any, stepfunctions: Any
) -> None:
    machine = account.machine()
    target = _target(account, **_dead_letter_queue(account))
    events.put_targets(Rule="rule", Targets=[target])
    bus = f"arn:aws:events:{REGION}:{account.id}:event-bus/default"
    archive = events.create_archive(ArchiveName="archive", EventSourceArn=bus)["ArchiveArn"]
    start = datetime.now(UTC) - timedelta(minutes=1)
    event_id = _send(events)
    until(
        lambda: stepfunctions.list_executions(stateMachineArn=machine, statusFilter="SUCCEEDED")[
            "executions"
        ]
    )
    events.start_replay(
        ReplayName="again",
        EventSourceArn=archive,
        EventStartTime=start,
        EventEndTime=start + timedelta(minutes=5),
        Destination={"Arn": bus},
    )
    message = until(dead_letters)
    assert json.loads(message["Body"])["id"] == event_id
    assert _attributes(message)["ERROR_CODE"] == "RESOURCE_ALREADY_EXISTS"
    assert len(stepfunctions.list_executions(stateMachineArn=machine)["executions"]) == 1


def test_a_queue_whose_policy_names_another_rule_gets_nothing(
    account: Account, events: Any, dead_letters: Any
) -> None:
    other = _target(account, "nowhere", **_dead_letter_queue(account))
    events.put_rule(Name="other", EventPattern=PATTERN)
    events.put_targets(Rule="other", Targets=[other])
    events.put_targets(Rule="rule", Targets=[other])
    _send(events)
    rule = f"arn:aws:events:{REGION}:{account.id}:rule/rule"
    assert _attributes(until(dead_letters))["RULE_ARN"] == rule
    assert dead_letters() is None
