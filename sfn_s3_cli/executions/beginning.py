"""The moment from which a watch reads executions."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.aws.errors import DENIED, call_or_none
from sfn_s3_cli.clock import format_minute
from sfn_s3_cli.errors import UsageError
from sfn_s3_cli.executions.source import Upload

if TYPE_CHECKING:
    from datetime import datetime

    from sfn_s3_cli.aws.client import Aws

KEPT_BY_AWS = timedelta(days=90)
HISTORY = timedelta(minutes=15)
"""How far back a watch starts that waits for nothing."""

# The clock of this machine may be ahead of AWS's.
_CLOCKS_DIFFER = timedelta(minutes=5)


class Beginning(NamedTuple):
    """Where a watch begins.

    Changes of status after `since` are read. If the watch waits, it leaves out executions that had
    started before `started_since`.
    """

    since: datetime
    started_since: datetime | None
    remark: str = ""
    """What to tell the user about it."""
    is_now: bool = False
    upload: Upload | None = None
    """Which upload to wait for, if the object was found."""


def at(aws: Aws, since: timedelta | datetime, *, waits: bool) -> Beginning:
    """Begins at a moment that the user chose; UsageError if it is in the future."""
    now = aws.now()
    moment = now - min(since, KEPT_BY_AWS) if isinstance(since, timedelta) else since
    if moment > now + _CLOCKS_DIFFER:
        raise UsageError(
            f"--since {format_minute(moment)} is in the future",
            f"AWS's clock says {format_minute(now)}",
        )
    moment = max(moment, now - KEPT_BY_AWS)
    return Beginning(moment, moment if waits else None)


def now(aws: Aws, passed: timedelta) -> Beginning:
    """Begins when the command began, by AWS's clock: so much time has passed since.

    Earlier executions are none of those that the user waits for.
    """
    moment = aws.now() - passed
    return Beginning(moment, moment, is_now=True)


def at_upload(aws: Aws, bucket: str, key: str) -> Beginning:
    """Begins when S3 says that the object was written: its execution cannot have started earlier.

    For a multipart upload this is when the upload began, so older versions may have started
    executions since. Without `s3:ListBucket`, S3 answers AccessDenied for an object that does not
    exist; with a key of the customer (SSE-C), BadRequest.
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
    """
    head = partial(aws.s3.head_object, Bucket=bucket, Key=key)
    found = call_or_none(head, "400", "404", "NoSuchKey", "405", *DENIED)
    if found is not None:
        moment = max(found["LastModified"], aws.now() - KEPT_BY_AWS)
        upload = Upload(found["ETag"].strip('"'), found.get("VersionId"))
        return Beginning(moment, moment, upload=upload)
    moment = aws.now() - HISTORY
    remark = (
        f"Note: s3://{bucket}/{key} does not exist or may not be read:"
        f" looking for executions since {format_minute(moment)}."
    )
    return Beginning(moment, moment, remark)
