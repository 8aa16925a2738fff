"""The schema of `sfnctl.yaml`: the pipeline, its bucket, its trigger and its state machine."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import InitErrorDetails

from sfn_s3_cli.config import values
from sfn_s3_cli.config.alarms import Alarms
from sfn_s3_cli.config.statement import StatementDocument
from sfn_s3_cli.config.values import value_error
from sfn_s3_cli.documents.wording import describe
from sfn_s3_cli.events import SOURCES, cloudtrail
from sfn_s3_cli.iam import arns, bucket_names
from sfn_s3_cli.iam.names import NO_TRAIL
from sfn_s3_cli.json_types import JsonObject


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Bucket(_Model):
    """The bucket whose objects start executions; a string is its name."""

    name: values.BucketName = Field(description="The name of the bucket.")
    create: values.Flag = Field(
        default=False,
        description="Create the bucket and treat it as part of the pipeline.",
    )

    @model_validator(mode="before")
    @classmethod
    def _expand_name(cls, value: object) -> object:
        match value:
            case str():
                return {"name": value}
            case dict():
                return value
        raise value_error(f"expected a string or a mapping, found {describe(value)}")


class Retry(_Model):
    """How long EventBridge keeps trying to start an execution."""

    attempts: values.Attempts = Field(
        default=185,
        description="How many times EventBridge retries a failed start.",
    )
    max_age: values.MaxAge = Field(
        default=86400,
        description="The age at which EventBridge gives up on an event: 24h, 15m, 90s.",
    )


_SAYS_NO = {"", "false", "no", "none", "null", "off"}


class Trigger(_Model):
    """Which object events start an execution, and how they reach EventBridge."""

    via: values.Via = Field(
        default=cloudtrail.VIA,
        description="How events reach EventBridge: a CloudTrail trail, or the bucket itself.",
    )
    events: Annotated[
        tuple[Literal["created", "deleted"], ...],
        Field(strict=False, min_length=1),
        values.Distinct,
    ] = Field(default=("created",), description="The object events that start an execution.")
    prefix: values.Prefixes = Field(
        default=(),
        description="What keys must begin with: a string or a list; empty for all keys.",
    )
    suffix: values.Suffixes = Field(
        default=(),
        description="What keys must end with: a string or a list; empty for all keys.",
    )
    min_size: values.MinSize = Field(
        default=0,
        description="The smallest size in bytes of created objects, with `via: s3` only; 1 leaves"
        " out empty objects such as folder markers.",
    )
    trail: values.TrailOrDefault = Field(
        default=None,
        description="An existing trail to join, or `none` if one logs the events already; for"
        " `via: cloudtrail` only.",
    )
    enabled: values.Flag = Field(
        default=True,
        description="Whether events start executions; false only disables the rule, and AWS still"
        " bills the events.",
    )
    retry: Retry = Field(
        default=Retry(),
        description="How long EventBridge keeps trying to start an execution.",
    )
    dead_letter_queue: values.Flag = Field(
        default=True,
        description="Keep events that could not start an execution in an SQS queue.",
    )
    input: Literal["event", "object"] = Field(
        default="event",
        description="The input of executions: the event, or a small document about the object.",
    )

    @field_validator("min_size")
    @classmethod
    def _check_min_size(cls, min_size: int, info: ValidationInfo) -> int:
        """Check it against via and events, unless these are wrong themselves."""
        via, events = info.data.get("via"), info.data.get("events", ("created",))
        if min_size and via in SOURCES and "size" not in SOURCES[via].FIELDS:
            able = " or ".join(f"via: {each}" for each in SOURCES if "size" in SOURCES[each].FIELDS)
            raise value_error(
                f"`min_size` works only with `{able}`: the events of `via: {via}` have no size",
                f"remove min_size, or use {able}",
            )
        if min_size and "created" not in events:
            raise value_error(
                "`min_size` concerns only created objects, which `events` does not list",
                "remove min_size, or add created to events",
            )
        return min_size

    @field_validator("trail", mode="before")
    @classmethod
    def _refuse_null(cls, trail: object) -> object:
        """A null could mean no trail as well as the default one, which costs money."""
        if trail != NO_TRAIL and str(trail or "").lower() in _SAYS_NO:
            raise value_error(
                f"expected the name of a trail or {NO_TRAIL!r}, found {describe(trail)}",
                f"write `trail: {NO_TRAIL}` for no trail, or remove the key to use sfnctl's own",
            )
        return trail

    @field_validator("trail")
    @classmethod
    def _check_trail(cls, trail: str | None, info: ValidationInfo) -> str | None:
        if trail and info.data.get("via", cloudtrail.VIA) != cloudtrail.VIA:
            raise value_error(
                "`trail` works only with `via: cloudtrail`", "remove trail, or use via: cloudtrail"
            )
        return trail


class Role(_Model):
    """The role that executions run with."""

    arn: values.RoleArn | None = Field(
        default=None,
        description="An existing role, used instead of one that sfnctl creates.",
    )
    statements: tuple[StatementDocument, ...] = Field(
        default=(),
        strict=False,
        description="IAM statements to add to those derived from the definition.",
    )
    boundary: values.PolicyArn | None = Field(
        default=None,
        description="The ARN of the roles' permissions boundary.",
    )
    path: values.RolePath = Field(default="/", description="The IAM path of the roles.")
    trust_conditions: values.Flag = Field(
        default=True,
        description="Restrict the roles' trust policies to this account and the source's ARN.",
    )

    @field_validator("statements")
    @classmethod
    def _check_sids(
        cls, statements: tuple[StatementDocument, ...]
    ) -> tuple[StatementDocument, ...]:
        """IAM accepts each Sid once in a policy."""
        sids = [str(each["Sid"]) for each in statements if each.get("Sid")]
        if twice := next((sid for sid in sids if sids.count(sid) > 1), None):
            raise value_error(
                f"two statements have the Sid {twice!r}", "use a different Sid for each, or none"
            )
        return statements

    @model_validator(mode="after")
    def _check_arn_is_alone(self) -> Self:
        others = sorted(self.model_fields_set - {"arn"})
        if self.arn and others:
            raise value_error(
                f"`arn` names an existing role, which cannot be given {', '.join(others)}",
                "keep only arn, or remove it",
            )
        return self


class Logging(_Model):
    """What Step Functions writes to CloudWatch Logs."""

    level: Literal["off", "error", "fatal", "all"] = Field(
        default="error",
        description="Which events of an execution are logged.",
    )
    include_data: values.Flag = Field(
        default=False,
        description="Also log the input and output of states.",
    )
    retention_days: values.RetentionDays = Field(
        default=30,
        description="How many days CloudWatch Logs keeps the logs.",
    )


class StateMachine(_Model):
    """The workflow that runs for each object."""

    definition: values.DefinitionPath = Field(
        min_length=1,
        description="The state machine's definition, .json or .yaml, relative to this file.",
    )
    substitutions: dict[values.SubstitutionName, values.Substitution] = Field(
        default={},
        description="Values for the ${Name} placeholders of the definition.",
    )
    type: Literal["standard", "express"] = Field(
        default="standard",
        description="The type; EXPRESS executions take up to five minutes, may start twice, and"
        " appear only in the log, which needs `logging: {level: all, include_data: true}`.",
    )
    keep_versions: values.KeptVersions = Field(
        default=10,
        description="How many published versions stay; a deploy deletes older ones that no alias"
        " and no running execution uses.",
    )
    role: Role = Field(default=Role(), description="The role that executions run with.")
    logging: Logging = Field(
        default=Logging(),
        description="What Step Functions writes to CloudWatch Logs.",
    )
    tracing: values.Flag = Field(default=False, description="Trace executions with X-Ray.")
    kms_key: values.KeyArn | None = Field(
        default=None,
        description="The ARN of a KMS key that encrypts the state machine, its log group and the"
        " dead-letter queue.",
    )
    validation: Literal["error", "warn"] = Field(
        default="error",
        description="Whether errors in the definition stop a deploy, or only warn.",
    )

    @property
    def aws_type(self) -> Literal["STANDARD", "EXPRESS"]:
        return "EXPRESS" if self.type == "express" else "STANDARD"


class Pipeline(_Model):
    """The config file of sfnctl: objects of a bucket start executions of a state machine."""

    model_config = ConfigDict(title="sfnctl.yaml")

    name: values.PipelineName = Field(
        description="The pipeline's name, from which all names on AWS derive.",
    )
    region: values.Region | None = Field(
        default=None,
        description="The region; by default from --region, AWS_REGION or the profile.",
    )
    account: values.Account | None = Field(
        default=None,
        description="The only account in which the pipeline may be deployed.",
    )
    bucket: Bucket = Field(description="The bucket: its name, or a mapping.")
    trigger: Trigger = Field(
        default=Trigger(),
        description="Which object events start an execution, and how they reach EventBridge.",
    )
    state_machine: StateMachine = Field(description="The workflow that runs for each object.")
    alarms: Alarms | None = Field(
        default=None,
        description="CloudWatch alarms on failures, throttling and dead letters.",
    )
    tags: values.Tags = Field(
        default={},
        max_length=43,  # AWS allows 50, including ours
        description="Tags for every resource of the pipeline.",
    )

    @model_validator(mode="after")
    def _check_namespace(self) -> Self:
        bucket = self.bucket
        if bucket.create and (
            fault := bucket_names.find_fault(bucket.name, self.account, self.region)
        ):
            error = InitErrorDetails(
                type=value_error(*fault), loc=("bucket", "name"), input=bucket.name
            )
            raise ValidationError.from_exception_data("bucket", [error])
        return self

    @model_validator(mode="after")
    def _check_regions(self) -> Self:
        topic = self.alarms.topic if self.alarms else None
        checked = (
            (("state_machine", "kms_key"), "key", self.state_machine.kms_key, values.OTHER_KEY),
            (("alarms", "topic"), "topic", topic, values.OTHER_TOPIC),
        )
        errors = [
            InitErrorDetails(
                type=value_error(
                    f"the {what} is in {found}, but the pipeline is in {self.region}", remedy
                ),
                loc=path,
                input=arn,
            )
            for path, what, arn, remedy in checked
            if arn and self.region and (found := arns.place_of(arn).region) != self.region
        ]
        if errors:
            raise ValidationError.from_exception_data("region", errors)
        return self

    @model_validator(mode="after")
    def _check_thresholds(self) -> Self:
        """Refuse a threshold whose alarm would not exist; by default it is left out."""
        given = self.alarms.thresholds.model_fields_set if self.alarms else frozenset()
        obstacles = {
            "execution_throttled": self.state_machine.type == "express"
            and "`type: express`, whose state transitions have no limit",
            "dead_letters": not self.trigger.dead_letter_queue and "`dead_letter_queue: false`",
        }
        errors = [
            InitErrorDetails(
                type=value_error(f"there is no such alarm with {obstacle}", "remove this key"),
                loc=("alarms", "thresholds", key, "[key]"),
                input=key,
            )
            for key, obstacle in obstacles.items()
            if obstacle and key in given
        ]
        if errors:
            raise ValidationError.from_exception_data("thresholds", errors)
        return self


def json_schema() -> JsonObject:
    """The JSON Schema of the config file (draft 2020-12), for editors.

    It accepts a string with a `${VAR}` wherever the type or the text of a value is restricted.
    """
    schema = Pipeline.model_json_schema()
    bucket = schema["properties"]["bucket"]
    bucket["anyOf"] = [
        schema["$defs"]["Bucket"]["properties"]["name"],
        {"$ref": bucket.pop("$ref")},
    ]
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": dialect, **{key: _allow_variable(value) for key, value in schema.items()}}


_VARIABLE = {"type": "string", "pattern": r"\$\{"}
_ANNOTATIONS = ("title", "description", "default")


def _allow_variable(node: Any) -> Any:
    match node:
        case (
            {"type": "integer" | "number" | "boolean"}
            | {"type": "string", "pattern": str()}
            | {"enum": list()}
        ):
            annotations = {key: node[key] for key in _ANNOTATIONS if key in node}
            shape = {key: value for key, value in node.items() if key not in _ANNOTATIONS}
            return {**annotations, "anyOf": [shape, _VARIABLE]}
        case dict():
            return {key: _allow_variable(value) for key, value in node.items()}
        case list():
            return [_allow_variable(value) for value in node]
    return node
