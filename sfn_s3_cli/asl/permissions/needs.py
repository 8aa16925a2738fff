"""The permissions that one call needs, and why some of them are wider than they could be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.asl.language.values import walk_values
from sfn_s3_cli.asl.permissions.arguments import Unknown, UnknownParameter
from sfn_s3_cli.asl.permissions.notation import parse_template, parse_templates
from sfn_s3_cli.asl.permissions.placeholders import FilledCondition, fill_condition
from sfn_s3_cli.asl.permissions.resource_arns import find_arns
from sfn_s3_cli.asl.permissions.statements import Condition, Need, Permission, WideReason
from sfn_s3_cli.iam.principals import list_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.asl.language.states import State
    from sfn_s3_cli.asl.permissions.arguments import Arguments
    from sfn_s3_cli.asl.permissions.calls import StateCall
    from sfn_s3_cli.asl.permissions.grants import Grant
    from sfn_s3_cli.asl.permissions.resource_arns import MachineIdentity


def find_needs(call: StateCall, machine: MachineIdentity) -> Iterator[Need]:
    """Finds what a call needs: a permission for each action and resource."""
    for grant in _select_grants(call):
        conditions, wide = _fill_conditions(grant, call, machine)
        for template in parse_templates(grant.resources):
            for arn, unknown in find_arns(template, call.arguments, machine):
                reason = unknown or (grant.why_wide if "*" in arn else "")
                reasons = (reason, *wide) if reason else wide
                for action in grant.actions.split():
                    yield Need(Permission(action, arn, conditions), reasons)
    if call.integration.find_needs:
        yield from call.integration.find_needs(call.arguments, machine.place)


def _select_grants(call: StateCall) -> Iterator[Grant]:
    """The grants of the integration that this call needs."""
    selected = [
        grant
        for grant in call.integration.list_grants(is_sync=call.is_sync)
        if _is_needed(grant, call.arguments)
        and (not grant.when_catching or _catches(call.state, grant.when_catching))
    ]
    yield from selected
    granted = {grant.actions for grant in selected}
    for grant in call.integration.fallbacks:
        if grant.actions not in granted and _is_needed(grant, call.arguments):
            yield grant


def _is_needed(grant: Grant, arguments: Arguments) -> bool:
    return all(each.is_met(arguments) for each in grant.when)


def _catches(state: State, error: str) -> bool:
    """Whether the state catches or retries errors with this in their names."""
    handlers = [state.value.get(key) for key in ("Catch", "Retry")]
    return any(
        isinstance(item, str) and error in item and "ErrorEquals" in where
        for where, item in walk_values(handlers)
    )


def _fill_conditions(
    grant: Grant, call: StateCall, machine: MachineIdentity
) -> tuple[tuple[Condition, ...], tuple[WideReason, ...]]:
    """The conditions whose values are known, and why exact ones are missing or vague."""
    conditions: list[Condition] = []
    wide: list[WideReason] = []
    for each in grant.conditions:
        is_exact = each.operator == "StringEquals"
        template = parse_template(each.value)
        match fill_condition(template, call.arguments, machine.place, is_exact=is_exact):
            case UnknownParameter() as unknown:
                if is_exact and unknown.why is not Unknown.MISSING:
                    wide.append(unknown)
            case FilledCondition(values, has_patterns, unknown):
                operator = "StringLike" if is_exact and has_patterns else each.operator
                values = (*values, *each.more)
                if each.key == "iam:PassedToService":
                    values = tuple(
                        name for value in values for name in list_names(value, machine.place)
                    )
                conditions.append(Condition(operator, each.key, values))
                wide += [unknown] if is_exact and unknown else []
    return tuple(conditions), tuple(wide)
