"""What `sfnctl.yaml` may say: the pipeline, its bucket, its trigger and its state machine."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from sfn_s3_cli.config import values
from sfn_s3_cli.config.statement import StatementDocument
from sfn_s3_cli.config.values import wrong
from sfn_s3_cli.documents.wording import found


class _Node(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Bucket(_Node):
    """The bucket whose objects start executions; a string is its name."""

    name: values.BucketName = Field(description="The name of the bucket.")
    create: values.Flag = Field(
        default=False,
        description="Create the bucket and treat it as part of the pipeline.",
    )

    @model_validator(mode="before")
    @classmethod
    def _named(cls, value: object) -> object:
        match value:
            case str():
                return {"name": value}
            case dict():
                return value
        raise wrong(f"expected a string or a mapping, found {found(value)}")


class Retry(_Node):
    """How long EventBridge keeps trying to start an execution."""

    attempts: values.Attempts = Field(
        default=185,
        description="How often EventBridge tries again to start an execution.",
    )
    max_age: values.MaxAge = Field(
        default=86400,
        description="How old an event may become before EventBridge gives it up: 24h, 15m, 90s.",
    )


class Trigger(_Node):
    """Which object events start an execution, and how they reach EventBridge."""

    via: Literal["cloudtrail", "s3"] = Field(
        default="cloudtrail",
        description="How events reach EventBridge: a CloudTrail trail, or the bucket itself.",
    )
    events: Annotated[
        tuple[Literal["created", "deleted"], ...],
        Field(strict=False, min_length=1),
        values.Distinct,
    ] = Field(default=("created",), description="The object events that start an execution.")
    prefix: values.Prefixes = Field(
        default=(),
        description="How keys must begin: a string or a list, empty for every key.",
    )
    suffix: values.Suffixes = Field(
        default=(),
        description="How keys must end: a string or a list, empty for every key.",
    )
    trail: values.TrailName | None = Field(
        default=None,
        description="An existing trail to join, with `via: cloudtrail` only.",
    )
    enabled: values.Flag = Field(
        default=True,
        description="Whether events start executions; false keeps everything but switches it off.",
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
        description="What an execution is given: EventBridge's event, or a small object document.",
    )

    @field_validator("trail")
    @classmethod
    def _only_with_cloudtrail(cls, trail: str | None, info: ValidationInfo) -> str | None:
        if trail and info.data.get("via") == "s3":
            raise wrong("a trail has no part in `via: s3`", "leave trail out, or via: cloudtrail")
        return trail


class Role(_Node):
    """The role that executions run with."""

    arn: values.RoleArn | None = Field(
        default=None,
        description="An existing role to use instead of one that sfnctl makes.",
    )
    statements: tuple[StatementDocument, ...] = Field(
        default=(),
        strict=False,
        description="IAM statements besides those that are derived from the definition.",
    )
    boundary: values.PolicyArn | None = Field(
        default=None,
        description="The ARN of the permissions boundary of the roles.",
    )
    path: values.RolePath = Field(default="/", description="The IAM path of the roles.")
    trust_conditions: values.Flag = Field(
        default=True,
        description="Name the account and the source ARN in the roles' trust policies.",
    )

    @field_validator("statements")
    @classmethod
    def _sids_differ(
        cls, statements: tuple[StatementDocument, ...]
    ) -> tuple[StatementDocument, ...]:
        """IAM takes a Sid once in a policy."""
        sids = [str(each["Sid"]) for each in statements if each.get("Sid")]
        if twice := next((sid for sid in sids if sids.count(sid) > 1), None):
            raise wrong(
                f"two statements have the Sid {twice!r}", "give each a Sid of its own, or none"
            )
        return statements

    @model_validator(mode="after")
    def _arn_stands_alone(self) -> Self:
        others = sorted(self.model_fields_set - {"arn"})
        if self.arn and others:
            raise wrong(
                f"a role that is not ours cannot be given {', '.join(others)}",
                "keep arn alone, or leave it out",
            )
        return self


class Logging(_Node):
    """What Step Functions writes to CloudWatch Logs."""

    level: Literal["off", "error", "fatal", "all"] = Field(
        default="error",
        description="Which events of an execution are logged.",
    )
    include_data: values.Flag = Field(
        default=False,
        description="Log the input and output of states too.",
    )
    retention_days: values.RetentionDays = Field(
        default=30,
        description="For how many days CloudWatch Logs keeps the logs.",
    )


class StateMachine(_Node):
    """The workflow that runs for each object."""

    definition: str = Field(
        min_length=1,
        description="The state machine's definition, .json or .yaml, relative to this file.",
    )
    substitutions: dict[values.SubstitutionName, values.Scalar] = Field(
        default={},
        description="Values for the ${Name} placeholders of the definition.",
    )
    type: Literal["standard", "express"] = Field(
        default="standard",
        description="express: five minutes at most, started at least once, and seen in logs alone.",
    )
    role: Role = Field(default=Role(), description="The role that executions run with.")
    logging: Logging = Field(
        default=Logging(),
        description="What Step Functions writes to CloudWatch Logs.",
    )
    tracing: values.Flag = Field(default=False, description="Trace executions with X-Ray.")
    validation: Literal["error", "warn"] = Field(
        default="error",
        description="Whether what is wrong in the definition ends a deploy.",
    )

    @property
    def aws_type(self) -> Literal["STANDARD", "EXPRESS"]:
        return "EXPRESS" if self.type == "express" else "STANDARD"


class Pipeline(_Node):
    """The config file of sfnctl: objects of a bucket start executions of a state machine."""

    model_config = ConfigDict(title="sfnctl.yaml")

    name: values.PipelineName = Field(
        description="The pipeline's name, from which every name in AWS derives.",
    )
    region: values.Region | None = Field(
        default=None,
        description="The region; else --region, AWS_REGION or the profile decides.",
    )
    account: values.Account | None = Field(
        default=None,
        description="The only account that the pipeline may be deployed to.",
    )
    bucket: Bucket = Field(description="The bucket: its name, or a mapping.")
    trigger: Trigger = Field(
        default=Trigger(),
        description="Which object events start an execution, and how they reach EventBridge.",
    )
    state_machine: StateMachine = Field(description="The workflow that runs for each object.")
    tags: dict[values.TagKey, values.TagValue] = Field(
        default={},
        max_length=44,  # AWS takes 50, ours included
        description="Tags for every resource of the pipeline.",
    )


def json_schema() -> dict[str, Any]:
    """The JSON Schema of the config file (draft 2020-12), for editors.

    Wherever a value has a shape of its own, a string with a `${VAR}` in it is accepted too.
    """
    schema = Pipeline.model_json_schema()
    bucket = schema["properties"]["bucket"]
    bucket["anyOf"] = [
        schema["$defs"]["Bucket"]["properties"]["name"],
        {"$ref": bucket.pop("$ref")},
    ]
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": dialect, **{key: _or_variable(value) for key, value in schema.items()}}


_VARIABLE = {"type": "string", "pattern": r"\$\{"}
_ANNOTATIONS = ("title", "description", "default")


def _or_variable(node: Any) -> Any:
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
            return {key: _or_variable(value) for key, value in node.items()}
        case list():
            return [_or_variable(value) for value in node]
    return node
