"""The floor of a deploy with nothing to do: reads everything, writes nothing."""

from __future__ import annotations

import json
import sys

from bare import BLOCK_ALL, Answer, Aws, Json, as_dict, make_target, start

Expectations = list[tuple[Answer, Json]]
"""Answers, each with the values that it must contain; it may contain others too."""


def check(aws: Aws, want: Json) -> None:
    """Three calls deep: the account (in floor.py), everything else, and what needs an answer first.

    alias -> the version that it runs, and the queue's URL -> its attributes and tags
    """
    asked = [
        *state_machine(aws, want["state_machine"]),
        *queue(aws, want["queue"]),
        *buckets(aws, want["bucket"], want["log_bucket"]),
        *trail(aws, want["trail"], want["event_selector"]),
        *(each for role_ in want["roles"] for each in role(aws, role_)),
        *log_group(aws, want["log_group"]),
        *rule(aws, want["rule"], want["target"]),
    ]
    for answer, wanted in asked:
        found = simplify(answer.result())
        if any(found.get(key) != value for key, value in wanted.items()):
            sys.exit(f"differs: {found} from {wanted}")


def simplify(answer: Json) -> Json:
    """An answer with its tags as a dict and its JSON texts parsed."""
    found = dict(answer)
    for key in found.keys() & {"Policy", "EventPattern", "definition"}:
        found[key] = json.loads(found[key])
    for key in found.keys() & {"TagSet", "Tags", "tags", "TagsList"}:
        found[key] = as_dict(found[key])
    return found


def state_machine(aws: Aws, machine: Json) -> Expectations:
    sfn, arn = aws.stepfunctions, machine["arn"]
    alias = start(sfn.describe_state_machine_alias, stateMachineAliasArn=f"{arn}:live")
    described = start(sfn.describe_state_machine, stateMachineArn=arn)
    tags = start(sfn.list_tags_for_resource, resourceArn=arn)

    def live_version() -> Json:
        [version] = alias.result()["routingConfiguration"]
        return sfn.describe_state_machine(stateMachineArn=version["stateMachineVersionArn"])

    group = {"logGroupArn": f"{machine['log_group_arn']}:*"}
    settings = {
        "definition": machine["definition"],
        "roleArn": machine["role_arn"],
        "loggingConfiguration": {
            "level": machine["log_level"],
            "includeExecutionData": machine["log_data"],
            "destinations": [{"cloudWatchLogsLogGroup": group}],
        },
    }
    return [
        (start(live_version), {"definition": machine["definition"]}),
        (described, settings),
        (tags, {"tags": machine["tags"]}),
    ]


def queue(aws: Aws, queue: Json) -> Expectations:
    located = start(aws.sqs.get_queue_url, QueueName=queue["name"])

    def attributes() -> Json:
        url = located.result()["QueueUrl"]
        return aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]

    def tags() -> Json:
        return aws.sqs.list_queue_tags(QueueUrl=located.result()["QueueUrl"])

    settings = {
        "Policy": queue["policy"],
        "MessageRetentionPeriod": str(queue["retention_seconds"]),
    }
    return [(start(attributes), settings), (start(tags), {"Tags": queue["tags"]})]


def buckets(aws: Aws, bucket: Json, logs: Json) -> Expectations:
    s3, name = aws.s3, logs["name"]

    def encryption() -> Json:
        answer = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]
        return answer["Rules"][0]["ApplyServerSideEncryptionByDefault"]

    def expiry() -> Json:
        return s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"][0]["Expiration"]

    return [
        (start(s3.get_bucket_tagging, Bucket=bucket["name"]), {"TagSet": bucket["tags"]}),
        (start(s3.get_bucket_tagging, Bucket=name), {"TagSet": logs["tags"]}),
        (start(s3.get_bucket_policy, Bucket=name), {"Policy": logs["policy"]}),
        (
            start(s3.get_public_access_block, Bucket=name),
            {"PublicAccessBlockConfiguration": BLOCK_ALL},
        ),
        (start(encryption), {"SSEAlgorithm": logs["encryption"]}),
        (start(expiry), {"Days": logs["expiry_days"]}),
    ]


def trail(aws: Aws, trail: Json, selector: Json) -> Expectations:
    cloudtrail, name = aws.cloudtrail, trail["name"]

    def settings() -> Json:
        return cloudtrail.get_trail(Name=name)["Trail"]

    def tags() -> Json:
        return cloudtrail.list_tags(ResourceIdList=[trail["arn"]])["ResourceTagList"][0]

    return [
        (
            start(settings),
            {"S3BucketName": trail["log_bucket"], "LogFileValidationEnabled": True},
        ),
        (start(tags), {"TagsList": trail["tags"]}),
        (
            start(cloudtrail.get_event_selectors, TrailName=name),
            {"AdvancedEventSelectors": [selector["selector"]]},
        ),
        (start(cloudtrail.get_trail_status, Name=name), {"IsLogging": True}),
    ]


def role(aws: Aws, role: Json) -> Expectations:
    name = role["name"]

    def settings() -> Json:
        return aws.iam.get_role(RoleName=name)["Role"]

    policy = start(aws.iam.get_role_policy, RoleName=name, PolicyName="sfnctl")
    wanted = {
        "Path": role["path"],
        "AssumeRolePolicyDocument": role["trust"],
        "PermissionsBoundary": None,
        "Tags": role["tags"],
    }
    return [(start(settings), wanted), (policy, {"PolicyDocument": role["policy"]})]


def log_group(aws: Aws, group: Json) -> Expectations:
    name = group["name"]

    def settings() -> Json:
        return aws.logs.describe_log_groups(logGroupNamePrefix=name, limit=1)["logGroups"][0]

    return [
        (
            start(settings),
            {"logGroupName": name, "retentionInDays": group["retention_days"]},
        ),
        (
            start(aws.logs.list_tags_for_resource, resourceArn=group["arn"]),
            {"tags": group["tags"]},
        ),
    ]


def rule(aws: Aws, rule: Json, target: Json) -> Expectations:
    events, name = aws.events, rule["name"]
    wanted = {
        "EventPattern": rule["pattern"],
        "State": "ENABLED",
        "Description": rule["description"],
    }
    return [
        (start(events.describe_rule, Name=name), wanted),
        (
            start(events.list_tags_for_resource, ResourceARN=rule["arn"]),
            {"Tags": rule["tags"]},
        ),
        (start(events.list_targets_by_rule, Rule=name), {"Targets": [make_target(target)]}),
    ]
