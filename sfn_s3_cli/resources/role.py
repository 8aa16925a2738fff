"""IAM role: what EventBridge or the state machine may do."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.aws.eventually import TransientError, retry_while
from sfn_s3_cli.iam import policies
from sfn_s3_cli.iam import tags as ownership
from sfn_s3_cli.iam.policies import Document
from sfn_s3_cli.resources.base import Observed, Refusal, Resource, StillUsed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from types_boto3_iam.type_defs import GetRoleResponseTypeDef

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads

POLICY_NAME = "sfnctl"

# IAM's answers carry codes without the suffix "Exception".
MISSING = "NoSuchEntity"
_BUSY = TransientError("ConcurrentModification")
_YOUNG = TransientError(MISSING, waiting_for="IAM")
_YOUNG_PRINCIPAL = TransientError(
    "MalformedPolicyDocument", "Invalid principal in policy", waiting_for="IAM"
)
_STILL_ATTACHED = TransientError(
    "DeleteConflict", remedy="detach the policies that others put on it, and run again"
)


@dataclass(frozen=True, kw_only=True)
class Role(Resource):
    kind: ClassVar[str] = "role"
    path: str = field(compare=False)
    """A role cannot move: another path is refused when it is observed."""
    trust: Document
    policy: Document | None
    boundary: str | None
    notes: tuple[str, ...] | None = field(default=None, compare=False)
    """What pipelines remember of a bucket's notifications; None where nothing is remembered."""
    tags: dict[str, str]


def observe(reads: Reads, desired: Role, *, leaving: bool) -> Observed[Role] | None:
    iam, name = reads.aws.iam, desired.name
    role = reads.ask(iam.get_role, RoleName=name)
    policy = reads.ask(iam.get_role_policy, RoleName=name, PolicyName=POLICY_NAME)
    policies_of_others = _other_policies(reads, name)
    found = call_or_none(role.result, MISSING)
    if found is None:
        return None
    inline = call_or_none(policy.result, MISSING)
    tags = ownership.from_list(found["Role"].get("Tags", []))
    others = _told(policies_of_others())
    path = found["Role"]["Path"]
    return Observed(
        Role(
            name=name,
            path=path,
            trust=_like(found["Role"]["AssumeRolePolicyDocument"], desired.trust),
            policy=_like(inline["PolicyDocument"], desired.policy) if inline else None,
            boundary=found["Role"].get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
            notes=None if desired.notes is None else _notes(found),
            tags=ownership.ours(tags, desired.tags),
        ),
        owner=ownership.owner(tags),
        used_by=others if leaving else "",
        others=others,
        refusal=None if path == desired.path or leaving else _immovable(path),
    )


def _notes(answer: GetRoleResponseTypeDef) -> tuple[str, ...]:
    tags = ownership.from_list(answer["Role"].get("Tags", []))
    return tuple(tags.get(ownership.NOTIFICATIONS, "").split())


def _immovable(path: str) -> Refusal:
    return Refusal(
        f"has the path {path}, and IAM cannot move a role",
        "keep `role.path` as it was, or tear the pipeline down before you change it",
        in_config=True,
    )


def create(aws: Aws, desired: Role) -> None:
    boundary: Any = {"PermissionsBoundary": desired.boundary} if desired.boundary else {}
    create_role = partial(
        aws.iam.create_role,
        RoleName=desired.name,
        Path=desired.path,
        AssumeRolePolicyDocument=json.dumps(desired.trust),
        Tags=ownership.to_list(desired.tags),
        **boundary,
    )
    retry_while(aws, create_role, _BUSY, _YOUNG_PRINCIPAL)
    _put_policy(aws, desired)


def update(aws: Aws, observed: Role, desired: Role) -> None:
    name = desired.name
    if observed.trust != desired.trust:
        put_trust, trust = aws.iam.update_assume_role_policy, json.dumps(desired.trust)
        put = partial(put_trust, RoleName=name, PolicyDocument=trust)
        retry_while(aws, put, _BUSY, _YOUNG_PRINCIPAL)
    if observed.boundary != desired.boundary:
        _put_boundary(aws, desired)
    if observed.policy != desired.policy:
        _put_policy(aws, desired)
    ownership.retag(
        observed.tags,
        desired.tags,
        tag=lambda tags: tag(aws, name, tags),
        untag=lambda keys: untag(aws, name, keys),
    )


def tag(aws: Aws, name: str, tags: dict[str, str], *, is_there: bool = True) -> object:
    """A role that is said to be there is waited for."""
    tag_role = partial(aws.iam.tag_role, RoleName=name, Tags=ownership.to_list(tags))
    return retry_while(aws, tag_role, _BUSY, *([_YOUNG] if is_there else []), within=60)


def untag(aws: Aws, name: str, keys: Sequence[str]) -> None:
    retry_while(aws, partial(aws.iam.untag_role, RoleName=name, TagKeys=keys), _BUSY, within=60)


def delete(aws: Aws, observed: Observed[Role]) -> None:
    """Looks once more: a pipeline that left meanwhile may have handed on what it remembered."""
    name, notes = observed.resource.name, observed.resource.notes
    if notes is not None:
        answer = call_or_none(partial(aws.iam.get_role, RoleName=name), MISSING)
        new = sorted({*_notes(answer)} - {*notes}) if answer else []
        if new:
            told = f"what another pipeline left to this one meanwhile: {', '.join(new)}"
            raise StillUsed(f"{told}; run again")
    _delete_policy(aws, name)
    delete_role = partial(aws.iam.delete_role, RoleName=name)
    call_or_none(lambda: retry_while(aws, delete_role, _STILL_ATTACHED, _BUSY, within=60), MISSING)


def _put_policy(aws: Aws, desired: Role) -> None:
    if not desired.policy:
        _delete_policy(aws, desired.name)
        return
    put = partial(
        aws.iam.put_role_policy,
        RoleName=desired.name,
        PolicyName=POLICY_NAME,
        PolicyDocument=json.dumps(desired.policy),
    )
    retry_while(aws, put, _BUSY, _YOUNG, within=60)


def _delete_policy(aws: Aws, name: str) -> None:
    delete = partial(aws.iam.delete_role_policy, RoleName=name, PolicyName=POLICY_NAME)
    call_or_none(lambda: retry_while(aws, delete, _BUSY, within=60), MISSING)


def _put_boundary(aws: Aws, desired: Role) -> None:
    change: Callable[[], object] = partial(
        aws.iam.delete_role_permissions_boundary, RoleName=desired.name
    )
    if desired.boundary:
        put = aws.iam.put_role_permissions_boundary
        change = partial(put, RoleName=desired.name, PermissionsBoundary=desired.boundary)
    retry_while(aws, change, _BUSY, within=60)


def _other_policies(reads: Reads, name: str) -> Callable[[], list[str]]:
    """Asks for the policies that somebody else put on our role; they block its deletion."""
    inline = reads.ask(reads.aws.iam.list_role_policies, RoleName=name)
    attached = reads.ask(reads.aws.iam.list_attached_role_policies, RoleName=name)

    def names() -> list[str]:
        names = [each for each in inline.result()["PolicyNames"] if each != POLICY_NAME]
        return names + [each["PolicyName"] for each in attached.result()["AttachedPolicies"]]

    return names


def _told(others: list[str]) -> str:
    return f"policies that others put on it: {', '.join(others)}" if others else ""


def _like(policy: Any, desired: Document | None) -> Any:
    """botocore gives policy documents parsed, though its model says they are strings."""
    found = json.loads(policy) if isinstance(policy, str) else policy
    return policies.like(found, desired)
