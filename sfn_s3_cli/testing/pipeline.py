"""A deployed pipeline as tests use it: uploads, waits for executions, reads what they wrote."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from sfn_s3_cli.events.s3_object import S3Object
    from sfn_s3_cli.executions.steps import Step
    from sfn_s3_cli.testing.cloud import LocalAccount
    from sfn_s3_cli.testing.deployment import Deployment

Body: TypeAlias = "bytes | str | Path | Mapping[str, Any] | Sequence[Any]"
"""What to upload: the content, a file, or a document that is written as JSON."""

_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.02, 0.5  # seconds


@dataclass(frozen=True)
class Upload:
    """A change of an object that may start an execution. `call` is the call to S3 that made it."""

    key: str
    call: str = "PutObject"
    etag: str | None = None
    version_id: str | None = None
    size: int | None = None

    @property
    def event(self) -> str:
        return "deleted" if self.call == "DeleteObject" else "created"

    def may_have_caused(self, found: S3Object | None) -> bool:
        """Whether an event may be about it; not every event names the version or the ETag."""
        if found is None or (found.key, found.event) != (self.key, self.call):
            return False
        known = ((self.etag, found.etag), (self.version_id, found.version_id))
        return all(mine == theirs for mine, theirs in known if mine and theirs)


@dataclass(frozen=True)
class Execution:
    """An execution as it was when it was read. `input` and `output` are parsed.

    `path` has the names of its states in order; after a Map or Parallel follows a list for each of
    its iterations or branches. `steps` say more: status, attempts, error, input and output of each.
    """

    arn: str
    name: str
    status: str
    input: Any = None
    output: Any = None
    error: str | None = None
    cause: str | None = None
    object: S3Object | None = None
    steps: tuple[Step, ...] = field(default=(), repr=False)
    path: Sequence[Any] = ()

    @property
    def has_ended(self) -> bool:
        return self.status != "RUNNING"


class NotEndedError(AssertionError):
    """The execution that a test waits for has not ended in time."""


class Pipeline:
    """A pipeline that is deployed in an account of the embedded cloud."""

    def __init__(self, account: LocalAccount, deployment: Deployment) -> None:
        self.account = account
        self.name = deployment.config.name
        self.bucket = deployment.config.bucket.name
        self._deployment = deployment
        self._changes: list[Upload] = []

    def client(self, service: str) -> Any:
        """A boto3 client for the pipeline's account, such as `client("dynamodb")`."""
        return self.account.client(service)

    def upload(self, key: str, body: Body = b"") -> Upload:
        """Uploads an object to the bucket: text, bytes, a file, or a document to write as JSON."""
        content = _encode(body)
        answer = self.client("s3").put_object(Bucket=self.bucket, Key=key, Body=content)
        etag, version_id = answer["ETag"].strip('"'), answer.get("VersionId")
        return self._note(Upload(key, "PutObject", etag, version_id, len(content)))

    def delete(self, key: str) -> Upload:
        """Deletes an object, for a trigger with `events: [deleted]`."""
        self.client("s3").delete_object(Bucket=self.bucket, Key=key)
        return self._note(Upload(key, "DeleteObject"))

    def _note(self, change: Upload) -> Upload:
        self._changes.append(change)
        return change

    def read(self, key: str) -> bytes:
        """The content of an object in the bucket."""
        content: bytes = self.client("s3").get_object(Bucket=self.bucket, Key=key)["Body"].read()
        return content

    def list_keys(self, prefix: str = "") -> list[str]:
        """The keys in the bucket that begin with this, sorted."""
        pages = self.client("s3").get_paginator("list_objects_v2")
        found = pages.paginate(Bucket=self.bucket, Prefix=prefix)
        return [each["Key"] for page in found for each in page.get("Contents", ())]

    def executions(self) -> list[Execution]:
        """All executions, in the order in which they started."""
        return self._deployment.read_executions()

    def wait(self, upload: Upload | str | None = None, timeout: float = 30) -> Execution:
        """The execution that an upload started, when it has ended, also if it failed.

        By default this is the last upload. A key stands for its last upload; the workflow itself
        may have made it. NotEndedError says what ran instead.
        """
        __tracebackhide__ = True
        wanted = self._choose(upload)
        if mismatch := self._deployment.find_mismatch(wanted):
            raise NotEndedError(f"{wanted.key!r} starts no execution: {mismatch}")
        deadline, pause = time.monotonic() + timeout, _SHORTEST_PAUSE
        while True:
            arn = self._find(wanted)
            if arn and self._deployment.has_ended(arn):
                return self._deployment.read_execution(arn)
            if time.monotonic() >= deadline:
                raise NotEndedError(self._deployment.describe_silence(wanted, arn, timeout))
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _choose(self, upload: Upload | str | None) -> Upload:
        if isinstance(upload, Upload):
            return upload
        for each in reversed(self._changes):
            if upload in {None, each.key}:
                return each
        if upload is None:
            raise ValueError("nothing was uploaded yet: name the upload or its key")
        return Upload(upload)

    def _find(self, wanted: Upload) -> str | None:
        """The ARN of its execution: each upload, in turn, started the first one that fits."""
        left = self._deployment.list_started()
        every = self._changes if any(each is wanted for each in self._changes) else [wanted]
        for change in every:
            found = next((each for each in left if change.may_have_caused(each.object)), None)
            if change is wanted:
                return found.arn if found else None
            if found:
                left.remove(found)
        return None


def _encode(body: Body) -> bytes:
    match body:
        case bytes():
            return body
        case str():
            return body.encode()
        case Path():
            return body.read_bytes()
    return json.dumps(body).encode()
