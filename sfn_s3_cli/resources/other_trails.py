"""Which trails of others log the trigger's events already: for `trigger.trail: none`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.aws.explain import Unanswered, ask_optional
from sfn_s3_cli.aws.reads import Reads
from sfn_s3_cli.events.selection import Share, measure
from sfn_s3_cli.iam import arns
from sfn_s3_cli.iam.names import NO_TRAIL, OWN_TRAIL, SELECTOR_PREFIX
from sfn_s3_cli.resources.permissions import EVERYTHING, Permission, Scope, Verb
from sfn_s3_cli.resources.reasons import ReasonType
from sfn_s3_cli.resources.selector_forms import ADVANCED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future
    from typing import Any

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.config.schema import Pipeline
    from sfn_s3_cli.iam.arns import Place
    from sfn_s3_cli.json_types import JsonMapping
    from sfn_s3_cli.resources.reasons import Reason

_LOGGED = ReasonType(
    "LOGGED_BY_OTHERS",
    "sfnctl makes no trail. These trails log the trigger's events: {trails}.",
    describes_state=True,
)
_PARTLY_LOGGED = ReasonType(
    "PARTLY_LOGGED_BY_OTHERS",
    "sfnctl makes no trail, and no trail that can be read here logs all of the trigger's events."
    " These log a part of them: {trails}.",
    describes_state=True,
)
_NOT_LOGGED = ReasonType(
    "LOGGED_BY_NOBODY",
    "sfnctl makes no trail, and no trail that can be read here logs the trigger's events. Unless"
    " another trail does, no upload starts an execution.",
    "leave `trigger.trail` out to use sfnctl's own trail",
    describes_state=True,
)
_STOPPED = ReasonType(
    "LOGGED_BY_STOPPED_TRAIL",
    "These trails have selectors for the trigger's events, but are not logging: {trails}.",
    "start them with `aws cloudtrail start-logging`",
    describes_state=True,
)
_NOT_CHECKED = ReasonType(
    "TRAILS_NOT_CHECKED",
    "Not checked: whether a trail logs the trigger's events ({error}).",
    describes_state=True,
)
_UNREADABLE = ReasonType(
    "TRAILS_UNREADABLE",
    "Not checked: whether these trails log the trigger's events: {trails} ({error}).",
    describes_state=True,
)


class _Trail(NamedTuple):
    """A trail of this region: how much it would log, and whether it is logging."""

    name: str
    share: Share = Share.NONE
    is_logging: bool = True
    not_read: str = ""
    """Why that is not known."""


def find_loggers(aws: Aws, pipeline: Pipeline) -> tuple[Reason, ...]:
    """Which trails of others log the trigger's events, if the config relies on that."""
    return (*_describe_loggers(aws, pipeline),) if pipeline.trigger.trail == NO_TRAIL else ()


class Loggers(NamedTuple):
    """The trails that log all of a trigger's events, and why others could not be read."""

    trails: tuple[str, ...] = ()
    not_read: str = ""


def list_loggers(aws: Aws, pipeline: Pipeline) -> Loggers:
    """Which trails log all of the trigger's events and are logging."""
    with Reads(aws) as reads:
        answer = ask_optional(reads.ask(aws.cloudtrail.describe_trails).result)
        if isinstance(answer, Unanswered):
            return Loggers(not_read=answer.why)
        trails = _read_all(reads, pipeline, answer["trailList"])
    full = _names(each for each in trails if each.is_logging and each.share is Share.ALL)
    return Loggers(full, next((each.not_read for each in trails if each.not_read), ""))


def _describe_loggers(aws: Aws, pipeline: Pipeline) -> Iterator[Reason]:
    """Says so as far as the trails can be read."""
    with Reads(aws) as reads:
        # Without the parameter, the answer includes trails of other regions that log here too, and
        # those of the organization.
        # https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html
        answer = ask_optional(reads.ask(aws.cloudtrail.describe_trails).result)
        if isinstance(answer, Unanswered):
            yield _NOT_CHECKED(error=answer.why)
            return
        trails = _read_all(reads, pipeline, answer["trailList"])
    running = [each for each in trails if each.is_logging]
    full = _names(each for each in running if each.share is Share.ALL)
    some = _names(each for each in running if each.share is Share.PART)
    if full:
        yield _LOGGED(trails=full)
    elif some:
        yield _PARTLY_LOGGED(trails=some)
    else:
        yield _NOT_LOGGED()
    if stopped := _names(each for each in trails if not each.is_logging and each.share):
        yield _STOPPED(trails=stopped)
    if unread := [each for each in trails if each.not_read]:
        yield _UNREADABLE(trails=_names(unread), error=unread[0].not_read)


def _names(trails: Iterable[_Trail]) -> tuple[str, ...]:
    return tuple(sorted(each.name for each in trails))


def _read_all(reads: Reads, pipeline: Pipeline, found: list[Any]) -> list[_Trail]:
    client = reads.aws.cloudtrail
    asked = [
        (
            each,
            reads.ask(client.get_event_selectors, TrailName=each["TrailARN"]),
            reads.ask(client.get_trail_status, Name=each["TrailARN"]),
        )
        for each in found
    ]
    return [
        _describe(reads, pipeline, each, selectors, status) for each, selectors, status in asked
    ]


def _describe(
    reads: Reads, pipeline: Pipeline, trail: Any, selectors: Future[Any], status: Future[Any]
) -> _Trail:
    """A trail of another account or region may be listed and still not be readable."""
    answers = ask_optional(lambda: (selectors.result(), status.result()))
    if isinstance(answers, Unanswered):
        return _Trail(trail["Name"], not_read=answers.why)
    found, state = answers
    if trail["TrailARN"] == arns.trail(reads.aws.place, OWN_TRAIL):
        found = _without_ours(found, pipeline.name)
    bucket_arn = arns.bucket(reads.aws.place, pipeline.bucket.name)
    return _Trail(trail["Name"], measure(found, bucket_arn, pipeline.trigger), state["IsLogging"])


def _without_ours(selectors: JsonMapping, pipeline: str) -> JsonMapping:
    """The selectors without this pipeline's, which goes when the config does not ask for it."""
    ours = SELECTOR_PREFIX + pipeline
    kept = [each for each in selectors.get(ADVANCED) or [] if each.get("Name") != ours]
    return {**selectors, ADVANCED: kept}


def permissions(place: Place) -> Iterator[Permission]:
    """Trails of an organization are in another account, and others in another region."""
    anywhere = f"arn:{place.partition}:cloudtrail:*:*:trail/*"
    read = "cloudtrail:GetEventSelectors cloudtrail:GetTrailStatus"
    yield Permission(Verb.EXPLAIN, EVERYTHING, "cloudtrail:DescribeTrails")
    yield Permission(Verb.EXPLAIN, Scope("AnyTrail", (anywhere,)), read)
