"""Executions that run keep the rights of their version, and the role."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from fake_clock import FakeClock
from pipelines import (
    at_a_later_time,
    create_role,
    deploy,
    kill_at_each_call,
    machine,
    plan_for,
    summarize,
    wiring_for,
)

from sfn_s3_cli.aws.client import Aws, connect_locally
from sfn_s3_cli.iam import policies
from sfn_s3_cli.local.process import Cloud
from sfn_s3_cli.reconcile.desired import Node
from sfn_s3_cli.reconcile.status import describe_resources
from sfn_s3_cli.resources.change import Action

pytestmark = pytest.mark.usefixtures("bucket")

ROLE = "sfnctl-orders-us-east-1-states"
LONG: Any = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 900, "End": True}}}
SHORT: Any = {"StartAt": "Bye", "States": {"Bye": {"Type": "Pass", "End": True}}}


def allow(action: str, **more: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": [action], "Resource": ["arn:aws:s3:::orders/*"], **more}


READ, WRITE = allow("s3:GetObject", Sid="Mine"), allow("s3:PutObject", Sid="Other")


def wire(aws: Aws, definition: Any, *statements: Any, **settings: Any) -> tuple[Node, ...]:
    """A wiring with that definition, whose role may do what the statements say."""
    role = {"statements": [*statements]}
    nodes = wiring_for(aws, state_machine=machine(role=role, **settings))
    return tuple(
        node.replace(definition=definition) if node.resource.kind == "state_machine" else node
        for node in nodes
    )


def read_policy(aws: Aws, name: str = "sfnctl-previous") -> list[Any] | None:
    """The statements that the role has under that name; None without the policy."""
    if name not in aws.iam.list_role_policies(RoleName=ROLE)["PolicyNames"]:
        return None
    document: Any = aws.iam.get_role_policy(RoleName=ROLE, PolicyName=name)["PolicyDocument"]
    statements: list[Any] = document["Statement"]
    return statements


def machine_arn(aws: Aws) -> str:
    return aws.place.arn("states", "stateMachine:orders")


def start(aws: Aws) -> str:
    alias = f"{machine_arn(aws)}:live"
    return aws.stepfunctions.start_execution(stateMachineArn=alias)["executionArn"]


def list_versions(aws: Aws) -> list[str]:
    answer = aws.stepfunctions.list_state_machine_versions(stateMachineArn=machine_arn(aws))
    arns = [each["stateMachineVersionArn"] for each in answer["stateMachineVersions"]]
    return [arn.rpartition(":")[2] for arn in arns]


def test_lost_statements_stay_while_an_older_version_runs(aws: Aws) -> None:
    deploy(aws, wire(aws, LONG, READ))
    execution = start(aws)
    nodes = wire(aws, SHORT, WRITE)
    plan = deploy(aws, nodes)
    assert "previous" in summarize(plan)
    assert read_policy(aws) == [allow("s3:GetObject")]
    plan = plan_for(aws, nodes)
    assert (plan.pending, plan.differs) == ((), False)
    assert summarize(plan) == (
        f"= role {ROLE}: executions of version 1 are running with its earlier rights"
    )
    aws.stepfunctions.stop_execution(executionArn=execution)
    (kept,) = (each for each in describe_resources(plan_for(aws, nodes)) if each.state == "kept")
    assert kept.address.name == ROLE
    assert str(kept.reason) == (
        "no execution needs its earlier rights any more; the next deploy removes the policy"
        " sfnctl-previous"
    )
    plan = deploy(aws, nodes)
    assert summarize(plan) == f"~ role {ROLE}: previous"
    assert not plan.differs
    assert read_policy(aws) is None
    assert summarize(plan_for(aws, nodes)) == ""


def test_the_policy_itself_is_exactly_what_the_config_wants(aws: Aws) -> None:
    deploy(aws, wire(aws, LONG, READ, logging={"level": "off"}))
    start(aws)
    deploy(aws, wire(aws, SHORT, WRITE, logging={"level": "off"}))
    assert read_policy(aws, "sfnctl") == [WRITE]


def test_rights_of_several_versions_come_together(aws: Aws) -> None:
    delete, tag = allow("s3:DeleteObject"), allow("s3:PutObjectTagging")
    deploy(aws, wire(aws, LONG, READ))
    first = start(aws)
    deploy(aws, wire(aws, {**LONG, "Comment": "2"}, WRITE, tag))
    second = start(aws)
    nodes = wire(aws, SHORT, delete, tag)
    deploy(aws, nodes)
    assert read_policy(aws) == [allow("s3:GetObject"), allow("s3:PutObject")]
    aws.stepfunctions.stop_execution(executionArn=first)
    assert not plan_for(aws, nodes).pending
    deploy(aws, wire(aws, SHORT, delete, tag, READ))  # a right that comes back leaves the second
    assert read_policy(aws) == [allow("s3:GetObject"), allow("s3:PutObject")]
    aws.stepfunctions.stop_execution(executionArn=second)
    deploy(aws, nodes)
    deploy(aws, nodes)
    assert read_policy(aws) is None


def test_a_statement_of_others_is_removed_at_once(aws: Aws) -> None:
    nodes = wire(aws, LONG, READ, logging={"level": "off"})
    deploy(aws, nodes)
    start(aws)
    stolen = policies.document(READ, allow("s3:*"))
    put = aws.iam.put_role_policy
    put(RoleName=ROLE, PolicyName="sfnctl", PolicyDocument=json.dumps(stolen))
    assert plan_for(aws, nodes).differs
    deploy(aws, nodes)
    assert read_policy(aws) is None
    put(RoleName=ROLE, PolicyName="sfnctl", PolicyDocument=json.dumps(stolen))
    deploy(aws, wire(aws, SHORT, WRITE, logging={"level": "off"}))
    assert read_policy(aws) == [allow("s3:GetObject")]


def test_a_policy_of_others_with_that_name_stays(aws: Aws) -> None:
    """The events role never loses rights, so the name is not taken there."""
    nodes = wire(aws, SHORT)
    deploy(aws, nodes)
    events = ROLE.replace("states", "events")
    theirs = json.dumps(policies.document(READ))
    put = aws.iam.put_role_policy
    put(RoleName=events, PolicyName="sfnctl-previous", PolicyDocument=theirs)
    assert summarize(plan_for(aws, nodes)) == ""
    assert [note.code for note in plan_for(aws, nodes).notes] == ["KEEPS_ADDITIONS"]


def test_rights_that_do_not_fit_are_lost_with_a_note(aws: Aws) -> None:
    def read(letter: str) -> dict[str, Any]:
        return {**READ, "Resource": [f"arn:aws:s3:::{letter * 60}{n}" for n in range(70)]}

    deploy(aws, wire(aws, LONG, read("a"), logging={"level": "off"}))
    start(aws)
    plan = deploy(aws, wire(aws, SHORT, read("b"), logging={"level": "off"}))
    assert "RIGHTS_DO_NOT_FIT" in {note.code for note in plan.notes}
    assert read_policy(aws) is None


def test_express_executions_keep_their_rights_for_five_minutes(aws: Aws) -> None:
    deploy(aws, wire(aws, SHORT, READ, type="express"))
    nodes = wire(aws, {**SHORT, "Comment": "2"}, WRITE, type="express")
    deploy(aws, nodes)
    assert read_policy(aws) == [allow("s3:GetObject")]
    plan = plan_for(aws, nodes)
    assert not plan.pending
    assert plan.again_after
    with at_a_later_time(aws, minutes=4):
        assert not plan_for(aws, nodes).pending
    with at_a_later_time(aws, minutes=6):
        deploy(aws, nodes)
    assert read_policy(aws) is None


def test_our_role_stays_while_executions_use_it(aws: Aws) -> None:
    deploy(aws, wire(aws, LONG, READ))
    execution = start(aws)
    theirs = {"arn": create_role(aws, "states")}
    nodes = wiring_for(aws, state_machine=machine(role=theirs))
    plan = deploy(aws, nodes)
    assert plan.count(Action.DELETE) == 0
    assert read_policy(aws, "sfnctl")
    assert summarize(plan_for(aws, nodes)) == (
        f"= role {ROLE}: executions of version 1 are running with it"
    )
    aws.stepfunctions.stop_execution(executionArn=execution)
    assert summarize(deploy(aws, nodes)) == f"- role {ROLE}"


def test_a_deleted_role_needs_no_review(aws: Aws) -> None:
    deploy(aws, wire(aws, SHORT))
    theirs = {"arn": create_role(aws, "states")}
    nodes = wiring_for(aws, state_machine=machine(role=theirs))
    deploy(aws, nodes)
    assert plan_for(aws, nodes).pending
    assert not plan_for(aws, nodes).has_to_be_reviewed


@pytest.mark.parametrize("keep", [1, 2, 3])
def test_old_versions_are_deleted(aws: Aws, keep: int) -> None:
    for number in range(5):
        deploy(aws, wire(aws, {**SHORT, "Comment": str(number)}, keep_versions=keep))
    # The version that `live` has just left stays too: executions may be starting.
    assert list_versions(aws) == ["5", "4", "3"][: max(keep, 2)]
    assert not plan_for(aws, wire(aws, {**SHORT, "Comment": "4"}, keep_versions=keep)).pending


def test_versions_in_use_are_not_deleted(aws: Aws) -> None:
    deploy(aws, wire(aws, LONG, keep_versions=1))
    start(aws)
    deploy(aws, wire(aws, {**SHORT, "Comment": "2"}, keep_versions=1))
    aws.stepfunctions.create_state_machine_alias(
        name="canary",
        routingConfiguration=[
            {"stateMachineVersionArn": f"{machine_arn(aws)}:2", "weight": 100},
        ],
    )
    for number in range(3, 6):
        deploy(aws, wire(aws, {**SHORT, "Comment": str(number)}, keep_versions=1))
    assert list_versions(aws) == ["5", "4", "2", "1"]


def test_a_deploy_without_a_new_version_deletes_none(aws: Aws) -> None:
    for number in range(3):
        deploy(aws, wire(aws, {**SHORT, "Comment": str(number)}))
    deploy(aws, wire(aws, {**SHORT, "Comment": "2"}, READ, keep_versions=1))
    assert list_versions(aws) == ["3", "2", "1"]


@pytest.mark.parametrize("widens", [True, False])
def test_live_moves_when_new_rights_have_spread(
    cloud: Cloud, aws: Aws, account: str, widens: bool
) -> None:
    deploy(aws, wire(aws, SHORT, READ))
    events: list[str] = []
    watched = connect_locally(
        cloud.endpoint_url, account=account, on_call=lambda call: events.append(call.operation)
    )
    clock = watched.clock = FakeClock()
    watched.notify = events.append
    nodes = wire(watched, {**SHORT, "Comment": "2"}, READ, *([WRITE] if widens else []))
    watched.is_local = False
    deploy(watched, nodes)
    assert clock.slept == (10 if widens else 0)
    order = [each for each in events if each.startswith(("PutRole", "UpdateState", "Waiting"))]
    assert order == [
        *(["PutRolePolicy"] if widens else []),
        "UpdateStateMachine",
        *(["Waiting for IAM: the workflow's new rights take some seconds to spread"] * widens),
        "UpdateStateMachineAlias",
    ]


def test_the_first_deploy_does_not_wait(aws: Aws) -> None:
    clock = aws.clock = FakeClock()
    nodes = wire(aws, SHORT, READ)
    aws.is_local = False
    deploy(aws, nodes)
    assert clock.slept == 0


def test_a_clock_that_is_wrong_does_no_harm(cloud: Cloud, account: str) -> None:
    """The moments of a plan follow AWS's clock."""
    session = boto3.Session(
        aws_access_key_id=account, aws_secret_access_key="local", region_name="us-east-1"
    )
    aws = Aws(session, endpoint_url=cloud.endpoint_url, clock=FakeClock())
    aws.is_local = False
    aws.sts.get_caller_identity()
    assert abs(aws.now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_runs_killed_while_rights_and_versions_change_finish(aws: Aws) -> None:
    for number in range(2):
        deploy(aws, wire(aws, {**LONG, "Comment": str(number)}, READ, keep_versions=1))
        start(aws)
    nodes = wire(aws, {**SHORT, "Comment": "2"}, WRITE, keep_versions=1)
    assert [*kill_at_each_call(aws, lambda dying: deploy(dying, nodes))]
    assert summarize(plan_for(aws, nodes)).startswith(f"= role {ROLE}: executions of version")
    assert read_policy(aws) == [allow("s3:GetObject")]
    assert list_versions(aws) == ["3", "2", "1"]


def test_a_lost_denial_does_not_stay(aws: Aws) -> None:
    deny = {**allow("s3:DeleteObject"), "Effect": "Deny"}
    deploy(aws, wire(aws, LONG, READ, deny))
    start(aws)
    deploy(aws, wire(aws, SHORT))
    assert read_policy(aws) == [allow("s3:GetObject")]


def put_policy_of_others(aws: Aws, length: int) -> None:
    statement = allow("s3:GetObject")
    rest = length - policies.count_characters(policies.document(statement))
    statement["Resource"][0] += "x" * rest
    document = json.dumps(policies.document(statement), indent=4)
    aws.iam.put_role_policy(RoleName=ROLE, PolicyName="theirs", PolicyDocument=document)


@pytest.mark.parametrize("excess", [0, 1])
def test_policies_of_others_take_room_in_the_role(aws: Aws, excess: int) -> None:
    deploy(aws, wire(aws, SHORT, READ, logging={"level": "off"}))
    nodes = wire(aws, SHORT, WRITE, logging={"level": "off"})
    ours = policies.count_characters(policies.document(WRITE))
    put_policy_of_others(aws, 10_240 - ours + excess)
    found = [each.reason for each in plan_for(aws, nodes).conflicts]
    assert [(each.code, each.facts) for each in found] == (
        [
            (
                "ROLE_POLICIES_TOO_LONG",
                {
                    "ours": str(ours),
                    "theirs": f"{10_240 - ours + 1:,}",
                    "limit": "10,240",
                    "names": ("theirs",),
                },
            )
        ]
        if excess
        else []
    )


def test_previous_rights_fit_beside_policies_of_others(aws: Aws) -> None:
    deploy(aws, wire(aws, LONG, READ, logging={"level": "off"}))
    start(aws)
    put_policy_of_others(aws, 10_000)
    plan = plan_for(aws, wire(aws, SHORT, WRITE, logging={"level": "off"}))
    assert "RIGHTS_DO_NOT_FIT" in {note.code for note in plan.notes}
    put_policy_of_others(aws, 9_500)
    plan = plan_for(aws, wire(aws, SHORT, WRITE, logging={"level": "off"}))
    assert "RIGHTS_DO_NOT_FIT" not in {note.code for note in plan.notes}


def test_previous_rights_fit_beside_the_old_policy_too(aws: Aws) -> None:
    """They are put first, while the old policy is still there."""
    many = {**READ, "Resource": [f"arn:aws:s3:::{'a' * 60}{n}" for n in range(70)]}
    deploy(aws, wire(aws, LONG, many, logging={"level": "off"}))
    start(aws)
    plan = deploy(aws, wire(aws, SHORT, logging={"level": "off"}))
    assert "RIGHTS_DO_NOT_FIT" in {note.code for note in plan.notes}
    assert read_policy(aws) is None


def test_a_single_statement_may_be_no_list(aws: Aws) -> None:
    deploy(aws, wire(aws, LONG))
    start(aws)
    nodes = wire(aws, SHORT)
    deploy(aws, nodes)
    alone = json.dumps({"Version": policies.VERSION, "Statement": allow("s3:GetObject")})
    aws.iam.put_role_policy(RoleName=ROLE, PolicyName="sfnctl-previous", PolicyDocument=alone)
    assert not plan_for(aws, nodes).differs
