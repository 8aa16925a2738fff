"""Permissions, and the statements of a policy that grant them."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from sfn_s3_cli.json_types import JsonObject

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sfn_s3_cli.asl.permissions.arguments import UnknownParameter

PolicyStatement = JsonObject
WideReason: TypeAlias = "UnknownParameter | str"
"""Why a permission is wide: a parameter, or the explanation of a table."""


class Condition(NamedTuple):
    """An operator and a key of IAM, with the values of which one must match."""

    operator: str
    key: str
    values: tuple[str, ...]


class Permission(NamedTuple):
    """One action on one resource."""

    action: str
    resource: str
    conditions: tuple[Condition, ...] = ()


class Need(NamedTuple):
    """A permission, and the reasons why it is wide although the user could narrow it."""

    permission: Permission
    reasons: tuple[WideReason, ...]


def build_statements(
    permissions: Iterable[Permission], taken_sids: Collection[str] = ()
) -> tuple[PolicyStatement, ...]:
    """As few statements as possible, sorted by Sid.

    Actions share a statement if they have the same service, resources and conditions.
    """
    resources: dict[tuple[str, tuple[Condition, ...]], set[str]] = {}
    for each in permissions:
        resources.setdefault((each.action, each.conditions), set()).add(each.resource)
    merged: dict[tuple[str, tuple[Condition, ...], tuple[str, ...]], list[str]] = {}
    for (action, conditions), arns in sorted(resources.items(), key=lambda item: item[0]):
        service = action.partition(":")[0]
        reach = ("*",) if "*" in arns else tuple(sorted(arns))
        merged.setdefault((service, conditions, reach), []).append(action)
    sids = set(taken_sids)
    statements = []
    for (_, conditions, reach), actions in sorted(merged.items()):
        sid = find_free_sid(_name(actions), sids)
        sids.add(sid)
        statement: PolicyStatement = {
            "Sid": sid,
            "Effect": "Allow",
            "Action": actions,
            "Resource": [*reach],
        }
        statements.append(statement | _write_conditions(conditions))
    return tuple(sorted(statements, key=lambda each: str(each["Sid"])))


def find_free_sid(sid: str, taken: Collection[str]) -> str:
    """The Sid, with a number if it is taken.

    >>> find_free_sid("Send", {"Send", "Send2"})
    'Send3'
    """
    numbered = (sid if number == 1 else f"{sid}{number}" for number in count(1))
    return next(each for each in numbered if each not in taken)


def _name(actions: Sequence[str]) -> str:
    """A Sid with the first action: `SqsSendMessage`, or `SqsSendMessageAndMore`."""
    service, _, action = actions[0].partition(":")
    words = re.findall("[A-Za-z0-9]+", service)
    name = "".join(word[:1].upper() + word[1:] for word in (*words, action))
    return f"{name}AndMore" if len(actions) > 1 else name


def _write_conditions(conditions: Iterable[Condition]) -> PolicyStatement:
    operators: dict[str, dict[str, str | list[str]]] = {}
    for operator, key, values in conditions:
        operators.setdefault(operator, {})[key] = values[0] if len(values) == 1 else [*values]
    return {"Condition": operators} if operators else {}
