"""The embedded cloud with IAM switched on, run instead of `sfn_s3_cli.local.server`.

The emulator evaluates the caller's policies, and knows the actions, but checks them on ARNs that
differ from AWS's, and leaves out some of AWS's checks: tags on creation, versions, roles that are
passed on. Both are corrected here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextvars import ContextVar
from functools import partial
from typing import Any

from authorization import Check, Roles, list_checks
from ministack.core import iam_actions, iam_evaluator
from ministack.services import iam

from sfn_s3_cli.iam.arns import Place
from sfn_s3_cli.local import server

SERVICES = {
    **{name: name for name in ("cloudtrail", "events", "iam", "logs", "sqs")},
    "states": "stepfunctions",
}

_asked: ContextVar[list[Check]] = ContextVar("asked", default=[])  # noqa: B039  (never changed)
_denied: ContextVar[Check | None] = ContextVar("denied")


def _find_resource(
    original: Callable[..., str],
    service: str,
    method: str,
    path: str,
    headers: dict[str, str],
    body: bytes,
    query: dict[str, Any],
    region: str,
    account: str,
) -> str:
    """Gives the resource of the main check; the other checks wait in `_asked` until it passes."""
    found = original(service, method, path, headers, body, query, region, account)
    _denied.set(None)
    if service == "s3":
        extra = {b"<Tags>": "s3:TagResource", b"<VersionId>": "s3:DeleteObjectVersion"}
        checks = [Check(each, found, {}) for mark, each in extra.items() if mark in body]
        key = "x-amz-bucket-namespace"
        if namespace := headers.get(key):
            checks = [Check("s3:CreateBucket", found, {f"s3:{key}": [namespace]}), *checks]
        _asked.set(checks)
        return found
    if service not in SERVICES:
        _asked.set([])
        return found
    operation = _read_first(query, "Action") or headers["x-amz-target"].rpartition(".")[2]
    params = _read_params(query) if service == "iam" else json.loads(body)
    if service == "iam" and "RoleName" not in params:
        _asked.set([])
        return found
    place = Place("aws", account, region)
    asked = [
        *list_checks(SERVICES[service], operation, params, place, _find_roles(account, params))
    ]
    _asked.set(asked)
    return asked[0].resource


def _enforce(
    original: Callable[..., Any],
    key: str,
    action: str,
    service: str,
    region: str,
    resource_arn: str = "*",
    service_context: dict[str, Any] | None = None,
) -> Any:
    asked, _ = _asked.get(), _asked.set([])
    context = {**(service_context or {}), **(_flatten_context(asked[0]) if asked else {})}
    refusal = original(
        key, action, service, region, resource_arn=resource_arn, service_context=context
    )
    for check in asked:
        if refusal is None and check.action != action:
            refusal = original(
                key,
                check.action,
                service,
                region,
                resource_arn=check.resource,
                service_context=_flatten_context(check),
            )
            _denied.set(check if refusal else None)
    return refusal


def _flatten_context(check: Check) -> dict[str, Any]:
    """Gives the context in the emulator's form: lists for keys with several values only."""
    return {key: each if key == "aws:TagKeys" else each[0] for key, each in check.context.items()}


def _name_missing_action(
    original: Callable[..., Any], service: str, action: str, *given: Any, **named: Any
) -> Any:
    """Names the missing action instead of the one that has the operation's name."""
    denied = _denied.get(None)
    return original(service, denied.action if denied else action, *given, **named)


def _pretend_tls(original: Callable[[str, bool], None], source: str, _: bool) -> None:
    """Pretends TLS: the log bucket's policy demands it, and this machine's loopback has none."""
    original(source, True)


def _read_params(query: dict[str, Any]) -> dict[str, Any]:
    """Reads the parameters of a request to IAM that matter here."""
    params: dict[str, Any] = {
        name: _read_first(query, name) for name in ("RoleName", "Path", "PermissionsBoundary")
    }
    keys = [
        _read_first(query, name) for name in query if re.fullmatch(r"Tags\.member\.\d+\.Key", name)
    ]
    gone = [
        _read_first(query, name) for name in query if re.fullmatch(r"TagKeys\.member\.\d+", name)
    ]
    params |= {"Tags": [{"Key": key} for key in keys], "TagKeys": gone}
    return {name: value for name, value in params.items() if value}


def _read_first(query: dict[str, Any], name: str) -> str:
    value = query.get(name, "")
    return str(value[0] if isinstance(value, list) else value)


def _find_roles(account: str, params: dict[str, Any]) -> Roles:
    roles, name = Roles(), params.get("RoleName", "")
    if found := iam._roles.get_scoped(account, None, name):  # type: ignore[no-untyped-call]
        roles.paths[name] = found["Path"]
        roles.boundaries[name] = found.get("PermissionsBoundary") or ""
    return roles


if __name__ == "__main__":
    for module, name, repaired in (
        (iam_actions, "extract_resource_arn", _find_resource),
        (iam_actions, "access_denied_response", _name_missing_action),
        (iam_evaluator, "enforce", _enforce),
        (iam_evaluator, "pin_request_origin", _pretend_tls),  # before the emulator's app imports it
    ):
        setattr(module, name, partial(repaired, getattr(module, name)))
    server.main()
