"""Step Functions: state machines, with their revisions and versions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from http import HTTPStatus

from sfn_s3_cli.local import roles
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
from sfn_s3_cli.local.repairs import running

NO_ROLE = (
    "Neither the global service principal states.amazonaws.com, nor the regional one is authorized"
    " to assume the provided role."
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
    STATES.repair("_restore_state", restore)


def create(original: Action, data: Request) -> Answer:
    """Checks definition and log destination, keeps tracing and compares it for idempotency; a new
    state machine has no revision id (Step Functions API, CreateStateMachine)."""
    if refused := _check_definition(data) or _check_logging(data):
        return refused
    region, account = RESPONSES["get_region"](), RESPONSES["get_account_id"]()
    arn = f"arn:aws:states:{region}:{account}:stateMachine:{data['name']}"
    machines = STATES["_state_machines"]
    if refused := _check_role(data, arn) or _check_deleting(arn):
        return refused
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
    arn = data["stateMachineArn"]
    if refused := (
        _check_definition(data)
        or _check_logging(data)
        or _check_role(data, arn)
        or _check_deleting(arn)
    ):
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
    """Waits until no execution is running: each ends at its next state. Deletes aliases and
    versions too; deleting a missing state machine succeeds (Step Functions API,
    DeleteStateMachine)."""
    arn = data["stateMachineArn"]
    if arn not in STATES["_state_machines"]:
        return respond({})
    for execution in STATES["_executions"].values():
        if execution["stateMachineArn"] == arn and execution["status"] == "RUNNING":
            STATES["_state_machines"][arn]["status"] = "DELETING"
            return respond({})
    for store in (STATES["_state_machine_aliases"], STATES["_state_machine_versions"]):
        for qualified in store:
            if qualified.rpartition(":")[0] == arn:
                del store[qualified]
    return original(data)


def restore(original: Callable[[Request], None], data: Request) -> None:
    """After a restart nothing runs, and the deletions that waited for that can end."""
    original(data)
    for machine in list(STATES["_state_machines"].all_values()):
        if running.is_deleting(machine):
            _, _, _, region, account, *_ = machine["stateMachineArn"].split(":")
            with RESPONSES["request_scope"](account, region):
                STATES["_delete_state_machine"]({"stateMachineArn": machine["stateMachineArn"]})


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


def _check_role(data: Request, arn: str) -> Answer | None:
    """Step Functions must be able to assume the role when it is given (Step Functions Guide,
    "Creating an IAM role for your state machine")."""
    role_arn = data.get("roleArn")
    if not role_arn or roles.can_assume(role_arn, "states", arn):
        return None
    return refuse("AccessDeniedException", NO_ROLE)


def _check_deleting(arn: str) -> Answer | None:
    if not running.is_deleting(STATES["_state_machines"].get(arn)):
        return None
    return refuse("StateMachineDeleting", f"State Machine is being deleted: '{arn}'")


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
