"""The floor of a teardown."""

from __future__ import annotations

import sys

from bare import Answer, Aws, Json, as_dict, start
from botocore.exceptions import ClientError


def remove(aws: Aws, want: Json) -> None:
    """Eight calls deep: the account (in floor.py), ownership (two: queue's URL -> its tags), then

    target -> state machine -> is it deleted? -> states role's policy -> states role
    and in parallel trail -> log bucket, and target -> rule, queue, events role.
    """
    queue_url = start(aws.sqs.get_queue_url, QueueName=want["queue"]["name"])
    check_all_may_go(aws, want, queue_url)
    rule, machine = want["rule"]["name"], want["state_machine"]["arn"]
    trail = start(aws.cloudtrail.delete_trail, Name=want["trail"]["name"])
    target = start(aws.events.remove_targets, Rule=rule, Ids=["sfnctl"])
    gone = start(delete_machine, after=[target], aws=aws, arn=machine)
    events_role, states_role = (role["name"] for role in want["roles"])
    url, group = queue_url.result()["QueueUrl"], want["log_group"]["name"]
    last = [
        start(aws.events.delete_rule, after=[target], Name=rule),
        start(aws.sqs.delete_queue, after=[target], QueueUrl=url),
        delete_role(aws, events_role, after=target),
        delete_role(aws, states_role, after=gone),
        start(aws.logs.delete_log_group, after=[gone], logGroupName=group),
        start(aws.s3.delete_bucket, Bucket=want["bucket"]["name"]),
        start(aws.s3.delete_bucket, after=[trail], Bucket=want["log_bucket"]["name"]),
    ]
    for each in last:
        each.result()


def delete_role(aws: Aws, name: str, after: Answer) -> Answer:
    """Needs no check: IAM refuses to delete a role with policies of others."""
    policy = start(aws.iam.delete_role_policy, after=[after], RoleName=name, PolicyName="sfnctl")
    return start(aws.iam.delete_role, after=[policy], RoleName=name)


def delete_machine(aws: Aws, arn: str) -> None:
    """Waits until it is deleted: until then its executions need the role and the log group."""
    aws.stepfunctions.delete_state_machine(stateMachineArn=arn)
    try:
        aws.stepfunctions.describe_state_machine(stateMachineArn=arn)
    except ClientError:
        return
    sys.exit("the state machine is still being deleted")


def check_all_may_go(aws: Aws, want: Json, queue_url: Answer) -> None:
    """Checks that all is ours and empty, and that rule and trail have no other users."""
    buckets = [want["bucket"]["name"], want["log_bucket"]["name"]]
    rule, trail = want["rule"], want["trail"]
    objects = [start(aws.s3.list_object_versions, Bucket=name, MaxKeys=1000) for name in buckets]
    targets = start(aws.events.list_targets_by_rule, Rule=rule["name"])
    selectors = start(aws.cloudtrail.get_event_selectors, TrailName=trail["name"])
    messages = start(count_messages, aws=aws, queue_url=queue_url)
    for tags in start_all_tags(aws, want, queue_url):
        if as_dict(tags.result()).get("sfnctl:managed") != "true":
            sys.exit("something is not ours")
    if any("Versions" in page.result() for page in objects) or messages.result():
        sys.exit("something is not empty")
    users = [*targets.result()["Targets"], *selectors.result()["AdvancedEventSelectors"]]
    if len(users) != len([rule, trail]):
        sys.exit("something has other users")


def count_messages(aws: Aws, queue_url: Answer) -> int:
    answer = aws.sqs.get_queue_attributes(
        QueueUrl=queue_url.result()["QueueUrl"], AttributeNames=["ApproximateNumberOfMessages"]
    )
    return int(answer["Attributes"]["ApproximateNumberOfMessages"])


def start_all_tags(aws: Aws, want: Json, queue_url: Answer) -> list[Answer]:
    trail, machine = want["trail"]["arn"], want["state_machine"]["arn"]
    rule, group = want["rule"]["arn"], want["log_group"]["arn"]

    def of_bucket(name: str) -> Json:
        return aws.s3.get_bucket_tagging(Bucket=name)["TagSet"]

    def of_role(name: str) -> Json:
        return aws.iam.get_role(RoleName=name)["Role"]["Tags"]

    def of_trail() -> Json:
        [resource] = aws.cloudtrail.list_tags(ResourceIdList=[trail])["ResourceTagList"]
        return resource["TagsList"]

    return [
        start(of_bucket, name=want["bucket"]["name"]),
        start(of_bucket, name=want["log_bucket"]["name"]),
        *(start(of_role, name=role["name"]) for role in want["roles"]),
        start(of_trail),
        start(lambda: aws.stepfunctions.list_tags_for_resource(resourceArn=machine)["tags"]),
        start(lambda: aws.events.list_tags_for_resource(ResourceARN=rule)["Tags"]),
        start(lambda: aws.logs.list_tags_for_resource(resourceArn=group)["tags"]),
        start(lambda: aws.sqs.list_queue_tags(QueueUrl=queue_url.result()["QueueUrl"])["Tags"]),
    ]
