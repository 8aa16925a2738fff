"""Each resource as the config wants it; `desired.py` wires them. Pure, like the wiring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.events import SOURCES, cloudtrail
from sfn_s3_cli.events.normalised import build_transformer
from sfn_s3_cli.events.pattern import build_pattern
from sfn_s3_cli.iam import arns, policies, tags
from sfn_s3_cli.iam.names import OWN_TRAIL, Names
from sfn_s3_cli.reconcile import roles
from sfn_s3_cli.resources.bucket import Bucket
from sfn_s3_cli.resources.bucket_notification import BucketNotification
from sfn_s3_cli.resources.event_selector import EventSelector
from sfn_s3_cli.resources.log_bucket import LogBucket
from sfn_s3_cli.resources.log_bucket import policy as log_bucket_policy
from sfn_s3_cli.resources.log_group import LogGroup
from sfn_s3_cli.resources.queue import Queue
from sfn_s3_cli.resources.rule import Rule
from sfn_s3_cli.resources.state_machine import StateMachine
from sfn_s3_cli.resources.target import Target
from sfn_s3_cli.resources.trail import Trail

if TYPE_CHECKING:
    from sfn_s3_cli.config.schema import Pipeline
    from sfn_s3_cli.json_types import JsonObject


def bucket(
    pipeline: Pipeline, names: Names, own: dict[str, str], policy: JsonObject | None
) -> Bucket:
    bucket, arn = pipeline.bucket, arns.bucket(names.place, pipeline.bucket.name)
    return Bucket(
        name=bucket.name,
        pipeline=pipeline.name,
        create=bucket.create,
        tags=own if bucket.create else {},
        key_actions=roles.find_key_actions(policy["Statement"], arn) if policy else (),
        given_key_actions=roles.list_given_key_actions(pipeline.state_machine.role.statements),
    )


def log_bucket(pipeline: Pipeline, names: Names, *, is_configured: bool) -> LogBucket:
    return LogBucket(
        name=names.log_bucket,
        trail=OWN_TRAIL,
        pipeline=pipeline.name,
        is_configured=is_configured,
        policy=log_bucket_policy(names.place, names.log_bucket, OWN_TRAIL),
        tags=tags.of_all_pipelines(),
        first_tags=pipeline.tags,
    )


def trail(pipeline: Pipeline, names: Names, *, is_configured: bool) -> Trail:
    return Trail(
        name=OWN_TRAIL,
        arn=arns.trail(names.place, OWN_TRAIL),
        pipeline=pipeline.name,
        is_configured=is_configured,
        log_bucket=names.log_bucket,
        tags=tags.of_all_pipelines(),
        first_tags=pipeline.tags,
    )


def selector(pipeline: Pipeline, names: Names, *, relies_on_others: bool) -> EventSelector:
    bucket_arn = arns.bucket(names.place, pipeline.bucket.name)
    return EventSelector(
        name=pipeline.name,
        pipeline=pipeline.name,
        trail=OWN_TRAIL if relies_on_others else pipeline.trigger.trail or OWN_TRAIL,
        selector=cloudtrail.build_advanced_selector(names.selector, bucket_arn, pipeline.trigger),
        basic=cloudtrail.build_basic_selector(bucket_arn, pipeline.trigger),
        bucket=pipeline.bucket.name,
        relies_on_others=relies_on_others,
    )


def notification(pipeline: Pipeline) -> BucketNotification:
    return BucketNotification(
        name=pipeline.name,
        pipeline=pipeline.name,
        eventbridge_on=(pipeline.bucket.name,),
    )


def log_group(pipeline: Pipeline, names: Names, own: dict[str, str]) -> LogGroup:
    return LogGroup(
        name=names.log_group,
        pipeline=pipeline.name,
        arn=arns.log_group(names.place, names.log_group),
        retention_days=pipeline.state_machine.logging.retention_days,
        kms_key=pipeline.state_machine.kms_key,
        tags=own,
    )


def queue(pipeline: Pipeline, names: Names, own: dict[str, str]) -> Queue:
    """Only our rules may send to it.

    AWS documents the rule's ARN as the condition. If a request names the account too, it must be
    ours.
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
    """
    place = names.place
    return Queue(
        name=names.queue,
        pipeline=names.pipeline,
        policy=policies.document(
            {
                "Sid": "SfnctlRule",
                "Effect": "Allow",
                "Principal": {"Service": "events.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": arns.queue(place, names.queue),
                "Condition": {
                    "ArnEquals": {"aws:SourceArn": roles.list_rule_arns(names)},
                    "StringEqualsIfExists": {"aws:SourceAccount": place.account},
                },
            }
        ),
        kms_key=pipeline.state_machine.kms_key,
        tags=own,
    )


def state_machine(
    pipeline: Pipeline, definition: JsonObject, names: Names, own: dict[str, str]
) -> StateMachine:
    place, settings = names.place, pipeline.state_machine
    role_arn = settings.role.arn or arns.role(place, names.states_role, settings.role.path)
    logs = settings.logging.level != "off"
    return StateMachine(
        name=names.state_machine,
        pipeline=pipeline.name,
        arn=names.state_machine_arn,
        type=settings.aws_type,
        definition=definition,
        role_arn=role_arn,
        log_level=settings.logging.level.upper(),
        log_group_arn=arns.log_group(place, names.log_group) if logs else None,
        log_data=logs and settings.logging.include_data,
        tracing=settings.tracing,
        kms_key=settings.kms_key,
        keep_versions=settings.keep_versions,
        tags=own,
    )


def _pattern(pipeline: Pipeline, via: str, partition: str) -> JsonObject:
    """UsageError if the config's own is longer than AWS allows; another source's may be."""
    trigger = pipeline.trigger
    if via == trigger.via:
        return build_pattern(pipeline.bucket.name, trigger, partition)
    other = trigger.model_copy(update={"via": via})
    return SOURCES[via].build_pattern(pipeline.bucket.name, other, partition)


def rule(pipeline: Pipeline, names: Names, own: dict[str, str], via: str) -> Rule:
    return Rule(
        name=names.rule(via),
        pipeline=pipeline.name,
        arn=names.rule_arn(via),
        pattern=_pattern(pipeline, via, names.place.partition),
        enabled=pipeline.trigger.enabled,
        description=f"Starts {names.state_machine} for objects of {pipeline.bucket.name}.",
        tags=own,
    )


def target(pipeline: Pipeline, names: Names, via: str) -> Target:
    place, retry = names.place, pipeline.trigger.retry
    wants_queue = pipeline.trigger.dead_letter_queue
    path = pipeline.state_machine.role.path
    return Target(
        name=names.rule(via),
        pipeline=pipeline.name,
        rule_arn=names.rule_arn(via),
        arn=names.alias_arn,
        role_arn=arns.role(place, names.events_role, path),
        dead_letter_queue_arn=arns.queue(place, names.queue) if wants_queue else None,
        retry_attempts=retry.attempts,
        retry_max_age_seconds=retry.max_age,
        input_transformer=build_transformer(pipeline.bucket.name, pipeline.trigger),
    )
