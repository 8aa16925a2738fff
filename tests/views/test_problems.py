"""Problems as text, as JSON, as GitHub annotations and as a SARIF log."""

from __future__ import annotations

import json
import re
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sfn_s3_cli.checks.codes import CODES
from sfn_s3_cli.checks.report import ValidationReport
from sfn_s3_cli.errors import (
    ConfigError,
    Problem,
    Severity,
    SfnctlError,
    UsageError,
    unreadable,
)
from sfn_s3_cli.views import github, problems, report, report_files, sarif
from sfn_s3_cli.views.human import Human
from sfn_s3_cli.views.json import Json

ERROR = Problem(
    "NO_STATE",
    Severity.ERROR,
    "there is no state 'B'",
    "add it, or change `Next`",
    "w.asl.json",
    3,
    7,
)
WARNING = Problem("NOTHING", Severity.WARNING, "nothing matches", "", "sfnctl.yaml", 4, 1)
WHOLE = unreadable("sfnctl.yaml", "the file does not exist")
UNREADABLE = unreadable("sfnctl.yaml", "unknown key 'nme'", "did you mean 'name'?")._replace(
    line=1, column=2
)


def make_report(
    *found: Problem, is_strict: bool = False, not_checked: tuple[str, ...] = ()
) -> ValidationReport:
    return ValidationReport(Path("sfnctl.yaml"), Path("w.asl.json"), found, not_checked, is_strict)


def show(result: ValidationReport) -> str:
    return "".join(f"{line.text}\n" for line in report.lines(result))


def test_report_lists_every_problem_and_sums_them_up() -> None:
    assert show(make_report(WARNING, ERROR, ERROR._replace(code="OTHER", remedy=""))) == dedent("""\
        sfnctl.yaml:4:1: warning: nothing matches [NOTHING]
        w.asl.json:3:7: error: there is no state 'B' [NO_STATE]
            add it, or change `Next`
        w.asl.json:3:7: error: there is no state 'B' [OTHER]
        sfnctl.yaml: 1 warning
        w.asl.json: 2 errors
        """)


@pytest.mark.parametrize(
    ("result", "last"),
    [
        (make_report(), "sfnctl.yaml and w.asl.json are valid."),
        (make_report(WARNING), "sfnctl.yaml and w.asl.json are valid, 1 warning."),
        (make_report(WARNING, WARNING), "sfnctl.yaml and w.asl.json are valid, 2 warnings."),
        (
            make_report(WARNING, is_strict=True),
            "sfnctl.yaml: 1 warning; --strict treats warnings as errors",
        ),
        (make_report(WHOLE), "sfnctl.yaml: 1 error"),
        (
            make_report(WARNING._replace(file="f"), ERROR._replace(file="f")),
            "f: 1 error, 1 warning",
        ),
    ],
)
def test_last_line_says_whether_the_config_is_valid(result: ValidationReport, last: str) -> None:
    assert show(result).splitlines()[-1] == last
    assert result.is_valid == ("valid" in last)


def test_report_lists_what_was_not_checked() -> None:
    assert show(make_report(not_checked=("the trigger: no answer",))) == dedent("""\
        Not checked: the trigger: no answer
        sfnctl.yaml and w.asl.json are valid.
        """)


def test_unreadable_files_show_no_severity_and_code(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Human().show_error(ConfigError([UNREADABLE]))
    assert capsys.readouterr().err == dedent("""\
        sfnctl.yaml:1:2: unknown key 'nme'
            did you mean 'name'?
        Error: one problem in the configuration
        """)


def test_other_problems_show_severity_and_code(capsys: pytest.CaptureFixture[str]) -> None:
    Human().show_error(ConfigError([UNREADABLE, ERROR]))
    assert capsys.readouterr().err == dedent("""\
        sfnctl.yaml:1:2: error: unknown key 'nme' [INVALID_CONFIG]
            did you mean 'name'?
        w.asl.json:3:7: error: there is no state 'B' [NO_STATE]
            add it, or change `Next`
        Error: 2 problems in the configuration
        """)


def test_error_message_counts_no_warnings() -> None:
    assert ConfigError([WARNING, ERROR]).message == "one problem in the configuration"


class TestGitHub:
    """Annotations: https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions"""

    @pytest.fixture(autouse=True)
    def _in_a_repository(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "pipelines").mkdir()
        monkeypatch.chdir(tmp_path / "pipelines")
        monkeypatch.setenv("GITHUB_ACTIONS", "true")
        monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))

    @pytest.mark.parametrize(
        ("problem", "annotation"),
        [
            (
                ERROR,
                (
                    "::error file=pipelines/w.asl.json,line=3,col=7,title=NO_STATE::"
                    "there is no state 'B'. Add it, or change `Next`"
                ),
            ),
            (
                WARNING,
                "::warning file=pipelines/sfnctl.yaml,line=4,col=1,title=NOTHING::nothing matches",
            ),
            (
                WHOLE,
                "::error file=pipelines/sfnctl.yaml,title=INVALID_CONFIG::the file does not exist",
            ),
            (
                Problem(
                    "A,line=9::X",
                    Severity.ERROR,
                    "100%0A\n::add-mask::x\r",
                    "",
                    "../a,b:c%.json",
                    1,
                    1,
                ),
                (
                    "::error file=a%2Cb%3Ac%25.json,line=1,col=1,title=A%2Cline=9%3A%3AX::"
                    "100%250A\\n::add-mask::x\\r"
                ),
            ),
        ],
    )
    def test_problem_is_annotated_at_its_line(
        self, capsys: pytest.CaptureFixture[str], problem: Problem, annotation: str
    ) -> None:
        Human().show(make_report(problem))
        Human().show_error(ConfigError([problem]))
        lines = capsys.readouterr().err.splitlines()
        assert [line for line in lines if line.startswith("::")] == [annotation] * 2

    def test_json_has_no_annotations(self, capsys: pytest.CaptureFixture[str]) -> None:
        Json().show(make_report(ERROR))
        Json().show_error(ConfigError([ERROR]))
        assert "::error" not in "".join(capsys.readouterr())

    def test_text_outside_of_actions_has_no_annotations(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("GITHUB_ACTIONS")
        Human().show(make_report(ERROR))
        assert "::error" not in "".join(capsys.readouterr())

    def test_file_outside_of_the_repository_keeps_its_path(self) -> None:
        assert github.find_repository_path("/etc/sfnctl.yaml") == "/etc/sfnctl.yaml"

    @given(st.builds(Problem, st.text(), st.sampled_from(Severity), *[st.text()] * 3))
    @settings(deadline=None)
    def test_problem_cannot_inject_a_workflow_command(self, problem: Problem) -> None:
        (line,) = github.lines([problem])
        whole = re.fullmatch(r"::(?:error|warning) (.*?)::(.*)", line.text)
        assert whole
        command, data = whole.groups()
        names = [name for name, _, _ in (each.partition("=") for each in command.split(","))]
        assert [*dict.fromkeys(names)] == names
        assert {*names} <= {"file", "line", "col", "title"}
        assert not re.search("%(?!25|3A|2C)", command)
        assert not re.search("%(?!25)", data)


def make_log(verdict: ValidationReport) -> Any:
    return json.loads(json.dumps(sarif.document(verdict)))


class TestSarif:
    """The members that SARIF 2.1.0 and code scanning need.

    https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support
    """

    @pytest.fixture(autouse=True)
    def _here(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)

    def test_each_problem_is_a_result(self) -> None:
        whole_file = WARNING._replace(file="a b.yaml", line=None, column=None)
        (run,) = make_log(make_report(ERROR, whole_file))["runs"]
        assert run["results"] == [
            {
                "ruleId": "NO_STATE",
                "level": "error",
                "message": {"text": "there is no state 'B'. Add it, or change `Next`"},
                "locations": [
                    {
                        "physicalLocation": {
                            "artifactLocation": {"uri": "w.asl.json"},
                            "region": {"startLine": 3, "startColumn": 7},
                        }
                    }
                ],
            },
            {
                "ruleId": "NOTHING",
                "level": "warning",
                "message": {"text": "nothing matches"},
                "locations": [{"physicalLocation": {"artifactLocation": {"uri": "a%20b.yaml"}}}],
            },
        ]

    def test_log_describes_the_tool_and_its_rules(self) -> None:
        log = make_log(make_report())
        assert log["version"] == "2.1.0"
        (run,) = log["runs"]
        driver = run["tool"]["driver"]
        assert driver["name"] == "sfnctl"
        assert {each["id"]: each["shortDescription"]["text"] for each in driver["rules"]} == CODES
        assert run["results"] == []

    def test_log_is_replaced_atomically(self, tmp_path: Path) -> None:
        path = tmp_path / "out.sarif"
        path.write_text("before")
        before = path.stat().st_ino
        sarif.write(make_report(ERROR), path)
        assert json.loads(path.read_text()) == make_log(make_report(ERROR))
        assert path.stat().st_ino != before
        assert [*tmp_path.iterdir()] == [path]

    def test_symbolic_link_is_kept(self, tmp_path: Path) -> None:
        (tmp_path / "link").symlink_to("out.sarif")
        sarif.write(make_report(), tmp_path / "link")
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "out.sarif").is_file()

    @pytest.mark.parametrize(
        ("path", "message", "remedy"),
        [
            ("/dev/null", "/dev/null is not a regular file", "name another file for --sarif"),
            (".", ". is not a regular file", "name another file for --sarif"),
            ("-", "--sarif does not accept `-`", "name a file"),
            ("absent/x", "the folder absent does not exist", "create it, or name another file"),
        ],
    )
    def test_path_that_cannot_hold_a_log_is_refused(
        self, path: str, message: str, remedy: str
    ) -> None:
        with pytest.raises(UsageError) as caught:
            report_files.check_path(Path(path), "--sarif")
        assert (caught.value.message, caught.value.remedy) == (message, remedy)

    def test_failed_write_names_the_file(self) -> None:
        path = Path("x" * 300)
        report_files.check_path(path, "--sarif")
        with pytest.raises(SfnctlError, match=r"cannot write x+: File name too long"):
            sarif.write(make_report(), path)


def test_notes_on_a_plan_are_ten_at_most() -> None:
    notes = [WARNING._replace(message=f"note {n}", remedy=f"do {n}", line=n) for n in range(1, 12)]
    states = [
        WARNING._replace(message=f"the state {name!r} may do {what}", remedy="name it")
        for name, what in (("a", "all"), ("it's 'b'\\", "all"), ("c", "much"))
    ]
    lines = [line.text for line in problems.note_lines([*states, *notes, notes[10]])]
    assert lines == [
        "Note: sfnctl.yaml:4:1: the state 'a' may do all: name it.",
        "    The same at 1 other place: line 4",
        "Note: sfnctl.yaml:4:1: the state 'c' may do much: name it.",
        *(f"Note: sfnctl.yaml:{n}:1: note {n}: do {n}." for n in range(1, 9)),
        "4 more notes: see `sfnctl permissions workflow`",
    ]
