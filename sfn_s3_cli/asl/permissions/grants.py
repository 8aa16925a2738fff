"""What a call needs to be allowed: actions on resources that follow from its parameters."""

from __future__ import annotations

from typing import NamedTuple


class Condition(NamedTuple):
    """An operator and a key of IAM with the template of a value; dropped when that is unknown."""

    operator: str
    key: str
    value: str


class Grant(NamedTuple):
    """Actions on resources; `resources` are templates as `arns.resources` reads them."""

    actions: str
    resources: str
    given: str = ""
    """The parameters without which it is not needed: `One|other&another`, `Name=value`, `!Name`.

    `Name~regex` asks for what is in it, `Name^text` for what is written, computed or not."""
    conditions: tuple[Condition, ...] = ()
    why: str = ""
    """Why the definition cannot tell the resources, though the user could."""
    caught: str = ""
    """What is in the name of an error that the state must catch or retry for it to be needed."""


class Integration(NamedTuple):
    """A call to a service: what it takes, what waiting for the end of a job takes, its rule."""

    name: str
    grants: tuple[Grant, ...]
    sync: tuple[Grant, ...] = ()
    rule: str = ""
    """The rule by which Step Functions hears of the job's end, without `StepFunctions...Rule`."""

    otherwise: Grant | None = None
    """What it takes when none of the grants are about an action of its own."""

    def needs(self, *, sync: bool) -> tuple[Grant, ...]:
        if not sync:
            return self.grants
        rule = f"events:@:rule/StepFunctionsGet{self.rule}Rule"
        events = Grant("events:DescribeRule events:PutRule events:PutTargets", rule)
        return (*self.grants, *self.sync, *((events,) if self.rule else ()))


def passed_to(service: str) -> Condition:
    return Condition("StringEquals", "iam:PassedToService", f"{service}.amazonaws.com")


def passed(role: str, service: str) -> Grant:
    """A role that is handed to a service, when one is given."""
    return Grant("iam:PassRole", f"iam::ACCOUNT:role/{{{role}}}", role, (passed_to(service),))


def linked(service: str, role: str) -> Grant:
    """The role that a service makes for itself where there is none yet."""
    return Grant(
        "iam:CreateServiceLinkedRole",
        f"iam::ACCOUNT:role/aws-service-role/{service}/{role}",
        conditions=(Condition("StringLike", "iam:AWSServiceName", service),),
    )


def tagged(resources: str, given: str = "Tags") -> Grant:
    """The tagging of what is made, where tags are given."""
    return Grant(f"{resources.partition(':')[0]}:TagResource", resources, given)


def one(name: str, actions: str, resources: str, sync: str = "", rule: str = "") -> Integration:
    """Actions on the same resources, and those of `.sync` too."""
    more = (Grant(sync, resources),) if sync else ()
    return Integration(name, (Grant(actions, resources),), more, rule)
