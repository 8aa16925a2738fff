"""An execution as lines, as a JSON document, and for GitHub Actions."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from executions_to_show import make_ended, make_failed, make_running
from fake_terminal import FakeTerminal
from sfnctl_script import Sfnctl

from sfn_s3_cli.events.s3_object import S3Object
from sfn_s3_cli.executions.model import Execution, WatchEvent
from sfn_s3_cli.views import execution as execution_view
from sfn_s3_cli.views import pretty_json, step_summary
from sfn_s3_cli.views.human import Human
from sfn_s3_cli.views.json import Json

NOT_READ = replace(make_ended(1), object=None, input=None)
NO_OBJECT = replace(make_ended(1), object=None)


def write(execution: Execution, detail: str = "summary") -> str:
    return "".join(f"{line.text}\n" for line in execution_view.lines(execution, detail))


def test_a_line_says_where_and_why_an_execution_failed() -> None:
    assert write(make_failed(1)) == (
        "2026-01-02 12:00:02  FAILED at Validate: States.TaskFailed  "
        "s3://acme-orders/incoming/2026-01-02/orders-0001.json  1.4 kB  PutObject by alice  2.0s  "
        "00000001-0000\n    cause: no such table\n"
    )
    hostile = replace(make_failed(1), failed_state="\x1b[2J\n", error="\x9b", cause="\x07")
    assert r"FAILED at \x1b[2J\n: \x9b  s3" in write(hostile)


@pytest.mark.parametrize(
    ("execution", "detail", "text"),
    [
        (NO_OBJECT, "summary", "  (no S3 object)  "),
        (NOT_READ, "summary", "  (object not read)  "),
        (NOT_READ, "none", "SUCCEEDED  2.0s"),
    ],
)
def test_a_line_says_if_the_object_is_unknown(execution: Execution, detail: str, text: str) -> None:
    assert text in write(execution, detail)


def test_a_document_has_no_object_if_it_was_not_read() -> None:
    assert execution_view.document(NO_OBJECT, "summary")["object"] is None
    assert "object" not in execution_view.document(NOT_READ, "summary")
    assert "object" not in execution_view.document(make_ended(1), "none")
    assert execution_view.document(make_failed(1), "summary")["failed_state"] == "Validate"


INPUT = json.dumps({"key": "a\u202e\x9b\ue000é" * 30, "list": [1, None, True]}, ensure_ascii=False)


def follow(monkeypatch: pytest.MonkeyPatch, stream: FakeTerminal) -> str:
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    Human().follow([replace(make_ended(1), input=INPUT)], "full")
    return stream.getvalue()


class Pipe(FakeTerminal):
    def isatty(self) -> bool:
        return False


def test_a_full_input_is_whole_json_with_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    """Escaped as in JSON, so that it can be copied from a terminal and read from a pipe."""
    plain = follow(monkeypatch, Pipe())
    assert json.loads(plain.partition("\n")[2]) == json.loads(INPUT)
    assert plain.isprintable() or {*filter(lambda each: not each.isprintable(), plain)} == {"\n"}
    coloured = follow(monkeypatch, FakeTerminal())
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain
    body = coloured.partition("\n")[2]
    assert len({*re.findall(r"\x1b\[[\d;]*m", body)}) > 3, "keys, texts and numbers differ"


def test_an_input_that_was_cut_off_is_shown_as_text() -> None:
    lines = [line.text for line in pretty_json.lines('{"a": "b\x1b\nc', "  ")]
    assert lines == [r'  {"a": "b\x1b', "  c"]
    assert [line.text for line in pretty_json.lines("[" * 100_000)] == ["[" * 100_000]


@pytest.mark.parametrize("view", [Human(), Json()])
def test_a_pipe_gets_each_line_immediately(
    monkeypatch: pytest.MonkeyPatch, view: Human | Json
) -> None:
    """And when nobody reads any more, the watch ends as by SIGPIPE."""
    ours, theirs = os.pipe()
    lines = []

    def change() -> Iterator[WatchEvent]:
        for number in (1, 2):
            yield make_ended(number)
            lines.append(os.read(ours, 65_536))
        os.close(ours)
        yield make_ended(3)
        pytest.fail("the watch goes on")

    with os.fdopen(theirs, "w") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        with pytest.raises(SystemExit, match="141"):
            view.follow(change(), "summary")
    assert [line.count(b"\n") for line in lines] == [1, 1]


class TestGitHub:
    @pytest.fixture
    def summary(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        path = tmp_path / "summary.md"
        monkeypatch.setenv("GITHUB_ACTIONS", "true")
        monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(path))
        return path

    @pytest.mark.usefixtures("summary")
    def test_each_failure_is_annotated(self, capsys: pytest.CaptureFixture[str]) -> None:
        injected = replace(make_failed(2, "a%0A\n::add-mask::x"), cause=None, failed_state="a,b:c")
        Human().follow([make_running(1), make_ended(1), make_failed(1), injected], "summary")
        first = "FAILED at Validate%3A States.TaskFailed::s3://acme-orders/incoming/2026-01-02"
        second = r"FAILED at a%2Cb%3Ac%3A States.TaskFailed::s3://acme-orders/a%250A\n::add-mask::x"
        assert capsys.readouterr().err.splitlines() == [
            f"::error title={first}/orders-0001.json, execution 00000001-0000: no such table",
            f"::error title={second}, execution 00000002-0000",
        ]

    @pytest.mark.parametrize("view", [Human(), Json()])
    def test_each_failure_is_a_row_of_the_summary(self, summary: Path, view: Human | Json) -> None:
        injected = make_failed(2, "a|b`<img>\n[x](y)")
        view.follow([make_failed(1), make_ended(3), injected], "summary")
        reason = r"| FAILED at Validate\: States\.TaskFailed | s3\:\/\/acme\-orders\/"
        assert summary.read_text().splitlines() == [
            "",
            "| status | object | execution | cause |",
            "|---|---|---|---|",
            reason
            + r"incoming\/2026\-01\-02\/orders\-0001\.json | 00000001\-0000 | no such table |",
            reason + r"a\|b\`\<img\>\\n\[x\]\(y\) | 00000002\-0000 | no such table |",
        ]

    def test_the_summary_stays_below_the_limit_of_github(
        self, summary: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(step_summary, "MAX_BYTES", 1000)
        Json().follow([make_failed(number) for number in range(20)], "summary")
        text = summary.read_text()
        assert len(text) <= 1000
        assert text.endswith(step_summary._FULL)
        assert text.count(step_summary._FULL) == 1

    def test_a_summary_that_cannot_be_written_is_said_once(
        self, summary: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        summary.mkdir()
        Human().follow([make_failed(1), make_failed(2)], "summary")
        ended = capsys.readouterr()
        assert ended.err.count(f"cannot write the summary to {summary}: Is a directory") == 1
        assert ended.out.count("FAILED at Validate") == 2


TYPES = {"string": str, "integer": int, "object": dict, "null": type(None)}


def find_mistakes(value: Any, schema: dict[str, Any]) -> list[str]:
    """What the schema does not allow, or does not describe."""
    types = schema.get("type", list(TYPES))
    types = [types] if isinstance(types, str) else types
    if not isinstance(value, tuple(TYPES[each] for each in types)):
        return [f"{value!r} is none of {types}"]
    if value != schema.get("const", value) or value not in schema.get("enum", [value]):
        return [f"{value!r} is not allowed"]
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        return [f"{value!r} does not match"]
    if not isinstance(value, dict) or "properties" not in schema:
        return []
    known = schema["properties"]
    mistakes = [f"{name} is missing" for name in schema["required"] if name not in value]
    for name, each in value.items():
        mistakes += find_mistakes(each, known[name]) if name in known else [f"{name} is unknown"]
    return mistakes


WHOLE_OBJECT = S3Object("b", "k", "PutObject", "", "s3", 1, "e", "v", "alice", "203.0.113.1")


def test_documents_match_the_printed_schema(
    sfnctl: Sfnctl, capsys: pytest.CaptureFixture[str]
) -> None:
    schema = sfnctl("schema", "execution").document
    whole = replace(make_failed(1), object=WHOLE_OBJECT, input="[1", redrive_count=1)
    Json().follow(
        [whole, make_running(1), NO_OBJECT, NOT_READ, replace(whole, started=None)], "full"
    )
    documents = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [find_mistakes(each, schema) for each in documents] == [[]] * 5
    assert documents[0].keys() == schema["properties"].keys()
    assert documents[0]["object"].keys() == schema["properties"]["object"]["properties"].keys()
    assert find_mistakes({**documents[0], "v": 2, "status": "GONE", "x": 1}, schema) == [
        "2 is not allowed",
        "'GONE' is not allowed",
        "x is unknown",
    ]
