"""Step Functions: state machines, with their revisions and versions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http import HTTPStatus

from sfn_s3_cli.local.internals import (
    LOGS,
    RESPONSES,
    STATES,
    Action,
    Answer,
    Request,
    refuse,
    respond,
)

# The revision of a state machine that was never updated: PublishStateMachineVersion accepts this
# name, DescribeStateMachine returns no revision.
_INITIAL = "INITIAL"
_NO_TRACING = {"enabled": False}


def install() -> None:
    """Makes state machines behave as on AWS."""
    STATES.repair("_create_state_machine", create)
    STATES.repair("_update_state_machine", update)
    STATES.repair("_describe_state_machine", describe)
    STATES.repair("_publish_state_machine_version", publish)
    STATES.repair("_delete_state_machine", delete)


def create(original: Action, data: Request) -> Answer:
    """Checks definition and log destination, keeps tracing and compares it for idempotency; a new
    state machine has no revision id (Step Functions API, CreateStateMachine)."""
    if refused := _check_definition(data) or _check_logging(data):
        return refused
    region, account = RESPONSES["get_region"](), RESPONSES["get_account_id"]()
    arn = f"arn:aws:states:{region}:{account}:stateMachine:{data['name']}"
    machines = STATES["_state_machines"]
    tracing = data.get("tracingConfiguration", _NO_TRACING)
    existed = arn in machines
    if existed and machines[arn]["tracingConfiguration"] != tracing:
        return refuse("StateMachineAlreadyExists", f"State Machine Already Exists: '{arn}'")
    answered = original(data)
    if answered[0] == HTTPStatus.OK and not existed:
        machines[arn].update(tracingConfiguration=tracing, revisionId=_INITIAL)
        _complete_version(answered, machines[arn])
    return answered


def update(original: Action, data: Request) -> Answer:
    """Requires a definition or a role, keeps what is omitted, and returns the revision id (Step
    Functions API, UpdateStateMachine)."""
    if "definition" not in data and "roleArn" not in data:
        return refuse(
            "MissingRequiredParameter", "Either the definition or the role ARN must be specified"
        )
    if refused := _check_definition(data) or _check_logging(data):
        return refused
    answered = original(data)
    if answered[0] != HTTPStatus.OK:
        return answered
    machine = STATES["_state_machines"][data["stateMachineArn"]]
    if "tracingConfiguration" in data:
        machine["tracingConfiguration"] = data["tracingConfiguration"]
    _complete_version(answered, machine)
    return respond({**json.loads(answered[2]), "revisionId": machine["revisionId"]})


def describe(original: Action, data: Request) -> Answer:
    """Returns tracing, for versions too, and no definition with METADATA_ONLY; a state machine that
    was never updated has no revision id (Step Functions API, DescribeStateMachine)."""
    answered = original(data)
    if answered[0] != HTTPStatus.OK:
        return answered
    body = json.loads(answered[2])
    if data.get("includedData") == "METADATA_ONLY":
        body["definition"] = "{}"
    if body.get("revisionId") == _INITIAL:
        del body["revisionId"]
    version = STATES["_state_machine_versions"].get(data["stateMachineArn"])
    if version is not None:
        body["tracingConfiguration"] = version["tracingConfiguration"]
    return respond(body)


def publish(original: Action, data: Request) -> Answer:
    """Publishing the same revision again returns the same version (Step Functions API,
    PublishStateMachineVersion)."""
    arn = data["stateMachineArn"]
    machine = STATES["_state_machines"].get(arn)
    wanted = data.get("revisionId")
    if machine is not None and wanted in (None, machine["revisionId"]):
        for version in _find_versions(arn):
            if version["stateMachineRevisionId"] == machine["revisionId"]:
                return respond(
                    {
                        "stateMachineVersionArn": version["stateMachineVersionArn"],
                        "creationDate": version["creationDate"],
                    }
                )
    answered = original(data)
    if answered[0] == HTTPStatus.OK:
        _complete_version(answered, machine)
    return answered


def delete(original: Action, data: Request) -> Answer:
    """Deletes aliases and versions too and ends the executions; deleting a missing state machine
    succeeds (Step Functions API, DeleteStateMachine)."""
    arn = data["stateMachineArn"]
    if arn not in STATES["_state_machines"]:
        return respond({})
    for execution in STATES["_executions"].values():
        if execution["stateMachineArn"] == arn and execution["status"] == "RUNNING":
            execution["status"] = "ABORTED"
    for store in (STATES["_state_machine_aliases"], STATES["_state_machine_versions"]):
        for qualified in store:
            if qualified.rpartition(":")[0] == arn:
                del store[qualified]
    return original(data)


def _complete_version(answered: Answer, machine: Request | None) -> None:
    """Adds to a published version what the emulator leaves out."""
    version_arn = json.loads(answered[2]).get("stateMachineVersionArn")
    if version_arn and machine:
        STATES["_state_machine_versions"][version_arn].update(
            tracingConfiguration=machine["tracingConfiguration"],
            stateMachineRevisionId=machine["revisionId"],
        )


def _find_versions(arn: str) -> Iterator[Request]:
    for version in STATES["_state_machine_versions"].values():
        if version["stateMachineArn"] == arn:
            yield version


def _check_definition(data: Request) -> Answer | None:
    if "definition" not in data:
        return None
    try:
        definition = json.loads(data["definition"])
        problem = "" if definition["StartAt"] in definition["States"] else "StartAt names no state"
    except (ValueError, KeyError, TypeError):
        problem = "not a JSON object with StartAt and States"
    if not problem:
        return None
    return refuse(
        "InvalidDefinition",
        f"Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: {problem}'",
    )


def _check_logging(data: Request) -> Answer | None:
    for destination in data.get("loggingConfiguration", {}).get("destinations", []):
        arn = destination["cloudWatchLogsLogGroup"]["logGroupArn"]
        group = arn.partition(":log-group:")[2].removesuffix(":*")
        if not arn.endswith(":*") or LOGS["_log_groups"].get(group) is None:
            return refuse(
                "InvalidLoggingConfiguration",
                f"Invalid Logging Configuration: Log Destination '{arn}' is not valid",
            )
    return None
