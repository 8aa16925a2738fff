"""The rows of the tables: which calls need which actions, on resources that parameters name."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.asl.permissions.requirements import given

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sfn_s3_cli.asl.permissions.arguments import Arguments
    from sfn_s3_cli.asl.permissions.requirements import Requirements
    from sfn_s3_cli.asl.permissions.statements import Need
    from sfn_s3_cli.iam.arns import Place


class ConditionTemplate(NamedTuple):
    """A condition of a statement, dropped when the definition does not say its value."""

    operator: str
    key: str
    value: str
    """A template, as notation.py describes it, of any text."""
    more: tuple[str, ...] = ()
    """More values, which are fixed."""


class Grant(NamedTuple):
    """Actions on resources; spaces separate actions, and templates of resources."""

    actions: str
    resources: str
    when: Requirements = ()
    conditions: tuple[ConditionTemplate, ...] = ()
    why_wide: str = ""
    """Why the definition cannot name the resources. Set only where the user can narrow them."""
    when_catching: str = ""
    """Part of an error's name: the grant is needed if the state catches or retries that error."""


class Gap(NamedTuple):
    """Permissions that a call may need, although the definition does not say which."""

    when: Requirements
    reason: str
    remedy: str
    covered_by: str = ".*"
    """A pattern of the actions, in lower case: a statement of the user with one fills the gap."""


class Integration(NamedTuple):
    """A call to a service, and what it needs."""

    name: str
    grants: tuple[Grant, ...]
    sync_grants: tuple[Grant, ...] = ()
    """What `.sync` needs to wait for the end of a job."""
    managed_rule: str = ""
    """The `...` of the rule `StepFunctionsGet...Rule`, which reports the end of a job."""
    fallbacks: tuple[Grant, ...] = ()
    """Grants of actions for which the call needs no other grant."""
    gaps: tuple[Gap, ...] = ()
    find_needs: Callable[[Arguments, Place], Iterator[Need]] | None = None
    """Finds what no grant can say, because the actions follow from the arguments."""

    def list_grants(self, *, is_sync: bool) -> tuple[Grant, ...]:
        """The grants that a call may need, with `.sync` or without."""
        if not is_sync:
            return self.grants
        rule = f"events:@:rule/StepFunctionsGet{self.managed_rule}Rule"
        events = Grant("events:DescribeRule events:PutRule events:PutTargets", rule)
        return (*self.grants, *self.sync_grants, *((events,) if self.managed_rule else ()))


def grant_call(
    name: str, actions: str, resources: str, sync_actions: str = "", managed_rule: str = ""
) -> Integration:
    """An integration that needs all its actions on the same resources."""
    sync_grants = (Grant(sync_actions, resources),) if sync_actions else ()
    return Integration(name, (Grant(actions, resources),), sync_grants, managed_rule)


def rename(service: str, resource: str, names: str, *, prefix: str = "") -> tuple[Integration, ...]:
    """Operations whose action has another name, each as `operation=Action`."""
    pairs = (name.partition("=") for name in names.split())
    return tuple(
        grant_call(f"{service}:{operation}", f"{prefix or service}:{action}", resource)
        for operation, _, action in pairs
    )


def pass_role(parameter: str, service: str) -> Grant:
    """Passing a role to a service, when the parameter names one."""
    role = f"iam::ACCOUNT:role/{{{parameter}}}"
    return Grant("iam:PassRole", role, given(parameter), (require_recipient(service),))


def require_recipient(service: str) -> ConditionTemplate:
    """The condition that a role is passed to this service only."""
    return ConditionTemplate("StringEquals", "iam:PassedToService", f"{service}.amazonaws.com")


def create_linked_role(service: str, role: str) -> Grant:
    """Creating the service-linked role of a service, which does that on its first use."""
    return Grant(
        "iam:CreateServiceLinkedRole",
        f"iam::ACCOUNT:role/aws-service-role/{service}/{role}",
        conditions=(ConditionTemplate("StringLike", "iam:AWSServiceName", service),),
    )


def tag_resources(resources: str, parameter: str = "Tags") -> Grant:
    """Tagging what the call creates, when it has tags."""
    return Grant(f"{resources.partition(':')[0]}:TagResource", resources, given(parameter))


def pass_instance_profile_role(parameter: str) -> Grant:
    """Passing the role of an instance profile, which may have any name."""
    why_wide = "only EC2 knows the role of an instance profile"
    return Grant("iam:PassRole", "*", given(parameter), (require_recipient("ec2"),), why_wide)
