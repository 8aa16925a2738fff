"""The rule's target: the state machine, the role to start it with, and where failed events go."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.aws.eventually import TransientError, retry_while
from sfn_s3_cli.errors import AwsError
from sfn_s3_cli.iam import tags as ownership
from sfn_s3_cli.json_types import JsonObject
from sfn_s3_cli.resources import rule
from sfn_s3_cli.resources.base import Removal, Resource
from sfn_s3_cli.resources.kind import no_notes
from sfn_s3_cli.resources.observation import Found, Missing, Observation, Refused
from sfn_s3_cli.resources.permissions import Permission, Scope, Verb, pass_role
from sfn_s3_cli.resources.reasons import ReasonType
from sfn_s3_cli.resources.rule import BUSY, TARGET_ID
from sfn_s3_cli.resources.words import SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from types_boto3_events.type_defs import TargetTypeDef

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads
    from sfn_s3_cli.iam.arns import Place

EXISTS: tuple[str, ...] = ()
"""PutTargets of a target that exists replaces it."""
MISSING = rule.MISSING
notes = no_notes

# Codes of single targets' failures that are worth another attempt, and the pauses in seconds.
_TRANSIENT_CODES = {"ConcurrentModificationException", "InternalException", "ThrottlingException"}
_PAUSES = (0.25, 0.5, 1, 2, 4)

_YOUNG_ROLE = TransientError(
    "ValidationException",
    "cannot be assumed by principal",
    waiting_for="IAM",
    remedy="check that the role's trust policy names events.amazonaws.com, that the rule meets its"
    " conditions, and that no service control policy denies it",
)
_YOUNG_RULE = TransientError(*MISSING, waiting_for="EventBridge")


# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
_MOST_TARGETS = 5
_NO_ROOM = ReasonType(
    "TOO_MANY_TARGETS",
    f"cannot be added: AWS allows {_MOST_TARGETS} targets per rule, and others added {{ids}}",
    "remove one of them from the rule",
)


@dataclass(frozen=True, kw_only=True)
class Target(Resource):
    """`name` is the rule's."""

    kind: ClassVar[str] = "target"
    rule_arn: str
    arn: str
    role_arn: str
    dead_letter_queue_arn: str | None
    retry_attempts: int
    retry_max_age_seconds: int = field(metadata=SECONDS)
    input_transformer: JsonObject | None
    """`InputPathsMap` and `InputTemplate`, or None for the event as it is."""

    @property
    def essence(self) -> str:
        queue = self.dead_letter_queue_arn
        failed = f", failed events to {queue.rpartition(':')[2]}" if queue else ""
        return f"starts {self.arn.partition(':stateMachine:')[2]}{failed}"

    @property
    def owner(self) -> str:
        return self.pipeline

    @property
    def is_slice(self) -> bool:
        return True  # of the rule, which raises the conflict for both


@dataclass(frozen=True, kw_only=True)
class PinnedTarget(Target):
    """The target while `live` moves: it keeps the old input and the version that expects it."""

    kind: ClassVar[str] = "pinned_target"


def observe(reads: Reads, desired: Target, *, wanted: bool) -> Observation[Target]:
    events = reads.aws.events
    targets = reads.ask(events.list_targets_by_rule, Rule=desired.name)
    rule_tags = reads.ask(events.list_tags_for_resource, ResourceARN=desired.rule_arn)
    answer = call_or_none(targets.result, *MISSING)
    found = {each["Id"]: each for each in answer["Targets"]} if answer else {}
    if TARGET_ID not in found:
        is_full = wanted and len(found) >= _MOST_TARGETS
        return Refused(_NO_ROOM(ids=tuple(sorted(found)))) if is_full else Missing()
    target = found[TARGET_ID]
    retry = target.get("RetryPolicy", {})
    return Found(
        Target(
            name=desired.name,
            pipeline=desired.pipeline,
            rule_arn=desired.rule_arn,
            arn=target["Arn"],
            role_arn=target.get("RoleArn", ""),
            dead_letter_queue_arn=target.get("DeadLetterConfig", {}).get("Arn"),
            retry_attempts=retry.get("MaximumRetryAttempts", 185),
            retry_max_age_seconds=retry.get("MaximumEventAgeInSeconds", 86400),
            input_transformer=_read_input(target),
        ),
        # A target has no tags of its own; its rule's say whose it is.
        owner=ownership.read_owner(ownership.from_list(rule_tags.result()["Tags"])),
    )


def create(aws: Aws, desired: Target) -> None:
    target: TargetTypeDef = {
        "Id": TARGET_ID,
        "Arn": desired.arn,
        "RoleArn": desired.role_arn,
        "RetryPolicy": {
            "MaximumRetryAttempts": desired.retry_attempts,
            "MaximumEventAgeInSeconds": desired.retry_max_age_seconds,
        },
    }
    if desired.dead_letter_queue_arn:
        target["DeadLetterConfig"] = {"Arn": desired.dead_letter_queue_arn}
    if desired.input_transformer:
        target["InputTransformer"] = desired.input_transformer  # type: ignore[typeddict-item]
    put = partial(aws.events.put_targets, Rule=desired.name, Targets=[target])
    _repeat_for_failed(aws, f"PutTargets {desired.name}", put, _YOUNG_ROLE, _YOUNG_RULE)


def update(aws: Aws, observed: Found[Target], desired: Target) -> None:  # noqa: ARG001
    create(aws, desired)  # the same id replaces the target in place


def delete(aws: Aws, observed: Found[Target], removal: Removal) -> None:  # noqa: ARG001
    name = observed.resource.name
    remove = partial(aws.events.remove_targets, Rule=name, Ids=[TARGET_ID])
    call_or_none(lambda: _repeat_for_failed(aws, f"RemoveTargets {name}", remove), *MISSING)


def _repeat_for_failed(
    aws: Aws, what: str, call: Callable[[], Any], *transient: TransientError
) -> None:
    """PutTargets and RemoveTargets succeed even when they failed for single targets.

    https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html
    """
    for pause in (*_PAUSES, None):
        answer = retry_while(aws, call, BUSY, *transient)
        if not answer["FailedEntryCount"]:
            return
        failed = answer["FailedEntries"][0]
        if pause is None or failed.get("ErrorCode") not in _TRANSIENT_CODES:
            break
        aws.pause(pause)
    request = answer.get("ResponseMetadata", {}).get("RequestId", "unknown")
    text = f"{failed.get('ErrorCode')}: {failed.get('ErrorMessage')}"
    raise AwsError(f"{what}: {text} (request {request})")


def _read_input(target: Any) -> JsonObject | None:
    """How the event is transformed; somebody may have set a fixed input instead."""
    fixed = {name: target[name] for name in ("Input", "InputPath") if name in target}
    return dict(target.get("InputTransformer", fixed)) or None


def permissions(desired: Target, place: Place) -> Iterator[Permission]:
    scope = Scope("Rule", (desired.rule_arn,))
    yield Permission(Verb.READ, scope, "events:ListTargetsByRule")
    yield Permission(Verb.MAKE, scope, "events:PutTargets")
    yield Permission(Verb.MAKE, pass_role("events", desired.role_arn, place), "iam:PassRole")
    yield Permission(Verb.REMOVE, scope, "events:RemoveTargets")
