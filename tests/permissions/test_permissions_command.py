"""`sfnctl permissions`: what it prints, and which calls it makes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pipelines import HELLO, machine, pipeline_config
from sfnctl_script import Sfnctl

ACCOUNT = "123456789012"

WATCH = """\
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "BucketObjects",
      "Effect": "Allow",
      "Action": [
        "s3:GetObject"
      ],
      "Resource": [
        "arn:aws:s3:::orders-123456789012/*"
      ]
    },
    {
      "Sid": "Executions",
      "Effect": "Allow",
      "Action": [
        "states:DescribeExecution",
        "states:GetExecutionHistory"
      ],
      "Resource": [
        "arn:aws:states:eu-west-1:123456789012:execution:orders:*"
      ]
    },
    {
      "Sid": "Rule",
      "Effect": "Allow",
      "Action": [
        "events:DescribeRule"
      ],
      "Resource": [
        "arn:aws:events:eu-west-1:123456789012:rule/sfnctl-orders-cloudtrail"
      ]
    },
    {
      "Sid": "StateMachine",
      "Effect": "Allow",
      "Action": [
        "states:DescribeStateMachine",
        "states:ListExecutions"
      ],
      "Resource": [
        "arn:aws:states:eu-west-1:123456789012:stateMachine:orders"
      ]
    }
  ]
}
"""


@pytest.fixture
def offline(sfnctl: Sfnctl) -> Sfnctl:
    """The script without credentials, and with an endpoint that does not answer."""
    sfnctl.environ["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1"
    sfnctl.write("workflow.asl.json", json.dumps(HELLO))
    return sfnctl


def test_config_with_account_and_region_needs_no_call(offline: Sfnctl) -> None:
    offline.write("sfnctl.yaml", pipeline_config(ACCOUNT, region="eu-west-1"))
    assert offline("permissions", "watch-executions").out == WATCH


def test_json_is_the_same_policy(offline: Sfnctl) -> None:
    offline.write("sfnctl.yaml", pipeline_config(ACCOUNT, region="eu-west-1"))
    assert offline("permissions", "watch-executions", "--output", "json").out == WATCH


def test_the_partition_follows_from_the_region(offline: Sfnctl) -> None:
    offline.write("sfnctl.yaml", pipeline_config(ACCOUNT))
    policy = offline("permissions", "watch-executions", "--region", "cn-north-1").document
    (arn,) = policy["Statement"][-1]["Resource"]
    assert arn == f"arn:aws-cn:states:cn-north-1:{ACCOUNT}:stateMachine:orders"


def test_sts_gives_an_account_that_the_config_lacks(sfnctl_local: Sfnctl) -> None:
    config = json.loads(pipeline_config(ACCOUNT))
    del config["account"]
    sfnctl_local.write("sfnctl.yaml", json.dumps(config))
    policy = sfnctl_local("permissions", "watch-executions").document
    (arn,) = policy["Statement"][-1]["Resource"]
    assert arn == "arn:aws:states:us-east-1:000000000000:stateMachine:orders"


def test_only_the_selectors_of_a_joined_trail_may_be_changed(offline: Sfnctl) -> None:
    config = pipeline_config(ACCOUNT, region="eu-west-1", trigger={"trail": "audit"})
    offline.write("sfnctl.yaml", config)
    statements = offline("permissions", "deploy").document["Statement"]
    assert [each for each in statements if each["Sid"] == "JoinedTrail"] == [
        {
            "Sid": "JoinedTrail",
            "Effect": "Allow",
            "Action": [
                "cloudtrail:GetEventSelectors",
                "cloudtrail:GetTrail",
                "cloudtrail:GetTrailStatus",
                "cloudtrail:PutEventSelectors",
            ],
            "Resource": [f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/audit"],
        }
    ]


def test_a_watch_may_read_a_log_that_has_everything(offline: Sfnctl) -> None:
    """Only a watch: it does so when polling cannot keep up."""
    everything = machine(logging={"level": "all", "include_data": True})
    config = pipeline_config(ACCOUNT, region="eu-west-1", state_machine=everything)
    offline.write("sfnctl.yaml", config)
    actions = {
        command: [
            action
            for each in offline("permissions", command).document["Statement"]
            for action in each["Action"]
            if action in {"logs:FilterLogEvents", "states:GetExecutionHistory"}
        ]
        for command in ("watch-executions", "status")
    }
    assert actions == {
        "watch-executions": ["states:GetExecutionHistory", "logs:FilterLogEvents"],
        "status": [],
    }


def test_boundary_is_a_condition_on_every_role_grant(offline: Sfnctl) -> None:
    boundary = f"arn:aws:iam::{ACCOUNT}:policy/boundary"
    bounded = machine(role={"boundary": boundary}, logging={"level": "off"})
    config = pipeline_config(ACCOUNT, region="eu-west-1", state_machine=bounded)
    offline.write("sfnctl.yaml", config)
    conditions = {
        action: each.get("Condition")
        for each in offline("permissions", "deploy").document["Statement"]
        for action in each["Action"]
    }
    condition = {"StringEquals": {"iam:PermissionsBoundary": boundary}}
    for action in (
        *("CreateRole", "PutRolePolicy", "DeleteRolePolicy"),
        *("PutRolePermissionsBoundary", "UpdateAssumeRolePolicy"),
    ):
        assert conditions[f"iam:{action}"] == condition
    assert "iam:DeleteRolePermissionsBoundary" not in conditions


def test_passed_roles_name_services_as_in_china(offline: Sfnctl) -> None:
    offline.write("sfnctl.yaml", pipeline_config(ACCOUNT))
    policy = offline("permissions", "deploy", "--region", "cn-north-1").document
    passing = [each for each in policy["Statement"] if each["Action"] == ["iam:PassRole"]]
    assert [each["Condition"]["StringEquals"]["iam:PassedToService"] for each in passing] == [
        [f"{service}.amazonaws.com", f"{service}.amazonaws.com.cn"]
        for service in ("events", "states")
    ]


REGIONS = {
    "eu-west-1": "aws",
    "cn-north-1": "aws-cn",
    "us-gov-west-1": "aws-us-gov",
    "eusc-de-east-1": "aws-eusc",
}
FIXED = {
    "StartAt": "Send",
    "States": {
        "Send": {
            "Type": "Task",
            "Resource": "arn:aws:states:::dynamodb:putItem",
            "Parameters": {"TableName": "orders", "Item": {}},
            "End": True,
        }
    },
}


def read_partitions(policy: dict[str, Any]) -> set[str]:
    arns = [arn for each in policy["Statement"] for arn in each["Resource"] if arn != "*"]
    return {arn.split(":")[1] for arn in arns}


@pytest.mark.parametrize("region", REGIONS)
def test_workflow_policy_has_the_partition_of_the_region(offline: Sfnctl, region: str) -> None:
    offline.write("workflow.asl.json", json.dumps(FIXED))
    offline.write("sfnctl.yaml", pipeline_config(ACCOUNT))
    result = offline("permissions", "workflow", "--region", region)
    assert read_partitions(result.document) == {REGIONS[region]}
    assert "partition" not in result.err


def test_workflow_policy_without_a_region_is_for_aws(offline: Sfnctl) -> None:
    offline.write("workflow.asl.json", json.dumps(FIXED))
    offline.write("sfnctl.yaml", pipeline_config(ACCOUNT))
    result = offline("permissions", "workflow")
    assert read_partitions(result.document) == {"aws"}
    note = "Note: without a region the partition is `aws`; set `region` for another one"
    assert note in result.err.splitlines()


def test_permissions_that_may_be_missing_are_noted(offline: Sfnctl) -> None:
    state = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:cloudcontrol:createResource",
        "Parameters": {"TypeName": "AWS::SQS::Queue", "DesiredState": "{}"},
        "End": True,
    }
    definition = {"StartAt": "Make", "States": {"Make": state}}
    offline.write("workflow.asl.json", json.dumps(definition))
    offline.write("sfnctl.yaml", pipeline_config(ACCOUNT, region="eu-west-1"))
    (note,) = [
        line for line in offline("permissions", "workflow").err.splitlines() if "may lack" in line
    ]
    assert note.endswith(
        "the state 'Make' may lack permissions, because without `RoleArn` Cloud Control API uses"
        " the role of the workflow: name a role in `RoleArn`, or allow what the resource needs"
        " under `role.statements`"
    )


def test_an_unknown_command_is_a_usage_error(offline: Sfnctl) -> None:
    assert "'undo' is not one of" in offline("permissions", "undo", code=2).err


def test_the_policy_of_init_needs_no_config(offline: Sfnctl) -> None:
    policy = offline("permissions", "init", "--region", "cn-north-1").document
    resources = sorted(arn for each in policy["Statement"] for arn in each["Resource"])
    assert resources == ["*", "arn:aws-cn:cloudtrail:*:*:trail/*", "arn:aws-cn:s3:::*"]


def test_recording_a_case_needs_what_show_needs(offline: Sfnctl) -> None:
    offline.write("sfnctl.yaml", pipeline_config(ACCOUNT, region="eu-west-1"))
    assert offline("permissions", "test").out == offline("permissions", "show").out
