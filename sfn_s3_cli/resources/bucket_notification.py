"""The switch that sends a bucket's events to EventBridge: our slice of its notifications."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from sfn_s3_cli.aws.buckets import MISSING
from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.aws.eventually import BUSY_BUCKET, TransientError, retry_while
from sfn_s3_cli.iam.names import RULE_PREFIX, Names
from sfn_s3_cli.resources import role_notes
from sfn_s3_cli.resources.base import Observed, Resource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads
    from sfn_s3_cli.iam.policies import Document

SWITCH = "EventBridgeConfiguration"


@dataclass(frozen=True, kw_only=True)
class BucketNotification(Resource):
    """`name` is the pipeline's: it is one slice, also when the config moves to another bucket."""

    kind: ClassVar[str] = "bucket_notification"
    eventbridge_on: tuple[str, ...]
    """The buckets that are switched on: the config's, and any other that we switched on."""
    by_us: tuple[str, ...] = field(default=(), compare=False)
    """Those of them that we switched on, as the role remembers."""
    remembered: bool = True
    """Whether the role remembers no bucket that the config has left: a crash can leave one."""
    role: str = field(compare=False)
    rule: str = field(compare=False)

    @property
    def owner(self) -> str:
        return self.name

    @property
    def is_slice(self) -> bool:
        return True


def observe(
    reads: Reads, desired: BucketNotification, *, leaving: bool
) -> Observed[BucketNotification] | None:
    answers = {bucket: _ask(reads, bucket) for bucket in desired.eventbridge_on}
    known = role_notes.recall(reads, desired.role)
    remembered = known.get(role_notes.NOTIFICATIONS, "").split()
    answers |= {bucket: _ask(reads, bucket) for bucket in remembered}
    found = {bucket: call_or_none(answer.result, *MISSING) for bucket, answer in answers.items()}
    on = tuple(sorted(bucket for bucket, answer in found.items() if _is_on(answer)))
    if not on and not (leaving and role_notes.NOTIFICATIONS in known):
        return None
    by_us = tuple(bucket for bucket in on if bucket in remembered)
    kept = [_kept_by(reads.aws, bucket, desired.rule) for bucket in by_us if leaving]
    return Observed(
        BucketNotification(
            name=desired.name,
            eventbridge_on=on,
            by_us=by_us,
            remembered=on != desired.eventbridge_on or {*remembered} <= {*on},
            role=desired.role,
            rule=desired.rule,
        ),
        owner=desired.name if by_us or role_notes.NOTIFICATIONS in known else None,
        used_by="; ".join(filter(None, kept)),
    )


def create(aws: Aws, desired: BucketNotification) -> None:
    role_notes.remember(
        aws, desired.role, {role_notes.NOTIFICATIONS: " ".join(desired.eventbridge_on)}
    )
    for bucket in desired.eventbridge_on:
        _switch(aws, bucket, on=True)


def update(aws: Aws, observed: BucketNotification, desired: BucketNotification) -> None:
    """The config moved to another bucket: that is switched on before the old one is left."""
    wanted, was_on = set(desired.eventbridge_on), set(observed.eventbridge_on)
    by_us = set(observed.by_us) | (wanted - was_on)
    role_notes.remember(aws, desired.role, {role_notes.NOTIFICATIONS: " ".join(sorted(by_us))})
    for bucket in sorted(wanted - was_on):
        _switch(aws, bucket, on=True)
    for bucket in sorted(set(observed.by_us) - wanted):
        _let_go(aws, bucket, desired)
    role_notes.remember(
        aws, desired.role, {role_notes.NOTIFICATIONS: " ".join(sorted(by_us & wanted))}
    )


def delete(aws: Aws, observed: Observed[BucketNotification]) -> None:
    slice_ = observed.resource
    for bucket in slice_.by_us:
        _let_go(aws, bucket, slice_)
    role_notes.forget(aws, slice_.role, role_notes.NOTIFICATIONS)


def _ask(reads: Reads, bucket: str) -> Any:
    return reads.ask(reads.aws.s3.get_bucket_notification_configuration, Bucket=bucket)


def _is_on(configuration: Any) -> bool:
    """The value under the key is empty: that the key is there says that the switch is on."""
    return configuration is not None and SWITCH in configuration


def _switch(aws: Aws, bucket: str, *, on: bool) -> None:
    """Reads, changes the one key and writes back the rest: a write replaces everything."""

    def put() -> None:
        ask = partial(aws.s3.get_bucket_notification_configuration, Bucket=bucket)
        configuration: Any = ask() if on else call_or_none(ask, *MISSING)
        if configuration is None or _is_on(configuration) == on:
            return
        others: Any = {
            key: value
            for key, value in configuration.items()
            if key not in {"ResponseMetadata", SWITCH}
        }
        aws.s3_without_retries.put_bucket_notification_configuration(
            Bucket=bucket,
            NotificationConfiguration=others | {SWITCH: {}} if on else others,
            SkipDestinationValidation=True,  # one stale queue of others would fail the call
        )

    # A bucket that was made a moment ago may not be known everywhere.
    passing = (BUSY_BUCKET, TransientError("NoSuchBucket")) if on else (BUSY_BUCKET,)
    retry_while(aws, put, *passing, within=60, all_transient=True)


def _let_go(aws: Aws, bucket: str, ours: BucketNotification) -> None:
    """Switches a bucket off, unless others read it; a pipeline among them then remembers it.

    One that is leaving too may have read its role's tags for the last time. By then its rule is
    gone: so whoever has a rule after it was told will switch the bucket off.
    """
    told: set[str] = set()
    while readers := [each for each in _other_readers(aws, bucket, ours.rule) if each not in told]:
        heir = next(iter(_pipelines(readers)), None)
        if heir is None:
            return
        role = Names(heir, aws.place).events_role
        if role_notes.add(aws, role, role_notes.NOTIFICATIONS, bucket) and RULE_PREFIX + heir in (
            _other_readers(aws, bucket, ours.rule)
        ):
            return
        told.add(RULE_PREFIX + heir)
    _switch(aws, bucket, on=False)


def _kept_by(aws: Aws, bucket: str, our_rule: str) -> str:
    """The rules that keep a switch on without a pipeline that could inherit it, in words."""
    readers = _other_readers(aws, bucket, our_rule)
    if not readers or _pipelines(readers):
        return ""
    return f"rules that read the events of {bucket}: {', '.join(readers)}"


def _pipelines(rules: list[str]) -> list[str]:
    return [each.removeprefix(RULE_PREFIX) for each in rules if each.startswith(RULE_PREFIX)]


def _other_readers(aws: Aws, bucket: str, our_rule: str) -> list[str]:
    """The other rules that a bucket's own events start."""
    names = []
    for page in aws.events.get_paginator("list_rules").paginate():
        for rule in page["Rules"]:
            pattern = json.loads(rule.get("EventPattern", "{}"))
            if rule["Name"] != our_rule and reads_bucket(pattern, bucket):
                names.append(rule["Name"])
    return names


def reads_bucket(pattern: Document, bucket: str) -> bool:
    """Whether an event pattern can match S3's own events of that bucket."""
    if not pattern or not _may_be(lambda value: value == "aws.s3", pattern.get("source")):
        return False
    if not _may_be(lambda value: value.startswith("Object "), pattern.get("detail-type")):
        return False
    match pattern:
        case {"detail": {"bucket": {"name": list(names)}}}:
            return _may_be(lambda value: value == bucket, names)
    return True


def _may_be(fits: Callable[[str], bool], values: Iterable[object] | None) -> bool:
    """Whether a pattern's list allows a value; an operator such as a prefix may allow any."""
    return values is None or any(not isinstance(value, str) or fits(value) for value in values)
