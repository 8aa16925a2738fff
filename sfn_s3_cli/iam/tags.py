"""Ownership tags: how sfnctl knows what is its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_s3_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

PIPELINE = "sfnctl:pipeline"
MANAGED = "sfnctl:managed"
USER_KEYS = "sfnctl:tags"
NOTIFICATIONS = "sfnctl:notifications"
"""The buckets whose EventBridge notifications a pipeline switched on."""
SHARED = "every sfnctl pipeline"

KEY_SEPARATOR = "  "
VALUE_LIMIT = 256


def of_pipeline(pipeline: str, user: Mapping[str, str]) -> dict[str, str]:
    """The tags of a resource that belongs to one pipeline.

    The keys of the user's tags are remembered in a tag, so that a key that leaves the config is
    removed from AWS, while tags that others put on our resources stay. UsageError when that tag
    cannot hold them.
    """
    tags = {**user, PIPELINE: pipeline, MANAGED: "true"}
    if user:
        keys = tags[USER_KEYS] = KEY_SEPARATOR.join(sorted(user))
        if len(keys) > VALUE_LIMIT:
            raise UsageError(
                f"the keys of `tags` have {len(keys)} characters together, {VALUE_LIMIT} fit",
                "use fewer tags, or shorter keys",
            )
    return tags


def of_all_pipelines() -> dict[str, str]:
    """The tags of what the pipelines of a region share: the trail and its log bucket."""
    return {MANAGED: "true"}


def owner(tags: Mapping[str, str]) -> str | None:
    """The pipeline the tags name, SHARED where pipelines share it, None when it is not sfnctl's."""
    if tags.get(MANAGED) != "true":
        return None
    return tags.get(PIPELINE, SHARED)


def ours(observed: Mapping[str, str], desired: Mapping[str, str]) -> dict[str, str]:
    """The observed tags that the config decides about; the rest belongs to others."""
    remembered = observed.get(USER_KEYS, "").split(KEY_SEPARATOR)
    decided = {*desired, *remembered, PIPELINE, MANAGED, USER_KEYS}
    return {key: value for key, value in observed.items() if key in decided}


def retag(
    observed: Mapping[str, str],
    desired: Mapping[str, str],
    *,
    tag: Callable[[dict[str, str]], object],
    untag: Callable[[list[str]], object],
) -> None:
    """Makes the calls that turn the observed tags into the desired ones, or none.

    What goes, goes first: its keys are remembered until it is gone.
    """
    changed = {key: value for key, value in desired.items() if observed.get(key) != value}
    removed = sorted(set(observed) - set(desired))
    if removed:
        untag(removed)
    if changed:
        tag(changed)


def from_list(tags: Iterable[Any]) -> dict[str, str]:
    """Tags out of the shape that most of AWS gives them."""
    return {tag["Key"]: tag.get("Value", "") for tag in tags}


def to_list(tags: Mapping[str, str]) -> list[Any]:
    """Tags in that shape, sorted by key."""
    return [{"Key": key, "Value": tags[key]} for key in sorted(tags)]
