from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from local.local_account import REGION, Account, wait_until

PATTERN = json.dumps({"source": ["shop"]})


def _send(events: Any, detail: str = "{}") -> str:
    entry = {"Source": "shop", "DetailType": "sold", "Detail": detail}
    return str(events.put_events(Entries=[entry])["Entries"][0]["EventId"])


def test_an_execution_is_named_after_its_event(
    account: Account, events: Any, stepfunctions: Any
) -> None:
    machine = account.create_machine()
    events.put_rule(Name="rule", EventPattern=PATTERN)
    events.put_targets(Rule="rule", Targets=[account.target(), account.target() | {"Id": "again"}])
    event_id = _send(events)
    executions = wait_until(
        lambda: stepfunctions.list_executions(stateMachineArn=machine)["executions"]
    )
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


def test_an_event_for_a_missing_machine_is_a_dead_letter(
    account: Account, events: Any, dead_letters: Any
) -> None:
    target = account.target("nowhere", **_dead_letter_queue(account))
    events.put_targets(Rule="rule", Targets=[target])
    event_id = _send(events, '{"n": 1}')
    message = wait_until(dead_letters)
    event = json.loads(message["Body"])
    assert (event["id"], event["detail"], event["detail-type"]) == (event_id, {"n": 1}, "sold")
    assert _attributes(message) == {
        "RULE_ARN": f"arn:aws:events:{REGION}:{account.id}:rule/rule",
        "TARGET_ARN": target["Arn"],
        "ERROR_CODE": "NO_RESOURCE",
        "ERROR_MESSAGE": f"State machine {target['Arn']} not found",
    }


def test_an_event_without_the_input_path_is_a_dead_letter(
    account: Account, events: Any, dead_letters: Any
) -> None:
    account.create_machine()
    transformer = {"InputPathsMap": {"n": "$.detail.missing"}, "InputTemplate": '{"n": <n>}'}
    target = account.target(InputTransformer=transformer, **_dead_letter_queue(account))
    events.put_targets(Rule="rule", Targets=[target])
    event_id = _send(events, '{"n": 1}')
    message = wait_until(dead_letters)
    assert json.loads(message["Body"])["id"] == event_id
    assert _attributes(message)["ERROR_CODE"] == "INVALID_JSON"


def test_an_input_is_transformed(account: Account, events: Any, stepfunctions: Any) -> None:
    machine = account.create_machine()
    paths = {"n": "$.detail.n", "all": "$.detail", "who": "$.source"}
    template = '{"n": <n>, "all": <all>, "text": "from <who>"}'
    transformer = {"InputPathsMap": paths, "InputTemplate": template}
    events.put_rule(Name="rule", EventPattern=PATTERN)
    events.put_targets(Rule="rule", Targets=[account.target(InputTransformer=transformer)])
    _send(events, '{"n": 1}')
    (execution,) = wait_until(
        lambda: stepfunctions.list_executions(stateMachineArn=machine)["executions"]
    )
    described = stepfunctions.describe_execution(executionArn=execution["executionArn"])
    assert json.loads(described["input"]) == {"n": 1, "all": {"n": 1}, "text": "from shop"}


@pytest.mark.parametrize(
    ("template", "text", "expected"),
    [
        ('{"a": <text>}', 'x","b":"y', {"a": "x", "b": "y"}),
        ('{"a": "<text>"}', 'x","b":"y', {"a": "x", "b": "y"}),
        ('{"a": <text>}', "tab\\tulator", {"a": "tab\tulator"}),
        ('{"a": <text>}', "<text>", {"a": "<text>"}),
        ('{"a": <all>}', 'x","b":"y\n\\', {"a": {"text": 'x","b":"y\n\\'}}),
        ('{"a": <all>}', "日本 <all>", {"a": {"text": "日本 <all>"}}),
    ],
)
def test_nothing_in_a_text_is_escaped(
    account: Account, events: Any, stepfunctions: Any, template: str, text: str, expected: Any
) -> None:
    """As AWS's guide says. An object stays as it is."""
    machine = account.create_machine()
    paths = {"text": "$.detail.text", "all": "$.detail"}
    transformer = {"InputPathsMap": paths, "InputTemplate": template}
    events.put_rule(Name="rule", EventPattern=PATTERN)
    events.put_targets(Rule="rule", Targets=[account.target(InputTransformer=transformer)])
    _send(events, json.dumps({"text": text}))
    [execution] = wait_until(
        lambda: stepfunctions.list_executions(stateMachineArn=machine)["executions"]
    )
    described = stepfunctions.describe_execution(executionArn=execution["executionArn"])
    assert json.loads(described["input"]) == expected


@pytest.mark.parametrize("text", ['"', "\\", "a\nb"])
def test_a_text_that_breaks_the_input_is_a_dead_letter(
    account: Account, events: Any, dead_letters: Any, text: str
) -> None:
    account.create_machine()
    transformer = {"InputPathsMap": {"t": "$.detail.text"}, "InputTemplate": '{"a": <t>}'}
    target = account.target(InputTransformer=transformer, **_dead_letter_queue(account))
    events.put_targets(Rule="rule", Targets=[target])
    _send(events, json.dumps({"text": text}))
    assert _attributes(wait_until(dead_letters))["ERROR_CODE"] == "INVALID_JSON"


def test_an_input_beyond_the_limit_is_a_dead_letter(
    account: Account, events: Any, dead_letters: Any
) -> None:
    account.create_machine()
    template = '{"a": <all>, "b": <all>}'
    transformer = {"InputPathsMap": {"all": "$.detail.text"}, "InputTemplate": template}
    target = account.target(InputTransformer=transformer, **_dead_letter_queue(account))
    events.put_targets(Rule="rule", Targets=[target])
    _send(events, json.dumps({"text": "x" * 140_000}))
    assert _attributes(wait_until(dead_letters))["ERROR_CODE"] == "SDK_CLIENT_ERROR"


def test_a_repeated_event_is_a_dead_letter(
    account: Account, events: Any, dead_letters: Any, stepfunctions: Any
) -> None:
    machine = account.create_machine()
    target = account.target(**_dead_letter_queue(account))
    events.put_targets(Rule="rule", Targets=[target])
    bus = f"arn:aws:events:{REGION}:{account.id}:event-bus/default"
    archive = events.create_archive(ArchiveName="archive", EventSourceArn=bus)["ArchiveArn"]
    start = datetime.now(UTC) - timedelta(minutes=1)
    event_id = _send(events)
    wait_until(
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
    message = wait_until(dead_letters)
    assert json.loads(message["Body"])["id"] == event_id
    assert _attributes(message)["ERROR_CODE"] == "RESOURCE_ALREADY_EXISTS"
    assert len(stepfunctions.list_executions(stateMachineArn=machine)["executions"]) == 1


def test_a_queue_gets_only_what_its_policy_allows(
    account: Account, events: Any, dead_letters: Any
) -> None:
    other = account.target("nowhere", **_dead_letter_queue(account))
    events.put_rule(Name="other", EventPattern=PATTERN)
    events.put_targets(Rule="other", Targets=[other])
    events.put_targets(Rule="rule", Targets=[other])
    _send(events)
    rule = f"arn:aws:events:{REGION}:{account.id}:rule/rule"
    assert _attributes(wait_until(dead_letters))["RULE_ARN"] == rule
    assert dead_letters() is None
