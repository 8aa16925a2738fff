"""Keys that an uploader makes up, from the bucket to the input of an execution."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pipelines import HELLO, pipeline_config
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import Aws

KEYS = {
    'a"b',
    "a\\",
    'x","bucket":"other',
    'x"},"bucket":"other","y":{"z":"',
    '","via":"forged","key":"',
    "a\nb",
    "日本語 +%41",
    "<time>",
    "<object>",
    "${bucket}$.bucket",
}


@pytest.mark.parametrize("via", ["cloudtrail", "s3"])
@pytest.mark.parametrize("events", [["created"], ["deleted"], ["created", "deleted"]])
def test_no_key_breaks_a_delivery_or_forges_an_input(
    project: Sfnctl, aws: Aws, account: str, via: str, events: list[str]
) -> None:
    project.write(
        "sfnctl.yaml",
        pipeline_config(account, trigger={"via": via, "events": events, "input": "object"}),
    )
    project.write("workflow.asl.json", json.dumps(HELLO))
    project("deploy", "--yes")
    bucket = f"orders-{account}"
    for key in KEYS:
        aws.s3.put_object(Bucket=bucket, Key=key, Body=b"{}")
        aws.s3.delete_object(Bucket=bucket, Key=key)
    count = len(KEYS) * len(events)
    shown = project(
        *("watch-executions", "--since", "15m", "--count", str(count), "--timeout", "60s"),
        *("--input", "full", "--output", "json"),
    ).documents
    ended = [each for each in shown if each["status"] == "SUCCEEDED"]
    assert len(ended) == count
    for each in ended:
        _assert_genuine(each, bucket, via)
    assert {each["input"]["object"]["key"] for each in ended} == KEYS
    queue = f"{aws.sqs.get_queue_url(QueueName='sfnctl-orders-dlq')['QueueUrl']}"
    assert "Messages" not in aws.sqs.receive_message(QueueUrl=queue)


def _assert_genuine(execution: dict[str, Any], bucket: str, via: str) -> None:
    given, seen = execution["input"], execution["object"]
    assert given.keys() == {"bucket", "object", "event", "time", "via"}
    assert (given["bucket"], given["via"]) == (bucket, via)
    assert given["event"] in {"PutObject", "DeleteObject"}
    about = (seen["bucket"], seen["key"], seen["event"], seen["via"])
    assert about == (bucket, given["object"]["key"], given["event"], via)
