"""Which permissions a definition needs of its role."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from sfn_s3_cli.asl.language.computed_text import Pattern
from sfn_s3_cli.asl.language.states import State, root, states
from sfn_s3_cli.asl.language.values import inside
from sfn_s3_cli.asl.permissions.arguments import Arguments, Unknown
from sfn_s3_cli.asl.permissions.calls import Call, calls, reveals_nothing
from sfn_s3_cli.asl.permissions.resource_arns import Open, resources, texts
from sfn_s3_cli.asl.permissions.statements import Given, Permit, Required, statements
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import describe
from sfn_s3_cli.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sfn_s3_cli.asl.permissions.calls import Reveal
    from sfn_s3_cli.asl.permissions.grants import Grant
    from sfn_s3_cli.iam.arns import Place

Document = dict[str, Any]

_SHOWN = 3  # actions in a message


class Derived(NamedTuple):
    """What a definition needs, and what is to be said about that."""

    statements: tuple[Document, ...]
    wide: tuple[Finding, ...]
    """A finding for each `*` that the user could narrow."""
    findings: tuple[Finding, ...]
    """The calls whose permissions are unknown."""


def derive(
    definition: Mapping[str, Any],
    *,
    place: Place,
    machine: str,
    given: Sequence[Document] = (),
    reveal: Reveal = reveals_nothing,
) -> Derived:
    """The permissions of a definition whose state machine is called `machine`.

    `reveal` tells what is known of what its states compute.
    `given` are the statements that its role has besides. They stand for the permissions of a call
    that is unknown, and where they allow an action, they say on what: no `*` is derived for it.
    """
    allowed = Given(given)
    permits: set[Permit] = set()
    wide: list[Finding] = []
    unknown: list[Finding] = []
    for state in states(root(definition)):
        for each in calls(state, allowed, reveal):
            if isinstance(each, Finding):
                unknown.append(each)
            else:
                needed, opened = _permits(each, place, machine, allowed)
                permits |= needed
                wide += _wide(state, opened)
    return Derived(statements(permits, allowed.sids), tuple(wide), tuple(unknown))


def unknown(
    definition: Mapping[str, Any], *, given: Sequence[Document] | None = ()
) -> list[Finding]:
    """`Derived.findings` by themselves: they are the same in every place.

    With None for what is `given`, another role than the derived one has the permissions.
    """
    allowed = None if given is None else Given(given)
    found = (each for state in states(root(definition)) for each in calls(state, allowed))
    return [each for each in found if isinstance(each, Finding)]


def _permits(
    call: Call, place: Place, machine: str, allowed: Given
) -> tuple[set[Permit], dict[str, set[Permit]]]:
    """The permissions of a call, and those that reach too far, by the reason."""
    permits: set[Permit] = set()
    opened: dict[str, set[Permit]] = {}
    for grant in _needed(call):
        conditions, dropped = _conditions(grant, call, place)
        for resource, why in _resources(grant, call, place, machine):
            reasons = [why, *dropped] if why else dropped
            for action in grant.actions.split():
                permit = Permit(action, resource, conditions)
                if not reasons or not allowed.allows(permit):
                    permits.add(permit)
                    for reason in reasons:
                        opened.setdefault(reason, set()).add(permit)
    return permits, opened


def _conditions(grant: Grant, call: Call, place: Place) -> tuple[tuple[Required, ...], list[str]]:
    """The conditions that can be told, and why others that name one thing cannot be."""
    conditions: list[Required] = []
    dropped: list[str] = []
    for each in grant.conditions:
        exact = each.operator == "StringEquals"
        match texts(each.value, call.arguments, place, exact=exact):
            case Open(path, why):
                if exact and why is not Unknown.MISSING:
                    dropped.append(f"`{path}` is {why.value}")
            case values:
                conditions.append(Required(each.operator, each.key, values))
    return tuple(conditions), dropped


def _resources(grant: Grant, call: Call, place: Place, machine: str) -> Iterator[tuple[str, str]]:
    """Each resource, with the reason when the user could tell it and the definition does not."""
    for template in grant.resources.replace("MACHINE", machine).split():
        for arn, gap in resources(template, call.arguments, place):
            if gap:
                yield arn, f"`{gap.path.rstrip('#')}` is {gap.why.value}"
            else:
                yield arn, grant.why if "*" in arn else ""


def _needed(call: Call) -> Iterator[Grant]:
    needed = [
        grant
        for grant in call.integration.needs(sync=call.sync)
        if _is_given(grant.given, call.arguments) and _is_caught(grant.caught, call.state)
    ]
    yield from needed
    otherwise = call.integration.otherwise
    if otherwise and all(grant.actions != otherwise.actions for grant in needed):
        yield otherwise


def _is_given(condition: str, arguments: Arguments) -> bool:
    """Whether the parameters are there that `Grant.given` asks for, or could be."""
    return all(_holds(each, arguments) for each in condition.split("&") if each)


def _holds(condition: str, arguments: Arguments) -> bool:
    if condition.startswith("!"):
        return Unknown.COMPUTED in arguments.read(condition[1:]) or not arguments.has(condition[1:])
    path, _, part = condition.partition("~")
    if part:
        return any(
            re.search(part, each) if isinstance(each, str) else each is Unknown.COMPUTED
            for each in arguments.read(path)
        )
    path, _, part = condition.partition("^")
    if part:
        return arguments.mentions(path, part)
    path, _, value = condition.partition("=")
    if value:
        return any(
            each in {value, Unknown.COMPUTED} or isinstance(each, Pattern)
            for each in arguments.read(path)
        )
    return any(map(arguments.has, condition.split("|")))


def _is_caught(error: str, state: State) -> bool:
    """Whether the state does something about errors with this in their names."""
    handlers = [state.value.get(key) for key in ("Catch", "Retry")]
    return not error or any(
        isinstance(item, str) and error in item and "ErrorEquals" in where
        for where, item in inside(handlers)
    )


def _reach(resources: Collection[str]) -> str:
    match [*resources]:
        case [str(arn)] if "*" not in arn:
            return f"{arn} without a condition"
        case [str(arn)] if arn != "*":
            return f"all of {arn}"
    return "anything"


def _wide(state: State, opened: Mapping[str, set[Permit]]) -> Iterator[Finding]:
    for why, permits in sorted(opened.items()):
        names = sorted({each.action for each in permits})
        reach = _reach({each.resource for each in permits})
        shown = ", ".join(names[:_SHOWN])
        # What is written between backticks is a parameter.
        parameter = why[: why.rfind("`") + 1]
        mended = why.endswith(Unknown.UNREADABLE.value)
        write = f"correct {parameter}" if mended else f"write {parameter} literally"
        literally = f"{write}, or " if parameter else ""
        passing = " with a condition on `iam:PassedToService`" if "iam:PassRole" in names else ""
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        yield Finding(
            "WIDE_PERMISSION",
            (*state.path, "Resource") if "Resource" in state.value else state.path,
            f"state {describe(state.name)} may do {shown}{more} to {reach}, because {why}",
            f"{literally}allow {shown}{more} on what it needs under `role.statements`{passing}",
            Severity.WARNING,
        )
