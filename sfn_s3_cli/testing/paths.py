"""The path of an execution: the names of its states in order, nested as the states are. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sfn_s3_cli.executions.steps import Step


def list_path(steps: Iterable[Step]) -> list[Any]:
    """After the name of a Map or Parallel follows a list for each of its iterations or branches."""
    path: list[Any] = []
    inner: dict[tuple[str, ...], list[Any]] = {(): path}
    for step in steps:
        if step.path not in inner:
            inner[step.path] = []
            inner[step.path[:-1]].append(inner[step.path])
        inner[step.path].append(step.name)
    return path
