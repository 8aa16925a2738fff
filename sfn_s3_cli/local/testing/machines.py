"""State machines that only the interpreter has."""

from __future__ import annotations

import json
from typing import Any

from sfn_s3_cli.json_types import JsonObject
from sfn_s3_cli.local.internals import RESPONSES, STATES


def create(name: str, definition: JsonObject, type_: str = "STANDARD") -> str:
    """Creates or replaces one; returns its ARN. Without a timeout: no time passes in a test."""
    account, region = RESPONSES["get_account_id"](), RESPONSES["get_region"]()
    arn = f"arn:aws:states:{region}:{account}:stateMachine:{name}"
    timeless = {key: value for key, value in definition.items() if key != "TimeoutSeconds"}
    STATES["_state_machines"][arn] = {
        "stateMachineArn": arn,
        "name": name,
        "definition": json.dumps(timeless),
        "roleArn": f"arn:aws:iam::{account}:role/{name}",
        "type": type_,
        "creationDate": STATES["now_iso"](),
        "status": "ACTIVE",
        "loggingConfiguration": {"level": "OFF", "includeExecutionData": False},
    }
    return arn


def start(arn: str, value: object, name: str) -> JsonObject:
    """Runs an execution to its end; returns what StartSyncExecution answers."""
    request = {"stateMachineArn": arn, "input": json.dumps(value), "name": name}
    body: Any = json.loads(STATES["_start_sync_execution"](request)[2])
    answer: JsonObject = body
    return answer
