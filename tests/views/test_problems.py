"""Problems in files as text, as JSON, for GitHub and for code scanning."""

from __future__ import annotations

import json
import re
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sfn_s3_cli.checks.report import Verdict
from sfn_s3_cli.documents.findings import RULES
from sfn_s3_cli.errors import (
    ConfigError,
    Problem,
    Severity,
    SfnctlError,
    UsageError,
    unreadable,
)
from sfn_s3_cli.views import problems, sarif
from sfn_s3_cli.views.human import Human
from sfn_s3_cli.views.json import Json

ERROR = Problem(
    "NO_STATE", Severity.ERROR, "'B' is no state", "add it, or mend `Next`", "w.asl.json", 3, 7
)
WARNING = Problem("NOTHING", Severity.WARNING, "nothing matches", "", "sfnctl.yaml", 4, 1)
WHOLE = unreadable("sfnctl.yaml", "there is no such file")
UNREADABLE = unreadable("sfnctl.yaml", "unknown key 'nme'", "did you mean 'name'?")._replace(
    line=1, column=2
)


def verdict(*found: Problem, is_strict: bool = False, not_checked: tuple[str, ...] = ()) -> Verdict:
    return Verdict(Path("sfnctl.yaml"), Path("w.asl.json"), found, not_checked, is_strict)


def shown(told: Verdict) -> str:
    return "".join(f"{line.text}\n" for line in problems.verdict(told))


def test_a_verdict_names_every_problem_and_sums_them_up() -> None:
    assert shown(verdict(WARNING, ERROR, ERROR._replace(code="OTHER", remedy=""))) == dedent("""\
        sfnctl.yaml:4:1: warning: nothing matches [NOTHING]
        w.asl.json:3:7: error: 'B' is no state [NO_STATE]
            add it, or mend `Next`
        w.asl.json:3:7: error: 'B' is no state [OTHER]
        sfnctl.yaml: 1 warning
        w.asl.json: 2 errors
        """)


@pytest.mark.parametrize(
    ("told", "last"),
    [
        (verdict(), "sfnctl.yaml and w.asl.json are valid."),
        (verdict(WARNING), "sfnctl.yaml and w.asl.json are valid, 1 warning."),
        (verdict(WARNING, WARNING), "sfnctl.yaml and w.asl.json are valid, 2 warnings."),
        (verdict(WARNING, is_strict=True), "sfnctl.yaml: 1 warning, an error with --strict"),
        (verdict(WHOLE), "sfnctl.yaml: 1 error"),
        (
            verdict(WARNING._replace(file="f"), ERROR._replace(file="f")),
            "f: 1 error, 1 warning",
        ),
    ],
)
def test_the_last_line_says_whether_it_is_valid(told: Verdict, last: str) -> None:
    assert shown(told).splitlines()[-1] == last
    assert told.is_valid == ("valid" in last)


def test_what_was_not_checked_is_said_before_the_last_line() -> None:
    assert shown(verdict(not_checked=("the trigger: nobody answers",))) == dedent("""\
        Not checked: the trigger: nobody answers
        sfnctl.yaml and w.asl.json are valid.
        """)


def test_what_merely_cannot_be_read_needs_neither_severity_nor_id(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Human().error(ConfigError([UNREADABLE]))
    assert capsys.readouterr().err == dedent("""\
        sfnctl.yaml:1:2: unknown key 'nme'
            did you mean 'name'?
        Error: one problem in the configuration
        """)


def test_beside_what_was_found_it_has_both(capsys: pytest.CaptureFixture[str]) -> None:
    Human().error(ConfigError([UNREADABLE, ERROR]))
    assert capsys.readouterr().err == dedent("""\
        sfnctl.yaml:1:2: error: unknown key 'nme' [INVALID_CONFIG]
            did you mean 'name'?
        w.asl.json:3:7: error: 'B' is no state [NO_STATE]
            add it, or mend `Next`
        Error: 2 problems in the configuration
        """)


def test_an_error_counts_the_errors_alone() -> None:
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
                    "'B' is no state. Add it, or mend `Next`"
                ),
            ),
            (
                WARNING,
                "::warning file=pipelines/sfnctl.yaml,line=4,col=1,title=NOTHING::nothing matches",
            ),
            (
                WHOLE,
                "::error file=pipelines/sfnctl.yaml,title=INVALID_CONFIG::there is no such file",
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
    def test_a_problem_is_shown_beside_its_line(
        self, capsys: pytest.CaptureFixture[str], problem: Problem, annotation: str
    ) -> None:
        Human().show(verdict(problem))
        Human().error(ConfigError([problem]))
        told = capsys.readouterr().err.splitlines()
        assert [line for line in told if line.startswith("::")] == [annotation] * 2

    def test_json_has_no_annotations(self, capsys: pytest.CaptureFixture[str]) -> None:
        Json().show(verdict(ERROR))
        Json().error(ConfigError([ERROR]))
        assert "::error" not in "".join(capsys.readouterr())

    def test_nor_has_text_elsewhere(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("GITHUB_ACTIONS")
        Human().show(verdict(ERROR))
        assert "::error" not in "".join(capsys.readouterr())

    def test_a_file_outside_of_the_repository_is_named_as_it_was_given(self) -> None:
        assert problems.in_repository("/etc/sfnctl.yaml") == "/etc/sfnctl.yaml"

    @given(st.builds(Problem, st.text(), st.sampled_from(Severity), *[st.text()] * 3))
    @settings(deadline=None)
    def test_no_text_is_a_command_of_its_own(self, problem: Problem) -> None:
        (line,) = problems.for_github([problem])
        whole = re.fullmatch(r"::(?:error|warning) (.*?)::(.*)", line.text)
        assert whole
        command, data = whole.groups()
        names = [name for name, _, _ in (each.partition("=") for each in command.split(","))]
        assert [*dict.fromkeys(names)] == names
        assert {*names} <= {"file", "line", "col", "title"}
        assert not re.search("%(?!25|3A|2C)", command)
        assert not re.search("%(?!25)", data)


class TestSarif:
    """The members that SARIF 2.1.0 and code scanning need.

    https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support
    """

    @pytest.fixture(autouse=True)
    def _here(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)

    def test_each_problem_is_a_result(self) -> None:
        (run,) = sarif.document(
            verdict(ERROR, WARNING._replace(file="a b.yaml", line=None, column=None))
        )["runs"]
        assert run["results"] == [
            {
                "ruleId": "NO_STATE",
                "level": "error",
                "message": {"text": "'B' is no state. Add it, or mend `Next`"},
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

    def test_a_log_says_what_made_it_and_what_the_rules_are(self) -> None:
        log = sarif.document(verdict())
        assert log["version"] == "2.1.0"
        (run,) = log["runs"]
        driver = run["tool"]["driver"]
        assert driver["name"] == "sfnctl"
        assert {each["id"]: each["shortDescription"]["text"] for each in driver["rules"]} == RULES
        assert run["results"] == []

    def test_it_is_written_at_once(self, tmp_path: Path) -> None:
        path = tmp_path / "out.sarif"
        path.write_text("before")
        before = path.stat().st_ino
        sarif.write(verdict(ERROR), path)
        assert json.loads(path.read_text()) == sarif.document(verdict(ERROR))
        assert path.stat().st_ino != before
        assert [*tmp_path.iterdir()] == [path]

    def test_a_link_stays_one(self, tmp_path: Path) -> None:
        (tmp_path / "link").symlink_to("out.sarif")
        sarif.write(verdict(), tmp_path / "link")
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "out.sarif").is_file()

    @pytest.mark.parametrize(
        ("path", "told", "remedy"),
        [
            ("/dev/null", "/dev/null is not a regular file", "name another file for --sarif"),
            (".", ". is not a regular file", "name another file for --sarif"),
            ("-", "--sarif takes no `-`", "name a file"),
            ("absent/x", "absent/x is in no folder", "make the folder absent first"),
        ],
    )
    def test_what_is_no_place_for_a_log_is_named(self, path: str, told: str, remedy: str) -> None:
        with pytest.raises(UsageError) as caught:
            sarif.check(Path(path))
        assert (caught.value.message, caught.value.remedy) == (told, remedy)

    def test_what_cannot_be_written_is_named(self) -> None:
        path = Path("x" * 300)
        sarif.check(path)
        with pytest.raises(SfnctlError, match="cannot be written: File name too long"):
            sarif.write(verdict(), path)
