"""Walks through the states of a definition, at any depth."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.json_types import JsonMapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.documents.places import ValuePath

JSONPATH, JSONATA = "JSONPath", "JSONata"


class Container(NamedTuple):
    """Anything with `StartAt` and `States`: the definition, a branch, the processor of a Map.

    Its value may hold anything, because the file may have any mistake.
    """

    value: JsonMapping
    path: ValuePath = ()
    language: str = JSONPATH
    """The query language of the definition. A state's own language does not reach inside it.

    https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
    """
    is_express: bool = False
    parent: State | None = None
    """The Map or Parallel state that it belongs to."""

    def states(self) -> Iterator[State]:
        """Its own states, not the states inside them."""
        match self.value.get("States"):
            case dict(states):
                for name, value in states.items():
                    if isinstance(value, dict):
                        yield State(str(name), value, (*self.path, "States", name), self)


class State(NamedTuple):
    """A state and its path. Its value is a mapping, which may hold anything."""

    name: str
    value: JsonMapping
    path: ValuePath
    container: Container

    @property
    def type(self) -> str:
        return str(self.value.get("Type"))

    @property
    def language(self) -> str:
        match self.value.get("QueryLanguage"):
            case str(own) if self.container.language == JSONPATH:
                return own
        return self.container.language

    @property
    def is_distributed(self) -> bool:
        """Whether it is a Map that runs each item as an execution of its own."""
        return self.type == "Map" and any(
            has_distributed_mode(self.value.get(key)) for key in ("ItemProcessor", "Iterator")
        )

    def containers(self) -> Iterator[Container]:
        """The branches of a Parallel, the processor of a Map; `Iterator` is its older name."""
        match self.value.get("Branches"):
            case list(branches) if self.type == "Parallel":
                for number, branch in enumerate(branches):
                    yield from self._open(branch, "Branches", number)
        if self.type == "Map":
            for key in ("ItemProcessor", "Iterator"):
                yield from self._open(self.value.get(key), key)

    def _open(self, value: object, *key: str | int) -> Iterator[Container]:
        if isinstance(value, dict):
            path, outer = (*self.path, *key), self.container
            yield Container(value, path, outer.language, self._runs_express(value), self)

    def _runs_express(self, value: JsonMapping) -> bool:
        match value.get("ProcessorConfig"):
            case {"Mode": "DISTRIBUTED", "ExecutionType": str(execution_type)}:
                return execution_type == "EXPRESS"
        return self.container.is_express


def has_distributed_mode(processor: object) -> bool:
    match processor:
        case {"ProcessorConfig": {"Mode": "DISTRIBUTED"}}:
            return True
    return False


def to_container(definition: JsonMapping, *, is_express: bool = False) -> Container:
    """Makes a container of the definition itself."""
    match definition.get("QueryLanguage"):
        case str(language):
            return Container(definition, language=language, is_express=is_express)
    return Container(definition, is_express=is_express)


def walk_containers(start: Container) -> Iterator[Container]:
    """Yields the container and all containers inside it, outer ones first."""
    waiting = [start]
    while waiting:
        container = waiting.pop()
        yield container
        inside = [each for state in container.states() for each in state.containers()]
        waiting += reversed(inside)


def walk_states(start: Container) -> Iterator[State]:
    """Yields the states of a container, at any depth."""
    for container in walk_containers(start):
        yield from container.states()
