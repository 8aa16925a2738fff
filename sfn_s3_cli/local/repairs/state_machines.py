"""Step Functions: state machines, their revisions and versions."""

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
    answer,
    refusal,
)

# The revision of a machine that was never updated: so PublishStateMachineVersion calls it, while
# DescribeStateMachine leaves it out.
_INITIAL = "INITIAL"
_NO_TRACING = {"enabled": False}


def install() -> None:
    """Make state machines behave as on AWS."""
    STATES.repair("_create_state_machine", create)
    STATES.repair("_update_state_machine", update)
    STATES.repair("_describe_state_machine", describe)
    STATES.repair("_publish_state_machine_version", publish)
    STATES.repair("_delete_state_machine", delete)


def create(original: Action, data: Request) -> Answer:
    """Definition and log destination are checked, tracing counts for idempotency and is kept, a
    new machine has no revision id (Step Functions API, CreateStateMachine)."""
    if refused := _refused_definition(data) or _refused_logging(data):
        return refused
    region, account = RESPONSES["get_region"](), RESPONSES["get_account_id"]()
    arn = f"arn:aws:states:{region}:{account}:stateMachine:{data['name']}"
    machines = STATES["_state_machines"]
    tracing = data.get("tracingConfiguration", _NO_TRACING)
    existed = arn in machines
    if existed and machines[arn]["tracingConfiguration"] != tracing:
        return refusal("StateMachineAlreadyExists", f"State Machine Already Exists: '{arn}'")
    answered = original(data)
    if answered[0] == HTTPStatus.OK and not existed:
        machines[arn].update(tracingConfiguration=tracing, revisionId=_INITIAL)
        _complete_version(answered, machines[arn])
    return answered


def update(original: Action, data: Request) -> Answer:
    """A definition or a role must be given, what is omitted stays, the revision is told
    (Step Functions API, UpdateStateMachine)."""
    if "definition" not in data and "roleArn" not in data:
        return refusal(
            "MissingRequiredParameter", "Either the definition or the role ARN must be specified"
        )
    if refused := _refused_definition(data) or _refused_logging(data):
        return refused
    answered = original(data)
    if answered[0] != HTTPStatus.OK:
        return answered
    machine = STATES["_state_machines"][data["stateMachineArn"]]
    if "tracingConfiguration" in data:
        machine["tracingConfiguration"] = data["tracingConfiguration"]
    _complete_version(answered, machine)
    return answer({**json.loads(answered[2]), "revisionId": machine["revisionId"]})


def describe(original: Action, data: Request) -> Answer:
    """Tracing is told, also of versions; a machine that was never updated has no revision id
    (Step Functions API, DescribeStateMachine)."""
    answered = original(data)
    if answered[0] != HTTPStatus.OK:
        return answered
    body = json.loads(answered[2])
    if body.get("revisionId") == _INITIAL:
        del body["revisionId"]
    version = STATES["_state_machine_versions"].get(data["stateMachineArn"])
    if version is not None:
        body["tracingConfiguration"] = version["tracingConfiguration"]
    return answer(body)


def publish(original: Action, data: Request) -> Answer:
    """One version per revision: publishing the same revision again gives the same version
    (Step Functions API, PublishStateMachineVersion)."""
    arn = data["stateMachineArn"]
    machine = STATES["_state_machines"].get(arn)
    wanted = data.get("revisionId")
    if machine is not None and wanted in (None, machine["revisionId"]):
        for version in _versions(arn):
            if version["stateMachineRevisionId"] == machine["revisionId"]:
                return answer(
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
    """A machine takes its aliases and versions along and ends its executions; deleting a missing
    one succeeds (Step Functions API, DeleteStateMachine)."""
    arn = data["stateMachineArn"]
    if arn not in STATES["_state_machines"]:
        return answer({})
    for execution in STATES["_executions"].values():
        if execution["stateMachineArn"] == arn and execution["status"] == "RUNNING":
            execution["status"] = "ABORTED"
    for store in (STATES["_state_machine_aliases"], STATES["_state_machine_versions"]):
        for qualified in store:
            if qualified.rpartition(":")[0] == arn:
                del store[qualified]
    return original(data)


def _complete_version(answered: Answer, machine: Request | None) -> None:
    """Give the version that a call published what the emulator's snapshot leaves out."""
    version_arn = json.loads(answered[2]).get("stateMachineVersionArn")
    if version_arn and machine:
        STATES["_state_machine_versions"][version_arn].update(
            tracingConfiguration=machine["tracingConfiguration"],
            stateMachineRevisionId=machine["revisionId"],
        )


def _versions(arn: str) -> Iterator[Request]:
    for version in STATES["_state_machine_versions"].values():
        if version["stateMachineArn"] == arn:
            yield version


def _refused_definition(data: Request) -> Answer | None:
    if "definition" not in data:
        return None
    try:
        definition = json.loads(data["definition"])
        problem = "" if definition["StartAt"] in definition["States"] else "StartAt names no state"
    except (ValueError, KeyError, TypeError):
        problem = "not a JSON object with StartAt and States"
    if not problem:
        return None
    return refusal(
        "InvalidDefinition",
        f"Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: {problem}'",
    )


def _refused_logging(data: Request) -> Answer | None:
    for destination in data.get("loggingConfiguration", {}).get("destinations", []):
        arn = destination["cloudWatchLogsLogGroup"]["logGroupArn"]
        group = arn.partition(":log-group:")[2].removesuffix(":*")
        if not arn.endswith(":*") or LOGS["_log_groups"].get(group) is None:
            return refusal(
                "InvalidLoggingConfiguration",
                f"Invalid Logging Configuration: Log Destination '{arn}' is not valid",
            )
    return None
