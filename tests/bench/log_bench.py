"""Watches 1,000 simultaneous uploads through the log: is each execution shown once, and when?"""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

from lab import ACCOUNT, BUCKET, REGION, Lab, Measure

from sfn_s3_cli.aws.client import Aws, connect_locally
from sfn_s3_cli.clock import Quota
from sfn_s3_cli.config.load import load
from sfn_s3_cli.executions.adaptive import AdaptiveSource
from sfn_s3_cli.executions.choose import find_deployed, find_log
from sfn_s3_cli.executions.logs import create_log_reader
from sfn_s3_cli.executions.model import Execution
from sfn_s3_cli.executions.poll import Poller
from sfn_s3_cli.executions.quotas import UNLIMITED
from sfn_s3_cli.executions.source import ExecutionSource, WatchOptions
from sfn_s3_cli.executions.watch import Watch
from sfn_s3_cli.iam.names import Names

if TYPE_CHECKING:
    from collections.abc import Iterator

OBJECTS, THREADS = 1000, 8
_FEW = Quota(20, 0.5)


def measure(lab: Lab) -> Iterator[Measure]:
    """Both types of state machines."""
    config = lab.config.read_text()
    for kind in ("standard", "express"):
        logging = f"  type: {kind}\n  logging: {{level: all, include_data: true}}"
        lab.config.write_text(config.replace("state_machine:\n", f"state_machine:\n{logging}\n"))
        lab.sfnctl("deploy", "--yes")
        yield _watch(lab, kind.upper())
        lab.sfnctl("teardown", "--yes", "--purge")
    lab.config.write_text(config)


def _watch(lab: Lab, kind: str) -> Measure:
    """Counts what is shown twice or never, with a start and an end."""
    aws = connect_locally(lab.cloud_url, region=REGION, account=ACCOUNT)
    keys = [f"incoming/{kind}/{number}" for number in range(OBJECTS)]
    watch, began = _make_watch(lab, aws, kind), time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        uploads = [pool.submit(aws.s3.put_object, Bucket=BUCKET, Key=key) for key in keys]
        shown = [each for each in watch if isinstance(each, Execution)]
    for upload in uploads:
        upload.result()
    seconds = time.perf_counter() - began
    changes = Counter((each.arn, each.status) for each in shown)
    ends = {each.arn for each in shown if each.started and each.stopped}
    wrong = sum(changes.values()) - len(changes) + abs(len(ends) - OBJECTS)
    name = f"1,000 {kind} by log: shown twice or never"
    return Measure(name, wrong, 0, f"{len(shown)} changes shown, {seconds:.0f} s")


def _make_watch(lab: Lab, aws: Aws, kind: str) -> Watch:
    """A quota that is soon used up makes a watch of STANDARD executions read the log."""
    pipeline, names = load(lab.config, {}), Names("bench", aws.place)
    log = find_log(find_deployed(aws, names, pipeline.state_machine), names)
    assert log is not None
    options = WatchOptions(
        aws.clock.now(),
        count=OBJECTS,
        timeout=timedelta(minutes=5),
        interval=timedelta(seconds=0.5),
    )
    source: ExecutionSource = create_log_reader(aws, log)
    if kind == "STANDARD":
        quotas = UNLIMITED._replace(describe_execution=_FEW)
        poller = Poller(aws.stepfunctions, names.state_machine_arn, quotas, aws.clock)
        source = AdaptiveSource(poller, source, aws.clock)
    return Watch(source, options, aws.clock)
