"""The operations of the AWS SDKs, as sdk.json has them.

tests/sdk_table.py writes sdk.json. Each service is one text, so that only the services that a
definition calls are parsed: its prefix in IAM, then its operations. An operation is a name, and
after it what IAM knows of its action:

    GetFindingV2?                          IAM has no action for it
    GetRestApi>GET                         the action has another name
    ListBuckets-                           the action has no resources
    DeleteItem=table,index                 the types of its resources that sdk_resources.py names
    CreatePipeline+roleArn,stages[].role   the parameters that pass a role
    RunInstances%IamInstanceProfile        the parameters that name an instance profile
    CreateAnalyzer#                        it tags what it creates, with the action TagResource
    CreateCertificate#AddTags              it tags what it creates, with another action
    CreateBackupVault#@BackupVaultTags     the parameters with these tags, if their name is unusual
    CreateVolume^KmsKeyId                  the parameters that name a key of KMS
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_OPERATION = re.compile(
    r"(?P<name>\w+)(?P<unknown>\?)?"
    r"(?:>(?P<action>\w+))?"
    r"(?P<no_resources>-)?(?:=(?P<types>[^+%#^]+))?"
    r"(?:\+(?P<roles>[^%#^]+))?(?:%(?P<profiles>[^#^]+))?"
    r"(?P<tags>#(?P<tag_action>\w*)(?:@(?P<tag_parameters>[^^]+))?)?"
    r"(?:\^(?P<keys>.+))?"
)


class Operation(NamedTuple):
    """An operation of a service, and its action in IAM."""

    name: str
    action: str
    """Without the prefix; empty when IAM has no action for it."""
    has_resources: bool
    resource_types: tuple[str, ...]
    role_parameters: tuple[str, ...]
    """The parameters that pass a role."""
    tag_action: str
    """The action that tags what the operation creates; empty when it does not tag anything."""
    tag_parameters: tuple[str, ...]
    """The parameters with these tags that have an unusual name."""
    profile_parameters: tuple[str, ...]
    """The parameters that name an instance profile."""
    key_parameters: tuple[str, ...]
    """The parameters that name a key of KMS."""

    @property
    def spelling(self) -> str:
        """As a Resource spells it: `getObject`."""
        return self.name[:1].lower() + self.name[1:]


class Service(NamedTuple):
    """A service of the SDK: its prefix in IAM, and its operations by their names in lower case."""

    prefix: str
    operations: Mapping[str, Operation]

    @property
    def spellings(self) -> list[str]:
        """The operations as a Resource spells them."""
        return [each.spelling for each in self.operations.values()]

    def find_spelling(self, operation: str) -> str:
        """An operation as a Resource spells it; empty when the service does not have it."""
        known = self.operations.get(operation.lower())
        return known.spelling if known else ""


def list_services() -> list[str]:
    return [*_read_table()]


@cache
def map_prefixes() -> Mapping[str, str]:
    """Each prefix of IAM, and the first service that has it."""
    return {words.split()[0]: name for name, words in reversed([*_read_table().items()])}


def find_action(prefix: str, operation: str) -> str:
    """The action of IAM that has the name of an operation; empty if IAM has none."""
    known = (each.operations.get(operation.lower()) for each in find_services(prefix))
    actions = (each.action for each in known if each)
    return next((each for each in actions if each.lower() == operation.lower()), "")


def find_services(prefix: str) -> list[Service]:
    """The services that have a prefix of IAM."""
    names = [name for name, words in _read_table().items() if words.split(" ", 1)[0] == prefix]
    return [each for each in map(find_service, names) if each]


@cache
def find_service(name: str) -> Service | None:
    """A service by its name in a Resource, which may end in `service`."""
    words = _read_table().get(name.lower().removesuffix("service"))
    if words is None:
        return None
    prefix, *operations = words.split()
    parsed = map(parse_operation, operations)
    return Service(prefix, {each.name.lower(): each for each in parsed})


def parse_operation(word: str) -> Operation:
    """Parses an operation of sdk.json.

    >>> parse_operation("CreateStack-+RoleARN#").role_parameters
    ('RoleARN',)
    >>> parse_operation("CreateVault#@VaultTags^KeyArn").key_parameters
    ('KeyArn',)
    """
    parts = _OPERATION.fullmatch(word)
    if not parts:
        raise ValueError(word)
    return Operation(
        name=parts["name"],
        action="" if parts["unknown"] else parts["action"] or parts["name"],
        has_resources=not parts["no_resources"],
        resource_types=_split(parts["types"]),
        role_parameters=_split(parts["roles"]),
        tag_action=(parts["tag_action"] or "TagResource") if parts["tags"] else "",
        tag_parameters=_split(parts["tag_parameters"]),
        profile_parameters=_split(parts["profiles"]),
        key_parameters=_split(parts["keys"]),
    )


def _split(names: str | None) -> tuple[str, ...]:
    return tuple(names.split(",")) if names else ()


@cache
def _read_table() -> Mapping[str, str]:
    text = Path(__file__).with_name("sdk.json").read_text(encoding="utf-8")
    table: Mapping[str, str] = json.loads(text)
    return table
