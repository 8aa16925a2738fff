"""Measures sfnctl against the minimum that its work could cost, as ratios within one run.

    python tests/bench/run.py [--pairs N] [--calls] [help] [pipeline] [watch] [memory]

Exits with 1 when a limit is missed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import memory_bench
import pipeline_bench
import watch_bench
from lab import Lab, Measure, lab

from sfn_s3_cli.local import process

BENCHES = ("help", "pipeline", "watch", "memory")
HELP_RATIO, HELP_PAIRS = 1.5, 3


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
            if "help" in benches:
                yield measure_help(far, HELP_PAIRS * pairs)
            if "pipeline" in benches:
                yield from pipeline_bench.measure(far, pairs, show_calls=show_calls)
        if "watch" in benches:
            with lab(cloud, folder / "near", 0) as near:
                yield from watch_bench.measure(near)
        if "memory" in benches:
            yield from memory_bench.measure()
    finally:
        process.stop(folder / "cloud")


def measure_help(lab: Lab, pairs: int) -> Measure:
    runs = [(lab.sfnctl("--help"), lab.python("-c", "import typer")) for _ in range(pairs)]
    ours, least = zip(*runs, strict=True)
    return pipeline_bench.compare_runs("--help", [*ours], [*least], HELP_RATIO)


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
