"""What a role may do: its trust policy, its policies, its boundary, and the resource's own policy.

The emulator's IAM evaluator decides. Here is what it is asked, and AWS's words for its answers
(IAM User Guide, "Policy evaluation logic" and "Troubleshoot access denied error messages").
"""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from sfn_s3_cli.iam import policies
from sfn_s3_cli.json_types import JsonObject
from sfn_s3_cli.local.internals import IAM, RESPONSES, ROLES, TAGS
from sfn_s3_cli.local.settings import LENIENT

_log = logging.getLogger(__name__)


# IAM writes these for characters that are no wildcards.
_LITERALS = {"${*}": "\ue000", "${?}": "\ue001", "${$}": "$"}


class Request(NamedTuple):
    """What a service asks of another: an action on one of some resources, and condition keys."""

    action: str
    resources: tuple[str, ...]
    keys: Mapping[str, str] = {}
    are_patterns: bool = True
    """Whether a `*` in a resource stands for what the call does not name. An action that has no
    resources is on `*` itself."""
    policy: tuple[JsonObject | None, str] | None = None
    """A policy of the resource that must allow the request too, and the account of the resource."""


class Session(NamedTuple):
    """A role that a service has assumed, and the name of the session."""

    role_arn: str
    name: str

    @property
    def arn(self) -> str:
        account, role = _split(self.role_arn)
        return f"arn:aws:sts::{account}:assumed-role/{role}/{self.name}"


class Denial(NamedTuple):
    """A refused request, and the message of the service that refused it."""

    request: Request
    message: str


def is_lenient() -> bool:
    """Whether roles are not checked."""
    return LENIENT in os.environ


def can_assume(role_arn: str, service: str, source_arn: str) -> bool:
    """Whether the role exists and trusts a service (`states`), which acts for `source_arn`."""
    if is_lenient():
        return True
    trust = _read_trust(role_arn)
    if trust is None:
        return False
    keys = {"aws:sourcearn": source_arn, "aws:sourceaccount": source_arn.split(":")[4]}
    request = Request("sts:AssumeRole", (role_arn,), keys)
    context = _make_context("*", request, role_arn)
    region = RESPONSES["get_region"]()
    return any(
        IAM["evaluate_resource_policy"](trust, context, service=principal).decision == "Allow"
        for principal in (f"{service}.amazonaws.com", f"{service}.{region}.amazonaws.com")
    )


def assume(role_arn: str) -> Request:
    """The request to assume a role, which its trust policy must allow too. In the role's account it
    is enough if the trust policy names the role that assumes it (STS API, AssumeRole)."""
    policy = _read_trust(role_arn), _split(role_arn)[0]
    return Request("sts:AssumeRole", (role_arn,), policy=policy)


def encode(arn: str) -> str:
    """Replaces the characters that are no wildcards by others that patterns do not have."""
    for written, private in _LITERALS.items():
        arn = arn.replace(written, private)
    return arn


def _decode(arn: str) -> str:
    return arn.replace("\ue000", "*").replace("\ue001", "?")


def find_denial(session: Session, requests: Iterable[Request]) -> Denial | None:
    """The first of the requests that the role may not make."""
    if is_lenient():
        return None
    denials = (_check(session, request) for request in requests)
    denial = next((each for each in denials if each), None)
    if denial:
        _log.warning("%s", denial.message)
    return denial


def _check(session: Session, request: Request) -> Denial | None:
    """A pattern as the resource stands for one that the call does not name: it is enough if the
    role may use one that fits (but see `Request.are_patterns`)."""
    account, role = _split(session.role_arn)
    identity = [
        IAM["parse_policy_document"](policies.document(*_prepare(document, session.role_arn)))
        for document in _list_documents(account, role)
    ]
    limits = IAM["_permissions_boundary"](ROLES["_roles"], role, account)
    named = {
        each
        for statements in identity
        for one in statements
        for each in one.resources
        if request.are_patterns
    }
    possible = [
        resource
        for wanted in request.resources
        for resource in (wanted, *sorted(each for each in named if _fits(each, wanted)))
    ]
    refused = [_decide(session, request, each, identity, limits) for each in possible]
    return None if None in refused else refused[0]


def _decide(
    session: Session, request: Request, resource: str, identity: Any, limits: Any
) -> Denial | None:
    service = request.action.partition(":")[0]
    if IAM["_names_condition_key"](identity, "aws:resourcetag/"):
        request = request._replace(keys={**_read_tags(resource), **request.keys})
    context = _make_context(session.role_arn, request, resource)
    result = own = IAM["evaluate"](context, identity)
    if limits:
        result = IAM["evaluate"](context, identity, *limits)
    if found := request.policy or IAM["_resource_policy"](service, _decode(resource)):
        required = bool(request.policy) or service in IAM["_POLICY_REQUIRED"]
        result = IAM["combine_resource_policy"](
            result, context, *found, required=required, limits=tuple(limits)
        )
    if result.decision == "Allow":
        return None
    if result.decision == "Deny":
        kind = "a resource-based" if result.resource_policy_arn else "an identity-based"
        why = f"with an explicit deny in {kind} policy"
    else:
        kind = "permissions boundary" if own.decision == "Allow" else "identity-based policy"
        why = f"because no {kind} allows the {_name(request.action)} action"
    return Denial(request, _describe(session, request, why))


def _read_trust(role_arn: str) -> JsonObject | None:
    """The trust policy of a role; None if the role does not exist."""
    role = _find_role(role_arn)
    if role is None:
        return None
    return {"Statement": [*_prepare(role["AssumeRolePolicyDocument"], role_arn)]}


def _describe(session: Session, request: Request, why: str) -> str:
    resource = _decode(request.resources[0])
    if request.action.startswith("s3:"):
        resource = f'"{resource}"'
    action = _name(request.action)
    return (
        f"User: {session.arn} is not authorized to perform: {action} on resource: {resource} {why}"
    )


def _name(action: str) -> str:
    """SNS and SQS write their actions in another case."""
    service, _, name = action.partition(":")
    match service:
        case "sqs":
            return action.lower()
        case "sns":
            return f"SNS:{name}"
        case _:
            return action


def _make_context(principal_arn: str, request: Request, resource: str) -> Any:
    account = principal_arn.split(":")[4] if ":" in principal_arn else ""
    return IAM["EvalContext"](
        principal_arn=principal_arn,
        principal_type="AssumedRole" if account else "Service",
        principal_account=account,
        action=request.action,
        resource_arn=resource,
        region=RESPONSES["get_region"](),
        secure_transport=True,
        service_context={"aws:tagkeys": None, **request.keys},
    )


def _read_tags(resource: str) -> dict[str, str]:
    tags = TAGS["resource_tags"](resource) or {}
    return {f"aws:resourcetag/{key}".lower(): value for key, value in tags.items()}


def _list_documents(account: str, role: str) -> Iterator[JsonObject | str]:
    found = ROLES["_roles"].get_scoped(account, None, role) or {}
    yield from (found.get("InlinePolicies") or {}).values()
    for arn in found.get("AttachedPolicies", []):
        if document := IAM["_resolve_managed_policy_document"](arn, account):
            yield document


def _prepare(document: JsonObject | str, role_arn: str) -> Iterator[JsonObject]:
    """The statements, for the evaluator. A condition with an operator that it does not know never
    holds; it is left out of a Deny, so that such a statement denies."""
    parsed: JsonObject = json.loads(document) if isinstance(document, str) else document
    for statement in policies.list_statements(parsed):
        condition = statement.get("Condition", {})
        unknown = [each for each in condition if not _is_known(each)]
        if unknown:
            _log.warning(
                "%s: the condition operators %s are not supported: the statement %s",
                role_arn,
                ", ".join(unknown),
                "always denies" if statement["Effect"] == "Deny" else "allows nothing",
            )
        if statement["Effect"] == "Deny":
            condition = {key: each for key, each in condition.items() if key not in unknown}
        field = "NotResource" if "NotResource" in statement else "Resource"
        resources = statement.get(field, "*")  # a trust policy has neither
        named = [resources] if isinstance(resources, str) else resources
        yield {**statement, field: [*map(encode, named)], "Condition": condition}


def _is_known(operator: str) -> bool:
    name = re.sub(r"^(forallvalues|foranyvalue):", "", operator.lower()).removesuffix("ifexists")
    return name == "null" or name in IAM["_CONDITION_OPS"]


def _fits(resource: str, pattern: str) -> bool:
    return pattern != resource and "*" in pattern and IAM["fnmatch_iam_cs"](resource, pattern)


def _find_role(role_arn: str) -> JsonObject | None:
    account, name = _split(role_arn)
    role: JsonObject | None = ROLES["_roles"].get_scoped(account, None, name)
    return role if role and role["Arn"] == role_arn else None


def _split(role_arn: str) -> tuple[str, str]:
    """The account and the name of a role."""
    return role_arn.split(":")[4], role_arn.rpartition("/")[2]
