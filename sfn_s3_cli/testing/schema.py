"""The schema of a file with test cases, `NAME.test.yaml`."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    JsonValue,
    Tag,
    model_validator,
)

from sfn_s3_cli.config.schema_errors import MANY, ONE
from sfn_s3_cli.config.values import value_error
from sfn_s3_cli.documents.places import ValuePath
from sfn_s3_cli.documents.wording import describe
from sfn_s3_cli.json_types import JsonObject


def _is_list(value: object) -> str:
    return MANY if isinstance(value, list) else ONE


def _check_python(text: str) -> str:
    file, _, function = text.rpartition(":")
    if not file.endswith(".py") or not function.isidentifier():
        raise value_error(
            f"expected the name of a file and a function, found {describe(text)}",
            "write FILE.py:FUNCTION",
        )
    return text


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    def has(self, name: str) -> bool:
        """Whether the file gives this field, even if it is null."""
        return name in self.model_fields_set


class Throw(_Model):
    """An error that a call fails with."""

    error: str = Field(min_length=1, description="The name of the error.")
    cause: str = Field(default="", description="The cause of the error.")


class Answer(_Model):
    """What comes back for the token of a task."""

    return_: JsonValue = Field(default=None, alias="return", description="The result of the task.")
    throw: Throw | None = Field(default=None, description="The error of the task.")

    @model_validator(mode="after")
    def _check_one(self) -> Self:
        _check_exactly_one(self, "return_", "throw")
        return self


class Mock(_Model):
    """What a call of a task answers."""

    return_: JsonValue = Field(default=None, alias="return", description="The result of the call.")
    throw: Throw | None = Field(default=None, description="The error of the call.")
    python: Annotated[str, AfterValidator(_check_python)] | None = Field(
        default=None,
        description="A function that gets the arguments of the call: FILE.py:FUNCTION.",
    )
    definition: str | None = Field(
        default=None,
        min_length=1,
        description="The definition of the workflow that the task starts.",
    )
    mocks: Mocks = Field(default={}, description="The mocks of that workflow, by state.")

    @model_validator(mode="after")
    def _check_one(self) -> Self:
        _check_exactly_one(self, "return_", "throw", "python", "definition")
        if self.mocks and self.definition is None:
            raise value_error("`mocks` belong to a `definition`", "add it, or remove `mocks`")
        return self


OneOrMany = Annotated[
    Annotated[Mock, Tag(ONE)] | Annotated[list[Mock], Tag(MANY)], Discriminator(_is_list)
]
Mocks = dict[str, OneOrMany]
_Answers = dict[
    str,
    Annotated[
        Annotated[Answer, Tag(ONE)] | Annotated[list[Answer], Tag(MANY)], Discriminator(_is_list)
    ],
]
Mock.model_rebuild()


class MockConfig(_Model):
    """A test case of a mock configuration file of AWS Step Functions Local."""

    config: str = Field(min_length=1, description="The mock configuration file.")
    test_case: str = Field(min_length=1, description="The name of the test case in it.")


def _is_config(value: object) -> str:
    is_config = isinstance(value, dict) and isinstance(value.get("config"), str)
    return MANY if is_config else ONE


_MocksOrConfig = Annotated[
    Annotated[Mocks, Tag(ONE)] | Annotated[MockConfig, Tag(MANY)], Discriminator(_is_config)
]


class TestObject(_Model):
    """The object whose event starts the execution."""

    __test__ = False

    key: str = Field(min_length=1, description="The key of the object.")
    event: Literal["created", "deleted"] = Field(
        default="created", description="What happened to the object."
    )
    size: int | None = Field(
        default=None, ge=0, description="The size in bytes; by default that of the content, or 0."
    )
    etag: str | None = Field(default=None, description="The ETag; by default that of the content.")
    version_id: str | None = Field(
        default=None, description="The version id, if the bucket has versions."
    )
    body: JsonValue = Field(
        default=None,
        description="The content that S3 has: a string, or a mapping or list that becomes JSON.",
    )
    file: str | None = Field(
        default=None, min_length=1, description="A file with the content that S3 has."
    )

    @property
    def has_content(self) -> bool:
        return self.has("body") or self.file is not None

    @model_validator(mode="after")
    def _check_content(self) -> Self:
        if self.has("body") and self.file is not None:
            raise value_error("an object has either `body` or `file`", "remove one of them")
        if self.has_content and self.event == "deleted":
            raise value_error("a deleted object has no content", "remove `body` or `file`")
        if self.has_content and self.version_id is not None:
            raise value_error(
                "an object with content has no `version_id`: the bucket of a case has no versions",
                "remove it, or mock the states that read the object",
            )
        return self


class Item(_Model):
    """The item of an iteration: `$$.Map.Item`."""

    index: int = Field(default=0, ge=0, description="Its number, from 0.")
    value: JsonValue = Field(default=None, description="The item itself.")


class Expect(_Model):
    """What the execution must have done."""

    status: Literal["SUCCEEDED", "FAILED"] | None = Field(
        default=None,
        description="How it ends: by default SUCCEEDED, or FAILED with an `error` or a `cause`.",
    )
    path: list[JsonValue] | None = Field(
        default=None,
        description="The states in order, with a list for each iteration and each branch.",
    )
    calls: dict[str, JsonValue] = Field(
        default={},
        description="By state, a part of the arguments of each call, or a list, call by call.",
    )
    output: JsonValue = Field(default=None, description="A part of the output.")
    exactly: JsonValue = Field(default=None, description="The whole output.")
    error: str | None = Field(default=None, description="The error that the execution fails with.")
    cause: str | None = Field(default=None, description="A part of the cause of the error.")
    attempts: dict[str, Annotated[int, Field(ge=0)]] = Field(
        default={}, description="How many times each state is tried, by state."
    )

    @property
    def expected_status(self) -> str:
        fails = self.error is not None or self.cause is not None
        return self.status or ("FAILED" if fails else "SUCCEEDED")

    @model_validator(mode="after")
    def _check_status(self) -> Self:
        has_output = self.has("output") or self.has("exactly")
        if self.expected_status == "FAILED" and has_output:
            raise value_error("an execution that fails has no output", "remove it, or the failure")
        if self.status == "SUCCEEDED" and (self.error is not None or self.cause is not None):
            raise value_error(
                "an execution that succeeds has no error", "remove `error` and `cause`"
            )
        return self


class Case(_Model):
    """One execution, and what it must do."""

    name: str = Field(min_length=1, description="What the case shows.")
    object_: TestObject | None = Field(
        default=None,
        alias="object",
        description="The object whose event starts the execution, through the trigger.",
    )
    event: JsonObject | None = Field(
        default=None, description="A whole event that starts the execution, through the trigger."
    )
    input: JsonValue = Field(default=None, description="The input of the execution, as it is.")
    mocks: _MocksOrConfig = Field(
        default={}, description="What the calls of tasks answer, by state; a list is call by call."
    )
    answers: _Answers = Field(
        default={}, description="What comes back for task tokens, by state; a list is call by call."
    )
    from_: str | None = Field(default=None, alias="from", description="The state to start at.")
    to: str | None = Field(default=None, description="The state to end after.")
    variables: dict[str, JsonValue] = Field(
        default={}, description="The variables that are set at the start."
    )
    item: Item | None = Field(
        default=None, description="For a part of a Map, the item of its iteration."
    )
    expect: Expect = Field(default=Expect(), description="What the execution must have done.")

    @model_validator(mode="after")
    def _check_one(self) -> Self:
        _check_exactly_one(self, "object_", "event", "input")
        return self


class CaseFile(_Model):
    """A file with test cases of a workflow."""

    cases: list[Case] = Field(min_length=1, description="The cases.")
    definition: str | None = Field(
        default=None,
        min_length=1,
        description="The file with the definition; by default that of the config.",
    )


def _check_exactly_one(model: _Model, *names: str) -> None:
    given = [name for name in names if model.has(name)]
    if len(given) != 1:
        words = [f"`{name.rstrip('_')}`" for name in names]
        found = "none" if not given else " and ".join(f"`{each.rstrip('_')}`" for each in given)
        raise value_error(f"expected one of {', '.join(words)}, found {found}")


def find_model(path: ValuePath) -> type[BaseModel]:
    """The model of the mapping at a path of a file with cases."""
    match [part for part in path if isinstance(part, str)]:
        case []:
            return CaseFile
        case ["cases"]:
            return Case
        case ["cases", "mocks"]:
            return MockConfig
        case ["cases", "object"]:
            return TestObject
        case ["cases", "expect"]:
            return Expect
        case ["cases", "item"]:
            return Item
        case [*_, "throw"] if path[-2] != "mocks":
            return Throw
        case ["cases", "answers", _]:
            return Answer
    return Mock


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a file with cases (draft 2020-12), for editors."""
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": dialect, **CaseFile.model_json_schema(by_alias=True)}
