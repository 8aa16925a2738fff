"""Step Functions: what AWS refuses for executions of EXPRESS state machines."""

from __future__ import annotations

import uuid

from sfn_s3_cli.local.internals import STATES, Action, Answer, Request, refuse

_REFUSED = ("_describe_execution", "_get_execution_history", "_stop_execution")
_PARTS = 8
"""Of the ARN of a STANDARD execution."""


def install() -> None:
    """Makes executions of EXPRESS state machines visible only in their logs."""
    for name in _REFUSED:
        STATES.repair(name, refuse_express)


def refuse_express(original: Action, data: Request) -> Answer:
    """AWS keeps no EXPRESS execution, and refuses its ARN (Step Functions API, DescribeExecution,
    GetExecutionHistory and StopExecution: "This API action is not supported by EXPRESS")."""
    return find_refusal(data["executionArn"]) or original(data)


def find_refusal(arn: str) -> Answer | None:
    """The answer to a request about an EXPRESS execution; None for any other execution."""
    if arn.split(":")[5:6] == ["express"]:
        message = "Invalid Arn: 'Resource type not valid in this context: express'"
        return refuse("InvalidArn", message)
    execution = STATES["_executions"].get(arn)
    machine = execution and STATES["_state_machines"].get(execution["stateMachineArn"])
    if machine and machine["type"] == "EXPRESS":
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
