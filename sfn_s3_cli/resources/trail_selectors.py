"""The selectors of a trail: whose they are, and ours merged with those of others."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.aws.eventually import TransientError, retry_while
from sfn_s3_cli.iam.names import SELECTOR_PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads

ADVANCED, BASIC = "AdvancedEventSelectors", "EventSelectors"

MISSING = "TrailNotFoundException"
YOUNG = TransientError(MISSING, waiting_for="CloudTrail")
LOADING = TransientError("ConflictException", waiting_for="CloudTrail")


def rewrite(aws: Aws, trail: str, merge: Callable[[Any], Any], *, is_there: bool) -> Any | None:
    """Reads all selectors of a trail and writes back what `merge` makes of them, unless empty.

    Both are one step: when the write has to be repeated, what others wrote meanwhile is read.
    Gives what was merged; None without a trail, which is waited for where it is said to be there.
    """
    ask = partial(aws.cloudtrail.get_event_selectors, TrailName=trail)

    def put() -> Any:
        found = ask() if is_there else call_or_none(ask, MISSING)
        merged = merge(found) if found else None
        if merged:
            aws.cloudtrail_without_retries.put_event_selectors(TrailName=trail, **merged)
        return merged

    return retry_while(aws, put, LOADING, *([YOUNG] if is_there else []), all_transient=True)


def other_users(reads: Reads, name: str, pipeline: str) -> str:
    """Who else has a selector on the trail, in words."""
    advanced = _advanced(reads, name)
    return users([each for each in advanced if each != SELECTOR_PREFIX + pipeline]) or strangers(
        reads, name
    )


def is_default(basic: Any) -> bool:
    """Whether a basic selector is what AWS gives a trail that was never told what to log."""
    is_all = basic.get("ReadWriteType", "All") == "All" and basic.get("IncludeManagementEvents")
    return is_all and not (basic.get("DataResources") or basic.get("ExcludeManagementEventSources"))


def users(names: list[str]) -> str:
    """Whose selectors of these names are."""
    pipelines = [
        name.removeprefix(SELECTOR_PREFIX) for name in names if name.startswith(SELECTOR_PREFIX)
    ]
    return f"other pipelines: {', '.join(pipelines)}" if pipelines else _foreign(names)


def _foreign(names: list[str]) -> str:
    names = [repr(name) for name in names if not name.startswith(SELECTOR_PREFIX)]
    return f"selectors that others put on it: {', '.join(names)}" if names else ""


def strangers(reads: Reads, name: str) -> str:
    """The selectors on the trail that are no pipeline's, in words."""
    # Basic selectors are none of sfnctl's; a trail that was never told what to log has one.
    if not all(is_default(each) for each in _selectors(reads, name).get(BASIC, [])):
        return "basic selectors that others put on it"
    return _foreign(_advanced(reads, name))


def _advanced(reads: Reads, name: str) -> list[str]:
    """The names of the advanced selectors on the trail."""
    found = _selectors(reads, name).get(ADVANCED, [])
    return [each.get("Name", "") for each in found]


def is_none_of_ours(reads: Reads, claimed: bool, name: str, pipeline: str) -> bool:  # noqa: FBT001
    """Whether the trail is there for other pipelines alone: neither the config nor it names us."""
    exists = bool(_selectors(reads, name))
    return not claimed and exists and SELECTOR_PREFIX + pipeline not in _advanced(reads, name)


def _selectors(reads: Reads, name: str) -> Any:
    ask = reads.ask(reads.aws.cloudtrail.get_event_selectors, TrailName=name)
    return call_or_none(ask.result, MISSING) or {}
