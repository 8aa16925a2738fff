"""Derives the permissions that the role of a state machine needs from its definition."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.asl.language.states import to_container, walk_states
from sfn_s3_cli.asl.permissions.calls import find_calls, predict_nothing
from sfn_s3_cli.asl.permissions.missing_permissions import warn_about_missing
from sfn_s3_cli.asl.permissions.needs import find_needs
from sfn_s3_cli.asl.permissions.resource_arns import MachineIdentity
from sfn_s3_cli.asl.permissions.statements import Permission, PolicyStatement, build_statements
from sfn_s3_cli.asl.permissions.user_statements import UserStatements
from sfn_s3_cli.asl.permissions.wide_permissions import warn_about_wide
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.json_types import JsonMapping

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sfn_s3_cli.asl.permissions.calls import StateCases
    from sfn_s3_cli.iam.arns import Place


class DerivedPermissions(NamedTuple):
    """The permissions of a definition, and what the user should know about them."""

    statements: tuple[PolicyStatement, ...]
    wide_permissions: tuple[Finding, ...]
    """A warning for each `*` that the user can narrow, and for each call that may need more."""
    unknown_calls: tuple[Finding, ...]
    """The calls whose permissions are unknown."""


def derive_permissions(
    definition: JsonMapping,
    *,
    place: Place,
    machine: str,
    user_statements: Sequence[PolicyStatement] = (),
    cases: StateCases = predict_nothing,
) -> DerivedPermissions:
    """Derives the permissions of a definition whose state machine has the name `machine`.

    The role also has the user's own statements. They cover unknown calls, and where one allows an
    action, it limits the resources of that action: no `*` is derived for it.
    """
    user = UserStatements(user_statements)
    owner = MachineIdentity(place, machine)
    permissions: set[Permission] = set()
    wide: list[Finding] = []
    unknown_calls: list[Finding] = []
    for state in walk_states(to_container(definition)):
        for call in find_calls(state, user, cases):
            if isinstance(call, Finding):
                unknown_calls.append(call)
                continue
            needs = [
                need
                for need in find_needs(call, owner)
                if not need.reasons or not user.allow(need.permission)
            ]
            permissions.update(need.permission for need in needs)
            wide += (*warn_about_wide(state, needs), *warn_about_missing(call, user))
    statements = build_statements(permissions, user.sids)
    return DerivedPermissions(statements, tuple(wide), tuple(unknown_calls))


def find_unknown_calls(
    definition: JsonMapping, *, user_statements: Sequence[PolicyStatement] | None = ()
) -> list[Finding]:
    """Finds only the unknown calls of a definition: they do not depend on region or account.

    Without user statements (None), another role than the derived one has the permissions.
    """
    user = None if user_statements is None else UserStatements(user_statements)
    found = (
        call for state in walk_states(to_container(definition)) for call in find_calls(state, user)
    )
    return [each for each in found if isinstance(each, Finding)]
