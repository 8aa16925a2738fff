"""The statements of a policy: permissions that are merged, and those that are given."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

Document = dict[str, Any]

_PIECE = re.compile(r"\$\{[*?$]\}|.", re.DOTALL)
"""A character of a pattern; IAM writes those without a meaning as `${*}`."""
_ALIKE = {"StringEquals", "StringEqualsIgnoreCase", "StringLike"}


class Required(NamedTuple):
    """A condition: an operator and a key of IAM, with the values of which one will do."""

    operator: str
    key: str
    values: tuple[str, ...]


class Permit(NamedTuple):
    """One action on one resource."""

    action: str
    resource: str
    conditions: tuple[Required, ...] = ()


def statements(permits: Iterable[Permit], taken: Collection[str] = ()) -> tuple[Document, ...]:
    """Statements with the same permissions, as few as can be, in an order of their own.

    Actions share a statement that have the same service, resources and conditions. `taken` are
    the Sids that others have.
    """
    permitted: dict[tuple[str, tuple[Required, ...]], set[str]] = {}
    for permit in permits:
        permitted.setdefault((permit.action, permit.conditions), set()).add(permit.resource)
    merged: dict[tuple[str, tuple[Required, ...], tuple[str, ...]], list[str]] = {}
    for (action, conditions), resources in sorted(permitted.items(), key=lambda item: item[0]):
        on = ("*",) if "*" in resources else tuple(sorted(resources))
        merged.setdefault((action.partition(":")[0], conditions, on), []).append(action)
    sids = set(taken)
    found = []
    for (_, conditions, on), actions in sorted(merged.items()):
        sid = _sid(actions, sids)
        sids.add(sid)
        statement: Document = {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": [*on]}
        found.append(statement | _condition(conditions))
    return tuple(sorted(found, key=lambda each: str(each["Sid"])))


def _sid(actions: Sequence[str], taken: Collection[str]) -> str:
    """A name that tells the first action; its number, when there are several."""
    service, _, action = actions[0].partition(":")
    words = re.findall("[A-Za-z0-9]+", service)
    name = "".join(word[:1].upper() + word[1:] for word in (*words, action))
    name += "AndMore" if len(actions) > 1 else ""
    return free(name, taken)


def free(sid: str, taken: Collection[str]) -> str:
    """The Sid, or with the first number that makes it unlike the others."""
    numbered = (sid if number == 1 else f"{sid}{number}" for number in count(1))
    return next(each for each in numbered if each not in taken)


def _condition(conditions: Iterable[Required]) -> Document:
    operators: Document = {}
    for operator, key, values in conditions:
        operators.setdefault(operator, {})[key] = values[0] if len(values) == 1 else [*values]
    return {"Condition": operators} if operators else {}


class Given:
    """Statements that a user wrote, of which those count that allow actions by name."""

    def __init__(self, given: Iterable[Document]) -> None:
        given = list(given)
        self.sids = {str(each["Sid"]) for each in given if each.get("Sid")}
        self._allowed = [
            (
                action.lower(),
                _services(statement),
                [*_listed(statement.get("Resource"))],
            )
            for statement in given
            if statement.get("Effect") == "Allow"
            for action in _listed(statement.get("Action"))
        ]

    def allows(self, permit: Permit) -> bool:
        """Whether one is about the action, the resource, and the service that gets a role."""
        wanted = [
            service
            for each in permit.conditions
            if each.key == "iam:PassedToService"
            for service in each.values
        ]
        return any(
            _matches(pattern, permit.action.lower())
            and (not wanted or _shared(services, wanted[0]))
            and any(_is_about(each, permit.resource) for each in resources)
            for pattern, services, resources in self._allowed
        )

    def names(self, action: str) -> bool:
        return any(_matches(pattern, action.lower()) for pattern, *_ in self._allowed)

    def names_of_any_service(self, operation: str) -> bool:
        """Whether one is about an action of just this name."""
        return operation.lower() in (pattern.rpartition(":")[2] for pattern, *_ in self._allowed)


def _matches(pattern: str, text: str) -> bool:
    return bool(re.fullmatch(_PIECE.sub(_as_regex, pattern), text, re.DOTALL))


def _as_regex(piece: re.Match[str]) -> str:
    return {"*": ".*", "?": "."}.get(piece[0], re.escape(piece[0]))


def _is_about(given: str, wide: str) -> bool:
    """Whether one of two patterns is a part of the other: only then it can stand for it."""
    return _matches(wide, given) or _matches(given, wide)


def _shared(services: Iterable[str], wanted: str) -> bool:
    """Whether one of the services is wanted; either may be a pattern."""
    return any(_matches(each, wanted) or _matches(wanted, each) for each in services)


def _services(statement: Document) -> set[str]:
    """The services that a role may be passed to: any, when any role may be and none is named."""
    limits = list(_limits(statement))
    if not limits:
        return {"*"} & {*_listed(statement.get("Resource"))}
    return {service for operator, service in limits if _bare(operator) in _ALIKE}


def _limits(statement: Document) -> Iterator[tuple[str, str]]:
    """The operators and values of conditions on the service that gets a role."""
    condition = statement.get("Condition")
    for operator, keys in condition.items() if isinstance(condition, dict) else ():
        for key, value in keys.items() if isinstance(keys, dict) else ():
            if str(key).lower() == "iam:passedtoservice":
                yield from ((str(operator), service) for service in _listed(value))


def _bare(operator: str) -> str:
    """Without what says how it deals with many values, or with none."""
    return operator.rpartition(":")[2].removesuffix("IfExists")


def _listed(value: Any) -> Iterator[str]:
    for each in value if isinstance(value, list | tuple) else [value]:
        if isinstance(each, str):
            yield each
