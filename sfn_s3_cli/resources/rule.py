"""EventBridge rule: which object events start an execution."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from sfn_s3_cli.aws import console
from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.aws.eventually import TransientError, retry_while
from sfn_s3_cli.aws.explain import Unanswered, ask_optional
from sfn_s3_cli.events import SOURCES
from sfn_s3_cli.events.cutover import Cutover, Side
from sfn_s3_cli.events.pattern import limit, needs_wildcard, read_pattern, without, write_pattern
from sfn_s3_cli.events.pattern_words import summarize
from sfn_s3_cli.iam import arns
from sfn_s3_cli.iam import tags as ownership
from sfn_s3_cli.json_types import JsonObject
from sfn_s3_cli.resources import other_pipelines, rule_limits
from sfn_s3_cli.resources.base import FLEETING, Address, Removal, Resource
from sfn_s3_cli.resources.change import Change
from sfn_s3_cli.resources.observation import Found, Missing, Observation, Refused
from sfn_s3_cli.resources.permissions import EVERYTHING, Permission, Scope, Verb
from sfn_s3_cli.resources.reasons import ReasonType
from sfn_s3_cli.resources.words import HIDDEN, PATTERN, TAGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads
    from sfn_s3_cli.events.pattern import Watched
    from sfn_s3_cli.iam.arns import Place
    from sfn_s3_cli.resources.reasons import Fact, Reason

TARGET_ID = "sfnctl"

EXISTS: tuple[str, ...] = ()
"""PutRule of a rule that exists changes it."""
MISSING = ("ResourceNotFoundException",)
BUSY = TransientError("ConcurrentModificationException")
# DeleteRule may not see immediately that RemoveTargets has removed the last target.
_STILL_HAS_TARGETS = TransientError(
    "ValidationException",
    "since it has targets",
    waiting_for="EventBridge",
    remedy="remove the targets that others added, and run again",
)

_OTHER_TARGETS = ReasonType("OTHER_TARGETS", "targets of others: {arns}")
_MANAGED = ReasonType(
    "RULE_MANAGED", "is managed by {service}, which alone may change it", "choose another name"
)
_BUCKET_CHANGES = ReasonType(
    "BUCKET_CHANGES",
    "The bucket changes from {before} to {after}. The old bucket stays as it is; if sfnctl created"
    " it, `sfnctl status` names it from then on.",
)
_HANDS_OVER = ReasonType(
    "EVENT_SOURCE_CHANGES",
    "The event source changes from {before} to {after} at {moment}. For uploads before then, the"
    " old rule starts the executions, with the input that it has now; for later"
    " ones, the new rule. An upload in the last minute before then may start two.",
)
_OVERLAPS = ReasonType(
    "EVENT_SOURCES_OVERLAP",
    "The event source changes from {before} to {after}. The event patterns have no room for a"
    " condition on the time, so an upload may start two executions until the old rule is removed,"
    " some minutes after {moment}.",
)
_DISABLED = ReasonType(
    "TRIGGER_DISABLED",
    "The trigger is disabled (`trigger.enabled: false`): no upload starts an execution.",
    describes_state=True,
)
_DISABLED_BY_OTHERS = ReasonType(
    "TRIGGER_DISABLED_ON_AWS",
    "The trigger is disabled on AWS (rule {rule}), but enabled in the config: no upload starts an"
    " execution until the config is deployed.",
    describes_state=True,
)


@dataclass(frozen=True, kw_only=True)
class Rule(Resource):
    kind: ClassVar[str] = "rule"
    arn: str = field(metadata=HIDDEN)
    pattern: JsonObject = field(metadata=PATTERN)
    """Without the conditions of the cutover."""
    cutover: str | None = field(default=None, metadata=FLEETING)
    """A `Cutover` as text; None unless the pipeline changes its event source."""
    enabled: bool
    description: str
    tags: dict[str, str] = field(metadata=TAGS)

    @property
    def essence(self) -> str:
        watched = summarize(self.pattern)
        return watched if self.enabled else f"disabled; {watched}"

    def outputs(self, aws: Aws) -> Mapping[str, str | None]:
        page = console.find_page(aws, "events/home", f"/eventbus/default/rules/{self.name}")
        return {"rule_arn": self.arn, "rule_console_url": page}


def observe(reads: Reads, desired: Rule, *, wanted: bool) -> Observation[Rule]:
    events = reads.aws.events
    answer = reads.ask(events.describe_rule, Name=desired.name)
    all_tags = reads.ask(events.list_tags_for_resource, ResourceARN=desired.arn)
    targets = reads.ask(events.list_targets_by_rule, Rule=desired.name)
    found = call_or_none(answer.result, *MISSING)
    if found is None:
        return Missing(_note_pattern(reads, desired) if wanted else ())
    if wanted and found.get("ManagedBy"):
        return Refused(_MANAGED(service=found["ManagedBy"]))
    tags = ownership.from_list(all_tags.result()["Tags"])
    pattern = json.loads(found.get("EventPattern", "{}"))
    cutover = Cutover.read(tags.get(ownership.CUTOVER, ""), pattern)
    others = [each["Arn"] for each in targets.result()["Targets"] if each["Id"] != TARGET_ID]
    additions = _OTHER_TARGETS(arns=tuple(others)) if others else None
    rule = Rule(
        name=desired.name,
        pipeline=desired.pipeline,
        arn=desired.arn,
        pattern=without(pattern, cutover),
        cutover=str(cutover) if cutover else None,
        enabled=found["State"] != "DISABLED",
        description=found.get("Description", ""),
        tags=ownership.select_ours(tags, desired.tags),
    )
    return Found(
        rule,
        owner=ownership.read_owner(tags),
        used_by=None if wanted else additions,
        additions=additions,
        notes=_note_pattern(reads, desired, rule) if wanted else (),
    )


def _note_pattern(reads: Reads, desired: Rule, before: Rule | None = None) -> tuple[Reason, ...]:
    """The limits of AWS matter only to a rule that is created, or begins to need a wildcard."""
    old = before.pattern if before else {}
    limits = not before or needs_wildcard(desired.pattern) > needs_wildcard(old)
    return (
        *(rule_limits.note(reads, desired.pattern) if limits else ()),
        *(other_pipelines.note(reads, desired.pattern, desired.pipeline) * desired.enabled),
    )


def create(aws: Aws, desired: Rule) -> None:
    # PutRule takes tags only for a rule that it creates.
    cutover = Cutover.parse(desired.cutover)
    tags = {**desired.tags, ownership.CUTOVER: cutover.tag} if cutover else desired.tags
    _put(aws, desired, Tags=ownership.to_list(tags))


def update(aws: Aws, observed: Found[Rule], desired: Rule) -> None:
    """A rule with the tag of a cutover and without its conditions means an overlap without a split.
    So the tag comes after the conditions and goes before them: a run may be killed in between."""

    def tag(tags: dict[str, str]) -> None:
        aws.events.tag_resource(ResourceARN=desired.arn, Tags=ownership.to_list(tags))

    def untag(keys: list[str]) -> None:
        aws.events.untag_resource(ResourceARN=desired.arn, TagKeys=keys)

    before, cutover = observed.resource, Cutover.parse(desired.cutover)
    if before.cutover and not cutover:
        untag([ownership.CUTOVER])
    _put(aws, desired)
    if cutover and before.cutover != desired.cutover:
        tag({ownership.CUTOVER: cutover.tag})
    ownership.retag(before.tags, desired.tags, tag=tag, untag=untag)


def delete(aws: Aws, observed: Found[Rule], removal: Removal) -> None:  # noqa: ARG001
    name = observed.resource.name
    retry_while(aws, lambda: aws.events.delete_rule(Name=name), _STILL_HAS_TARGETS, BUSY, within=60)


def _put(aws: Aws, desired: Rule, **tags: Any) -> None:
    """PutRule clears whatever is left out, so it always gets everything."""
    pattern = limit(desired.pattern, Cutover.parse(desired.cutover))
    retry_while(
        aws,
        lambda: aws.events.put_rule(
            Name=desired.name,
            EventPattern=write_pattern(pattern),
            State="ENABLED" if desired.enabled else "DISABLED",
            Description=desired.description,
            **tags,
        ),
        BUSY,
        within=60,
    )


def permissions(desired: Rule, place: Place) -> Iterator[Permission]:
    rule = Scope("Rule", (desired.arn,))
    yield Permission(Verb.READ, rule, "events:DescribeRule events:ListTagsForResource")
    yield Permission(Verb.READ_WANTED, EVERYTHING, "events:ListRules")
    yield Permission(Verb.READ_TRIGGER, rule, "events:DescribeRule")
    rules = Scope("Rules", (arns.rule(place, "*"),))
    yield Permission(Verb.READ_WANTED, rules, "events:ListTagsForResource")
    yield Permission(Verb.MAKE, rule, "events:PutRule events:TagResource events:UntagResource")
    yield Permission(Verb.REMOVE, rule, "events:DeleteRule")


def notes(change: Change, changes: Mapping[Address, Change]) -> Iterator[Reason]:
    """Compares what the pipeline's rules watch with what the config wants."""
    match change:
        case Change(desired=Rule(enabled=False), until=None):
            yield from note_disabled(changes, _DISABLED)
        case Change(desired=Rule(enabled=True), observed=Found(Rule(enabled=False)), until=None):
            yield _DISABLED_BY_OTHERS(rule=change.address.name)
    match change:
        case Change(desired=Rule() as desired, until=None) if change.action.changes:
            if new := read_pattern(desired.pattern):
                yield from _note_move([*_list_watched(changes)], new, desired)


def _list_watched(changes: Mapping[Address, Change]) -> Iterator[Watched]:
    for change in changes.values():
        match change.observed:
            case Found(Rule(pattern=pattern)) if watched := read_pattern(pattern):
                yield watched


def _note_move(olds: list[Watched], new: Watched, desired: Rule) -> Iterator[Reason]:
    for bucket in sorted({old.bucket for old in olds} - {new.bucket}):
        yield _BUCKET_CHANGES(before=bucket, after=new.bucket)
    if cutover := Cutover.parse(desired.cutover):
        reason = _OVERLAPS if cutover.side is Side.BOTH else _HANDS_OVER
        for via in sorted({old.via for old in olds} - {new.via}):
            titles = {"before": SOURCES[via].TITLE, "after": SOURCES[new.via].TITLE}
            yield reason(**titles, moment=cutover.tag)


def note_disabled(
    changes: Mapping[Address, Change], note: ReasonType, **facts: Fact
) -> Iterator[Reason]:
    """The note if the config disables the trigger. It describes AWS only after the deploy."""
    for change in changes.values():
        match change:
            case Change(desired=Rule(enabled=False), observed=observed):
                is_state = isinstance(observed, Found) and not observed.resource.enabled
                yield (note if is_state else replace(note, describes_state=False))(**facts)
                return


def find_disabled(aws: Aws, name: str, *, is_wanted: bool) -> Reason | None:
    """Why uploads start nothing, if the rule is disabled; the config counts if AWS cannot say."""
    describe = partial(aws.events_short_timeout.describe_rule, Name=name)
    answer = ask_optional(lambda: call_or_none(describe, *MISSING))
    match answer:
        case Unanswered():
            is_disabled = not is_wanted
        case _:
            is_disabled = answer is not None and answer["State"] == "DISABLED"
    if not is_disabled:
        return None
    return _DISABLED_BY_OTHERS(rule=name) if is_wanted else _DISABLED()
