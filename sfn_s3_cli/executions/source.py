"""Where a watch reads executions: one interface for all sources, and what a watch asks of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import IntEnum, auto
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from sfn_s3_cli.events.s3_object import S3Object
    from sfn_s3_cli.executions.model import Execution


class Depth(IntEnum):
    """How much of each execution a watch needs."""

    STATUS = auto()
    """Its status and times, and why it failed."""
    OBJECT = auto()
    """Also its object, unless that would delay the others."""
    INPUT = auto()
    """Also its object and input, whatever the delay."""


@dataclass(frozen=True)
class Upload:
    """One of several uploads to the same key."""

    etag: str
    version_id: str | None = None

    def may_be(self, found: S3Object) -> bool:
        """Whether an event can be about this upload: it need not name the version or the ETag."""
        if self.version_id and found.version_id:
            return self.version_id == found.version_id
        return found.etag in {None, self.etag}


@dataclass(frozen=True)
class WatchOptions:
    """What to show, and when to end.

    Changes after `since` are read. Of these, only executions that started at `started_since` or
    later are shown, with one of the `statuses` (any, if empty), and with an object whose key
    matches the glob `key` and equals `object_key`, if it may be from that `upload`. With
    `waits_for_errors`, no failure is shown without its error, whatever the delay.
    """

    since: datetime
    started_since: datetime | None = None
    statuses: frozenset[str] = frozenset()
    key: str | None = None
    object_key: str | None = None
    upload: Upload | None = None
    waits_for_errors: bool = False
    depth: Depth = Depth.OBJECT
    count: int | None = None
    timeout: timedelta | None = None
    until_idle: timedelta | None = None
    follow: bool = True
    interval: timedelta = timedelta(seconds=2)

    @property
    def needs_object(self) -> bool:
        """Whether it depends on its object if an execution is shown."""
        return self.key is not None or self.object_key is not None

    def shorten(self, passed: timedelta) -> WatchOptions:
        """The same options after a part of the timeout has passed."""
        if self.timeout is None:
            return self
        return replace(self, timeout=max(self.timeout - passed, timedelta(0)))

    def may_include(self, listed: Execution) -> bool:
        """Whether to show an execution, as far as its status and its start can tell."""
        is_unknown = listed.started is None
        return self._has_status(listed) and (is_unknown or self._is_recent(listed))

    def includes(self, execution: Execution) -> bool:
        """Whether to show an execution that is read completely."""
        return self._has_status(execution) and self.concerns(execution)

    def concerns(self, execution: Execution) -> bool:
        """Whether to show it in any of its statuses: then the watch is not idle while it runs."""
        return self._is_recent(execution) and self._has_key(execution)

    def _has_status(self, execution: Execution) -> bool:
        return not self.statuses or execution.status in self.statuses

    def _is_recent(self, execution: Execution) -> bool:
        if self.started_since is None:
            return True
        return execution.started is not None and execution.started >= self.started_since

    def _has_key(self, execution: Execution) -> bool:
        if not self.needs_object:
            return True
        found = execution.object
        if found is None or self.object_key not in {None, found.key}:
            return False
        if self.upload and not self.upload.may_be(found):
            return False
        return self.key is None or fnmatchcase(found.key, self.key)


class ExecutionSource(Protocol):
    """Gives the executions of one state machine."""

    overlap: timedelta
    """A change may become readable this much later than it happened."""

    oldest_first: bool
    """Whether it gives what happened first before the rest, so that this need not wait for that.
    Those that are running may come last."""

    def list_changes(self, since: datetime) -> Iterable[Execution]:
        """Reads the latest status of every execution that came into it after `since`.

        In any order, perhaps repeatedly, and perhaps without object, input, error and cause.
        """
        ...

    def complete(
        self, executions: Sequence[Execution], options: WatchOptions
    ) -> Iterator[Execution]:
        """Gives the same executions in the same order, with what the list lacks.

        This is the start if the options depend on it, the object and the input to their `depth`,
        and of failures the error, the cause and the failed state. The failed state is read only if
        the options include the execution. Executions that have their input already need no call
        for it.
        """
        ...
