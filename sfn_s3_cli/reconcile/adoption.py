"""What adopting a resource means: whose it is from then on, and what changes about it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sfn_s3_cli.iam import tags
from sfn_s3_cli.resources.change import ABSENT
from sfn_s3_cli.resources.reasons import ReasonType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sfn_s3_cli.resources.base import Resource
    from sfn_s3_cli.resources.change import Change, Field
    from sfn_s3_cli.resources.reasons import Reason

_ADOPTS = ReasonType(
    "ADOPTS",
    "Adopting {resource} makes it part of pipeline {owner}: {teardown}.",
    is_warning=True,
)
_ADOPTS_SHARED = ReasonType(
    "ADOPTS_FOR_ALL",
    "Adopting {resource} lets all sfnctl pipelines of the region share it: {teardown}.",
    is_warning=True,
)
_REMOVES = ReasonType("TEARDOWN_REMOVES", "`sfnctl teardown` will delete it")
_REMOVES_DATA = ReasonType(
    "TEARDOWN_REMOVES_DATA",
    "`sfnctl teardown` will delete it if it is empty, and `sfnctl teardown --purge` with all that"
    " it holds",
)
_LAST_REMOVES = ReasonType(
    "LAST_TEARDOWN_REMOVES", "the teardown of the last of them will delete it"
)
_LAST_REMOVES_DATA = ReasonType(
    "LAST_TEARDOWN_REMOVES_DATA",
    "the teardown of the last of them will delete it if it is empty, and with --purge with all that"
    " it holds",
)
_CHANGES_SETTINGS = ReasonType(
    "ADOPTION_CHANGES_SETTINGS",
    "Adopting {resource} changes its settings: {settings}.",
    is_warning=True,
)


def note_adoptions(changes: Iterable[Change]) -> Iterator[Reason]:
    """Notes of a plan: what becomes of each resource that it adopts."""
    for change in changes:
        if change.adopts and change.desired:
            yield _explain(change.desired)
            if settings := tuple(_list_settings(change)):
                yield _CHANGES_SETTINGS(resource=str(change.address), settings=settings)


def _explain(resource: Resource) -> Reason:
    if resource.owner == tags.SHARED:
        teardown = _LAST_REMOVES_DATA() if resource.may_hold_data else _LAST_REMOVES()
        return _ADOPTS_SHARED(resource=str(resource.address), teardown=teardown)
    teardown = _REMOVES_DATA() if resource.may_hold_data else _REMOVES()
    return _ADOPTS(resource=str(resource.address), owner=resource.pipeline, teardown=teardown)


def _list_settings(change: Change) -> Iterator[str]:
    """The settings that others may rely on: with both values, if these are short."""
    for root in dict.fromkeys(field.root for field in change.shown_fields):
        fields = [each for each in change.shown_fields if each.root == root]
        replaced = [each for each in fields if each.before is not ABSENT]
        match fields:
            case [field] if field.path == root and not _has_parts(field):
                yield _write_field(field)
            case _ if root == "tags":  # new tags change nothing for others
                yield from map(_write_field, replaced)
            case _:
                yield root


def _write_field(field: Field) -> str:
    return f"{field.path}: {_write(field.before)} -> {_write(field.after)}"


def _has_parts(field: Field) -> bool:
    return any(isinstance(each, dict | list | tuple) for each in (field.before, field.after))


def _write(value: object) -> str:
    return "none" if value is ABSENT else json.dumps(value, ensure_ascii=False)
