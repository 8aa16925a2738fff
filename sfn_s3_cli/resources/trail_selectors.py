"""The event selectors of a trail: whose they are, and how they are rewritten.

A trail has either advanced selectors, which have names, or basic ones, which do not.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.aws.eventually import TransientError, retry_while
from sfn_s3_cli.iam.names import SELECTOR_PREFIX
from sfn_s3_cli.json_types import JsonMapping
from sfn_s3_cli.resources.reasons import ReasonType
from sfn_s3_cli.resources.selector_forms import ADVANCED, BASIC

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads
    from sfn_s3_cli.resources.reasons import Reason


MISSING = ("TrailNotFoundException",)
YOUNG = TransientError(*MISSING, waiting_for="CloudTrail")
LOADING = TransientError("ConflictException", waiting_for="CloudTrail")

OTHER_PIPELINES = ReasonType("OTHER_PIPELINES", "other pipelines use it: {names}")
_OTHER_SELECTORS = ReasonType("OTHER_SELECTORS", "selectors of others: {names}")
_BASIC_SELECTORS = ReasonType("BASIC_SELECTORS", "basic selectors of others")


def rewrite(aws: Aws, trail: str, merge: Callable[[Any], Any], *, must_exist: bool) -> Any | None:
    """Reads all selectors of a trail and writes back what `merge` makes of them, unless empty.

    Read and write are repeated together, so that what others wrote meanwhile is read.
    Returns what was merged; None without a trail, which is waited for if it is said to be there.
    """
    ask = partial(aws.cloudtrail.get_event_selectors, TrailName=trail)

    def put() -> Any:
        found = ask() if must_exist else call_or_none(ask, *MISSING)
        merged = merge(found) if found else None
        if merged:
            aws.cloudtrail_without_retries.put_event_selectors(TrailName=trail, **merged)
        return merged

    return retry_while(aws, put, LOADING, *([YOUNG] if must_exist else []), all_transient=True)


def read(reads: Reads, trail: str) -> JsonMapping:
    """GetEventSelectors' answer; empty without a trail."""
    ask = reads.ask(reads.aws.cloudtrail.get_event_selectors, TrailName=trail)
    return call_or_none(ask.result, *MISSING) or {}


def find_users(reads: Reads, trail: str, pipeline: str) -> Reason | None:
    """Who else has a selector on the trail."""
    selectors = read(reads, trail)
    others = [each for each in _list_names(selectors) if each != SELECTOR_PREFIX + pipeline]
    return describe_users(others) or find_strangers(selectors)


def describe_users(names: Sequence[str]) -> Reason | None:
    """Whose advanced selectors of these names are: other pipelines', or else others'."""
    pipelines = [
        name.removeprefix(SELECTOR_PREFIX) for name in names if name.startswith(SELECTOR_PREFIX)
    ]
    if pipelines:
        return OTHER_PIPELINES(names=tuple(pipelines))
    return _OTHER_SELECTORS(names=tuple(names)) if names else None


def find_strangers(selectors: JsonMapping) -> Reason | None:
    """The selectors that no pipeline of sfnctl put on the trail."""
    # sfnctl never leaves basic selectors on its own trail; a new trail has a default one.
    if not all(is_default(each) for each in selectors.get(BASIC, [])):
        return _BASIC_SELECTORS()
    names = [each for each in _list_names(selectors) if not each.startswith(SELECTOR_PREFIX)]
    return _OTHER_SELECTORS(names=tuple(names)) if names else None


def is_default(basic: JsonMapping) -> bool:
    """Whether a basic selector is the one that AWS gives every new trail."""
    is_all = basic.get("ReadWriteType", "All") == "All" and basic.get("IncludeManagementEvents")
    is_limited = basic.get("DataResources") or basic.get("ExcludeManagementEventSources")
    return bool(is_all and not is_limited)


def serves_only_others(reads: Reads, trail: str, pipeline: str) -> bool:
    """Whether the trail exists and has no selector of this pipeline."""
    selectors = read(reads, trail)
    return bool(selectors) and SELECTOR_PREFIX + pipeline not in _list_names(selectors)


def _list_names(selectors: JsonMapping) -> list[str]:
    """The names of the advanced selectors."""
    return [each.get("Name", "") for each in selectors.get(ADVANCED, [])]
