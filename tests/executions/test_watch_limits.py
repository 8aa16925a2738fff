"""What the options of a watch imply about its end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sfn_s3_cli.errors import UsageError
from sfn_s3_cli.executions.limits import Limits

MINUTE, FIVE = timedelta(minutes=1), timedelta(minutes=5)
CASES = [
    (Limits(), {}, Limits()),
    (Limits(), {"has_exit_status": True}, Limits(waits=True)),
    (Limits(), {"has_object": True}, Limits(1, FIVE, waits=True)),
    (Limits(timeout=MINUTE), {}, Limits(timeout=MINUTE, waits=True)),
    (Limits(2), {"has_object": True}, Limits(2, FIVE, waits=True)),
    (Limits(2, MINUTE), {}, Limits(2, MINUTE, waits=True)),
    (Limits(until_idle=MINUTE), {}, Limits(None, FIVE, MINUTE, waits=True)),
    (Limits(follow=False), {"has_object": True}, Limits(follow=False)),
    (Limits(2, follow=False), {"has_exit_status": True}, Limits(2, follow=False)),
]


@pytest.mark.parametrize(("given", "more", "expected"), CASES)
def test_options_imply_when_a_watch_ends(
    given: Limits, more: dict[str, bool], expected: Limits
) -> None:
    options = {"has_object": False, "has_exit_status": False, **more}
    assert given.complete(statuses=frozenset(), **options) == expected


@pytest.mark.parametrize("follow", [True, False])
def test_a_count_needs_a_status_that_ends(follow: bool) -> None:
    running = frozenset({"RUNNING"})
    with pytest.raises(UsageError, match="shows no end"):
        Limits(1, follow=follow).complete(statuses=running, has_object=False, has_exit_status=False)
    both = running | {"FAILED"}
    Limits(1, follow=follow).complete(statuses=both, has_object=False, has_exit_status=False)
