"""The floor of a first deploy."""

from __future__ import annotations

import json
import sys

from bare import BLOCK_ALL, Answer, Aws, Json, as_list, make_target, start
from botocore.exceptions import ClientError

MISSING = {
    "404",
    "AWS.SimpleQueueService.NonExistentQueue",
    "NoSuchEntity",
    "ResourceNotFoundException",
    "StateMachineDoesNotExist",
    "TrailNotFoundException",
}


def deploy(aws: Aws, want: Json) -> None:
    """Seven calls deep: the account (in main), whether the names are free, then the longest chains.

    log bucket -> its policy -> trail -> selectors -> logging, and
    states role -> its policy (and the log group) -> state machine -> alias -> target
    """
    check_names_are_free(aws, want)
    trail = create_trail(aws, want["trail"], want["event_selector"], want["log_bucket"])
    events_role, states_role = (create_role(aws, role) for role in want["roles"])
    name, group = want["log_group"]["name"], want["log_group"]
    log_group = start(aws.logs.create_log_group, logGroupName=name, tags=group["tags"])
    days = group["retention_days"]
    alias = create_machine(aws, want["state_machine"], after=[states_role, log_group])
    rule, queue = put_rule(aws, want["rule"]), create_queue(aws, want["queue"])
    target = start(
        aws.events.put_targets,
        after=[alias, rule, queue, events_role],
        Rule=want["target"]["name"],
        Targets=[make_target(want["target"])],
    )
    last = [
        *trail,
        *create_bucket(aws, want["bucket"]),
        start(
            aws.logs.put_retention_policy,
            after=[log_group],
            logGroupName=name,
            retentionInDays=days,
        ),
    ]
    for each in last:
        each.result()
    if target.result()["FailedEntryCount"]:
        sys.exit(f"PutTargets: {target.result()['FailedEntries']}")


def check_names_are_free(aws: Aws, want: Json) -> None:
    """Needed because PutRule, CreateQueue and CreateBucket accept an existing resource."""
    machine, trail = want["state_machine"]["arn"], want["trail"]["name"]
    looks = [
        start(aws.s3.head_bucket, Bucket=want["bucket"]["name"]),
        start(aws.s3.head_bucket, Bucket=want["log_bucket"]["name"]),
        *(start(aws.iam.get_role, RoleName=role["name"]) for role in want["roles"]),
        start(aws.stepfunctions.describe_state_machine, stateMachineArn=machine),
        start(aws.cloudtrail.get_trail, Name=trail),
        start(aws.logs.list_tags_for_resource, resourceArn=want["log_group"]["arn"]),
        start(aws.events.describe_rule, Name=want["rule"]["name"]),
        start(aws.sqs.get_queue_url, QueueName=want["queue"]["name"]),
    ]
    for look in looks:
        error = look.exception()
        if not isinstance(error, ClientError) or error.response["Error"]["Code"] not in MISSING:
            sys.exit(f"a name is taken: {error}")


def create_bucket(aws: Aws, bucket: Json) -> tuple[Answer, Answer]:
    created = start(
        aws.s3.create_bucket,
        Bucket=bucket["name"],
        BucketNamespace="account-regional" if bucket["name"].endswith("-an") else "global",
        CreateBucketConfiguration={"Tags": as_list(bucket["tags"])},
    )
    blocked = start(
        aws.s3.put_public_access_block,
        after=[created],
        Bucket=bucket["name"],
        PublicAccessBlockConfiguration=BLOCK_ALL,
    )
    return created, blocked


def create_trail(aws: Aws, trail: Json, selector: Json, bucket: Json) -> list[Answer]:
    """CreateTrail needs the bucket's policy, and none of its other settings."""
    created, blocked = create_bucket(aws, bucket)
    policy = start(
        aws.s3.put_bucket_policy,
        after=[created],
        Bucket=bucket["name"],
        Policy=json.dumps(bucket["policy"]),
    )

    def log() -> None:
        policy.result()
        aws.cloudtrail.create_trail(
            Name=trail["name"],
            S3BucketName=bucket["name"],
            IncludeGlobalServiceEvents=False,
            EnableLogFileValidation=True,
            TagsList=as_list(trail["tags"]),
        )
        selectors = [selector["selector"]]
        aws.cloudtrail.put_event_selectors(
            TrailName=trail["name"], AdvancedEventSelectors=selectors
        )
        aws.cloudtrail.start_logging(Name=trail["name"])

    return [start(log), blocked, *set_up_log_bucket(aws, bucket, created)]


def set_up_log_bucket(aws: Aws, bucket: Json, created: Answer) -> tuple[Answer, Answer]:
    default = {"SSEAlgorithm": bucket["encryption"]}
    expiry = {
        "ID": "sfnctl-expiry",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "Expiration": {"Days": bucket["expiry_days"]},
    }
    encryption = start(
        aws.s3.put_bucket_encryption,
        after=[created],
        Bucket=bucket["name"],
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": default}]
        },
    )
    lifecycle = start(
        aws.s3.put_bucket_lifecycle_configuration,
        after=[created],
        Bucket=bucket["name"],
        LifecycleConfiguration={"Rules": [expiry]},
    )
    return encryption, lifecycle


def create_role(aws: Aws, role: Json) -> Answer:
    created = start(
        aws.iam.create_role,
        RoleName=role["name"],
        Path=role["path"],
        AssumeRolePolicyDocument=json.dumps(role["trust"]),
        Tags=as_list(role["tags"]),
    )
    return start(
        aws.iam.put_role_policy,
        after=[created],
        RoleName=role["name"],
        PolicyName="sfnctl",
        PolicyDocument=json.dumps(role["policy"]),
    )


def create_machine(aws: Aws, machine: Json, after: list[Answer]) -> Answer:
    group = {"logGroupArn": f"{machine['log_group_arn']}:*"}
    created = start(
        aws.stepfunctions.create_state_machine,
        after=after,
        name=machine["name"],
        definition=json.dumps(machine["definition"]),
        roleArn=machine["role_arn"],
        loggingConfiguration={
            "level": machine["log_level"],
            "includeExecutionData": machine["log_data"],
            "destinations": [{"cloudWatchLogsLogGroup": group}],
        },
        tracingConfiguration={"enabled": machine["tracing"]},
        tags=[{"key": key, "value": value} for key, value in machine["tags"].items()],
        publish=True,
    )

    def name_it() -> None:
        version = {
            "stateMachineVersionArn": created.result()["stateMachineVersionArn"],
            "weight": 100,
        }
        aws.stepfunctions.create_state_machine_alias(name="live", routingConfiguration=[version])

    return start(name_it)


def put_rule(aws: Aws, rule: Json) -> Answer:
    return start(
        aws.events.put_rule,
        Name=rule["name"],
        EventPattern=json.dumps(rule["pattern"]),
        State="ENABLED",
        Description=rule["description"],
        Tags=as_list(rule["tags"]),
    )


def create_queue(aws: Aws, queue: Json) -> Answer:
    attributes = {
        "MessageRetentionPeriod": str(queue["retention_seconds"]),
        "Policy": json.dumps(queue["policy"]),
    }
    return start(
        aws.sqs.create_queue, QueueName=queue["name"], Attributes=attributes, tags=queue["tags"]
    )
