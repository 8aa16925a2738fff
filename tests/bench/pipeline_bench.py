"""A pipeline's first deploy, a deploy with nothing to do, and its teardown."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from lab import ACCOUNT, REGION, Lab, Measure, Run

from sfn_s3_cli.checks import offline
from sfn_s3_cli.config.load import load
from sfn_s3_cli.iam.arns import Place
from sfn_s3_cli.reconcile.desired import wiring
from sfn_s3_cli.resources.role import Role, note_statements

DELAY = 0.05
RATIO, PEAK_MB = 1.5, 120

FLOOR = str(Path(__file__).with_name("floor.py"))
STEPS = {
    "first deploy": (["deploy", "--yes"], "deploy"),
    "deploy, nothing to do": (["deploy", "--yes"], "check"),
    "teardown": (["teardown", "--yes"], "remove"),
}


def describe_role(role: Role) -> dict[str, Any]:
    """The role with the tag that notes its statements among the others."""
    return {**asdict(role), "tags": {**role.tags, **note_statements(role)}}


def measure(lab: Lab, pairs: int, *, show_calls: bool) -> list[Measure]:
    """Deploys, checks and removes the pipeline, with sfnctl and with the floor in turn."""
    wanted = lab.folder / "wanted.json"
    wanted.write_text(json.dumps(read_wanted(lab)))
    check_floor(lab, wanted)
    ours: dict[str, list[Run]] = {step: [] for step in STEPS}
    floor: dict[str, list[Run]] = {step: [] for step in STEPS}
    for _ in range(pairs):
        for step, (arguments, _) in STEPS.items():
            ours[step].append(lab.sfnctl(*arguments))
        for step, (_, verb) in STEPS.items():
            floor[step].append(run_floor(lab, verb, wanted))
    if show_calls:
        for step in STEPS:
            show(f"{step}, sfnctl", ours[step][-1])
            show(f"{step}, floor", floor[step][-1])
    peak = max(run.peak_mb for run in ours["first deploy"])
    return [
        *(compare_runs(step, ours[step], floor[step], RATIO) for step in STEPS),
        Measure("peak memory of a deploy, MB", peak, PEAK_MB),
    ]


def compare_runs(name: str, ours: list[Run], floor: list[Run], limit: float) -> Measure:
    """Takes the median of the ratios of the pairs: a busy machine slows both runs of a pair."""
    ratio = median(our.seconds / its.seconds for our, its in zip(ours, floor, strict=True))
    times = [f"{median(run.seconds for run in runs):.3f}" for runs in (ours, floor)]
    details = f"{' / '.join(times)} s"
    if ours[-1].calls:
        details += f", {len(ours[-1].calls)} / {len(floor[-1].calls)} calls"
    return Measure(name, ratio, limit, details)


def run_floor(lab: Lab, verb: str, wanted: Path) -> Run:
    return lab.python(FLOOR, verb, lab.endpoint_url, str(wanted))


def check_floor(lab: Lab, wanted: Path) -> None:
    """Checks that sfnctl and the floor create the same pipeline.

    These runs, which do not count, also warm what the system caches.
    """
    run_floor(lab, "deploy", wanted)
    lab.sfnctl("plan", "--exit-code")
    run_floor(lab, "remove", wanted)
    lab.sfnctl("deploy", "--yes")
    run_floor(lab, "check", wanted)
    lab.sfnctl("teardown", "--yes")


def read_wanted(lab: Lab) -> dict[str, Any]:
    """The pipeline's resources for floor.py, with the roles in order of creation."""
    pipeline = load(lab.config, {})
    document = offline.check(lab.config, pipeline).document.value
    nodes = wiring(pipeline, document, Place("aws", ACCOUNT, REGION))
    wanted = [node.resource for node in nodes if node.wanted]
    return {
        "account": ACCOUNT,
        **{resource.kind: asdict(resource) for resource in wanted},
        "roles": [describe_role(resource) for resource in wanted if isinstance(resource, Role)],
    }


def show(title: str, run: Run) -> None:
    """Prints each call of a run: when it began and how long it took, in milliseconds."""
    lines = [f"{title}: {run.seconds:.3f} s, the first call at 0"]
    for call in run.calls:
        began, took = call.began - run.calls[0].began, call.ended - call.began
        lines.append(f"  {began * 1000:6.0f} {took * 1000:5.0f}  {call.name}")
    sys.stdout.write("\n".join(lines) + "\n")
