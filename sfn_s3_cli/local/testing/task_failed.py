"""The error that a mock in Python raises."""

from __future__ import annotations


class TaskFailed(Exception):  # noqa: N818  (as the event of a history)
    """Fails the task that a mock stands for, with this error and cause."""

    def __init__(self, error: str, cause: str = "") -> None:
        super().__init__(f"{error}: {cause}" if cause else error)
        self.error = error
        self.cause = cause
