"""The statements that users add to the role: whether they allow what the definition needs."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sfn_s3_cli.asl.permissions.statements import Permission, PolicyStatement

_CHARACTER = re.compile(r"\$\{[*?$]\}|.", re.DOTALL)
"""A character of a pattern; IAM writes `${*}` for a literal `*`."""
_EQUALITIES = {"StringEquals", "StringEqualsIgnoreCase", "StringLike"}


class _Allowed(NamedTuple):
    """One action that a statement allows, in lower case; it may be a pattern."""

    action: str
    recipients: set[str]
    """The services that may receive a role, if the action is `iam:PassRole`."""
    resources: list[str]


class UserStatements:
    """The statements of `role.statements` that allow actions by name."""

    def __init__(self, statements: Iterable[PolicyStatement]) -> None:
        statements = list(statements)
        self.sids = {str(each["Sid"]) for each in statements if each.get("Sid")}
        self._allowed = [
            _Allowed(action.lower(), _find_recipients(each), [*_list(each.get("Resource"))])
            for each in statements
            if each.get("Effect") == "Allow"
            for action in _list(each.get("Action"))
        ]

    def allow(self, permission: Permission) -> bool:
        """Whether one allows the action on a part of the resource, or on more than it."""
        recipients = _find_recipients_of(permission)
        return any(
            _matches(each.action, permission.action.lower())
            and (
                not recipients
                or any(_overlap(*both) for both in product(each.recipients, recipients))
            )
            and any(_overlap(one, permission.resource) for one in each.resources)
            for each in self._allowed
        )

    def allow_action(self, action: str) -> bool:
        return any(_matches(each.action, action.lower()) for each in self._allowed)

    def allow_any(self, pattern: str) -> bool:
        """Whether one allows an action that matches a regular expression."""
        return any(re.fullmatch(pattern, each.action) for each in self._allowed)

    def allow_operation(self, operation: str) -> bool:
        """Whether one allows exactly this operation, of any service."""
        return operation.lower() in (each.action.rpartition(":")[2] for each in self._allowed)


def _matches(pattern: str, text: str) -> bool:
    return bool(re.fullmatch(_CHARACTER.sub(_as_regex, pattern), text, re.DOTALL))


def _as_regex(character: re.Match[str]) -> str:
    return {"*": ".*", "?": "."}.get(character[0], re.escape(character[0]))


def _overlap(one: str, other: str) -> bool:
    """Whether one of two patterns covers the other."""
    return _matches(other, one) or _matches(one, other)


def _find_recipients_of(permission: Permission) -> list[str]:
    """The service that a permission passes a role to, under each of its names."""
    return [
        service
        for condition in permission.conditions
        if condition.key == "iam:PassedToService"
        for service in condition.values
    ]


def _find_recipients(statement: PolicyStatement) -> set[str]:
    """The services that a statement allows to pass a role to.

    Without a condition only a statement on all roles allows every service: one on some roles was
    probably written for one service.
    """
    limits = list(_find_limits(statement))
    if not limits:
        return {"*"} & {*_list(statement.get("Resource"))}
    return {service for operator, service in limits if _strip(operator) in _EQUALITIES}


def _find_limits(statement: PolicyStatement) -> Iterator[tuple[str, str]]:
    """The operators and values of conditions on the service that receives a role."""
    condition = statement.get("Condition")
    for operator, keys in condition.items() if isinstance(condition, dict) else ():
        for key, value in keys.items() if isinstance(keys, dict) else ():
            if str(key).lower() == "iam:passedtoservice":
                yield from ((str(operator), service) for service in _list(value))


def _strip(operator: str) -> str:
    """The operator without `ForAnyValue:` and `IfExists`."""
    return operator.rpartition(":")[2].removesuffix("IfExists")


def _list(value: object) -> Iterator[str]:
    """The texts of a list, or the one text that is given instead of a list."""
    for each in value if isinstance(value, list | tuple) else [value]:
        if isinstance(each, str):
            yield each
