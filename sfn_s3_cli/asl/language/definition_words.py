"""A definition in words: how many states it has, and which calls they make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.asl.language.resource import is_function, read_call
from sfn_s3_cli.asl.language.states import to_container, walk_states
from sfn_s3_cli.counts import Count

if TYPE_CHECKING:
    from sfn_s3_cli.asl.language.states import State
    from sfn_s3_cli.json_types import JsonMapping

_NAMED_STATES = 3


def describe_definition(definition: JsonMapping) -> list[str]:
    """Describe its size, and a line for each call with the states that make it.

    >>> sqs = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": True}
    >>> describe_definition({"StartAt": "Send", "States": {"Send": sqs}})
    ['1 state, starts at Send', 'calls sqs:sendMessage in Send']
    """
    calls = _find_calls(definition)
    states = Count(sum(1 for _ in walk_states(to_container(definition))))
    return [
        f"{states:state}, starts at {definition.get('StartAt')}",
        *(f"calls {call} in {_list_names(names)}" for call, names in calls.items()),
    ]


def summarize(definition: JsonMapping) -> str:
    """Its size and its calls in a few words."""
    states = Count(sum(1 for _ in walk_states(to_container(definition))))
    calls = [*_find_calls(definition)]
    return f"{states:state}: {', '.join(calls)}" if calls else f"{states:state} without calls"


def _find_calls(definition: JsonMapping) -> dict[str, list[str]]:
    """The states that make each call, in the order of the definition."""
    calls: dict[str, list[str]] = {}
    for state in walk_states(to_container(definition)):
        for call in _list_calls(state):
            calls.setdefault(call, []).append(state.name)
    return calls


def _list_calls(state: State) -> list[str]:
    """The call of a Task, and those with which a Map runs, reads its items and writes results."""
    fields = [state.value.get(key) for key in ("ItemReader", "ResultWriter")]
    resources = [state.value, *(each for each in fields if isinstance(each, dict))]
    calls = [_name_call(each.get("Resource")) for each in resources]
    if state.is_distributed:
        calls.append("states:startExecution for its items")
    return [each for each in calls if each]


def _name_call(resource: object) -> str:
    """`s3:getObject`, `glue:startJobRun.sync`, or the ARN of a function or an activity."""
    if call := read_call(resource):
        suffix = f".{call.suffix}" if call.suffix else ""
        return f"{call.service}:{call.operation}{suffix}"
    if is_function(resource):
        return f"lambda:invoke {resource}"
    return str(resource) if isinstance(resource, str) else ""


def _list_names(names: list[str]) -> str:
    more = len(names) - _NAMED_STATES
    named = ", ".join(names[:_NAMED_STATES])
    return f"{named} and {more} more" if more > 0 else named
