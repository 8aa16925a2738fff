"""The states of a definition, at any depth, each with what it lives in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sfn_s3_cli.documents.document import ValuePath

JSONPATH, JSONATA = "JSONPath", "JSONata"


class Container(NamedTuple):
    """What has `StartAt` and `States`: the definition, a branch of a Parallel, a Map's processor.

    Nothing is said about what its value holds: it may be as wrong as a file can be.
    """

    value: Mapping[str, Any]
    path: ValuePath = ()
    language: str = JSONPATH
    """The query language of the definition, which its containers inherit whatever the state says.

    https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
    """
    is_express: bool = False
    parent: State | None = None
    """The Map or Parallel state that it belongs to."""

    def states(self) -> Iterator[State]:
        """Its own states, not those inside them."""
        match self.value.get("States"):
            case dict(states):
                for name, value in states.items():
                    if isinstance(value, dict):
                        yield State(str(name), value, (*self.path, "States", name), self)


class State(NamedTuple):
    """A state and where it stands. Its value is a mapping, and that is all that is sure."""

    name: str
    value: Mapping[str, Any]
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
        """Whether it is a Map whose items run as executions of their own."""
        match self.value:
            case {"ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED"}}}:
                return self.type == "Map"
            case {"Iterator": {"ProcessorConfig": {"Mode": "DISTRIBUTED"}}}:
                return self.type == "Map"
        return False

    def containers(self) -> Iterator[Container]:
        """The branches of a Parallel, the processor of a Map; `Iterator` is its older name."""
        match self.value.get("Branches"):
            case list(branches) if self.type == "Parallel":
                for number, branch in enumerate(branches):
                    yield from self._inside(branch, "Branches", number)
        if self.type == "Map":
            for key in ("ItemProcessor", "Iterator"):
                yield from self._inside(self.value.get(key), key)

    def _inside(self, value: Any, *key: str | int) -> Iterator[Container]:
        if isinstance(value, dict):
            path, outer = (*self.path, *key), self.container
            yield Container(value, path, outer.language, self._is_express_inside(value), self)

    def _is_express_inside(self, value: Mapping[str, Any]) -> bool:
        match value.get("ProcessorConfig"):
            case {"Mode": "DISTRIBUTED", "ExecutionType": str(kind)}:
                return kind == "EXPRESS"
        return self.container.is_express


def root(definition: Mapping[str, Any], *, is_express: bool = False) -> Container:
    """The definition itself as a container."""
    match definition.get("QueryLanguage"):
        case str(language):
            return Container(definition, language=language, is_express=is_express)
    return Container(definition, is_express=is_express)


def containers(start: Container) -> Iterator[Container]:
    """It and all containers inside it, each before those inside of it."""
    waiting = [start]
    while waiting:
        container = waiting.pop()
        yield container
        inside = [each for state in container.states() for each in state.containers()]
        waiting += reversed(inside)


def states(start: Container) -> Iterator[State]:
    """The states of a container at any depth."""
    for container in containers(start):
        yield from container.states()
