"""IAM role: what EventBridge or the state machine may do."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.aws.eventually import TransientError, retry_while
from sfn_s3_cli.iam import arns, policies, policy_words
from sfn_s3_cli.iam import tags as ownership
from sfn_s3_cli.iam.names import Names
from sfn_s3_cli.json_types import JsonObject
from sfn_s3_cli.resources.base import TOLERATED, Removal, Resource, StillUsed
from sfn_s3_cli.resources.kind import no_notes
from sfn_s3_cli.resources.observation import (
    NO_ROLE_TAGS,
    Found,
    Missing,
    Observation,
    Refused,
    RoleTags,
)
from sfn_s3_cli.resources.permissions import Permission, Scope, Verb
from sfn_s3_cli.resources.reasons import ReasonType
from sfn_s3_cli.resources.words import POLICY, TAGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from types_boto3_iam.type_defs import AttachedPolicyTypeDef, GetRoleResponseTypeDef

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads
    from sfn_s3_cli.iam.arns import Place
    from sfn_s3_cli.resources.reasons import Reason

POLICY_NAME = "sfnctl"
PREVIOUS_POLICY_NAME = "sfnctl-previous"

# IAM's answers carry codes without the suffix "Exception".
EXISTS = ("EntityAlreadyExists",)
MISSING = ("NoSuchEntity",)
notes = no_notes
_BUSY = TransientError("ConcurrentModification")
_YOUNG = TransientError(*MISSING, waiting_for="IAM")
_YOUNG_PRINCIPAL = TransientError(
    "MalformedPolicyDocument", "Invalid principal in policy", waiting_for="IAM"
)
_STILL_ATTACHED = TransientError(
    "DeleteConflict", remedy="detach the policies of others, and run again"
)

_OTHER_POLICIES = ReasonType("OTHER_POLICIES", "policies of others: {names}")
_PATH_FIXED = ReasonType(
    "ROLE_PATH_FIXED",
    "has the path {path}, and IAM cannot move a role",
    "keep `role.path` as it was, or tear the pipeline down before you change it",
    is_config_error=True,
)
_NO_ROOM = ReasonType(
    "ROLE_POLICIES_TOO_LONG",
    "its policy has {ours} characters and the inline policies of others have {theirs}, but AWS"
    " allows {limit} for a role",
    "make managed policies of these and attach them: {names}",
)
_PREVIOUS_DUE = ReasonType(
    "EARLIER_RIGHTS_DUE",
    "no execution needs its earlier rights any more; the next deploy removes the policy {policy}",
)
_HANDED_OVER = ReasonType(
    "HANDED_OVER",
    "another pipeline has just handed buckets to this one: {buckets}; run the command again",
)


@dataclass(frozen=True, kw_only=True)
class Role(Resource):
    kind: ClassVar[str] = "role"
    path: str
    """Another path is refused, since IAM cannot move a role."""
    trust: JsonObject = field(metadata=POLICY)
    policy: JsonObject | None = field(metadata=POLICY)
    previous: JsonObject | None = field(default=None, metadata={**TOLERATED, **POLICY})
    """What executions of older versions may still do, in a second policy."""
    boundary: str | None
    keeps_rights: bool = field(default=False, compare=False)
    """Whether rights that it loses may stay in `previous`. Then a tag notes which statements of
    `policy` sfnctl wrote: those of others never stay."""
    tags: dict[str, str] = field(metadata=TAGS)

    @property
    def essence(self) -> str:
        principals = ", ".join(policy_words.list_principals(self.trust))
        return f"for {principals}, {policy_words.summarize(self.policy)}"

    @property
    def tolerated_reason(self) -> Reason:
        return _PREVIOUS_DUE(policy=PREVIOUS_POLICY_NAME)

    def outputs(self, aws: Aws) -> Mapping[str, str | None]:
        arn = arns.role(aws.place, self.name, self.path)
        return {f"{_find_job(self, aws.place)}_role_arn": arn}


@dataclass(frozen=True)
class FoundRole(Found[Role]):
    noted_buckets: tuple[str, ...] = ()
    """The buckets that the pipeline has noted in a tag: it switched their notifications on."""
    noted_statements: str = ""
    """Hashes of the statements of `policy` that sfnctl wrote."""
    length_of_others: int = 0
    """Characters of the inline policies of others, if the plan changes ours."""


def observe(reads: Reads, desired: Role, *, wanted: bool) -> Observation[Role]:
    iam, name = reads.aws.iam, desired.name
    role = reads.ask(iam.get_role, RoleName=name)
    policy = reads.ask(iam.get_role_policy, RoleName=name, PolicyName=POLICY_NAME)
    inline_names = reads.ask(iam.list_role_policies, RoleName=name)
    attached = reads.ask(iam.list_attached_role_policies, RoleName=name)
    found = call_or_none(role.result, *MISSING)
    if found is None:
        return Missing()
    inline = call_or_none(policy.result, *MISSING)
    tags = ownership.from_list(found["Role"].get("Tags", []))
    names = inline_names.result()["PolicyNames"]
    ours = {POLICY_NAME, *([PREVIOUS_POLICY_NAME] if desired.keeps_rights else [])}
    theirs = [each for each in names if each not in ours]
    previous = None
    if PREVIOUS_POLICY_NAME in ours.intersection(names):
        ask = reads.ask(iam.get_role_policy, RoleName=name, PolicyName=PREVIOUS_POLICY_NAME)
        previous = call_or_none(ask.result, *MISSING)
    additions = _describe_additions(theirs, attached.result()["AttachedPolicies"])
    path = found["Role"]["Path"]
    if wanted and path != desired.path:
        return Refused(_PATH_FIXED(path=path))
    role_found = replace(
        desired,
        path=path,
        trust=_align(found["Role"]["AssumeRolePolicyDocument"], desired.trust),
        policy=_align(inline["PolicyDocument"], desired.policy) if inline else None,
        previous=_align(previous["PolicyDocument"], None) if previous else None,
        boundary=found["Role"].get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
        tags=ownership.select_ours(tags, desired.tags),
    )
    noted = {key: tags[key] for key in (ownership.STATEMENTS,) if key in tags}
    is_in_place = role_found.policy == desired.policy  # otherwise an update notes its statements
    length = 0 if is_in_place or not wanted else _measure(reads, name, theirs)
    if length and length + policies.count_characters(desired.policy) > policies.LIMIT:
        return Refused(_describe_excess(desired, length, theirs))
    return FoundRole(
        role_found,
        owner=ownership.read_owner(tags),
        used_by=None if wanted else additions,
        additions=additions,
        role_tags=RoleTags(noted, note_statements(desired)) if is_in_place else NO_ROLE_TAGS,
        noted_buckets=_noted_buckets(found),
        noted_statements=noted.get(ownership.STATEMENTS, ""),
        length_of_others=length,
    )


def _measure(reads: Reads, role: str, names: Sequence[str]) -> int:
    """Counts the characters of these inline policies: one call for each."""
    get = reads.aws.iam.get_role_policy
    asked = [reads.ask(get, RoleName=role, PolicyName=name) for name in names]
    answers = [call_or_none(each.result, *MISSING) for each in asked]
    found = [_align(each["PolicyDocument"], None) for each in answers if each]
    return sum(policies.count_characters(each) for each in found)


def _describe_excess(desired: Role, length: int, theirs: Sequence[str]) -> Reason:
    ours = policies.count_characters(desired.policy)
    return _NO_ROOM(
        ours=f"{ours:,}", theirs=f"{length:,}", limit=f"{policies.LIMIT:,}", names=(*theirs,)
    )


def _describe_additions(
    inline: Sequence[str], attached: Iterable[AttachedPolicyTypeDef]
) -> Reason | None:
    """The policies that others put into the role or attached to it."""
    by_arn = {each["PolicyArn"]: each["PolicyName"] for each in attached}
    labels = (
        *(f"{each} (inline)" for each in inline),
        *(f"{each} (attached)" for each in by_arn.values()),
    )
    return _OTHER_POLICIES(names=labels, inline=(*inline,), attached=(*by_arn,)) if labels else None


def _find_job(role: Role, place: Place) -> str:
    """Whether it is EventBridge's role or the state machine's."""
    return "events" if role.name == Names(role.pipeline, place).events_role else "states"


def note_statements(role: Role) -> dict[str, str]:
    """The tag that notes the role's statements, if the role has one."""
    hashes = policies.hash_statements(role.policy)
    return {ownership.STATEMENTS: hashes} if role.keeps_rights else {}


def create(aws: Aws, desired: Role) -> None:
    boundary: Any = {"PermissionsBoundary": desired.boundary} if desired.boundary else {}
    create_role = partial(
        aws.iam.create_role,
        RoleName=desired.name,
        Path=desired.path,
        AssumeRolePolicyDocument=json.dumps(desired.trust),
        Tags=ownership.to_list({**desired.tags, **note_statements(desired)}),
        **boundary,
    )
    retry_while(aws, create_role, _BUSY, _YOUNG_PRINCIPAL)
    _put_policy(aws, desired.name, POLICY_NAME, desired.policy)
    aws.rights_added = aws.clock.now()


def update(aws: Aws, observed: FoundRole, desired: Role) -> None:
    name, before = desired.name, observed.resource
    if before.boundary != desired.boundary:  # first: the rest may be allowed only with it
        _put_boundary(aws, desired)
    if before.trust != desired.trust:
        put_trust, trust = aws.iam.update_assume_role_policy, json.dumps(desired.trust)
        put = partial(put_trust, RoleName=name, PolicyDocument=trust)
        retry_while(aws, put, _BUSY, _YOUNG_PRINCIPAL)
    if before.previous != desired.previous:  # first, so that no execution is without its rights
        _put_policy(aws, name, PREVIOUS_POLICY_NAME, desired.previous)
    if before.policy != desired.policy:
        _put_policy(aws, name, POLICY_NAME, desired.policy)
        if policies.find_lost(desired.policy, before.policy):
            aws.rights_added = aws.clock.now()
    note = note_statements(desired)
    if note.get(ownership.STATEMENTS, "") != observed.noted_statements:
        tag(aws, name, note)
    ownership.retag(
        before.tags,
        desired.tags,
        tag=lambda tags: tag(aws, name, tags),
        untag=lambda keys: untag(aws, name, keys),
    )


def tag(aws: Aws, name: str, tags: dict[str, str], *, must_exist: bool = True) -> object:
    """Tags a role, and waits for IAM to know it if it is said to exist."""
    tag_role = partial(aws.iam.tag_role, RoleName=name, Tags=ownership.to_list(tags))
    return retry_while(aws, tag_role, _BUSY, *([_YOUNG] if must_exist else []), within=60)


def untag(aws: Aws, name: str, keys: Sequence[str]) -> None:
    retry_while(aws, partial(aws.iam.untag_role, RoleName=name, TagKeys=keys), _BUSY, within=60)


def delete(aws: Aws, observed: FoundRole, removal: Removal) -> None:  # noqa: ARG001
    """Reads the events role once more: another pipeline may have handed a bucket over meanwhile."""
    role = observed.resource
    if role.name == Names(role.pipeline, aws.place).events_role:
        answer = call_or_none(partial(aws.iam.get_role, RoleName=role.name), *MISSING)
        new = {*_noted_buckets(answer)} - {*observed.noted_buckets} if answer else set()
        if new:
            raise StillUsed(_HANDED_OVER(buckets=tuple(sorted(new))))
    _delete_policy(aws, role.name, POLICY_NAME)
    if role.previous:
        _delete_policy(aws, role.name, PREVIOUS_POLICY_NAME)
    delete_role = partial(aws.iam.delete_role, RoleName=role.name)
    call_or_none(lambda: retry_while(aws, delete_role, _STILL_ATTACHED, _BUSY, within=60), *MISSING)


def _noted_buckets(answer: GetRoleResponseTypeDef) -> tuple[str, ...]:
    tags = ownership.from_list(answer["Role"].get("Tags", []))
    return tuple(tags.get(ownership.NOTIFICATIONS, "").split())


def _put_policy(aws: Aws, role: str, name: str, policy: JsonObject | None) -> None:
    if not policy:
        _delete_policy(aws, role, name)
        return
    put = partial(
        aws.iam.put_role_policy,
        RoleName=role,
        PolicyName=name,
        PolicyDocument=json.dumps(policy),
    )
    retry_while(aws, put, _BUSY, _YOUNG, within=60)


def _delete_policy(aws: Aws, role: str, name: str) -> None:
    delete = partial(aws.iam.delete_role_policy, RoleName=role, PolicyName=name)
    call_or_none(lambda: retry_while(aws, delete, _BUSY, within=60), *MISSING)


def _put_boundary(aws: Aws, desired: Role) -> None:
    change: Callable[[], object] = partial(
        aws.iam.delete_role_permissions_boundary, RoleName=desired.name
    )
    if desired.boundary:
        put = aws.iam.put_role_permissions_boundary
        change = partial(put, RoleName=desired.name, PermissionsBoundary=desired.boundary)
    retry_while(aws, change, _BUSY, within=60)


def _align(policy: Any, desired: JsonObject | None) -> Any:
    """`desired` where the policy means the same; botocore parses it, though its model says text."""
    found = json.loads(policy) if isinstance(policy, str) else policy
    return policies.align(found, desired)


def permissions(desired: Role, place: Place) -> Iterator[Permission]:
    """With a boundary, no role is created or changed without it.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """
    name = desired.name
    job = _find_job(desired, place).title()
    # While a role does not exist, IAM judges by its ARN without the path.
    role_arns = (arns.role(place, name, desired.path), arns.role(place, name))
    role = Scope(f"{job}Role", role_arns)
    limited = role
    if desired.boundary:
        condition = ("StringEquals", "iam:PermissionsBoundary", desired.boundary)
        limited = Scope("BoundedRoles", role_arns, condition)
    read = "iam:GetRole iam:GetRolePolicy iam:ListAttachedRolePolicies iam:ListRolePolicies"
    yield Permission(Verb.READ, role, read)
    yield Permission(Verb.MAKE, role, "iam:TagRole iam:UntagRole")
    boundary = "Put" if desired.boundary else "Delete"
    make = (
        f"iam:CreateRole iam:{boundary}RolePermissionsBoundary iam:PutRolePolicy"
        " iam:UpdateAssumeRolePolicy"
    )
    yield Permission(Verb.MAKE, limited, make)
    if job == "States":  # the rights of older versions come and go
        yield Permission(Verb.MAKE, limited, "iam:DeleteRolePolicy")
    yield Permission(Verb.REMOVE, role, "iam:DeleteRole iam:DeleteRolePolicy")
