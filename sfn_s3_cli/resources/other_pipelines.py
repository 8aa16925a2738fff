"""Which other pipelines watch the same bucket: on purpose, or after a rename."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.aws.explain import Unanswered, ask_optional
from sfn_s3_cli.events import SOURCES
from sfn_s3_cli.events.cutover import Cutover, Side
from sfn_s3_cli.events.overlap import can_watch, find_common
from sfn_s3_cli.iam import tags as ownership
from sfn_s3_cli.iam.names import Names
from sfn_s3_cli.resources.reasons import ReasonType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future

    from types_boto3_events.type_defs import RuleTypeDef

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads
    from sfn_s3_cli.events.overlap import Objects
    from sfn_s3_cli.json_types import JsonObject
    from sfn_s3_cli.resources.reasons import Reason

_PREFIX = "sfnctl-"
_MISSING = "ResourceNotFoundException"

_STARTS_TOO = ReasonType(
    "OTHER_PIPELINE_STARTS_TOO",
    "Pipeline {pipeline} starts executions for the same objects: {objects} ({events}). Each such"
    " event may start an execution of both pipelines.",
    "If this pipeline was called {pipeline} before: deploy, and then run"
    " `sfnctl teardown --pipeline {pipeline}`. If you want both, there is nothing to do.",
    describes_state=True,
    is_warning=True,
)
_NOT_CHECKED = ReasonType(
    "OTHER_PIPELINES_NOT_CHECKED",
    "Not checked: whether other sfnctl pipelines start executions for the same objects ({error}).",
    describes_state=True,
)


def find_watchers(aws: Aws, bucket: str, pipeline: str) -> tuple[str, ...]:
    """The other pipelines whose rules watch a bucket, also if the trigger is disabled."""
    owners: set[str] = set()
    for rule in _list_named(aws):
        pattern = json.loads(rule.get("EventPattern", "{}"))
        if can_watch(pattern, bucket):
            list_tags = partial(aws.events.list_tags_for_resource, ResourceARN=rule["Arn"])
            tags = _read_tags(list_tags)
            owners |= set() if _is_over(pattern, tags, aws) else _name_other(tags, pipeline)
    return tuple(sorted(owners))


def has_rule(aws: Aws, pipeline: str) -> bool:
    """Whether there is a rule with the name of one of that pipeline's."""
    names = Names(pipeline, aws.place)
    known = {names.rule(via) for via in SOURCES}
    return any(rule["Name"] in known for rule in _list_named(aws))


def _list_named(aws: Aws) -> Iterator[RuleTypeDef]:
    for page in aws.events.get_paginator("list_rules").paginate(NamePrefix=_PREFIX):
        yield from page["Rules"]


class _Rule(NamedTuple):
    """An enabled rule that matches events of the same objects, and its tags."""

    pattern: JsonObject
    common: tuple[Objects, ...]
    tags: Future[Any]


def list_rules(aws: Aws) -> list[Any]:
    """The rules of the default bus. Only notes need them, so the call does not take long."""
    pages = aws.events_short_timeout.get_paginator("list_rules").paginate()
    return [rule for page in pages for rule in page["Rules"]]


def note(reads: Reads, pattern: JsonObject, pipeline: str) -> tuple[Reason, ...]:
    """What to say as long as a rule of that pipeline has that pattern, or before it gets it."""
    match ask_optional(lambda: _find_others(reads, pattern, pipeline)):
        case Unanswered(why):
            return (_NOT_CHECKED(error=why),)
        case others:
            return tuple(_describe(other, others[other]) for other in sorted(others))


def _find_others(reads: Reads, pattern: JsonObject, pipeline: str) -> dict[str, set[Objects]]:
    """The other pipelines, each with the objects that it has in common with this one."""
    rules = reads.ask(list_rules, reads.aws).result()
    others: dict[str, set[Objects]] = {}
    for rule in [*_ask_tags(reads, rules, pattern)]:
        tags = _read_tags(rule.tags.result)
        if not _is_over(rule.pattern, tags, reads.aws):
            for owner in _name_other(tags, pipeline):
                others.setdefault(owner, set()).update(rule.common)
    return others


def _read_tags(list_tags: Callable[[], Any]) -> dict[str, str]:
    """A rule's tags; none if the rule does not exist any more."""
    answer = call_or_none(list_tags, _MISSING)
    return ownership.from_list(answer["Tags"]) if answer else {}


def _name_other(tags: dict[str, str], pipeline: str) -> set[str]:
    """The pipeline that the tags name, unless it is that one."""
    owner = ownership.read_owner(tags)
    return {owner} - {pipeline, ownership.SHARED} if owner else set()


def _ask_tags(reads: Reads, rules: Iterable[Any], pattern: JsonObject) -> Iterator[_Rule]:
    """Only its tags say whose a rule is."""
    ask = reads.aws.events_short_timeout.list_tags_for_resource
    for rule in rules:
        if rule["Name"].startswith(_PREFIX) and rule["State"] != "DISABLED":
            theirs = json.loads(rule.get("EventPattern", "{}"))
            if common := find_common(pattern, theirs):
                yield _Rule(theirs, common, reads.ask(ask, ResourceARN=rule["Arn"]))


def _is_over(pattern: JsonObject, tags: dict[str, str], aws: Aws) -> bool:
    """Whether a rule matches no more events, since its pipeline has changed its source."""
    cutover = Cutover.read(tags.get(ownership.CUTOVER, ""), pattern)
    return bool(cutover and cutover.side is Side.BEFORE and cutover.moment <= aws.now())


def _describe(pipeline: str, objects: Iterable[Objects]) -> Reason:
    places = sorted({f"s3://{each.bucket}/{each.keys}" for each in objects})
    events = sorted({each.event for each in objects})
    return _STARTS_TOO(pipeline=pipeline, objects=tuple(places), events=tuple(events))
