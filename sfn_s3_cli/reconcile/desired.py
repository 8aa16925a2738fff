"""Config to resources: what a pipeline wants of AWS, and what must exist before what.

The whole wiring is here and only here. Pure: names and ARNs follow from the config, the account and
the region, so nothing has to be read from AWS.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from sfn_s3_cli.errors import UsageError
from sfn_s3_cli.events import SOURCES, cloudtrail, s3
from sfn_s3_cli.events.normalised import build_transformer
from sfn_s3_cli.events.pattern import build_pattern
from sfn_s3_cli.iam import arns, bucket_names, policies, tags
from sfn_s3_cli.iam.names import NO_TRAIL, OWN_TRAIL, Names
from sfn_s3_cli.reconcile import roles
from sfn_s3_cli.resources.bucket import Bucket
from sfn_s3_cli.resources.bucket_notification import BucketNotification
from sfn_s3_cli.resources.event_selector import EventSelector
from sfn_s3_cli.resources.log_bucket import LogBucket
from sfn_s3_cli.resources.log_bucket import policy as log_bucket_policy
from sfn_s3_cli.resources.log_group import LogGroup
from sfn_s3_cli.resources.observation import Found
from sfn_s3_cli.resources.queue import Queue
from sfn_s3_cli.resources.rule import Rule
from sfn_s3_cli.resources.state_machine import StateMachine
from sfn_s3_cli.resources.target import Target
from sfn_s3_cli.resources.trail import Trail

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sfn_s3_cli.config.schema import Pipeline
    from sfn_s3_cli.iam.arns import Place
    from sfn_s3_cli.json_types import JsonObject
    from sfn_s3_cli.resources.base import Address, Resource
    from sfn_s3_cli.resources.observation import AnyFound, AnyObservation
    from sfn_s3_cli.resources.reasons import Reason


@dataclass(frozen=True)
class Node:
    """One resource in the wiring."""

    resource: Resource
    needs: tuple[Address, ...] = ()
    """What must exist before it, and must not be deleted before it."""
    follows: tuple[Address, ...] = ()
    """What is changed before it when it exists already, so that no event is lost."""
    wanted: bool = True
    """False: the config does not ask for it, so a leftover of it is removed."""
    via: str | None = None
    """The event source that it is for; None if it is for any."""
    stays: Stay | None = None
    """Why it, or a part of it, is kept for a while although the config does not ask for it."""
    is_leftover: bool = False
    """Whether an earlier deploy has kept it for a while."""

    notes: tuple[Reason, ...] = ()
    """What else a plan has to say about it."""

    def replace(self, **resource: Any) -> Node:
        """The node with other values in the fields of its resource."""
        return replace(self, resource=replace(self.resource, **resource))

    def find_ours(self, observed: Mapping[Address, AnyObservation]) -> AnyFound | None:
        """What AWS has of it, if that is the pipeline's."""
        match observed.get(self.resource.address):
            case Found(owner=owner) as found if owner == self.resource.owner:
                return found
        return None


class Stay(NamedTuple):
    """Why something stays, and until when, if that is known."""

    reason: Reason
    until: datetime | None = None


def unwant(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """The same wiring with nothing wanted: what teardown desires."""
    return tuple(replace(node, wanted=False) for node in nodes)


def select_shared(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """The part of a wiring that other pipelines and tools change too."""
    found = [node for node in nodes if node.resource.is_shared]
    inside = {node.resource.address for node in found}
    return tuple(
        replace(
            node,
            needs=tuple(each for each in node.needs if each in inside),
            follows=tuple(each for each in node.follows if each in inside),
        )
        for node in found
    )


def wiring(
    pipeline: Pipeline, definition: JsonObject, place: Place, bucket_key: str | None = None
) -> tuple[Node, ...]:
    """All resources that a pipeline can have, wanted or not.

    `bucket_key` is the KMS key that encrypts the watched bucket's objects, if AWS was asked for it.
    UsageError when the wiring would start executions in an endless loop, or the bucket cannot be
    created.
    """
    names, settings = Names(pipeline.name, place), pipeline.state_machine
    _refuse_loop(pipeline, names)
    _refuse_key_elsewhere(settings.kms_key, place)
    _refuse_foreign_namespace(pipeline, place)
    own = tags.of_pipeline(pipeline.name, pipeline.tags)
    events_role = Node(roles.events_role(pipeline, names, own))
    role = roles.states_role(pipeline, definition, names, own, bucket_key)
    states_role = Node(role, wanted=not settings.role.arn)
    bucket = Node(_bucket(pipeline, names, own, role.policy if states_role.wanted else None))
    log_group = Node(_log_group(pipeline, names, own), wanted=settings.logging.level != "off")
    queue = Node(_queue(pipeline, names, own), wanted=pipeline.trigger.dead_letter_queue)
    state_machine = Node(
        _state_machine(pipeline, definition, names, own), needs=_addresses(states_role, log_group)
    )
    first = (bucket, events_role, states_role, log_group, queue, state_machine)
    sources = (
        *_cloudtrail_source(pipeline, names, events_role),
        *_s3_source(pipeline, bucket, events_role),
    )
    starts = [
        node
        for via in SOURCES
        for node in _rule_and_target(
            pipeline,
            names,
            own,
            via,
            rule_needs=_addresses(events_role),  # its deletion looks for what others handed over
            rule_follows=_addresses(*(node for node in sources if node.via == via)),
            target_needs=_addresses(state_machine, events_role, queue),
        )
    ]
    return (*first, *_follow_the_chosen(pipeline.trigger.via, (*sources, *starts)))


def _rule_and_target(
    pipeline: Pipeline,
    names: Names,
    own: dict[str, str],
    via: str,
    *,
    rule_needs: tuple[Address, ...],
    rule_follows: tuple[Address, ...],
    target_needs: tuple[Address, ...],
) -> tuple[Node, Node]:
    wanted = via == pipeline.trigger.via
    rule = Node(
        _rule(pipeline, names, own, via),
        needs=rule_needs,
        follows=rule_follows,
        wanted=wanted,
        via=via,
    )
    needs = (*_addresses(rule), *target_needs)
    target = Node(_target(pipeline, names, via), needs=needs, wanted=wanted, via=via)
    return rule, target


def _follow_the_chosen(via: str, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """Lets what belongs to other sources be changed only when the chosen one is complete."""
    chosen = _addresses(*(node for node in nodes if node.via == via and node.wanted))
    return tuple(node if node.via == via else replace(node, follows=chosen) for node in nodes)


def _cloudtrail_source(
    pipeline: Pipeline, names: Names, events_role: Node
) -> tuple[Node, Node, Node]:
    """A trail that logs the bucket's events, and the bucket for its log files."""
    via = cloudtrail.VIA
    wanted = pipeline.trigger.via == via
    own_trail = wanted and pipeline.trigger.trail in {None, OWN_TRAIL}
    bucket = _log_bucket(pipeline, names, is_configured=own_trail)
    log_bucket = Node(bucket, wanted=own_trail, via=via)
    trail = Node(
        _trail(pipeline, names, is_configured=own_trail),
        needs=_addresses(log_bucket),
        wanted=own_trail,
        via=via,
    )
    needs = _addresses(trail, events_role)
    relies_on_others = pipeline.trigger.trail == NO_TRAIL
    selector = Node(
        _selector(pipeline, names, relies_on_others=relies_on_others),
        needs=needs,
        wanted=wanted and not relies_on_others,
        via=via,
    )
    return (log_bucket, trail, selector)


def _s3_source(pipeline: Pipeline, bucket: Node, events_role: Node) -> tuple[Node, ...]:
    """The bucket itself."""
    needs = _addresses(bucket, events_role)
    wanted = pipeline.trigger.via == s3.VIA
    return (Node(_notification(pipeline), needs=needs, wanted=wanted, via=s3.VIA),)


def _addresses(*nodes: Node) -> tuple[Address, ...]:
    return tuple(node.resource.address for node in nodes)


def _refuse_loop(pipeline: Pipeline, names: Names) -> None:
    if pipeline.trigger.via == cloudtrail.VIA and pipeline.bucket.name == names.log_bucket:
        raise UsageError(
            f"sfnctl's trail writes its log files into the bucket {names.log_bucket}, and every log"
            " file would start an execution",
            "watch another bucket, or use `via: s3`",
        )


def _refuse_foreign_namespace(pipeline: Pipeline, place: Place) -> None:
    fault = bucket_names.find_fault(pipeline.bucket.name, place.account, place.region)
    if pipeline.bucket.create and fault:
        raise UsageError(*fault)


def _refuse_key_elsewhere(key: str | None, place: Place) -> None:
    found = arns.place_of(key) if key else place
    if (found.partition, found.region) != (place.partition, place.region):
        where = found.region if found.region != place.region else f"partition {found.partition}"
        raise UsageError(
            f"`state_machine.kms_key` is in {where}, but the pipeline is in {place.region}",
            "name a key of the pipeline's region, or the replica of a multi-Region key there",
        )


def _bucket(
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


def _log_bucket(pipeline: Pipeline, names: Names, *, is_configured: bool) -> LogBucket:
    return LogBucket(
        name=names.log_bucket,
        trail=OWN_TRAIL,
        pipeline=pipeline.name,
        is_configured=is_configured,
        policy=log_bucket_policy(names.place, names.log_bucket, OWN_TRAIL),
        tags=tags.of_all_pipelines(),
        first_tags=pipeline.tags,
    )


def _trail(pipeline: Pipeline, names: Names, *, is_configured: bool) -> Trail:
    return Trail(
        name=OWN_TRAIL,
        arn=arns.trail(names.place, OWN_TRAIL),
        pipeline=pipeline.name,
        is_configured=is_configured,
        log_bucket=names.log_bucket,
        tags=tags.of_all_pipelines(),
        first_tags=pipeline.tags,
    )


def _selector(pipeline: Pipeline, names: Names, *, relies_on_others: bool) -> EventSelector:
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


def _notification(pipeline: Pipeline) -> BucketNotification:
    return BucketNotification(
        name=pipeline.name,
        pipeline=pipeline.name,
        eventbridge_on=(pipeline.bucket.name,),
    )


def _log_group(pipeline: Pipeline, names: Names, own: dict[str, str]) -> LogGroup:
    return LogGroup(
        name=names.log_group,
        pipeline=pipeline.name,
        arn=arns.log_group(names.place, names.log_group),
        retention_days=pipeline.state_machine.logging.retention_days,
        kms_key=pipeline.state_machine.kms_key,
        tags=own,
    )


def _queue(pipeline: Pipeline, names: Names, own: dict[str, str]) -> Queue:
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


def _state_machine(
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


def _rule(pipeline: Pipeline, names: Names, own: dict[str, str], via: str) -> Rule:
    return Rule(
        name=names.rule(via),
        pipeline=pipeline.name,
        arn=names.rule_arn(via),
        pattern=_pattern(pipeline, via, names.place.partition),
        enabled=pipeline.trigger.enabled,
        description=f"Starts {names.state_machine} for objects of {pipeline.bucket.name}.",
        tags=own,
    )


def _target(pipeline: Pipeline, names: Names, via: str) -> Target:
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
