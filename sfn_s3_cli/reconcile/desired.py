"""Config to resources: what a pipeline wants of AWS, and what must exist before what.

The whole wiring is here and only here. Pure: names and ARNs follow from the config, the account and
the region, so nothing has to be read from AWS.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from sfn_s3_cli.config.values import OTHER_KEY, OTHER_TOPIC
from sfn_s3_cli.errors import UsageError
from sfn_s3_cli.events import SOURCES, cloudtrail, s3
from sfn_s3_cli.iam import arns, bucket_names, tags
from sfn_s3_cli.iam.names import NO_TRAIL, OWN_TRAIL, Names
from sfn_s3_cli.reconcile import from_config, roles
from sfn_s3_cli.reconcile.alarms import Alarms
from sfn_s3_cli.resources.observation import Found

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
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
    _refuse_elsewhere(settings.kms_key, place, "state_machine.kms_key", OTHER_KEY)
    topic = pipeline.alarms.topic if pipeline.alarms else None
    _refuse_elsewhere(topic, place, "alarms.topic", OTHER_TOPIC)
    _refuse_foreign_namespace(pipeline, place)
    own = tags.of_pipeline(pipeline.name, pipeline.tags)
    events_role = Node(roles.events_role(pipeline, names, own))
    role = roles.states_role(pipeline, definition, names, own, bucket_key)
    states_role = Node(role, wanted=not settings.role.arn)
    bucket = Node(
        from_config.bucket(pipeline, names, own, role.policy if states_role.wanted else None)
    )
    log_group = Node(
        from_config.log_group(pipeline, names, own), wanted=settings.logging.level != "off"
    )
    queue = Node(from_config.queue(pipeline, names, own), wanted=pipeline.trigger.dead_letter_queue)
    state_machine = Node(
        from_config.state_machine(pipeline, definition, names, own),
        needs=_addresses(states_role, log_group),
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
    return (
        *first,
        *_follow_the_chosen(pipeline.trigger.via, (*sources, *starts)),
        *_alarms(pipeline, names, own),
    )


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
        from_config.rule(pipeline, names, own, via),
        needs=rule_needs,
        follows=rule_follows,
        wanted=wanted,
        via=via,
    )
    needs = (*_addresses(rule), *target_needs)
    target = Node(from_config.target(pipeline, names, via), needs=needs, wanted=wanted, via=via)
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
    bucket = from_config.log_bucket(pipeline, names, is_configured=own_trail)
    log_bucket = Node(bucket, wanted=own_trail, via=via)
    trail = Node(
        from_config.trail(pipeline, names, is_configured=own_trail),
        needs=_addresses(log_bucket),
        wanted=own_trail,
        via=via,
    )
    needs = _addresses(trail, events_role)
    relies_on_others = pipeline.trigger.trail == NO_TRAIL
    selector = Node(
        from_config.selector(pipeline, names, relies_on_others=relies_on_others),
        needs=needs,
        wanted=wanted and not relies_on_others,
        via=via,
    )
    return (log_bucket, trail, selector)


def _s3_source(pipeline: Pipeline, bucket: Node, events_role: Node) -> tuple[Node, ...]:
    """The bucket itself."""
    needs = _addresses(bucket, events_role)
    wanted = pipeline.trigger.via == s3.VIA
    return (Node(from_config.notification(pipeline), needs=needs, wanted=wanted, via=s3.VIA),)


def _alarms(pipeline: Pipeline, names: Names, own: dict[str, str]) -> Iterator[Node]:
    """Nothing waits for them. While the event source changes, the old rule keeps its alarm."""
    make, trigger, asked = Alarms(pipeline, names, own).make, pipeline.trigger, pipeline.alarms
    is_wanted = {
        "executions_failed": True,
        "executions_timed_out": True,
        "execution_throttled": pipeline.state_machine.type == "standard",
        "dead_letters": trigger.dead_letter_queue,
    }
    for watched, fits in is_wanted.items():
        yield Node(make(watched), wanted=bool(asked) and fits)
    for via in SOURCES:
        alarm = make("failed_invocations", via)
        wanted = bool(asked) and via == trigger.via
        yield Node(alarm, wanted=wanted, via=via if asked else None)


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


def _refuse_elsewhere(arn: str | None, place: Place, setting: str, remedy: str) -> None:
    found = arns.place_of(arn) if arn else place
    if (found.partition, found.region) != (place.partition, place.region):
        where = found.region if found.region != place.region else f"partition {found.partition}"
        raise UsageError(
            f"`{setting}` is in {where}, but the pipeline is in {place.region}", remedy
        )
