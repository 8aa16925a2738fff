"""The form in which a kind says which IAM actions its verbs need."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.iam import bucket_names
from sfn_s3_cli.iam.principals import list_names

if TYPE_CHECKING:
    from sfn_s3_cli.iam.arns import Place


class Verb(Enum):
    """What is done to a resource. Reading needs READ, and READ_WANTED or READ_UNWANTED."""

    READ = auto()
    READ_WANTED = auto()
    READ_UNWANTED = auto()
    """Also read what a removal would lose, and who else uses it."""
    READ_EXECUTIONS = auto()
    READ_HISTORY = auto()
    """In which state an execution failed, and the log, when polling cannot keep up."""
    READ_STEPS = auto()
    """What an execution and its Map Runs did."""
    READ_OBJECT = auto()
    """Reads when an object was written."""
    READ_TRIGGER = auto()
    """Whether uploads start executions at all."""
    READ_MESSAGES = auto()
    EXPLAIN = auto()
    """What only the notes of `plan`, `deploy` and `status` need; without it, they say what is
    missing."""
    FIND = auto()
    """Finding what the config no longer asks for."""
    MAKE = auto()
    REMOVE = auto()
    PURGE = auto()


class Scope(NamedTuple):
    """A statement of the policy: its Sid, its resources and the condition on it.

    Kinds that name the same Sid share the statement.
    """

    sid: str
    resources: tuple[str, ...]
    condition: tuple[str, str, str | tuple[str, ...]] | None = None
    """Operator, key and value, or several values."""


class Permission(NamedTuple):
    """Actions, separated by spaces, that a verb needs on the resources of a scope."""

    verb: Verb
    scope: Scope
    actions: str


def allow_bucket_creation(bucket: Scope) -> Permission:
    """Creates a bucket: if its name says so, only in the account's namespace."""
    if all(map(bucket_names.is_in_namespace, bucket.resources)):
        key = f"s3:{bucket_names.HEADER}"
        condition = ("StringEquals", key, bucket_names.NAMESPACE)
        bucket = Scope("CreateInNamespace", bucket.resources, condition)
    return Permission(Verb.MAKE, bucket, "s3:CreateBucket")


def pass_role(to: str, role_arn: str, place: Place) -> Scope:
    """Passing a role to one service only."""
    names = list_names(f"{to}.amazonaws.com", place)
    condition = ("StringEquals", "iam:PassedToService", names if len(names) > 1 else names[0])
    return Scope(f"PassRoleTo{to.title()}", (role_arn,), condition)


EVERYTHING = Scope("Unscoped", ("*",))
"""For actions without resource-level permissions."""
