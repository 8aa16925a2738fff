"""Step Functions: an execution may do only what the role of its state machine may do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

from sfn_s3_cli.iam.arns import Place
from sfn_s3_cli.local import roles
from sfn_s3_cli.local.internals import RESPONSES, STATES, Request
from sfn_s3_cli.local.repairs import running
from sfn_s3_cli.local.repairs.denials import make_error
from sfn_s3_cli.local.repairs.state_machines import NO_ROLE

_PUT = "arn:aws:states:::s3:putObject"

_other_role: ContextVar[str | None] = ContextVar("other_role", default=None)


def install() -> None:
    """Checks each call of an execution against the policies of its role."""
    STATES.repair("_execute_task", execute_task)
    STATES.repair("_invoke_resource", invoke)
    STATES.repair("_invoke_with_callback", invoke)
    STATES.repair("_run_distributed_map", run_map)
    STATES.repair("_read_map_items", read_items)


def execute_task(
    original: Callable[..., Any], state: Request, value: Any, execution: Request, context: Request
) -> Any:
    """Reads the role of the state's Credentials (Step Functions Guide, "Task state")."""
    token = _other_role.set(_read_credentials(state, value, context))
    try:
        return original(state, value, execution, context)
    finally:
        _other_role.reset(token)


def _read_credentials(state: Request, value: Any, context: Request) -> str | None:
    credentials = state.get("Credentials")
    if not credentials:
        return None
    if STATES["_state_query_language"](state, context) == "JSONata":
        filled = STATES["_apply_jsonata_template"](credentials, value, context)
    else:
        filled = STATES["_resolve_params_obj"](credentials, value, context)
    role_arn: str | None = filled.get("RoleArn")
    return role_arn


def invoke(original: Callable[..., Any], resource: str, arguments: Any, *more: Any) -> Any:
    """Checks the call before it is made (Step Functions Guide, "How Step Functions works with
    IAM"). TestState has no execution and is not checked."""
    state = {"Type": "Task", "Resource": resource, "Parameters": arguments}
    _check(state, resource)
    return original(resource, arguments, *more)


def run_map(
    original: Callable[..., Any],
    state: Request,
    raw_input: Any,
    effective: Any,
    processor: Request,
    *more: Any,
) -> Any:
    """A Distributed Map starts its items as executions (Guide, "IAM policies for Distributed Map
    states")."""
    _check(
        {"Type": "Map", "ItemProcessor": processor, "Label": state.get("Label")},
        "arn:aws:states:::states:startExecution",
    )
    return original(state, raw_input, effective, processor, *more)


def read_items(original: Callable[..., Any], reader: Request, effective: Any, context: Any) -> Any:
    """An ItemReader reads with the role too (Guide, "Error names")."""
    template = reader.get("Parameters") or reader.get("Arguments") or {}
    parameters = STATES["_resolve_params_obj"](template, effective, context)
    resource = reader.get("Resource", "")
    state = {"Type": "Task", "Resource": _to_sdk(resource), "Parameters": parameters}
    if denial := _find_denial(state):
        raise STATES["_ExecutionError"]("States.ItemReaderFailed", denial.message)
    return original(reader, effective, context)


def check_results(parameters: Request) -> None:
    """A ResultWriter writes with the role (Guide, "Error names")."""
    state = {"Type": "Task", "Resource": _to_sdk(_PUT), "Parameters": parameters}
    if denial := _find_denial(state):
        raise STATES["_ExecutionError"]("States.ResultWriterFailed", denial.message)


def _to_sdk(resource: str) -> str:
    return resource.replace(":::s3:", ":::aws-sdk:s3:")


def require(resource: str, request: roles.Request) -> None:
    """Fails the call to `resource` if the role may not make the request."""
    execution = running.find_execution()
    if execution is None or roles.is_lenient():
        return
    if denial := roles.find_denial(_assume(execution), [request]):
        raise make_error(resource, denial)


def _check(state: Request, resource: str) -> None:
    if denial := _find_denial(state):
        raise make_error(resource, denial)


def _find_denial(state: Request) -> roles.Denial | None:
    execution = running.find_execution()
    if execution is None or roles.is_lenient():
        return None
    return roles.find_denial(_assume(execution), list_requests(state, execution))


def _assume(execution: Request) -> roles.Session:
    """The session of the state machine's role, or of the one that the state's Credentials name."""
    role_arn = execution["machine"]["roleArn"]
    if not roles.can_assume(role_arn, "states", execution["stateMachineArn"]):
        raise _refuse(NO_ROLE)
    session, other = roles.Session(role_arn, execution["name"]), _other_role.get()
    if other is None:
        return session
    if roles.find_denial(session, [roles.assume(other)]):
        raise _refuse(
            f"The role {role_arn} is not authorized to assume the task state's role, {other}."
        )
    return roles.Session(other, execution["name"])


def _refuse(cause: str) -> Exception:
    error: Exception = STATES["_ExecutionError"]("States.Permissions", cause)
    return error


def list_requests(state: Request, execution: Request) -> Iterator[roles.Request]:
    """What the call needs: the same tables say it that the role's policy is derived from."""
    from sfn_s3_cli.asl.language.states import State, to_container  # noqa: PLC0415  (few need it)
    from sfn_s3_cli.asl.permissions.calls import find_calls  # noqa: PLC0415  (as above)
    from sfn_s3_cli.asl.permissions.needs import find_needs  # noqa: PLC0415  (as above)
    from sfn_s3_cli.asl.permissions.resource_arns import MachineIdentity  # noqa: PLC0415  (as above)
    from sfn_s3_cli.asl.permissions.unscoped_actions import has_resources  # noqa: PLC0415  (as above)
    from sfn_s3_cli.documents.findings import Finding  # noqa: PLC0415  (as above)

    place = Place("aws", RESPONSES["get_account_id"](), RESPONSES["get_region"]())
    machine = MachineIdentity(place, execution["stateMachineArn"].split(":")[6])
    found = State("", state, (), to_container({}))
    needed: dict[tuple[str, Any], list[str]] = {}
    for call in find_calls(found, None):
        if not isinstance(call, Finding):
            for need in find_needs(call, machine):
                one = need.permission
                needed.setdefault((one.action, one.conditions), []).append(one.resource)
    for (action, conditions), resources in needed.items():
        keys = {each.key.lower(): each.values[0] for each in conditions}
        for choice in _find_choices(action, resources):
            encoded = tuple(map(roles.encode, choice))
            yield roles.Request(action, encoded, keys, has_resources(action))


def _find_choices(action: str, resources: list[str]) -> Iterator[list[str]]:
    """The resources of which each is enough: a state machine and its alias. A function without a
    version is that function alone."""
    if action.partition(":")[0] not in {"lambda", "states"}:
        yield from ([each] for each in resources)
        return
    choices: dict[str, list[str]] = {}
    for each in resources:
        choices.setdefault(":".join(each.split(":")[:7]), []).append(each)
    for unqualified, found in choices.items():
        yield [each for each in found if each != f"{unqualified}:*"] or found
