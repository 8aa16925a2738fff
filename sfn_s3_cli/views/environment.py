"""Environment variables for other AWS tools, as shell commands."""

from __future__ import annotations

import shlex
from dataclasses import asdict
from typing import TYPE_CHECKING

from sfn_s3_cli.local.environment import NoEnvironment
from sfn_s3_cli.views.streams import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.json_types import JsonObject
    from sfn_s3_cli.local.environment import Environment


def lines(environment: Environment | NoEnvironment) -> Iterator[Line]:
    """A shell that evaluates them fails if no cloud is running: what follows must not use AWS."""
    if isinstance(environment, NoEnvironment):
        yield Line("false  # no local cloud is running")
        return
    yield Line(f"unset {' '.join(environment.unset)}", is_verbatim=True)
    for name, value in environment.variables.items():
        yield Line(f"export {name}={shlex.quote(value)}", is_verbatim=True)


def document(environment: Environment | NoEnvironment) -> JsonObject:
    if isinstance(environment, NoEnvironment):
        return {"type": "environment", "variables": {}, "unset": []}
    return {"type": "environment", **asdict(environment)}
