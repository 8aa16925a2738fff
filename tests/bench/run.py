"""Measures sfnctl against the minimum that its work could cost, as ratios within one run.

    python tests/bench/run.py [--pairs N] [--calls] [start] [pipeline] [watch] [memory] [table]

Exits with 1 when a limit is missed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import log_bench
import memory_bench
import pipeline_bench
import table_bench
import watch_bench
from lab import Lab, Measure, lab

from sfn_s3_cli.local import process

BENCHES = ("start", "pipeline", "watch", "memory", "table")
START_PAIRS = 3
START = {
    ("--help",): ("import typer", 1.5),
    ("validate", "--offline"): ("import typer, pydantic, yaml", 2.5),
}
"""Commands without AWS, each with the imports that it cannot do without, and the limit."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("benches", nargs="*", metavar="BENCH", help=f"of {', '.join(BENCHES)}")
    parser.add_argument("--pairs", type=int, default=7, help="how many runs of each")
    parser.add_argument("--calls", action="store_true", help="show the AWS calls of the last runs")
    options = parser.parse_args()
    if unknown := set(options.benches) - set(BENCHES):
        parser.error(f"no bench is called {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory(prefix="sfnctl-bench-") as folder:
        chosen = options.benches or BENCHES
        measures = list(measure(Path(folder), chosen, options.pairs, show_calls=options.calls))
    sys.stdout.write(table(measures))
    sys.exit(0 if all(measure.is_kept for measure in measures) else 1)


def measure(
    folder: Path, benches: tuple[str, ...], pairs: int, *, show_calls: bool
) -> Iterator[Measure]:
    cloud = process.ensure(folder / "cloud")
    try:
        with lab(cloud, folder / "far", pipeline_bench.DELAY) as far:
            if "start" in benches:
                yield from measure_start(far, START_PAIRS * pairs)
            if "pipeline" in benches:
                yield from pipeline_bench.measure(far, pairs, show_calls=show_calls)
        if "watch" in benches:
            with lab(cloud, folder / "near", 0) as near:
                yield from watch_bench.measure(near)
                yield from log_bench.measure(near)
        if "memory" in benches:
            yield from memory_bench.measure()
        if "table" in benches:
            yield from table_bench.measure(pairs)
    finally:
        process.stop(folder / "cloud")


def measure_start(lab: Lab, pairs: int) -> Iterator[Measure]:
    for command, (imports, limit) in START.items():
        runs = [(lab.sfnctl(*command), lab.python("-c", imports)) for _ in range(pairs)]
        ours, least = zip(*runs, strict=True)
        yield pipeline_bench.compare_runs(" ".join(command), [*ours], [*least], limit)


def table(measures: list[Measure]) -> str:
    width = max(len(measure.name) for measure in measures)
    return "".join(
        f"{'ok' if each.is_kept else 'MISSED':6}  {each.name:{width}}  {each.value:6.2f}"
        f"  <= {each.limit:<5}  {each.details}".rstrip()
        + "\n"
        for each in measures
    )


if __name__ == "__main__":
    main()
