"""A folder with a pipeline, as users of the pytest plugin have it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipelines import HELLO, machine


def write_config(folder: Path, definition: Mapping[str, Any] = HELLO, **changes: Any) -> Path:
    config = {
        "name": "orders",
        "bucket": "acme-orders",
        "trigger": {"via": "s3", "prefix": "in/", "input": "object"},
        "state_machine": machine(),
        **changes,
    }
    (folder / "workflow.asl.json").write_text(json.dumps(definition))
    path = folder / "sfnctl.yaml"
    path.write_text(json.dumps(config))
    return path
