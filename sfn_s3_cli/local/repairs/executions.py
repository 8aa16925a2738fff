"""Step Functions: starts, describes and lists executions."""

from __future__ import annotations

import json
import uuid
from contextvars import ContextVar
from http import HTTPStatus
from typing import Any

from sfn_s3_cli.local.internals import STATES, Action, Answer, Request, refuse, respond
from sfn_s3_cli.local.repairs import limits, running
from sfn_s3_cli.local.repairs.express import express_arn, is_express_child
from sfn_s3_cli.local.repairs.redrive import make_definition

_PAGE = 100
_ALL = 10**9
_REDRIVE = ("redriveCount", "redriveDate")

# The version that this thread starts or runs; the thread of an execution inherits it.
_version_arn: ContextVar[str | None] = ContextVar("version_arn", default=None)


def install() -> None:
    """Makes executions behave as on AWS."""
    STATES.replace("_state_machines", _create_versioned_store())
    STATES.repair("_start_execution", start)
    STATES.repair("_start_sync_execution", start_and_wait)
    STATES.repair("_describe_execution", describe)
    STATES.repair("_list_executions", list_executions)


def start(original: Action, data: Request) -> Answer:
    """Input must be JSON of at most 256 KiB; starting a running STANDARD execution again with the
    same input returns that execution; a version or an alias runs that version (Step Functions API,
    StartExecution)."""
    if refused := _check_input(data.get("input", "{}")):
        return refused
    arn = data["stateMachineArn"]
    machine = STATES["_state_machines"].get(STATES["_resolve_state_machine_arn"](arn))
    if running.is_deleting(machine):
        return refuse("StateMachineDeleting", f"State Machine is being deleted: '{arn}'")
    if machine and data.get("name"):
        existing = STATES["_executions"].get(_execution_arn(machine, data["name"]))
        if existing and machine["type"] == "EXPRESS":
            data = {**data, "name": f"{data['name']}:{uuid.uuid4()}"}
        elif existing and _is_same_start(existing, data):
            return respond({key: existing[key] for key in ("executionArn", "startDate")})
    token = _version_arn.set(STATES["_execution_version_arn"](arn))
    try:
        answered = original(data)
    finally:
        _version_arn.reset(token)
    return _complete_start(answered, machine, arn) if answered[0] == HTTPStatus.OK else answered


def start_and_wait(original: Action, data: Request) -> Answer:
    """Only an execution that succeeds has an output (Step Functions API, StartSyncExecution)."""
    if refused := _check_input(data.get("input", "{}")):
        return refused
    answered = original(data)
    if answered[0] != HTTPStatus.OK:
        return answered
    return respond(_drop_output(json.loads(answered[2])))


def describe(original: Action, data: Request) -> Answer:
    """Adds the version and the alias that the execution was started with. Only an execution that
    succeeds has an output (Step Functions API, DescribeExecution)."""
    answered = original(data)
    if answered[0] != HTTPStatus.OK:
        return answered
    body = _drop_output(json.loads(answered[2]))
    return respond({**body, **_find_origin(body["executionArn"])})


def _drop_output(body: Request) -> Request:
    """The emulator writes the error into the output too."""
    if body["status"] == "SUCCEEDED":
        return body
    return {key: body[key] for key in body if key not in {"output", "outputDetails"}}


def list_executions(original: Action, data: Request) -> Answer:
    """An alias or a version lists the executions that were started with it, an EXPRESS state
    machine lists none, and a page has 100 by default (Step Functions API, ListExecutions)."""
    size = data.get("maxResults") or _PAGE
    arn = data.get("stateMachineArn")
    if arn is None:
        return _list_children(original({**data, "maxResults": size}))
    base_arn = STATES["_resolve_state_machine_arn"](arn)
    if base_arn is None:
        return refuse("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")
    if STATES["_state_machines"].get(base_arn)["type"] == "EXPRESS":
        return refuse(
            "StateMachineTypeNotSupported",
            "This operation is not supported by this type of state machine",
        )
    wanted = size if arn == base_arn else _ALL
    answered = original({**data, "stateMachineArn": base_arn, "maxResults": wanted})
    if answered[0] != HTTPStatus.OK:
        return answered
    body = json.loads(answered[2])
    executions = [
        {**found, "redriveCount": 0, **_find_origin(found["executionArn"], *_REDRIVE)}
        for found in body["executions"]
    ]
    if arn == base_arn:
        return respond({**body, "executions": executions})
    executions = [execution for execution in executions if arn in execution.values()]
    page = executions[:size]
    more = {"nextToken": STATES["_encode_execution_token"](page[-1])} if executions[size:] else {}
    return respond({"executions": page, **more})


def _list_children(answered: Answer) -> Answer:
    """The executions of a Map Run; EXPRESS ones have another form of ARN."""
    if answered[0] != HTTPStatus.OK:
        return answered
    body = json.loads(answered[2])
    for each in body["executions"]:
        if is_express_child(each["executionArn"]):
            each["executionArn"] = express_arn(each["executionArn"])
    return respond(body)


def _check_input(text: str) -> Answer | None:
    if len(text.encode(errors="surrogatepass")) > limits.MOST_BYTES:
        return refuse(
            "ValidationException",
            "1 validation error detected: Value at 'input' failed to satisfy constraint: "
            "Member must have length less than or equal to 262144",
        )
    try:
        json.loads(text)
    except ValueError as error:
        return refuse("InvalidExecutionInput", f"Invalid State Machine Execution Input: '{error}'")
    return None


def _execution_arn(machine: Request, name: str) -> str:
    arn: str = machine["stateMachineArn"]
    return f"{arn.replace(':stateMachine:', ':execution:')}:{name}"


def _is_same_start(existing: Request, data: Request) -> bool:
    same_input: bool = existing["input"] == data.get("input", "{}")
    return existing["status"] == "RUNNING" and same_input


def _complete_start(answered: Answer, machine: Request, arn: str) -> Answer:
    """Keeps the version and the alias; the ARN of an EXPRESS execution has another form."""
    body = json.loads(answered[2])
    execution = STATES["_executions"].get(body["executionArn"])
    version_arn = STATES["_execution_version_arn"](arn)
    if execution is not None and version_arn is not None:
        execution["stateMachineVersionArn"] = version_arn
        if arn != version_arn:
            execution["stateMachineAliasArn"] = arn
    if machine["type"] == "EXPRESS":
        body["executionArn"] = express_arn(body["executionArn"])
    return respond(body)


def _find_origin(execution_arn: str, *more: str) -> dict[str, str]:
    execution = STATES["_executions"].get(execution_arn) or {}
    names = ("stateMachineVersionArn", "stateMachineAliasArn", *more)
    return {name: execution[name] for name in names if name in execution}


def _create_versioned_store() -> Any:
    """The emulator's store of state machines; but for the thread of an execution, and for one that
    starts a version, with the definition and the role of that execution or version."""
    store = type(STATES["_state_machines"])

    def get(self: Any, arn: str | None, default: Any = None) -> Any:
        machine = store.get(self, arn, default)
        execution = running.find_execution()
        if machine and execution and execution["stateMachineArn"] == arn:
            return {**machine, **execution["machine"], "definition": make_definition(execution)}
        version = STATES["_state_machine_versions"].get(_version_arn.get())
        if version is None or version["stateMachineArn"] != arn:
            return machine
        return {**machine, "definition": version["definition"], "roleArn": version["roleArn"]}

    return type("VersionedMachines", (store,), {"__slots__": (), "get": get})()
