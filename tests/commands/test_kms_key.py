"""`state_machine.kms_key`: one key for the state machine, its log group and the queue."""

from __future__ import annotations

import pytest
from faults.rules import Rule
from kind_cases import KEY
from pipelines import machine, pipeline_config
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import Aws

GROUP, QUEUE = "/aws/vendedlogs/states/orders", "sfnctl-orders-dlq"
SERVICES = (
    "logs.us-east-1.amazonaws.com",
    "events.amazonaws.com",
    "delivery.logs.amazonaws.com",
)


def read_keys(aws: Aws) -> tuple[object, ...]:
    """The keys of the state machine, the log group and the queue, as AWS has them."""
    arn = aws.place.arn("states", "stateMachine:orders")
    described = aws.stepfunctions.describe_state_machine(stateMachineArn=arn)
    (group,) = aws.logs.describe_log_groups(logGroupNamePrefix=GROUP)["logGroups"]
    url = aws.sqs.get_queue_url(QueueName=QUEUE)["QueueUrl"]
    queue = aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    machine_key = described["encryptionConfiguration"].get("kmsKeyId")
    return machine_key, group.get("kmsKeyId"), queue.get("KmsMasterKeyId") or None


@pytest.fixture
def encrypted(project: Sfnctl, account: str) -> Sfnctl:
    config = pipeline_config(account, state_machine=machine(kms_key=KEY))
    project.write("sfnctl.yaml", config)
    return project


def test_the_key_is_set_changed_and_removed(encrypted: Sfnctl, aws: Aws, account: str) -> None:
    encrypted("deploy", "--yes")
    assert read_keys(aws) == (KEY, KEY, KEY)
    assert encrypted("plan").out == "Nothing to do.\n"
    other = KEY.replace("1234abcd", "mrk")
    encrypted.write("sfnctl.yaml", pipeline_config(account, state_machine=machine(kms_key=other)))
    encrypted("deploy", "--yes")
    assert read_keys(aws) == (other, other, other)
    encrypted.write("sfnctl.yaml", pipeline_config(account))
    encrypted("deploy", "--yes")
    assert read_keys(aws) == (None, None, None)
    encrypted("deploy", "--yes")  # removes what executions might have needed
    assert encrypted("plan").out == "Nothing to do.\n"


def test_a_key_changed_by_hand_is_put_back(encrypted: Sfnctl, aws: Aws) -> None:
    encrypted("deploy", "--yes")
    aws.logs.disassociate_kms_key(logGroupName=GROUP)
    url = aws.sqs.get_queue_url(QueueName=QUEUE)["QueueUrl"]
    aws.sqs.set_queue_attributes(QueueUrl=url, Attributes={"KmsMasterKeyId": "alias/other"})
    assert "drifted" in encrypted("status", "--exit-code", code=3).out
    encrypted("deploy", "--yes")
    assert read_keys(aws) == (KEY, KEY, KEY)


def test_the_plan_names_what_the_key_must_allow(encrypted: Sfnctl) -> None:
    (facts,) = (
        each["facts"]
        for each in encrypted("plan", "-o", "json").documents[0]["notes"]
        if each["code"] == "KEY_POLICY"
    )
    assert facts == {"key": KEY, "services": [*SERVICES]}
    assert encrypted("plan").out.count("must let") == 1
    printed = encrypted("permissions", "kms-key").document["Statement"]
    assert {each["Principal"]["Service"] for each in printed} == {*SERVICES}
    encrypted("deploy", "--yes")
    assert "KEY_POLICY" not in encrypted("plan", "-o", "json").out


def test_without_a_key_no_statements_are_printed(project: Sfnctl) -> None:
    ended = project("permissions", "kms-key", code=2)
    assert "the config names no key" in ended.err


def test_a_key_of_another_region_is_refused(project: Sfnctl, account: str) -> None:
    other = KEY.replace("us-east-1", "eu-west-1")
    project.write("sfnctl.yaml", pipeline_config(account, state_machine=machine(kms_key=other)))
    ended = project("deploy", "--yes", code=2)
    assert "`state_machine.kms_key` is in eu-west-1, but the pipeline is in us-east-1" in ended.err
    config = pipeline_config(account, region="us-east-1", state_machine=machine(kms_key=other))
    project.write("sfnctl.yaml", config)
    ended = project("validate", "--offline", code=2)
    column = config.index('"arn:aws:kms') + 1
    expected = f"sfnctl.yaml:1:{column}: error: the key is in eu-west-1, but the pipeline is in"
    assert expected in ended.err + ended.out


def test_a_key_of_another_partition_is_refused(project: Sfnctl, account: str) -> None:
    other = KEY.replace("arn:aws:", "arn:aws-cn:")
    project.write("sfnctl.yaml", pipeline_config(account, state_machine=machine(kms_key=other)))
    ended = project("deploy", "--yes", code=2)
    assert "is in partition aws-cn, but the pipeline is in us-east-1" in ended.err


UNUSABLE = Rule(
    do="error",
    operation="DescribeStateMachine",
    code="KmsInvalidStateException",
    message="The KMS key is pending deletion.",
    status=400,
)


def test_a_key_that_is_gone_can_be_replaced(encrypted: Sfnctl, aws: Aws, account: str) -> None:
    """Only reading the definition needs the key; METADATA_ONLY does not."""
    encrypted("deploy", "--yes")
    encrypted.write("sfnctl.yaml", pipeline_config(account))
    with encrypted.with_faults(UNUSABLE):
        encrypted("deploy", "--yes")
    assert read_keys(aws) == (None, None, None)


def test_teardown_does_not_need_the_key(encrypted: Sfnctl, aws: Aws) -> None:
    encrypted("deploy", "--yes")
    encrypted("teardown", "--yes")
    statements = encrypted("permissions", "teardown").document["Statement"]
    assert not [each for each in statements if "kms" in str(each)]
