"""What the command and the interpreter say to each other: one JSON document per line."""

from __future__ import annotations

from typing import TypedDict

from sfn_s3_cli.json_types import JsonObject

READY = "ready"
"""The first line that the interpreter writes."""
Mocks = dict[str, "list[JsonObject] | JsonObject"]
"""By the name of a state: what answers every call of it, or a list with an answer for each."""


class CaseObject(TypedDict):
    """An object that S3 has when the execution starts; the content is in Base64."""

    bucket: str
    key: str
    content: str


class Run(TypedDict):
    """An execution to run. `end_at` is the state after which it ends."""

    id: int
    name: str
    type: str
    definition: JsonObject
    input: object
    account: str
    region: str
    mocks: Mocks
    answers: Mocks
    end_at: str | None
    variables: JsonObject
    item: JsonObject | None
    """`$$.Map.Item`, for a part of a Map."""
    objects: list[CaseObject]


class Call(TypedDict):
    """A call that a state made, or would have made without its mock."""

    state: str
    resource: str
    arguments: object


class Taken(TypedDict):
    """A rule of a Choice, a Retrier or a Catcher that was used; a Default has the index -1."""

    field: str
    state: str
    index: int


class Failure(TypedDict, total=False):
    """Why a case could not run to its end: a code, and facts about the state."""

    code: str
    state: str
    inside: list[str]
    """The states around it whose mock is the workflow that has the state."""
    resource: str
    arguments: object
    count: int
    message: str


class History(TypedDict):
    """The events of an execution; of one that a Map Run started, also the ARN of that."""

    map_run: str | None
    events: list[tuple[int, int, str, str, JsonObject]]


class Outcome(TypedDict, total=False):
    """What came of a run; without a status if it could not be run."""

    id: int
    status: str
    output: object
    error: str
    cause: str
    calls: list[Call]
    taken: list[Taken]
    history: History
    children: list[History]
    failure: Failure | None
    seconds: float
