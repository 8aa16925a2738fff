"""The schema of a statement in an IAM policy."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetPydanticSchema,
    model_validator,
)

from sfn_s3_cli.config import values
from sfn_s3_cli.config.values import value_error
from sfn_s3_cli.json_types import JsonObject

_Actions = Annotated[list[values.Action], Field(min_length=1), values.OneOrMore]
_Resources = Annotated[list[values.Resource], Field(min_length=1), values.OneOrMore]


class Statement(BaseModel):
    """One statement of an IAM policy."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    Sid: values.Sid = Field(default="", description="The name of the statement.")
    Effect: Literal["Allow", "Deny"] = Field(description="Whether the statement allows or denies.")
    Action: _Actions = Field(default=[], description="The actions it applies to.")
    NotAction: _Actions = Field(default=[], description="The actions it does not apply to.")
    Resource: _Resources = Field(default=[], description="The ARNs it applies to.")
    NotResource: _Resources = Field(default=[], description="The ARNs it does not apply to.")
    Condition: dict[str, JsonObject] = Field(
        default={},
        description="When it applies: operators, each with keys and values.",
    )

    @model_validator(mode="after")
    def _check_pairs(self) -> Self:
        for one, other in (("Action", "NotAction"), ("Resource", "NotResource")):
            if (one in self.model_fields_set) == (other in self.model_fields_set):
                raise value_error(f"a statement needs either {one} or {other}")
        return self


def _to_dict(statement: Statement) -> JsonObject:
    return statement.model_dump(exclude_unset=True)


# Checked as a Statement, kept as a dict with only the keys that were written, as in a policy.
StatementDocument = Annotated[
    JsonObject,
    GetPydanticSchema(lambda _, handler: handler(Statement)),
    AfterValidator(_to_dict),
]
