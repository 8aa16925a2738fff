"""Ownership tags: which resources belong to sfnctl, and to which pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_s3_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

_OWN_PREFIX = "sfnctl:"
PIPELINE = "sfnctl:pipeline"
MANAGED = "sfnctl:managed"
USER_KEYS = "sfnctl:tags"
"""The keys of the user's tags."""
NOTIFICATIONS = "sfnctl:notifications"
"""The buckets whose EventBridge notifications a pipeline switched on."""
CUTOVER = "sfnctl:cutover"
"""When a new event source takes over. On a rule it is for people, unless the pattern has no room
for it; on the events role it is for the trails that keep our selector."""
STATEMENTS = "sfnctl:statements"
"""Hashes of the statements that sfnctl wrote into a role's policy."""
ADOPTED = "sfnctl:adopted"
"""The day on which sfnctl adopted a resource that can hold data: it may hold what is not ours."""
SHARED = "every sfnctl pipeline"

KEY_SEPARATOR = "  "
VALUE_LIMIT = 256


def of_pipeline(pipeline: str, user: Mapping[str, str]) -> dict[str, str]:
    """The tags of a resource that belongs to one pipeline.

    One tag lists the keys of the user's tags. So a key that leaves the config is removed from AWS,
    while tags that others put on our resources stay. UsageError if the keys do not fit into it.
    """
    tags = {**user, PIPELINE: pipeline, MANAGED: "true"}
    if user:
        keys = tags[USER_KEYS] = KEY_SEPARATOR.join(sorted(user))
        if (length := len(keys)) > VALUE_LIMIT:
            raise UsageError(
                f"the keys of `tags` have {length} characters in total, the limit is {VALUE_LIMIT}",
                "use fewer tags, or shorter keys",
            )
    return tags


def of_all_pipelines() -> dict[str, str]:
    """The tags of what all pipelines of a region share: the trail and its log bucket."""
    return {MANAGED: "true"}


def is_own(key: str) -> bool:
    """Whether it is the key of a tag that sfnctl sets for its own use."""
    return key.startswith(_OWN_PREFIX)


def of_adoption(owner: str | None, now: datetime) -> dict[str, str]:
    """What is noted when a resource that has no owner is adopted."""
    return {} if owner else {ADOPTED: f"{now:%Y-%m-%d}"}


def read_owner(tags: Mapping[str, str]) -> str | None:
    """The pipeline that the tags name, SHARED for a shared resource, None if it is not sfnctl's."""
    if tags.get(MANAGED) != "true":
        return None
    return tags.get(PIPELINE, SHARED)


def select_ours(observed: Mapping[str, str], desired: Mapping[str, str]) -> dict[str, str]:
    """The observed tags that the config decides about; the others belong to others."""
    listed = observed.get(USER_KEYS, "").split(KEY_SEPARATOR)
    decided = {*desired, *listed, PIPELINE, MANAGED, USER_KEYS}
    return {key: value for key, value in observed.items() if key in decided}


def retag(
    observed: Mapping[str, str],
    desired: Mapping[str, str],
    *,
    tag: Callable[[dict[str, str]], object],
    untag: Callable[[list[str]], object],
) -> None:
    """Makes the calls that turn the observed tags into the desired ones, or none.

    Tags are removed first: the tag that lists their keys is changed only afterwards.
    """
    changed = {key: value for key, value in desired.items() if observed.get(key) != value}
    removed = sorted(set(observed) - set(desired))
    if removed:
        untag(removed)
    if changed:
        tag(changed)


def from_list(tags: Iterable[Any]) -> dict[str, str]:
    """Converts tags from the list that most services return."""
    return {tag["Key"]: tag.get("Value", "") for tag in tags}


def to_list(tags: Mapping[str, str]) -> list[Any]:
    """Converts tags to such a list, sorted by key."""
    return [{"Key": key, "Value": tags[key]} for key in sorted(tags)]
