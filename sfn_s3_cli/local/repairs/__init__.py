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
    expressions,
    functions,
    history,
    intrinsics,
    item_reader,
    jsonata,
    limits,
    log_events,
    log_groups,
    nested,
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
    task_tokens,
    trails,
    variables,
    workflow_roles,
)

# A later repair wraps an earlier one of the same function, so this order says what sees what:
# - `event_chain` is nearest to the emulator: it chains the events of all others.
# - What evaluates a state itself (`expressions`, `jsonata`) comes before `running`, which keeps the
#   context object of the state for it.
# - What reads a state's result for its own ends (`variables`) comes after what checks it (`paths`).
# - The events of histories are completed first and written last: each wraps those before it.
_REPAIRS = (
    event_chain,
    *(alarms, bucket_abac, choices, delivery, execution_logs, executions, express, expressions),
    *(functions, intrinsics, item_reader, jsonata, limits, log_events, log_groups, nested),
    *(paths, queues, redrive, rules, task_tokens, running, s3, s3_integration, state_machines),
    *(tagging, trails, distributed_map, variables, workflow_roles, history, task_events),
    parameters,
)


def install() -> None:
    """Repairs the emulator in this process. Call it once, before the emulator serves."""
    for repair in _REPAIRS:
        repair.install()
