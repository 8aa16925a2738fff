"""Watches 1,000 simultaneous uploads: is each execution shown once, and with how many calls?"""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from lab import ACCOUNT, BUCKET, REGION, Lab, Measure

from sfn_s3_cli.aws.client import connect_locally

OBJECTS, THREADS = 1000, 8
DESCRIBES_PER_END = 1.1
ENDED = {"SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"}


def measure(lab: Lab) -> list[Measure]:
    """Starts the watch with the uploads, so that it sees running executions and changing pages."""
    lab.sfnctl("deploy", "--yes")
    keys = [f"incoming/{number}" for number in range(OBJECTS)]
    s3 = connect_locally(lab.cloud_url, region=REGION, account=ACCOUNT).s3
    with ThreadPoolExecutor(THREADS) as pool:
        uploads = [pool.submit(s3.put_object, Bucket=BUCKET, Key=key) for key in keys]
        options = ["--since", "15m", "--count", str(OBJECTS), "--timeout", "5m", "--output", "json"]
        watch = lab.sfnctl("watch-executions", *options)
    for upload in uploads:
        upload.result()
    lab.sfnctl("teardown", "--yes", "--purge")
    shown = [json.loads(line) for line in watch.out.splitlines()]
    changes = Counter((each["name"], each["status"]) for each in shown)
    ends = Counter(each["object"]["key"] for each in shown if each["status"] in ENDED)
    wrong = sum(changes.values()) - len(changes) + len(ends.keys() ^ set(keys))
    describes = sum(call.name.endswith(".DescribeExecution") for call in watch.calls)
    lists = sum(call.name.endswith(".ListExecutions") for call in watch.calls)
    seen = f"{len(shown)} changes shown"
    asked = f"{describes} DescribeExecution, {lists} ListExecutions, {watch.seconds:.0f} s"
    return [
        Measure("1,000 objects: shown twice or never", wrong, 0, seen),
        Measure(
            "DescribeExecution per finished one", describes / OBJECTS, DESCRIBES_PER_END, asked
        ),
    ]
