"""Pipeline to resources: what a config wants of AWS, and what must exist before what.

This is the wiring, all of it and only here. Pure: names and ARNs follow from the config and the
place, so nothing has to be asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sfn_s3_cli import roles, trigger
from sfn_s3_cli.aws import arns, policies, tags
from sfn_s3_cli.errors import UsageError
from sfn_s3_cli.names import OWN_TRAIL, Names
from sfn_s3_cli.resources import log_bucket
from sfn_s3_cli.resources.bucket import Bucket
from sfn_s3_cli.resources.bucket_notification import BucketNotification
from sfn_s3_cli.resources.event_selector import EventSelector
from sfn_s3_cli.resources.log_bucket import LogBucket
from sfn_s3_cli.resources.log_group import LogGroup
from sfn_s3_cli.resources.queue import Queue
from sfn_s3_cli.resources.rule import Rule
from sfn_s3_cli.resources.state_machine import StateMachine
from sfn_s3_cli.resources.target import Target
from sfn_s3_cli.resources.trail import Trail

if TYPE_CHECKING:
    from sfn_s3_cli.aws.arns import Place
    from sfn_s3_cli.aws.policies import Document
    from sfn_s3_cli.config.schema import Pipeline
    from sfn_s3_cli.resources.base import Address, Resource


@dataclass(frozen=True)
class Node:
    """One resource in the wiring."""

    resource: Resource
    needs: tuple[Address, ...] = ()
    """What must exist before it, and must not go before it."""
    follows: tuple[Address, ...] = ()
    """What is changed before it when it exists already, so that no event falls between."""
    wanted: bool = True
    """False: the config does not ask for it, so what is left of it is removed."""


def nothing(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """The same wiring with nothing wanted: what teardown desires."""
    return tuple(replace(node, wanted=False) for node in nodes)


def wiring(pipeline: Pipeline, definition: Document, place: Place) -> tuple[Node, ...]:
    """The resources of a pipeline, with the ones it could have and does not want.

    UsageError when the wiring would start executions without end.
    """
    names = Names(pipeline.name, place)
    own = tags.of_pipeline(pipeline.name, pipeline.tags)
    via_cloudtrail = pipeline.trigger.via == "cloudtrail"
    if via_cloudtrail and pipeline.bucket.name == names.log_bucket:
        raise UsageError(
            f"bucket {names.log_bucket} is where sfnctl's trail writes its log files:"
            " every log file would start an execution",
            "watch another bucket, or use `via: s3`",
        )
    events_role = Node(roles.events_role(pipeline, names, own))
    settings = pipeline.state_machine
    states_role = Node(roles.states_role(pipeline, names, own), wanted=not settings.role.arn)
    log_group = Node(_log_group(pipeline, names, own), wanted=settings.logging.level != "off")
    queue = Node(_queue(names, own), wanted=pipeline.trigger.dead_letter_queue)
    bucket = Node(
        Bucket(
            name=pipeline.bucket.name,
            made_by_us=pipeline.bucket.create,
            tags=own if pipeline.bucket.create else {},
        )
    )
    state_machine = Node(
        _state_machine(pipeline, definition, names, own),
        needs=(states_role.resource.address, log_group.resource.address),
    )
    sources = _sources(pipeline, names, bucket, events_role)
    rule = Node(
        _rule(pipeline, names, own),
        follows=tuple(node.resource.address for node in sources),
    )
    target = Node(
        _target(pipeline, names),
        needs=tuple(node.resource.address for node in (rule, state_machine, events_role, queue)),
    )
    return (
        bucket,
        events_role,
        states_role,
        log_group,
        queue,
        state_machine,
        *sources,
        rule,
        target,
    )


def _sources(pipeline: Pipeline, names: Names, bucket: Node, events_role: Node) -> tuple[Node, ...]:
    """What brings the bucket's events to EventBridge, by CloudTrail or by the bucket itself."""
    via_cloudtrail = pipeline.trigger.via == "cloudtrail"
    shared = via_cloudtrail and pipeline.trigger.trail in {None, OWN_TRAIL}
    own = tags.of_all_pipelines()
    log_bucket_node = Node(
        LogBucket(
            name=names.log_bucket,
            trail=OWN_TRAIL,
            pipeline=pipeline.name,
            claimed=shared,
            policy=log_bucket.policy(names.place, names.log_bucket, OWN_TRAIL),
            tags=own,
        ),
        wanted=shared,
    )
    trail_node = Node(
        Trail(
            name=OWN_TRAIL,
            arn=arns.trail(names.place, OWN_TRAIL),
            pipeline=pipeline.name,
            claimed=shared,
            log_bucket=names.log_bucket,
            tags=own,
        ),
        needs=(log_bucket_node.resource.address,),
        wanted=shared,
    )
    bucket_arn = arns.bucket(names.place, pipeline.bucket.name)
    selector = EventSelector(
        name=pipeline.name,
        trail=pipeline.trigger.trail or OWN_TRAIL,
        selector=trigger.advanced_selector(names.selector, bucket_arn, pipeline.trigger),
        basic=trigger.basic_selector(bucket_arn, pipeline.trigger),
        own_trail=OWN_TRAIL,
        watched_bucket=pipeline.bucket.name,
        role=names.events_role,
    )
    notification = BucketNotification(
        name=pipeline.name,
        eventbridge_on=(pipeline.bucket.name,),
        role=names.events_role,
        rule=names.rule,
        account=names.place.account,
    )
    role, bucket_address = events_role.resource.address, bucket.resource.address
    return (
        log_bucket_node,
        trail_node,
        Node(selector, needs=(trail_node.resource.address, role), wanted=via_cloudtrail),
        Node(notification, needs=(bucket_address, role), wanted=not via_cloudtrail),
    )


def _log_group(pipeline: Pipeline, names: Names, own: dict[str, str]) -> LogGroup:
    return LogGroup(
        name=names.log_group,
        arn=arns.log_group(names.place, names.log_group),
        retention_days=pipeline.state_machine.logging.retention_days,
        tags=own,
    )


def _queue(names: Names, own: dict[str, str]) -> Queue:
    """Only our rule may send to it.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
    """
    place = names.place
    return Queue(
        name=names.queue,
        policy=policies.document(
            {
                "Sid": "SfnctlRule",
                "Effect": "Allow",
                "Principal": {"Service": "events.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": arns.queue(place, names.queue),
                "Condition": {"ArnEquals": {"aws:SourceArn": names.rule_arn}},
            }
        ),
        tags=own,
    )


def _state_machine(
    pipeline: Pipeline, definition: Document, names: Names, own: dict[str, str]
) -> StateMachine:
    place, settings = names.place, pipeline.state_machine
    role_arn = settings.role.arn or arns.role(place, names.states_role, settings.role.path)
    logs = settings.logging.level != "off"
    return StateMachine(
        name=names.state_machine,
        arn=names.state_machine_arn,
        definition=definition,
        role_arn=role_arn,
        log_level=settings.logging.level.upper(),
        log_group_arn=arns.log_group(place, names.log_group) if logs else None,
        log_data=logs and settings.logging.include_data,
        tracing=settings.tracing,
        tags=own,
    )


def _rule(pipeline: Pipeline, names: Names, own: dict[str, str]) -> Rule:
    return Rule(
        name=names.rule,
        arn=arns.rule(names.place, names.rule),
        pattern=trigger.event_pattern(pipeline.bucket.name, pipeline.trigger),
        enabled=pipeline.trigger.enabled,
        description=f"Starts {names.state_machine} for objects of {pipeline.bucket.name}.",
        tags=own,
    )


def _target(pipeline: Pipeline, names: Names) -> Target:
    place, retry = names.place, pipeline.trigger.retry
    wants_queue = pipeline.trigger.dead_letter_queue
    path = pipeline.state_machine.role.path
    return Target(
        name=names.rule,
        rule_arn=names.rule_arn,
        arn=names.alias_arn,
        role_arn=arns.role(place, names.events_role, path),
        dead_letter_queue_arn=arns.queue(place, names.queue) if wants_queue else None,
        retry_attempts=retry.attempts,
        retry_max_age_seconds=retry.max_age,
        input_transformer=trigger.input_transformer(pipeline.trigger),
        pipeline=pipeline.name,
    )
