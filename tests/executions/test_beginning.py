"""The moment from which a watch reads executions."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from error_responses import make_error
from fake_clock import FakeClock, at

from sfn_s3_cli.executions import beginning
from sfn_s3_cli.executions.source import Upload

if TYPE_CHECKING:
    from sfn_s3_cli.aws.client import Aws


def make_aws(answer: dict[str, Any] | Exception) -> Aws:
    """An account in which S3 gives this answer to HeadObject."""

    def head_object(**_: str) -> dict[str, Any]:
        if isinstance(answer, Exception):
            raise answer
        return answer

    aws = SimpleNamespace(now=FakeClock().now, s3=SimpleNamespace(head_object=head_object))
    return cast("Aws", aws)


def test_now_is_when_the_command_began() -> None:
    """What starts while AWS is asked for the time belongs to it."""
    begin = beginning.now(make_aws({}), timedelta(seconds=3))
    assert (begin.since, begin.started_since) == (at(-3), at(-3))


def test_an_upload_is_known_by_version_and_etag() -> None:
    answer = {"LastModified": at(-60), "ETag": '"abc-2"', "VersionId": "v2"}
    begin = beginning.at_upload(make_aws(answer), "acme", "k")
    assert (begin.since, begin.started_since) == (at(-60), at(-60))
    assert begin.upload == Upload("abc-2", "v2")


def test_an_old_upload_begins_90_days_ago() -> None:
    answer = {"LastModified": at(-1e9), "ETag": '"abc"'}
    begin = beginning.at_upload(make_aws(answer), "acme", "k")
    assert (begin.since, begin.upload) == (at(-90 * 86400), Upload("abc"))


@pytest.mark.parametrize("code", ["400", "403", "404", "405"])
def test_an_object_that_cannot_be_read_begins_15_minutes_ago(code: str) -> None:
    """400 is the answer for a key of the customer (SSE-C)."""
    begin = beginning.at_upload(make_aws(make_error(code)), "acme", "k")
    assert (begin.since, begin.upload) == (at(-900), None)
    assert begin.remark.startswith("Note: s3://acme/k does not exist or may not be read:")
