"""What a picture says of a state below its name: its call, its time, its error, its retries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.asl.language.resource import is_function, read_call

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.asl.language.states import State
    from sfn_s3_cli.json_types import JsonMapping

_WAITS = {
    "Seconds": "Wait {} seconds",
    "SecondsPath": "Wait {} seconds",
    "Timestamp": "Wait until {}",
    "TimestampPath": "Wait until {}",
}
_CONCURRENCY = ("MaxConcurrency", "MaxConcurrencyPath")


def describe_state(state: State) -> tuple[str, ...]:
    """Write what it does, and then its limits: how often it is tried again after an error."""
    limits = _describe_concurrency(state.value) if state.type == "Map" else ()
    return (_describe_work(state), *limits, *_describe_retries(state.value))


def _describe_work(state: State) -> str:
    match state.type:
        case "Task":
            return _describe_call(state.value)
        case "Wait":
            return _describe_wait(state.value)
        case "Fail":
            return ": ".join(["Fail", *_list_texts(state.value, "Error", "ErrorPath")[:1]])
        case "Map":
            return "Distributed Map" if state.is_distributed else "Map"
    return state.type


def _describe_call(value: JsonMapping) -> str:
    """`s3:getObject`, `glue:startJobRun.sync`, or the name of a function or an activity."""
    resource = value.get("Resource")
    if call := read_call(resource):
        suffix = f".{call.suffix}" if call.suffix else ""
        return " ".join([f"{call.service}:{call.operation}{suffix}", *_list_called(value)])
    if is_function(resource):
        return f"lambda:invoke {_name_arn(str(resource))}"
    return f"Task {_name_arn(str(resource))}" if isinstance(resource, str) else "Task"


def _list_called(value: JsonMapping) -> Iterator[str]:
    """The name of the function or state machine that a call starts, if the definition has it."""
    for arguments in (value.get("Parameters"), value.get("Arguments")):
        match arguments:
            case {"FunctionName": str(name)} | {"StateMachineArn": str(name)}:
                if not name.startswith("{%"):
                    yield _name_arn(name)


def _name_arn(text: str) -> str:
    """The name in the ARN of a function, an activity or a state machine.

    >>> _name_arn("arn:aws:lambda:eu-west-1:123456789012:function:resize:live")
    'resize:live'
    """
    return text.split(":", 6)[6] if text.startswith("arn:") and text.count(":") > 5 else text  # noqa: PLR2004


def _describe_wait(value: JsonMapping) -> str:
    for key, words in _WAITS.items():
        for text in _list_texts(value, key):
            return words.format(text)
    return "Wait"


def _describe_concurrency(value: JsonMapping) -> list[str]:
    limits = [each for each in _list_texts(value, *_CONCURRENCY) if each != "0"]
    return [f"{each} at a time" for each in limits[:1]]


def _describe_retries(value: JsonMapping) -> Iterator[str]:
    """A line for each Retrier. AWS tries three times again if it does not say how often.

    https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
    """
    for retrier in list_mappings(value, "Retry"):
        times = retrier.get("MaxAttempts", 3)
        limit = f"up to {times} {'retry' if times == 1 else 'retries'}" if times else "no retry"
        yield f"{limit}: {describe_errors(retrier, most=1)}"


def describe_errors(catcher: JsonMapping, most: int = 3) -> str:
    """The errors of a Catcher or Retrier; `any error` stands for all of them.

    >>> describe_errors({"ErrorEquals": ["States.ALL"]})
    'any error'
    >>> describe_errors({"ErrorEquals": ["A", "B", "C"]}, most=1)
    'A and 2 more'
    """
    match catcher.get("ErrorEquals"):
        case list(errors):
            names = ["any error" if each == "States.ALL" else str(each) for each in errors]
            more = f" and {len(names) - most} more" if len(names) > most else ""
            return ", ".join(names[:most]) + more
    return "?"


def list_mappings(value: JsonMapping, key: str) -> list[JsonMapping]:
    """The mappings of a list, such as the Catchers of a state; empty if there is none."""
    match value.get(key):
        case list(items):
            return [each for each in items if isinstance(each, dict)]
    return []


def _list_texts(value: JsonMapping, *keys: str) -> list[str]:
    return [str(value[key]) for key in keys if key in value]
