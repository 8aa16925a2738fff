"""Pipelines for tests: configs and definitions, and what becomes of them on AWS."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sfn_s3_cli.apply import apply
from sfn_s3_cli.aws import Aws
from sfn_s3_cli.config.schema import Pipeline
from sfn_s3_cli.desired import Node, nothing, wiring
from sfn_s3_cli.observe import observe
from sfn_s3_cli.outcome import Failed, Skipped
from sfn_s3_cli.plan import Change, Plan, make_plan


def pipeline_config(account: str, **changes: Any) -> str:
    """A config file as text: a pipeline `orders` in that account, with keys replaced."""
    config: dict[str, Any] = {
        "name": "orders",
        "account": account,
        "bucket": f"orders-{account}",
        "trigger": {"prefix": "incoming/"},
        "state_machine": {"definition": "workflow.asl.json"},
        **changes,
    }
    return json.dumps(config)


HELLO: Mapping[str, Any] = {
    "StartAt": "Hello",
    "States": {"Hello": {"Type": "Pass", "End": True}},
}


def wired(aws: Aws, **changes: Any) -> tuple[Node, ...]:
    """The wiring of `pipeline_config` in the account of `aws`."""
    config = json.loads(pipeline_config(aws.place.account, **changes))
    return wiring(Pipeline.model_validate(config), dict(HELLO), aws.place)


def planned(aws: Aws, nodes: tuple[Node, ...], **choices: bool) -> Plan:
    return make_plan(nodes, observe(nodes, aws), **choices)


def carried_out(aws: Aws, nodes: tuple[Node, ...], **choices: bool) -> Plan:
    """The plan that was applied; every change of it was made."""
    plan = planned(aws, nodes, **choices)
    assert not plan.conflicts
    missed = [event for event in apply(plan, aws) if isinstance(event, Failed | Skipped)]
    assert not missed
    return plan


def torn_down(aws: Aws, nodes: tuple[Node, ...], **choices: bool) -> Plan:
    return carried_out(aws, nothing(nodes), **choices)


def told(plan: Plan) -> str:
    """The pending and the kept changes, one a line, with the fields of updates."""
    return "\n".join(_told(change) for change in (*plan.pending, *plan.kept))


def _told(change: Change) -> str:
    fields = ", ".join(field.path for field in change.fields) if change.observed else ""
    detail = change.why or fields
    return f"{change.action.value} {change.address}" + (f": {detail}" if detail else "")
