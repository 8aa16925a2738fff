"""What all resources have in common, and what the user can ask of their removal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from sfn_s3_cli.iam import tags
from sfn_s3_cli.json_types import JsonObject
from sfn_s3_cli.resources.reasons import NOT_OURS, OWNED_BY_PIPELINE

if TYPE_CHECKING:
    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.resources.reasons import Reason, ReasonType


FLEETING: Mapping[str, bool] = {"fleeting": True}
"""Metadata of fields that depend on when a command runs, not on what was reviewed: they are no part
of a plan's fingerprint."""
TOLERATED: Mapping[str, bool] = {**FLEETING, "tolerated": True}
"""Metadata of fields that are also no difference between AWS and the config."""


class Address(NamedTuple):
    """Names one resource of a pipeline, whatever AWS has there at the moment."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A resource as the config wants it or, normalised to the same shape, as AWS has it.

    Every field is compared and shown in plans, except `name` and fields with `compare=False`. Its
    metadata may say in which form people read it best (`words.py`).
    """

    kind: ClassVar[str]
    is_shared: ClassVar[bool] = False
    """Whether other pipelines and tools change the same thing on AWS too."""
    may_hold_data: ClassVar[bool] = False
    """Whether a teardown keeps it, unless it is empty or --purge is given."""
    is_secondary: ClassVar[bool] = False
    """Whether it only watches the others: plans and the status show it after them."""
    is_bucket: ClassVar[bool] = False
    """Whether it is a bucket with objects, which `--purge-bucket` can name."""
    not_ours: ClassVar[ReasonType] = NOT_OURS
    owned_by_pipeline: ClassVar[ReasonType] = OWNED_BY_PIPELINE
    """Why it is a conflict if it has no tags of ours, or those of another pipeline, and the way out
    of it."""

    name: str
    pipeline: str = field(compare=False)
    """The pipeline whose config defines it."""

    @property
    def address(self) -> Address:
        return Address(self.kind, self.name)

    @property
    def owner(self) -> str | None:
        """Whose it is once it is deployed; None for what sfnctl only looks at."""
        return tags.read_owner(getattr(self, "tags", {}))

    @property
    def is_slice(self) -> bool:
        """Whether it is only our part of a shared resource; another owner is no conflict then."""
        return False

    @property
    def missing_reason(self) -> Reason | None:
        """Why it is a conflict if it is missing; None if sfnctl creates it."""
        return None

    @property
    def tolerated_reason(self) -> Reason | None:
        """Why AWS may have something in the TOLERATED fields that the config does not ask for."""
        return None

    @property
    def essence(self) -> str:
        """What matters most about it besides its name, in a few words; may be empty."""
        return ""

    def outputs(self, aws: Aws) -> Mapping[str, str | None]:  # noqa: ARG002
        """What scripts need to know of it once it is deployed, by name: its ARN, URL or page in the
        console. None is left out. Makes no call."""
        return {}

    def document(self) -> JsonObject:
        """The compared fields as a JSON document."""
        return {
            each.name: getattr(self, each.name)
            for each in fields(self)
            if each.compare and each.name != "name"
        }

    def lasting(self) -> JsonObject:
        """The document without the FLEETING fields."""
        fleeting = self.list_fields(FLEETING)
        return {name: value for name, value in self.document().items() if name not in fleeting}

    @classmethod
    def list_fields(cls, metadata: Mapping[str, bool]) -> set[str]:
        """The names of the fields that have this metadata."""
        return {each.name for each in fields(cls) if metadata.items() <= each.metadata.items()}


@dataclass(frozen=True)
class Removal:
    """What the user asked of a teardown."""

    purge: bool = False
    """Delete resources that hold data as well."""
    purge_buckets: frozenset[str] = frozenset()
    """The names of buckets that may be deleted with their objects, whoever made them."""
    stop_executions: bool = False
    """Stop running executions instead of waiting for them."""

    def purges(self, resource: Resource) -> bool:
        """Whether a resource goes with its data."""
        return self.purge or (resource.is_bucket and resource.name in self.purge_buckets)


KEEP_DATA = Removal()


class StillUsed(Exception):  # noqa: N818  (not an error: deleting it would be one)
    """Raised by `delete` for a resource that others began to use after it was observed."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.message)
        self.reason = reason
