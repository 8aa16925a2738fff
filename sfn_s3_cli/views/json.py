"""Results as JSON documents, for programs."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TextIO

from sfn_s3_cli.checks.report import Verdict
from sfn_s3_cli.local import process
from sfn_s3_cli.local.environment import Environment
from sfn_s3_cli.reconcile.diff import ABSENT, Field
from sfn_s3_cli.reconcile.outcome import Failed, Outcome
from sfn_s3_cli.reconcile.plan import Change, Conflict, Plan
from sfn_s3_cli.reconcile.status import Status
from sfn_s3_cli.templates import Catalogue, Scaffold
from sfn_s3_cli.views import problems, streams

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sfn_s3_cli.aws.calls import Call
    from sfn_s3_cli.errors import SfnctlError
    from sfn_s3_cli.executions.model import Execution
    from sfn_s3_cli.reconcile.outcome import Event
    from sfn_s3_cli.views import Shown

Document = dict[str, Any]

VERSION = 1


class Json:
    """One document for a result, one on a line of its own for each thing that comes in time."""

    def show(self, result: Shown) -> None:
        _write(sys.stdout, document(result))

    def announce(self, plan: Plan) -> None:
        """The outcome will hold the plan."""

    def progress(self, event: Event) -> None:
        """The outcome will hold the events."""

    def follow(self, executions: Iterable[Execution], detail: str) -> None:
        for each in executions:
            _write(sys.stdout, execution(each, detail))

    def emit(self, text: str) -> None:
        streams.write(sys.stdout, text + "\n")

    def remark(self, text: str) -> None:
        _write(sys.stderr, {"type": "remark", "text": text})

    def call(self, call: Call) -> None:
        _write(sys.stderr, {"type": "call", **call._asdict()})

    def error(self, error: SfnctlError) -> None:
        found = [problems.document(each) for each in getattr(error, "problems", ())]
        about = {"type": "error", "message": error.message, "exit_code": int(error.exit_code)}
        remedy = {"remedy": error.remedy} if error.remedy else {}
        _write(sys.stderr, {**about, **remedy, **({"problems": found} if found else {})})


def document(result: Shown) -> Document:
    match result:
        case Plan():
            return {"type": "plan", **_plan(result)}
        case Outcome():
            return _outcome(result)
        case Status():
            return _status(result)
        case Scaffold():
            return {
                "type": "init",
                "folder": str(result.folder),
                "written": [str(path) for path in result.written],
            }
        case Verdict():
            return _verdict(result)
        case process.Running(cloud):
            return _cloud("running", cloud)
        case process.Stale(cloud):
            return _cloud("stale", cloud)
        case process.Stopped():
            return {"type": "local", "status": "stopped"}
        case Environment():
            return {"type": "environment", **asdict(result)}
        case Catalogue():
            return {"type": "templates", **asdict(result)}


def _verdict(verdict: Verdict) -> Document:
    return {
        "type": "validate",
        "valid": verdict.is_valid,
        "config": str(verdict.config),
        "definition": verdict.definition and str(verdict.definition),
        "problems": [problems.document(each) for each in verdict.problems],
        "not_checked": list(verdict.not_checked),
    }


def _plan(plan: Plan) -> Document:
    return {
        "changes": [_change(change) for change in plan.pending],
        "conflicts": [_conflict(each) for each in plan.conflicts],
        "kept": [{**change.address._asdict(), "why": change.why} for change in plan.kept],
        "notes": list(plan.notes),
        "fingerprint": plan.fingerprint,
    }


def _conflict(conflict: Conflict) -> Document:
    told = {"why": conflict.why, "remedy": conflict.remedy}
    return {**conflict.address._asdict(), **told}


def _change(change: Change) -> Document:
    return {
        "action": change.action.name.lower(),
        **change.address._asdict(),
        "fields": [_field(field) for field in change.fields],
    }


def _field(field: Field) -> Document:
    sides = {"before": field.before, "after": field.after}
    return {"path": field.path} | {k: v for k, v in sides.items() if v is not ABSENT}


def _outcome(outcome: Outcome) -> Document:
    return {
        "type": outcome.verb,
        **_plan(outcome.plan),
        "kept": [{**each.change.address._asdict(), "why": each.why} for each in outcome.kept],
        "done": [change.address._asdict() for change in outcome.done],
        "failed": [_failed(event) for event in outcome.failed],
        "not_begun": [change.address._asdict() for change in outcome.open],
        "skipped": [
            {**e.change.address._asdict(), "because": str(e.because)} for e in outcome.skipped
        ],
    }


def _failed(event: Failed) -> Document:
    told = {**event.change.address._asdict(), "error": str(event.error)}
    remedy = getattr(event.error, "remedy", "")
    return told | ({"remedy": remedy} if remedy else {})


def _status(status: Status) -> Document:
    return {
        "type": "status",
        "resources": [
            {**row.address._asdict(), "state": row.state, "detail": row.detail}
            for row in status.rows
        ],
        "dead_letters": status.dead_letters,
        "executions": None
        if status.executions is None
        else [execution(each, "summary") for each in status.executions],
    }


def _cloud(state: str, cloud: process.Cloud) -> Document:
    return {
        "type": "local",
        "status": state,
        "endpoint_url": cloud.endpoint_url,
        "pid": cloud.pid,
        "log": str(cloud.log),
    }


def execution(execution: Execution, detail: str) -> Document:
    """One status of one execution; what is not known is left out."""
    told: Document = {
        "type": "execution",
        "arn": execution.arn,
        "name": execution.name,
        "status": execution.status,
        "started": _time(execution.started),
    }
    if execution.stopped:
        told["stopped"] = _time(execution.stopped)
    if detail != "none":
        told["object"] = execution.object.document() if execution.object else None
    if detail == "full" and execution.input is not None:
        told["input"] = _parsed(execution.input)
    if execution.error is not None:
        told["error"] = execution.error
    if execution.cause is not None:
        told["cause"] = execution.cause
    return told


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _write(stream: TextIO | None, told: Document) -> None:
    streams.write(stream, json.dumps({"v": VERSION, **told}, default=str) + "\n")
