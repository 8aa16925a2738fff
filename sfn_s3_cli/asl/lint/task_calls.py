"""The call that a Task makes: the service, and the field with the parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sfn_s3_cli.asl.language.resource import read_call
from sfn_s3_cli.asl.language.states import JSONATA

if TYPE_CHECKING:
    from sfn_s3_cli.asl.language.resource import ServiceCall
    from sfn_s3_cli.asl.language.states import State


class TaskCall(NamedTuple):
    """A Task that calls a service."""

    state: State
    call: ServiceCall
    field: str
    """`Parameters` or `Arguments`."""

    @property
    def name(self) -> str:
        return self.call.name

    @property
    def parameters(self) -> Any:
        return self.state.value.get(self.field)


def read_task(state: State) -> TaskCall | None:
    """Reads the call of a Task; None for functions, activities and other types of states."""
    call = read_call(state.value.get("Resource")) if state.type == "Task" else None
    field = "Arguments" if state.language == JSONATA else "Parameters"
    return TaskCall(state, call, field) if call else None
