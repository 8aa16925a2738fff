"""The table of a watch on a terminal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from textwrap import dedent

from rich.console import Console

from sfn_s3_cli.events.s3_object import S3Object
from sfn_s3_cli.executions.model import Execution
from sfn_s3_cli.views.human import make_table

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def make_execution(key: str, status: str, seconds: float | None = None) -> Execution:
    return Execution(
        arn=f"arn:{key}",
        name=key,
        status=status,
        started=NOON,
        stopped=None if seconds is None else NOON + timedelta(seconds=seconds),
        object=S3Object("acme", key, "PutObject", "2026-01-01T12:00:00Z", "s3", 1400),
    )


def test_table_fits_the_width_of_the_terminal() -> None:
    console = Console(width=72, color_system=None, force_terminal=True)
    with console.capture() as shown:
        console.print(
            make_table(
                [
                    make_execution("in/a.json", "SUCCEEDED", 0.25),
                    make_execution("in/\x1b[31m" + 8 * "long", "SUCCEEDED", 61),
                    make_execution("in/b.json", "RUNNING"),
                ],
                "summary",
            )
        )
    assert "\n".join(line.rstrip() for line in shown.get().splitlines()) + "\n" == dedent("""\
        TIME                 STATUS     KEY               SIZE  EVENT       TOOK
        2026-01-01 12:00:00  SUCCEEDED  in/a.json       1.4 kB  PutObject   0.2s
        2026-01-01 12:01:01  SUCCEEDED  in/\\x1b[31mlon  1.4 kB  PutObject  61.0s
                                        glonglonglongl
                                        onglonglonglon
                                        g
        2026-01-01 12:00:00  RUNNING    in/b.json       1.4 kB  PutObject
        """)
