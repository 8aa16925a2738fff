"""Step Functions: what AWS refuses for executions of EXPRESS state machines."""

from __future__ import annotations

import json
import uuid
from http import HTTPStatus

from sfn_s3_cli.local.internals import STATES, Action, Answer, Request, refuse, respond

_REFUSED = ("_get_execution_history", "_stop_execution")
_PARTS = 8
"""Of the ARN of a STANDARD execution."""


def install() -> None:
    """Makes executions of EXPRESS state machines visible only in their logs."""
    for name in _REFUSED:
        STATES.repair(name, refuse_express)
    STATES.repair("_describe_execution", describe)


def refuse_express(original: Action, data: Request) -> Answer:
    """AWS keeps no EXPRESS execution, and refuses its ARN (Step Functions API, DescribeExecution,
    GetExecutionHistory and StopExecution: "This API action is not supported by EXPRESS")."""
    return find_refusal(data["executionArn"]) or original(data)


def describe(original: Action, data: Request) -> Answer:
    """Like `refuse_express`, except for an execution that a Map Run started: "Executions of an
    EXPRESS state machine aren't supported by DescribeExecution unless a Map Run dispatched them"
    (Step Functions API, DescribeExecution)."""
    arn: str = data["executionArn"]
    own = arn.rpartition(":")[0].replace(":express:", ":execution:", 1)
    if not is_express_child(own) or express_arn(own) != arn:
        return refuse_express(original, data)
    answered = original({**data, "executionArn": own})
    if answered[0] != HTTPStatus.OK:
        return answered
    return respond({**json.loads(answered[2]), "executionArn": arn})


def is_express_child(execution_arn: str) -> bool:
    """Whether a Map Run started it as an EXPRESS execution."""
    execution = STATES["_executions"].get(execution_arn) or {}
    run = STATES["_map_runs"].get(execution.get("mapRunArn")) or {}
    return bool(run.get("_isExpress"))


def find_refusal(arn: str) -> Answer | None:
    """The answer to a request about an EXPRESS execution; None for any other execution."""
    if arn.split(":")[5:6] == ["express"]:
        message = "Invalid Arn: 'Resource type not valid in this context: express'"
        return refuse("InvalidArn", message)
    execution = STATES["_executions"].get(arn)
    machine = execution and STATES["_state_machines"].get(execution["stateMachineArn"])
    if (machine and machine["type"] == "EXPRESS") or is_express_child(arn):
        return refuse("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'")
    return None


def express_arn(execution_arn: str) -> str:
    """`arn:aws:states:REGION:ACCOUNT:express:MACHINE:EXECUTION:UUID`.

    The emulator has `execution` for `express`, and the UUID only in an execution whose name is not
    its first.
    """
    arn = execution_arn.replace(":execution:", ":express:", 1)
    has_uuid = len(arn.split(":")) > _PARTS
    return arn if has_uuid else f"{arn}:{uuid.uuid5(uuid.NAMESPACE_URL, execution_arn)}"
