"""The IAM policy that a command needs for exactly this pipeline.

It follows from the wiring: every kind says which actions its verbs need, on resources whose names
are known before they exist.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sfn_s3_cli.iam import policies
from sfn_s3_cli.iam.names import Names
from sfn_s3_cli.reconcile.desired import unwant
from sfn_s3_cli.resources.kinds import KINDS
from sfn_s3_cli.resources.permissions import EVERYTHING, Permission, Scope, Verb

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sfn_s3_cli.json_types import JsonObject
    from sfn_s3_cli.reconcile.desired import Node

# Optional: without it a command says that AWS's own checks were not made.
_CHECKS = "events:TestEventPattern states:ValidateStateMachineDefinition"

_LONGEST_POLICY = 6144
"""Characters of a managed policy.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""


def make_policy(command: str, nodes: tuple[Node, ...], names: Names) -> JsonObject:
    """The policy that `command` needs for this wiring."""
    return write_policy(list_permissions(command, nodes, names))


def write_policy(permissions: Iterable[Permission]) -> JsonObject:
    """A policy with one statement for each scope.

    If long names make it too long for IAM, scopes with the same actions share a statement.
    """
    actions: dict[str, set[str]] = {}
    scopes: dict[str, Scope] = {}
    for _, scope, words in permissions:
        actions.setdefault(scope.sid, set()).update(words.split())
        known = scopes.get(scope.sid, scope)
        assert known.condition == scope.condition
        scopes[scope.sid] = known._replace(resources=known.resources + scope.resources)
    statements = [_make_statement(scopes[sid], actions[sid]) for sid in sorted(actions)]
    policy = policies.document(*statements)
    if policies.count_characters(policy) > _LONGEST_POLICY:
        return policies.document(*_join_alike(statements))
    return policy


def _join_alike(statements: list[JsonObject]) -> Iterator[JsonObject]:
    alike: dict[str, list[JsonObject]] = {}
    for each in statements:
        alike.setdefault(json.dumps([each["Action"], each.get("Condition")]), []).append(each)
    for same in alike.values():
        resources = sorted({arn for each in same for arn in each["Resource"]})
        yield {**same[0], "Sid": "".join(each["Sid"] for each in same), "Resource": resources}


def _make_statement(scope: Scope, actions: set[str]) -> JsonObject:
    statement: JsonObject = {
        "Sid": scope.sid,
        "Effect": "Allow",
        "Action": sorted(actions),
        "Resource": sorted({*scope.resources}),
    }
    if scope.condition:
        operator, key, value = scope.condition
        values = [*value] if isinstance(value, tuple) else value
        statement["Condition"] = {operator: {key: [values] if "ForAll" in operator else values}}
    return statement


def list_permissions(command: str, nodes: tuple[Node, ...], names: Names) -> Iterator[Permission]:
    """Everything that a command may do to the resources of a wiring."""
    if command in {"plan", "deploy"}:
        yield Permission(Verb.READ, EVERYTHING, _CHECKS)
    for node in unwant(nodes) if command == "teardown" else nodes:
        verbs = _list_verbs(command, wanted=node.wanted)
        for permission in KINDS[node.resource.kind].permissions(node.resource, names.place):
            if permission.verb in verbs:
                yield permission


def _list_verbs(command: str, *, wanted: bool) -> set[Verb]:
    reads = {Verb.READ, Verb.READ_WANTED if wanted else Verb.READ_UNWANTED}
    match command:
        case "watch-executions":
            more = {Verb.READ_TRIGGER, Verb.READ_OBJECT} if wanted else set()
            return {Verb.READ_EXECUTIONS, Verb.READ_HISTORY, *more}
        case "show" | "graph" | "test":
            return {Verb.READ_EXECUTIONS, Verb.READ_STEPS}
        case "status":
            more = {Verb.EXPLAIN, Verb.READ_EXECUTIONS, Verb.READ_MESSAGES, Verb.FIND}
            return reads | more
        case "plan":
            return reads | {Verb.EXPLAIN}
        case "deploy":
            return reads | {Verb.EXPLAIN, Verb.MAKE if wanted else Verb.REMOVE}
        case "teardown":
            return reads | {Verb.REMOVE, Verb.PURGE, Verb.FIND}
    return reads
