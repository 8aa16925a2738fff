"""The outputs of `deploy` and `status`: ARNs, names and URLs for scripts."""

from __future__ import annotations

from faults.rules import Rule
from pipelines import machine, pipeline_config
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import Aws


def expect_outputs(aws: Aws, url: str) -> dict[str, str]:
    account = aws.place.account
    group = "/aws/vendedlogs/states/orders"
    return {
        "bucket": f"orders-{account}",
        "bucket_arn": f"arn:aws:s3:::orders-{account}",
        "events_role_arn": f"arn:aws:iam::{account}:role/sfnctl-orders-us-east-1-events",
        "states_role_arn": f"arn:aws:iam::{account}:role/sfnctl-orders-us-east-1-states",
        "log_group": group,
        "log_group_arn": f"arn:aws:logs:us-east-1:{account}:log-group:{group}",
        "queue_arn": f"arn:aws:sqs:us-east-1:{account}:sfnctl-orders-dlq",
        "queue_url": url,
        "state_machine_arn": f"arn:aws:states:us-east-1:{account}:stateMachine:orders",
        "alias_arn": f"arn:aws:states:us-east-1:{account}:stateMachine:orders:live",
        "trail_arn": f"arn:aws:cloudtrail:us-east-1:{account}:trail/sfnctl",
        "rule_arn": f"arn:aws:events:us-east-1:{account}:rule/sfnctl-orders-cloudtrail",
    }


def test_deploy_and_status_have_the_same_outputs(project: Sfnctl, aws: Aws) -> None:
    """The embedded cloud has no console."""
    assert project("status", "-o", "json").document["outputs"] == {
        "bucket": f"orders-{aws.place.account}",
        "bucket_arn": f"arn:aws:s3:::orders-{aws.place.account}",
    }
    assert "outputs" not in project("plan", "-o", "json").document
    deployed = project("deploy", "--yes", "-o", "json").document["outputs"]
    url = aws.sqs.get_queue_url(QueueName="sfnctl-orders-dlq")["QueueUrl"]
    assert deployed == expect_outputs(aws, url)
    assert project("deploy", "--yes", "-o", "json").document["outputs"] == deployed
    assert project("status", "-o", "json").document["outputs"] == deployed
    aws.iam.get_role(RoleName=deployed["states_role_arn"].rpartition("/")[2])
    aws.stepfunctions.describe_state_machine(stateMachineArn=deployed["alias_arn"])
    aws.logs.delete_log_group(logGroupName=deployed["log_group"])
    left = project("status", "-o", "json").document["outputs"]
    assert {*deployed} - {*left} == {"log_group", "log_group_arn"}
    assert "outputs" not in project("teardown", "--yes", "-o", "json").document


def test_outputs_are_only_what_was_deployed(project: Sfnctl, aws: Aws, account: str) -> None:
    role = f"arn:aws:iam::{account}:role/theirs"
    config = pipeline_config(
        account,
        trigger={"via": "s3", "dead_letter_queue": False},
        state_machine=machine(logging={"level": "off"}, role={"path": "/teams/"}),
    )
    project.write("sfnctl.yaml", config)
    failing = Rule(do="error", operation="CreateStateMachine", code="AccessDenied", status=400)
    with project.with_faults(failing):
        partly = project("deploy", "--yes", "-o", "json", code=4).document["outputs"]
    names = {"bucket", "bucket_arn", "events_role_arn", "states_role_arn", "rule_arn"}
    assert {*partly} == names
    outputs = project("deploy", "--yes", "-o", "json").document["outputs"]
    assert {*outputs} == names | {"state_machine_arn", "alias_arn"}
    assert outputs["states_role_arn"] == (
        f"arn:aws:iam::{account}:role/teams/sfnctl-orders-us-east-1-states"
    )
    assert role not in outputs.values()
