"""The calls of `aws-sdk` integrations: which actions of IAM they are, and on what."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.asl.permissions.extra_grants import BESIDES, OF_SERVICES
from sfn_s3_cli.asl.permissions.grants import Condition, Grant, Integration
from sfn_s3_cli.asl.permissions.integrations import TABLE
from sfn_s3_cli.asl.permissions.sdk_exceptions import DEVIATIONS
from sfn_s3_cli.asl.permissions.sdk_scopes import SCOPES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.asl.language.resource import Called

_UNNAMED = "no parameter is known to name the resource"
_TAGS = "Tags|TagList|TagSpecifications"
# The optimised integrations with the same parameters, by the name of their service in the SDK.
_OPTIMISED = {row.name.lower(): row for row in TABLE.values()}
_SAME_CALLS = {"emr:runjobflow": "elasticmapreduce:createcluster"}
_SAME = {
    "emrcontainers": "emr-containers",
    "emrserverless": "emr-serverless",
    "eventbridge": "events",
    "sfn": "states",
}


class Service(NamedTuple):
    """A service of the SDK: its prefix in IAM, and its operations by their names in lower case."""

    prefix: str
    operations: Mapping[str, str]

    @property
    def names(self) -> list[str]:
        """The operations as a Resource spells them."""
        return [*map(_camel, self.operations.values())]

    def spelling(self, operation: str) -> str:
        """An operation as a Resource spells it; empty when there is none of the name."""
        return _camel(self.operations.get(operation.lower(), ""))


@cache
def _services() -> Mapping[str, str]:
    text = (
        resources.files("sfn_s3_cli.asl.permissions")
        .joinpath("sdk.json")
        .read_text(encoding="utf-8")
    )
    services: Mapping[str, str] = json.loads(text)
    return services


def services() -> list[str]:
    return [*_services()]


@cache
def prefixes() -> Mapping[str, str]:
    """Each prefix of IAM, and the first service that has it."""
    return {words.split()[0]: name for name, words in reversed([*_services().items()])}


@cache
def service(name: str) -> Service | None:
    """A service by its name in a Resource, which may end in `service` or not."""
    words = _services().get(name.lower().removesuffix("service"))
    if words is None:
        return None
    prefix, *operations = words.split()
    return Service(prefix, {_bare(each).lower(): each for each in operations})


def _bare(word: str) -> str:
    return re.split("[-?=+>#]", word)[0]


def _camel(word: str) -> str:
    return word[:1].lower() + _bare(word[1:])


def integration(called: Called) -> Integration | None:
    """What a call by the SDK needs; None when that is unknown, or the operation is."""
    known = service(called.service)
    word = known.operations.get(called.operation.lower()) if known else None
    if not known or not word:
        return None
    key, name = called.key, called.key.partition(":")[0]
    optimised = _SAME_CALLS.get(key, f"{_SAME.get(name, name)}:{called.operation}".lower())
    row = DEVIATIONS.get(key) or _OPTIMISED.get(optimised)
    row = row or (None if word.endswith("?") else _general(known.prefix, word))
    besides = (*BESIDES.get(key, ()), *OF_SERVICES.get(name, ()))
    return row and row._replace(grants=(*row.grants, *besides))


def _general(prefix: str, word: str) -> Integration:
    """By a word such as `Operation>Action=resource,...+role,...#Tagging`; only its start must be.

    A dash says that IAM knows no resource for it. A role is passed to a service whose name has the
    prefix in it.
    """
    call, has_tags, tagging = word.partition("#")
    call, _, roles = call.partition("+")
    name, _, kinds = call.partition("=")
    action = f"{prefix}:{name.rpartition('>')[2].rstrip('-')}"
    service = Condition("StringLike", "iam:PassedToService", f"*{prefix}*.amazonaws.com")
    passing = tuple(
        Grant("iam:PassRole", f"iam::ACCOUNT:role/{{{role}}}", role, (service,))
        for role in roles.split(",")
        if role
    )
    templates = [SCOPES[prefix, kind] for kind in kinds.split(",") if kind]
    if has_tags:
        passing += tuple(_tagging(prefix, tagging, _bare(word), templates))
    if name.endswith("-"):
        return Integration(action, (Grant(action, "*"), *passing))
    scoped = tuple(Grant(action, each, _parameters(each)) for each in templates)
    unscoped = Grant(action, "*", why=_UNNAMED)
    return Integration(action, (*scoped, *passing), otherwise=unscoped)


def _tagging(prefix: str, name: str, operation: str, templates: list[str]) -> Iterator[Grant]:
    """What it takes to tag what a call makes, where the call is given tags.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
    """
    action = f"{prefix}:{name or 'TagResource'}"
    for template in templates:
        yield Grant(action, template, f"{_TAGS}&{_parameters(template)}")
    if not templates:
        # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html
        making = Condition("StringEquals", "ec2:CreateAction", operation)
        conditions = (making,) if prefix == "ec2" else ()
        yield Grant(action, "*", _TAGS, conditions, "" if conditions else _UNNAMED)


def _parameters(template: str) -> str:
    """All that the template is filled in with, as `Grant.given` has it."""
    paths = (
        each[1].partition(":")[0].partition("|=")[0]
        for each in re.finditer(r"\{([^{}]+)\}", template)
    )
    return "&".join(dict.fromkeys(paths))
