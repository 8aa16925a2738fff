"""State machines that only the interpreter has."""

from __future__ import annotations

import json
from http import HTTPStatus

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
    status, _headers, answered = STATES["_start_sync_execution"](request)
    body: JsonObject = json.loads(answered)
    if status != HTTPStatus.OK:
        raise RefusedError(str(body["message"]))
    return body


class RefusedError(Exception):
    """AWS would not start this execution."""
