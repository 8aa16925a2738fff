"""Repairs where the emulator differs from AWS and sfnctl relies on it.

The docstrings name the pages of AWS's documentation that say how AWS behaves.
"""

from __future__ import annotations

from sfn_s3_cli.local.repairs import (
    alarms,
    bucket_abac,
    choices,
    delivery,
    distributed_map,
    event_chain,
    execution_logs,
    executions,
    express,
    functions,
    history,
    intrinsics,
    jsonata,
    log_events,
    log_groups,
    parameters,
    paths,
    queues,
    redrive,
    rules,
    running,
    s3,
    s3_integration,
    state_machines,
    tagging,
    task_events,
    trails,
    variables,
    workflow_roles,
)

# The events of histories are completed first and written last: each wraps those before it.
_REPAIRS = (
    event_chain,
    *(
        alarms,
        bucket_abac,
        choices,
        delivery,
        execution_logs,
        executions,
        express,
        functions,
        log_events,
        log_groups,
    ),
    *(paths, queues, redrive, rules, running, s3, s3_integration, state_machines, tagging, trails),
    *(distributed_map, intrinsics, jsonata, variables, workflow_roles, history, task_events, parameters),
)


def install() -> None:
    """Repairs the emulator in this process. Call it once, before the emulator serves."""
    for repair in _REPAIRS:
        repair.install()
