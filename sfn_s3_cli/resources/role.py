"""IAM role: what EventBridge or the state machine may do."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from sfn_s3_cli.aws import policies
from sfn_s3_cli.aws import tags as ownership
from sfn_s3_cli.aws.errors import unless
from sfn_s3_cli.aws.eventually import Passing, eventually
from sfn_s3_cli.aws.policies import Document
from sfn_s3_cli.errors import Refused
from sfn_s3_cli.resources.base import Observed, Resource

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_s3_cli.aws import Aws
    from sfn_s3_cli.aws.reads import Reads

POLICY_NAME = "sfnctl"

# IAM's answers carry codes without the suffix "Exception".
MISSING = "NoSuchEntity"
_BUSY = Passing("ConcurrentModification")
_STILL_ATTACHED = Passing("DeleteConflict")


@dataclass(frozen=True, kw_only=True)
class Role(Resource):
    kind: ClassVar[str] = "role"
    path: str = field(compare=False)
    """A role cannot move: another path is refused when it is observed."""
    trust: Document
    policy: Document | None
    boundary: str | None
    tags: dict[str, str]


def observe(reads: Reads, desired: Role, *, leaving: bool) -> Observed[Role] | None:
    iam, name = reads.aws.iam, desired.name
    role = reads.ask(iam.get_role, RoleName=name)
    policy = reads.ask(iam.get_role_policy, RoleName=name, PolicyName=POLICY_NAME)
    others = _other_policies(reads, name) if leaving else list
    found = unless(role.result, MISSING)
    if found is None:
        return None
    inline = unless(policy.result, MISSING)
    tags = ownership.from_list(found["Role"].get("Tags", []))
    if found["Role"]["Path"] != desired.path and not leaving:
        raise Refused(
            f"role {name} has the path {found['Role']['Path']}, and IAM cannot move a role",
            "keep `role.path` as it was, or tear the pipeline down before you change it",
        )
    return Observed(
        Role(
            name=name,
            path=found["Role"]["Path"],
            trust=_like(found["Role"]["AssumeRolePolicyDocument"], desired.trust),
            policy=_like(inline["PolicyDocument"], desired.policy) if inline else None,
            boundary=found["Role"].get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
            tags=ownership.ours(tags, desired.tags),
        ),
        owner=ownership.owner(tags),
        used_by=_told(others()),
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
    # Nobody's role stood there a moment ago: one that does now is ours, and an answer was lost.
    unless(lambda: eventually(create_role, _BUSY, clock=aws.clock), "EntityAlreadyExists")
    _put_policy(aws, desired)


def update(aws: Aws, observed: Role, desired: Role) -> None:
    name = desired.name
    if observed.trust != desired.trust:
        aws.iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(desired.trust))
    if observed.boundary != desired.boundary:
        _put_boundary(aws, desired)
    if observed.policy != desired.policy:
        _put_policy(aws, desired)
    ownership.retag(
        observed.tags,
        desired.tags,
        tag=lambda tags: aws.iam.tag_role(RoleName=name, Tags=ownership.to_list(tags)),
        untag=lambda keys: aws.iam.untag_role(RoleName=name, TagKeys=keys),
    )


def delete(aws: Aws, observed: Observed[Role]) -> None:
    name = observed.resource.name
    unless(lambda: aws.iam.delete_role_policy(RoleName=name, PolicyName=POLICY_NAME), MISSING)
    unless(
        lambda: eventually(
            lambda: aws.iam.delete_role(RoleName=name),
            _STILL_ATTACHED,
            _BUSY,
            clock=aws.clock,
            within=60,
        ),
        MISSING,
    )


def _put_policy(aws: Aws, desired: Role) -> None:
    if desired.policy:
        aws.iam.put_role_policy(
            RoleName=desired.name,
            PolicyName=POLICY_NAME,
            PolicyDocument=json.dumps(desired.policy),
        )
        return
    unless(
        lambda: aws.iam.delete_role_policy(RoleName=desired.name, PolicyName=POLICY_NAME), MISSING
    )


def _put_boundary(aws: Aws, desired: Role) -> None:
    if desired.boundary:
        aws.iam.put_role_permissions_boundary(
            RoleName=desired.name, PermissionsBoundary=desired.boundary
        )
    else:
        aws.iam.delete_role_permissions_boundary(RoleName=desired.name)


def _other_policies(reads: Reads, name: str) -> Callable[[], list[str]]:
    """Asks for the policies that somebody else put on our role; they block its deletion."""
    inline = reads.ask(reads.aws.iam.list_role_policies, RoleName=name)
    attached = reads.ask(reads.aws.iam.list_attached_role_policies, RoleName=name)

    def names() -> list[str]:
        others = [each for each in inline.result()["PolicyNames"] if each != POLICY_NAME]
        return others + [each["PolicyName"] for each in attached.result()["AttachedPolicies"]]

    return names


def _told(others: list[str]) -> str:
    return f"policies that others put on it: {', '.join(others)}" if others else ""


def _like(policy: Any, desired: Document | None) -> Any:
    """botocore gives policy documents parsed, though its model says they are strings."""
    found = json.loads(policy) if isinstance(policy, str) else policy
    return policies.like(found, desired)
