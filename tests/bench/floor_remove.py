"""The floor of a teardown."""

from __future__ import annotations

import sys

from bare import Answer, Aws, Json, as_dict, start
from botocore.exceptions import ClientError


def remove(aws: Aws, want: Json) -> None:
    """Eight calls deep: the account (in floor.py), what may go (two: queue's URL -> its tags), then

    target -> state machine -> is it gone? -> states role's policy -> states role
    and beside it: trail -> log bucket, and target -> rule, queue, events role.
    """
    check_all_may_go(aws, want)
    name, queue = want["rule"]["name"], want["queue"]["name"]
    trail = start(aws.cloudtrail.delete_trail, Name=want["trail"]["name"])
    target = start(aws.events.remove_targets, Rule=name, Ids=["sfnctl"])
    events_role, states_role = (role["name"] for role in want["roles"])

    def delete_queue() -> None:
        target.result()
        aws.sqs.delete_queue(QueueUrl=aws.sqs.get_queue_url(QueueName=queue)["QueueUrl"])

    def delete_machine() -> None:
        """Its executions need role and log group until it is gone."""
        target.result()
        arn = want["state_machine"]["arn"]
        aws.stepfunctions.delete_state_machine(stateMachineArn=arn)
        try:
            aws.stepfunctions.describe_state_machine(stateMachineArn=arn)
        except ClientError:
            return
        sys.exit("the state machine is still being deleted")

    machine, group = start(delete_machine), want["log_group"]["name"]
    last = [
        start(delete_queue),
        start(aws.events.delete_rule, after=[target], Name=name),
        delete_role(aws, events_role, after=target),
        delete_role(aws, states_role, after=machine),
        start(aws.logs.delete_log_group, after=[machine], logGroupName=group),
        start(aws.s3.delete_bucket, Bucket=want["bucket"]["name"]),
        start(aws.s3.delete_bucket, after=[trail], Bucket=want["log_bucket"]["name"]),
    ]
    for each in last:
        each.result()


def delete_role(aws: Aws, name: str, after: Answer) -> Answer:
    """IAM itself refuses when others have put policies on it."""
    policy = start(
        aws.iam.delete_role_policy, after=[after], RoleName=name, PolicyName="sfnctl"
    )
    return start(aws.iam.delete_role, after=[policy], RoleName=name)


def check_all_may_go(aws: Aws, want: Json) -> None:
    """All is ours, the buckets and the queue are empty, nobody else uses trail or rule."""
    queue_url, machine = want["queue"]["name"], want["state_machine"]["arn"]
    s3, iam, sfn = aws.s3, aws.iam, aws.stepfunctions
