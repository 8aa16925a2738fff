"""Executions counted by status, failed state and error."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from executions_to_show import make_ended, make_failed, make_running
from hypothesis import given
from hypothesis import strategies as st

from sfn_s3_cli.executions import summary as summary_module
from sfn_s3_cli.executions.model import LeftOut, ReadComplete, WatchEvent
from sfn_s3_cli.executions.summary import GroupKey, Summary
from sfn_s3_cli.views.human import Human
from sfn_s3_cli.views.json import Json

FAILED = GroupKey("FAILED", "Validate", "States.TaskFailed")


def summarize(*events: WatchEvent) -> Summary:
    summary = Summary()
    summary.add_all(events)
    return summary


def count(summary: Summary) -> dict[GroupKey, int]:
    return {key: group.count for key, group in summary.groups}


EVENTS: list[WatchEvent] = [
    *map(make_running, range(12)),
    *map(make_ended, range(8)),
    ReadComplete(timedelta(0)),
    make_failed(8),
    make_failed(10),
    replace(make_failed(9), failed_state=None, error="a\nb"),
]


def test_each_execution_counts_once_in_its_latest_status() -> None:
    assert count(summarize(*EVENTS)) == {
        GroupKey("SUCCEEDED"): 8,
        FAILED: 2,
        GroupKey("FAILED", None, "a\nb"): 1,
        GroupKey("RUNNING"): 1,
    }
    ended = LeftOut(make_running(11).arn)
    assert GroupKey("RUNNING") not in count(summarize(*EVENTS, ended))
    redriven = [replace(make_running(8), redrive_count=1), make_ended(8)]
    assert count(summarize(*EVENTS, *redriven))[FAILED] == 1


FIRST = "        2  FAILED at Validate: States.TaskFailed"
SECOND = r"        1  FAILED: a\nb"


def test_text_names_the_latest_failure(capsys: pytest.CaptureFixture[str]) -> None:
    Human().show(summarize(*EVENTS))
    place = "s3://acme-orders/incoming/2026-01-02/orders"
    assert capsys.readouterr().out.splitlines() == [
        "        8  SUCCEEDED",
        FIRST,
        f"           latest: 2026-01-02 12:00:03  {place}-0010.json  00000010-0000",
        SECOND,
        f"           latest: 2026-01-02 12:00:02  {place}-0009.json  00000009-0000",
        "        1  RUNNING",
        "12 executions",
    ]


def test_json_has_a_document_for_all_groups(capsys: pytest.CaptureFixture[str]) -> None:
    Json().show(summarize(replace(make_failed(1), object=None)))
    assert capsys.readouterr().out == (
        '{"v": 1, "type": "summary", "executions": 1, "groups": [{"status": "FAILED",'
        ' "failed_state": "Validate", "error": "States.TaskFailed", "count": 1, "latest":'
        ' {"arn": "arn:00000001-0000", "name": "00000001-0000",'
        ' "since": "2026-01-02T12:00:02.100Z"}}]}\n'
    )


def test_memory_stays_small(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(summary_module, "MAX_OPEN", 10)
    monkeypatch.setattr(summary_module, "MAX_GROUPS", 5)
    summary = summarize(*(replace(make_failed(each), error=f"{each}") for each in range(100)))
    assert summary.executions == 100
    assert len(summary.groups) == 6
    assert count(summary)[GroupKey("FAILED")] == 95
    assert len(summary._open) == 10
    Human().show(summary)
    assert capsys.readouterr().out.startswith("       95  FAILED\n           latest: ")
    assert all(group.latest.input == "" for _, group in summary.groups)


LIFE = [make_running(0), make_failed(0), replace(make_running(0), redrive_count=1), make_ended(0)]


@given(st.lists(st.integers(0, 3), max_size=20), st.randoms())
def test_any_order_of_changes_counts_latest_statuses(lengths: list[int], random: object) -> None:
    """Changes of one execution come in order, those of different ones in any."""
    lives = [
        [replace(each, arn=f"{number}", name=f"{number}") for each in LIFE[: length + 1]]
        for number, length in enumerate(lengths)
    ]
    expected = Counter(life[-1].status for life in lives)
    summary = Summary()
    while any(lives):
        life = random.choice([each for each in lives if each])  # type: ignore[attr-defined]
        summary.add(life.pop(0))
    counted = Counter[str]()
    for key, group in summary.groups:
        counted[key.status] += group.count
    assert counted == expected
