"""Pipelines for tests: configs and definitions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

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
