"""The process that runs the cases of `sfnctl test`: it reads runs, and writes outcomes."""

from __future__ import annotations

import base64
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from pathlib import Path
from typing import Any, TextIO

from sfn_s3_cli.errors import SfnctlError
from sfn_s3_cli.json_types import JsonObject
from sfn_s3_cli.local import data_events, internals, repairs
from sfn_s3_cli.local.internals import APP, RESPONSES, S3, STATES, Request
from sfn_s3_cli.local.repairs import running
from sfn_s3_cli.local.testing import decisions, machines, mocks, parts, python_mocks, sequence
from sfn_s3_cli.local.testing.account import Account
from sfn_s3_cli.local.testing.case import Case, current
from sfn_s3_cli.local.testing.wire import READY, CaseObject, Failure, History, Outcome, Run

_THREADS = 8
EXECUTION = "test"
"""The name of each execution."""


def main() -> None:
    """Reads a run from each line of stdin, and writes its outcome to stdout, in any order. The
    first line says that it is ready.

    What mocks print goes to stderr, and they read nothing.
    """
    runs, answers = _take_streams()
    try:
        internals.check((RESPONSES, S3, STATES))
    except SfnctlError as error:
        sys.exit(f"{error.message}\n{error.remedy}")
    install()
    writing = threading.Lock()

    def write(text: str) -> None:
        with writing:
            answers.write(f"{text}\n")
            answers.flush()

    write(READY)
    with ThreadPoolExecutor(_THREADS) as pool:
        for line in runs:
            pool.submit(lambda run: write(answer(run)), json.loads(line))
    os._exit(0)  # no thread of a mock keeps the process alive


def _take_streams() -> tuple[TextIO, TextIO]:
    """Keeps stdin and stdout from the mocks."""
    runs = os.fdopen(os.dup(sys.stdin.fileno()), encoding="utf-8")
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), sys.stdin.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return runs, answers


def install() -> None:
    """Prepares the emulator in this process: mocks are nearest to it, and see what a service
    would."""
    mocks.install()
    sequence.install()
    repairs.install()
    decisions.install()
    data_events.install()
    parts.install()
    sequence.install_last()
    mocks.install_last()
    S3.replace("_bucket_owner_account", find_owner)


def find_owner(bucket: str) -> str | None:
    """The account that owns a bucket. Each account here is a world of its own, so that all cases
    can have the same bucket."""
    owner: str | None = RESPONSES["get_account_id"]() if bucket in S3["_buckets"] else None
    return owner


def answer(run: Run) -> str:
    """The outcome of a run as JSON. Each run has one, whatever happens."""
    began = time.perf_counter()
    try:
        return json.dumps(_run(run, began))
    except BaseException as error:  # noqa: BLE001  (the other cases go on)
        outcome = _explain(error)
        return json.dumps({**outcome, "id": run["id"], "seconds": time.perf_counter() - began})


def _explain(error: BaseException) -> Outcome:
    message = f"{type(error).__name__}: {error}"
    return {"failure": {"code": "UNEXPECTED", "message": message}}


def _run(run: Run, began: float) -> Outcome:
    case = Case(
        run["mocks"],
        run["answers"],
        has_objects=bool(run["objects"]),
        end_at=run["end_at"],
        variables=run["variables"],
        item=run["item"],
    )
    try:
        with RESPONSES["request_scope"](Account(run["account"]), run["region"]):
            outcome = _execute(run, case)
    finally:
        python_mocks.unload(case)
    return {**outcome, "id": run["id"], "seconds": time.perf_counter() - began}


def _execute(run: Run, case: Case) -> Outcome:
    for each in run["objects"]:
        _put(each)
    arn = machines.create(run["name"], run["definition"], run["type"])
    token = current.set(case)
    try:
        ended = machines.start(arn, run["input"], EXECUTION)
    finally:
        current.reset(token)
    every = STATES["_executions"]
    outcome: Outcome = {
        "status": ended["status"],
        "calls": case.calls,
        "taken": case.taken,
        "history": _read_history(every[ended["executionArn"]]),
        "children": [_read_history(each) for each in every.values() if each.get("mapRunArn")],
        "failure": case.failure or _find_gap(),
    }
    if ended["status"] == "SUCCEEDED":
        outcome["output"] = json.loads(ended["output"])
    else:
        outcome["error"], outcome["cause"] = ended.get("error", ""), ended.get("cause", "")
    return outcome


def _find_gap() -> Failure | None:
    """What the embedded cloud lacks is no failure of the workflow."""
    gaps = running.list_gaps()
    return {"code": "GAP", "message": gaps[0]} if gaps else None


def _put(wanted: CaseObject) -> None:
    """Puts an object into S3, and creates its bucket."""
    bucket = f"/{wanted['bucket']}"
    content = base64.b64decode(wanted["content"])
    for path, body in ((bucket, b""), (f"{bucket}/{wanted['key']}", content)):
        put: Callable[..., Any] = APP["call_service_handler_sync"]
        status, _headers, answered = put(S3["handle_request"], "PUT", path, {}, body, {})
        if status != HTTPStatus.OK:
            raise RuntimeError(f"S3 refused {path}: {answered.decode(errors='replace')}")


def _read_history(execution: Request) -> History:
    events = execution["events"]
    return {"map_run": execution.get("mapRunArn"), "events": [_shorten(each) for each in events]}


def _shorten(event: Request) -> tuple[int, int, str, str, JsonObject]:
    details: JsonObject = next((event[key] for key in event if key.endswith("EventDetails")), {})
    previous = event.get("previousEventId", 0)
    return event["id"], previous, event["type"], event["timestamp"], details


if __name__ == "__main__":
    main()
