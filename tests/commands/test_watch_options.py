"""Options of `watch-executions`: which executions, and whether it follows."""

from __future__ import annotations

import re

from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import Aws


def test_a_watch_that_does_not_follow_names_no_key(project: Sfnctl, aws: Aws, account: str) -> None:
    """And a status is found in any case."""
    project("deploy", "--yes")
    aws.s3.put_object(Bucket=f"orders-{account}", Key="incoming/a.json", Body=b"{}")
    options = ("--status", "succeeded", "--count", "1", "--timeout", "60s")
    assert "  SUCCEEDED  " in project("watch-executions", *options).out
    failed = project("watch-executions", "--no-follow", "--status", "Failed")
    assert failed.out == ""
    assert re.fullmatch(r"Executions of orders since \d{4}-\d\d-\d\dT\d\d:\d\dZ:\n", failed.err)
    document = project("watch-executions", "--no-follow", "--status", "SucceedeD", "-o", "json")
    assert [each["status"] for each in document.documents] == ["SUCCEEDED"]
