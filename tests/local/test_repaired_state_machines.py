from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from local.local_account import PASS, REGION, Account, wait_until

OTHER = json.dumps({"StartAt": "End", "States": {"End": {"Type": "Succeed"}}})


def test_a_repeated_create_gives_the_same_machine(account: Account, stepfunctions: Any) -> None:
    machine = account.create_machine(tags=[{"key": "a", "value": "1"}])
    again = stepfunctions.create_state_machine(
        name="machine",
        definition=PASS,
        roleArn=account.create_role("other"),
        tags=[{"key": "b", "value": "2"}],
    )
    assert again["stateMachineArn"] == machine
    described = stepfunctions.describe_state_machine(stateMachineArn=machine)
    assert described["roleArn"] == f"arn:aws:iam::{account.id}:role/machine"
    tags = stepfunctions.list_tags_for_resource(resourceArn=machine)["tags"]
    assert tags == [{"key": "a", "value": "1"}]


@pytest.mark.parametrize(
    "other", [{"definition": OTHER}, {"tracingConfiguration": {"enabled": True}}]
)
def test_another_machine_of_the_same_name_is_refused(
    other: dict[str, Any], account: Account, stepfunctions: Any
) -> None:
    account.create_machine()
    with pytest.raises(stepfunctions.exceptions.StateMachineAlreadyExists):
        account.create_machine(**other)


@pytest.mark.parametrize(
    "definition", ["{", "[]", '{"States": {}}', '{"StartAt": "A", "States": {"B": {}}}']
)
def test_a_broken_definition_is_refused(
    definition: str, account: Account, stepfunctions: Any
) -> None:
    with pytest.raises(stepfunctions.exceptions.InvalidDefinition):
        account.create_machine(definition)
    machine = account.create_machine()
    with pytest.raises(stepfunctions.exceptions.InvalidDefinition):
        stepfunctions.update_state_machine(stateMachineArn=machine, definition=definition)


def test_logs_go_to_an_existing_group_named_with_a_star(
    account: Account, stepfunctions: Any
) -> None:
    def logging(group: str) -> dict[str, Any]:
        arn = f"arn:aws:logs:{REGION}:{account.id}:log-group:{group}"
        return {"level": "ALL", "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": arn}}]}

    account.client("logs").create_log_group(logGroupName="/aws/vendedlogs/states/machine")
    for group in ("/aws/vendedlogs/states/machine", "nowhere:*"):
        with pytest.raises(stepfunctions.exceptions.InvalidLoggingConfiguration):
            account.create_machine(loggingConfiguration=logging(group))
    account.create_machine(loggingConfiguration=logging("/aws/vendedlogs/states/machine:*"))


def test_an_update_needs_a_definition_or_a_role(account: Account, stepfunctions: Any) -> None:
    machine = account.create_machine()
    with pytest.raises(stepfunctions.exceptions.MissingRequiredParameter):
        stepfunctions.update_state_machine(
            stateMachineArn=machine, tracingConfiguration={"enabled": True}
        )


def test_an_update_has_a_new_revision_and_keeps_the_rest(
    account: Account, stepfunctions: Any
) -> None:
    machine = account.create_machine(tracingConfiguration={"enabled": True})

    def revision() -> str | None:
        described = stepfunctions.describe_state_machine(stateMachineArn=machine)
        assert described["tracingConfiguration"] == {"enabled": True}
        found: str | None = described.get("revisionId")
        return found

    def update(definition: str) -> str:
        updated = stepfunctions.update_state_machine(stateMachineArn=machine, definition=definition)
        return str(updated["revisionId"])

    assert revision() is None
    first = update(OTHER)
    assert revision() == first
    assert update(PASS) != first


def test_a_version_keeps_definition_tracing_and_revision(
    account: Account, stepfunctions: Any
) -> None:
    machine = account.create_machine(tracingConfiguration={"enabled": True})
    revision = stepfunctions.update_state_machine(stateMachineArn=machine, definition=OTHER)[
        "revisionId"
    ]
    version = stepfunctions.publish_state_machine_version(
        stateMachineArn=machine, revisionId=revision
    )["stateMachineVersionArn"]
    stepfunctions.update_state_machine(
        stateMachineArn=machine, definition=PASS, tracingConfiguration={"enabled": False}
    )
    described = stepfunctions.describe_state_machine(stateMachineArn=version)
    assert described["definition"] == OTHER
    assert described["revisionId"] == revision
    assert described["tracingConfiguration"] == {"enabled": True}


def test_each_revision_is_published_once(account: Account, stepfunctions: Any) -> None:
    machine = account.create_machine()

    def publish(**options: Any) -> str:
        published = stepfunctions.publish_state_machine_version(stateMachineArn=machine, **options)
        return str(published["stateMachineVersionArn"])

    assert publish() == publish() == publish(revisionId="INITIAL") == f"{machine}:1"
    updated = stepfunctions.update_state_machine(
        stateMachineArn=machine, definition=OTHER, publish=True
    )
    assert updated["stateMachineVersionArn"] == publish() == f"{machine}:2"
    with pytest.raises(stepfunctions.exceptions.ConflictException):
        publish(revisionId="INITIAL")


def test_a_machine_created_with_a_version_has_only_that(
    account: Account, stepfunctions: Any
) -> None:
    machine = account.create_machine(publish=True)
    published = stepfunctions.publish_state_machine_version(stateMachineArn=machine)
    assert published["stateMachineVersionArn"] == f"{machine}:1"


def test_deleting_a_machine_deletes_all_that_belongs_to_it(
    account: Account, stepfunctions: Any
) -> None:
    def deploy() -> str:
        machine = account.create_machine()
        version = stepfunctions.publish_state_machine_version(stateMachineArn=machine)
        routing = [{"stateMachineVersionArn": version["stateMachineVersionArn"], "weight": 100}]
        stepfunctions.create_state_machine_alias(name="live", routingConfiguration=routing)
        return machine

    machine = deploy()
    run = stepfunctions.start_execution(stateMachineArn=f"{machine}:live")
    stepfunctions.delete_state_machine(stateMachineArn=machine)
    stepfunctions.delete_state_machine(stateMachineArn=machine)
    wait_until(lambda: _is_deleted(stepfunctions, machine))
    with pytest.raises(ClientError, match="ExecutionDoesNotExist"):
        stepfunctions.describe_execution(executionArn=run["executionArn"])
    assert deploy() == machine
    listed = stepfunctions.list_state_machine_versions(stateMachineArn=machine)
    assert len(listed["stateMachineVersions"]) == 1


def _is_deleted(stepfunctions: Any, machine: str) -> bool:
    try:
        stepfunctions.describe_state_machine(stateMachineArn=machine)
    except stepfunctions.exceptions.StateMachineDoesNotExist:
        return True
    return False


def test_a_deletion_waits_for_the_executions(account: Account, stepfunctions: Any) -> None:
    states = {
        "Wait": {"Type": "Wait", "Seconds": 600, "Next": "Done"},
        "Done": {"Type": "Succeed"},
    }
    machine = account.create_machine(json.dumps({"StartAt": "Wait", "States": states}))
    run = stepfunctions.start_execution(stateMachineArn=machine)["executionArn"]
    wait_until(lambda: len(stepfunctions.get_execution_history(executionArn=run)["events"]) > 1)
    stepfunctions.delete_state_machine(stateMachineArn=machine)
    described = stepfunctions.describe_state_machine(stateMachineArn=machine)
    assert described["status"] == "DELETING"
    for call in (
        lambda: stepfunctions.start_execution(stateMachineArn=machine),
        lambda: stepfunctions.update_state_machine(stateMachineArn=machine, definition=OTHER),
        account.create_machine,
    ):
        with pytest.raises(stepfunctions.exceptions.StateMachineDeleting):
            call()
    assert stepfunctions.describe_execution(executionArn=run)["status"] == "RUNNING"
    stepfunctions.stop_execution(executionArn=run)
    wait_until(lambda: _is_deleted(stepfunctions, machine))
    account.create_machine()


def test_a_role_that_nobody_trusts_is_refused(account: Account, stepfunctions: Any) -> None:
    trusted = account.create_machine()
    refusal = "Neither the global service principal states.amazonaws.com, nor the regional one"
    for role in (account.create_role("events", "events"), f"{account.create_role()}-missing"):
        with pytest.raises(ClientError, match=refusal):
            stepfunctions.create_state_machine(name="other", definition=PASS, roleArn=role)
        with pytest.raises(ClientError, match=refusal):
            stepfunctions.update_state_machine(stateMachineArn=trusted, roleArn=role)
