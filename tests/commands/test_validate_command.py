"""`sfnctl validate`, and what other commands do with its problems."""

from __future__ import annotations

import json
from textwrap import dedent
from typing import Any

import pytest
from faults.rules import Rule, deny, throttle
from pipelines import pipeline_config
from sfnctl_script import Sfnctl

ACCOUNT = "123456789012"
VALID = "sfnctl.yaml and workflow.asl.json are valid.\n"
DANGLING = """\
{
  "StartAt": "Begin",
  "States": {
    "Begin": {"Type": "Pass", "Next": "Nowhere"},
    "End": {"Type": "Succeed"}
  }
}
"""
KEYS = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}
UNKNOWN = """\
{
  "StartAt": "Call",
  "States": {
    "Call": {"Type": "Task", "End": true, "Parameters": {},
             "Resource":      "arn:aws:states:::brandnew:doThing"}
  }
}
"""
ALLOWED = {"Effect": "Allow", "Action": "brandnew:DoThing", "Resource": "*"}
SOUND = DANGLING.replace("Nowhere", "End")


@pytest.fixture
def offline(sfnctl: Sfnctl) -> Sfnctl:
    """A valid project, and an endpoint that does not answer."""
    sfnctl.environ |= {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_REGION": "eu-west-1"}
    sfnctl.write("sfnctl.yaml", pipeline_config(ACCOUNT))
    sfnctl.write("workflow.asl.json", SOUND)
    return sfnctl


@pytest.fixture
def local(project: Sfnctl) -> Sfnctl:
    """A valid project on the embedded cloud."""
    project.write("workflow.asl.json", SOUND)
    return project


def test_a_valid_config_exits_with_0(offline: Sfnctl) -> None:
    ended = offline("validate")
    assert (ended.out, ended.err) == (VALID, "")
    assert offline("validate", "--output", "json").document == {
        "v": 1,
        "type": "validate",
        "valid": True,
        "config": "sfnctl.yaml",
        "definition": "workflow.asl.json",
        "problems": [],
        "not_checked": [],
    }


def test_problems_of_the_config_go_to_stdout(sfnctl: Sfnctl) -> None:
    sfnctl.write("sfnctl.yaml", "name: Orders\nbuckt: acme\nstate_machine: {}\n")
    ended = sfnctl("validate", code=2)
    assert ended.err == ""
    assert ended.out == dedent("""\
        sfnctl.yaml:1:1: error: the key 'bucket' is missing [INVALID_CONFIG]
            add it
        sfnctl.yaml:1:7: error: expected 1 to 40 lower-case letters, digits and hyphens, starting with a letter, found 'Orders' [INVALID_CONFIG]
        sfnctl.yaml:2:1: error: unknown key 'buckt' [INVALID_CONFIG]
            did you mean 'bucket'?
        sfnctl.yaml:3:1: error: the key 'definition' is missing [INVALID_CONFIG]
            add it
        sfnctl.yaml: 4 errors
        """)  # noqa: E501


def test_a_missing_config_is_a_problem_in_json(sfnctl: Sfnctl) -> None:
    ended = sfnctl("validate", "--output", "json", code=2)
    assert ended.err == ""
    assert ended.document == {
        "v": 1,
        "type": "validate",
        "valid": False,
        "config": "sfnctl.yaml",
        "definition": None,
        "problems": [
            {
                "code": "INVALID_CONFIG",
                "severity": "error",
                "file": "sfnctl.yaml",
                "line": None,
                "column": None,
                "message": "the file does not exist",
                "remedy": "`sfnctl init` writes one",
            }
        ],
        "not_checked": [],
    }


def test_a_syntax_error_names_the_definition_file(offline: Sfnctl) -> None:
    offline.write("workflow.asl.json", '{"StartAt": "A",}')
    report = offline("validate", "--output", "json", code=2).document
    assert report["definition"] == "workflow.asl.json"
    assert [(each["file"], each["line"], each["column"]) for each in report["problems"]] == [
        ("workflow.asl.json", 1, 17)
    ]


def test_syntax_and_language_are_checked_together(
    offline: Sfnctl,
) -> None:
    offline.write(
        "workflow.asl.json",
        """\
{
  "StartAt": "Begin",
  "States": {
    "Begin": {"Type": "Wait", "Seconds": "${Seconds}", "Next": "Nowhere"},
    "Middle": {"End": true},
    "End": {"Type": "Pass", "End": true, "End": true, "Results": 1},
    "Text": "no state"
  }
}
""",
    )
    assert offline("validate", code=2).out == dedent("""\
        workflow.asl.json:4:42: error: ${Seconds} has no substitution [INVALID_CONFIG]
            add it to state_machine.substitutions, or write `$${Seconds}` to keep it
        workflow.asl.json:4:64: error: the state 'Nowhere' does not exist [MISSING_TRANSITION_TARGET]
            name a state that exists
        workflow.asl.json:5:5: error: the state 'Middle' has no Type [MISSING_FIELD]
            add `Type`
        workflow.asl.json:6:42: error: the key 'End' is defined twice [INVALID_CONFIG]
            remove one of them
        workflow.asl.json:6:55: error: 'Results' is not a field of the Pass state 'End' [UNKNOWN_FIELD]
            did you mean 'Result'?
        workflow.asl.json:7:13: error: the state 'Text' is 'no state' [INVALID_VALUE]
            make it a mapping
        workflow.asl.json: 6 errors
        """)  # noqa: E501


def test_an_unused_substitution_is_a_warning(offline: Sfnctl) -> None:
    offline.write(
        "sfnctl.yaml",
        "name: orders\nbucket: acme-orders\nstate_machine:\n"
        "  definition: workflow.asl.json\n  substitutions:\n    Table: orders\n",
    )
    assert offline("validate").out == dedent("""\
        sfnctl.yaml:6:5: warning: the substitution 'Table' is not used [UNUSED_SUBSTITUTION]
            remove it, or write `${Table}` in the definition
        sfnctl.yaml and workflow.asl.json are valid, 1 warning.
        """)


def test_a_trigger_that_is_too_long_is_a_problem(offline: Sfnctl) -> None:
    trigger = {"prefix": [f"{number:03}/{'x' * 200}/" for number in range(11)]}
    offline.write("sfnctl.yaml", pipeline_config(ACCOUNT, trigger=trigger))
    ended = offline("validate", code=2)
    assert "characters, but AWS allows 2,048 [INVALID_CONFIG]" in ended.out


def test_sarif_is_written_as_well(sfnctl: Sfnctl) -> None:
    ended = sfnctl("validate", "--sarif", "out.sarif", code=2)
    assert ended.out.endswith("sfnctl.yaml: 1 error\n")
    (run,) = json.loads((sfnctl.folder / "out.sarif").read_text())["runs"]
    assert [each["ruleId"] for each in run["results"]] == ["INVALID_CONFIG"]


def test_the_sarif_folder_is_checked_first(
    offline: Sfnctl,
) -> None:
    ended = offline("validate", "--sarif", "absent/out.sarif", code=2)
    assert ended.out == ""
    assert ended.err == (
        "Error: the folder absent does not exist\nHint: create it, or name another file\n"
    )


@pytest.mark.parametrize("command", ["validate", "plan"])
def test_github_annotations_name_the_place(sfnctl: Sfnctl, command: str) -> None:
    sfnctl.environ |= {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(sfnctl.folder.parent)}
    sfnctl.write("sfnctl.yaml", "name: x\nbucket: acme-orders\nstate_machine: '100%'\n")
    ended = sfnctl(command, code=2)
    annotation = (
        f"::error file={sfnctl.folder.name}/sfnctl.yaml,line=3,col=16,title=INVALID_CONFIG"
        "::expected a mapping, found '100%25'. Write `state_machine: {definition: ...}`"
    )
    assert [line for line in ended.err.splitlines() if line.startswith("::")] == [annotation]
    assert "::error" not in ended.out


def summarize(report: Any) -> list[tuple[str, ...]]:
    """The problems of a JSON report: place, severity, code."""
    return [
        (f"{each['file']}:{each['line']}:{each['column']}", each["severity"], each["code"])
        for each in report["problems"]
    ]


class TestProblems:
    """Problems of the language, and a definition that does not fit the trigger."""

    NOWHERE = ("workflow.asl.json:4:39", "error", "MISSING_TRANSITION_TARGET")
    SLASH = ("sfnctl.yaml:5:11", "warning", "PREFIX_SLASH")

    def configure(self, sfnctl: Sfnctl, definition: str = SOUND, **machine: Any) -> None:
        """Writes the definition, and a config with a suspicious prefix."""
        lines = {"definition": "workflow.asl.json", **machine}
        config = f"""\
            name: orders
            account: "{ACCOUNT}"
            bucket: acme-orders
            trigger:
              prefix: /incoming/
            state_machine: {json.dumps(lines)}
            """
        sfnctl.write("sfnctl.yaml", dedent(config))
        sfnctl.write("workflow.asl.json", definition)

    def test_problems_are_in_the_order_of_the_files(self, offline: Sfnctl) -> None:
        self.configure(offline, DANGLING)
        ended = offline("validate", "--output", "json", code=2)
        assert summarize(ended.document) == [self.SLASH, self.NOWHERE]
        assert not ended.document["valid"]

    def test_an_invalid_value_has_only_one_problem(self, offline: Sfnctl) -> None:
        wait = '{"Type": "Wait", "SecondsPath": "$.detail.nope%s", "Next": "End"}'
        for index, rule in (("[*]", "INVALID_PATH"), ("", "EVENT_FIELD")):
            begin = '{"Type": "Pass", "Next": "End"}'
            definition = SOUND.replace(begin, wait % index)
            self.configure(offline, definition)
            report = offline("validate", "--output", "json", code=None).document
            assert [each[2] for each in summarize(report)] == ["PREFIX_SLASH", rule]

    def test_a_warning_is_shown_and_exits_with_0(self, offline: Sfnctl) -> None:
        self.configure(offline)
        ended = offline("validate")
        place, severity, rule = self.SLASH
        first, remedy, last = ended.out.splitlines()
        assert first.startswith(f"{place}: {severity}: ")
        assert first.endswith(f" [{rule}]")
        assert remedy.startswith("    ")
        assert last == "sfnctl.yaml and workflow.asl.json are valid, 1 warning."

    def test_strict_treats_warnings_as_errors(self, offline: Sfnctl) -> None:
        self.configure(offline)
        assert offline("validate", "--strict", code=2).out.endswith(
            "sfnctl.yaml: 1 warning; --strict treats warnings as errors\n"
        )
        report = offline("validate", "--strict", "--output", "json", code=2).document
        assert not report["valid"]
        assert summarize(report) == [self.SLASH]

    def test_validation_warn_turns_errors_into_warnings(self, offline: Sfnctl) -> None:
        self.configure(offline, DANGLING, validation="warn")
        report = offline("validate", "--output", "json").document
        place, _, rule = self.NOWHERE
        assert summarize(report) == [self.SLASH, (place, "warning", rule)]

    def test_validation_warn_keeps_errors_of_the_file(self, offline: Sfnctl) -> None:
        self.configure(offline, SOUND.replace("Pass", "${Kind}"), validation="warn")
        report = offline("validate", "--output", "json", code=2).document
        assert [each[1:] for each in summarize(report)] == [
            self.SLASH[1:],
            ("error", "INVALID_CONFIG"),
        ]

    @pytest.mark.parametrize(
        ("role", "code"),
        [
            ({}, 2),
            ({"statements": [ALLOWED]}, 0),
            ({"arn": f"arn:aws:iam::{ACCOUNT}:role/given"}, 0),
        ],
    )
    def test_unknown_permissions_need_a_role_that_has_them(
        self, offline: Sfnctl, role: dict[str, Any], code: int
    ) -> None:
        self.configure(offline, UNKNOWN, validation="warn", role=role)
        report = offline("validate", "--output", "json", code=code).document
        errors = [each for each in summarize(report) if each[1] == "error"]
        unknown = ("workflow.asl.json:5:31", "error", "UNKNOWN_SERVICE")
        assert errors == ([unknown] if code else [])

    @pytest.mark.parametrize(("validation", "severity"), [("error", "error"), ("warn", "warning")])
    def test_a_call_that_does_not_exist_is_always_shown(
        self, offline: Sfnctl, validation: str, severity: str
    ) -> None:
        definition = UNKNOWN.replace("brandnew:doThing", "dynamodb:query")
        role = {"arn": f"arn:aws:iam::{ACCOUNT}:role/given"}
        self.configure(offline, definition, validation=validation, role=role)
        report = offline("validate", "--output", "json", code=None).document
        assert ("workflow.asl.json:5:31", severity, "INVALID_RESOURCE") in summarize(report)

    @pytest.mark.parametrize("arguments", [("plan",), ("deploy", "--yes")])
    def test_an_error_ends_a_command_before_it_calls_aws(
        self, offline: Sfnctl, arguments: tuple[str, ...]
    ) -> None:
        offline.environ |= KEYS
        self.configure(offline, DANGLING)
        ended = offline(*arguments, code=2)
        assert ended.out == ""
        lines = [line for line in ended.err.splitlines() if not line.startswith("    ")]
        warning, error, last = lines
        assert warning.startswith(": ".join(self.SLASH[:2]))
        assert error.startswith(": ".join(self.NOWHERE[:2]))
        assert last == "Error: one problem in the configuration"

    def test_plan_and_deploy_show_warnings(self, local: Sfnctl) -> None:
        config = json.loads((local.folder / "sfnctl.yaml").read_text())
        config["trigger"] = {"prefix": "/incoming/"}
        local.write("sfnctl.yaml", json.dumps(config))
        for arguments in (("plan",), ("deploy", "--yes")):
            assert "warning: keys rarely begin with a slash" in local(*arguments).err
        assert "warning" not in local("status").err


class TestCallsToAws:
    """AWS is called only with credentials, and may fail to answer."""

    def test_validate_calls_aws_if_credentials_exist(self, offline: Sfnctl) -> None:
        offline.environ |= KEYS
        ended = offline("validate")
        unreachable = 'Could not connect to the endpoint URL: "http://127.0.0.1:1/"'
        assert ended.out == (
            f"Not checked: trigger (EventBridge): {unreachable}\n"
            f"Not checked: definition (Step Functions): {unreachable}\n{VALID}"
        )

    def test_offline_makes_no_calls(self, offline: Sfnctl) -> None:
        offline.environ |= KEYS
        assert offline("validate", "--offline").out == VALID

    def test_an_invalid_definition_is_not_sent(self, offline: Sfnctl) -> None:
        offline.environ |= KEYS
        offline.write("workflow.asl.json", "{}")
        assert "Not checked" not in offline("validate", code=2).out

    def test_an_unknown_profile_is_an_error(self, offline: Sfnctl) -> None:
        ended = [offline(command, "--profile", "nope", code=1) for command in ("validate", "plan")]
        assert ended[0] == ended[1]
        assert ended[0].err.startswith("Error: The config profile (nope) could not be found\n")
        assert offline("validate", "--profile", "nope", "--offline").out == VALID

    def test_local_validates_on_the_embedded_cloud(self, local: Sfnctl) -> None:
        ended = local("validate", "--verbose")
        assert ended.out == VALID
        asked = sorted(line.split(" ")[0] for line in ended.err.splitlines())
        assert asked == [
            "events:TestEventPattern",
            "events:TestEventPattern",
            "stepfunctions:ValidateStateMachineDefinition",
        ]

    @pytest.mark.parametrize(
        ("command", "rule"),
        [
            ("plan", lambda operation: deny(operation, "some:Action")),
            ("validate", lambda operation: deny(operation, "some:Action")),
            ("validate", lambda operation: throttle(operation, times=None)),
            ("validate", lambda operation: Rule(do="error", operation=operation, times=None)),
            ("validate", lambda operation: Rule(do="reset", operation=operation)),
            ("validate", lambda operation: Rule(do="timeout", operation=operation)),
        ],
    )
    def test_checks_that_aws_does_not_answer_are_skipped(
        self, local: Sfnctl, command: str, rule: Any
    ) -> None:
        operations = ("TestEventPattern", "ValidateStateMachineDefinition")
        with local.with_faults(*map(rule, operations)) as record:
            ended = local(command)
        lines = [line for line in (ended.out + ended.err).splitlines() if "Not checked: " in line]
        assert [line.partition(": ")[2].partition(":")[0] for line in lines] == [
            "trigger (EventBridge)",
            "definition (Step Functions)",
        ]
        assert [call.operation in operations for call in record.calls].count(True) == 2
        assert record.waited("botocore") == 0

    def test_json_says_what_was_not_checked(self, local: Sfnctl) -> None:
        with local.with_faults(deny("TestEventPattern", "events:TestEventPattern")):
            report = local("validate", "--output", "json").document
        (reason,) = report["not_checked"]
        assert reason == (
            "trigger (EventBridge): AccessDeniedException:"
            " User: arn:aws:iam::123456789012:user/dev is not authorized to perform:"
            " events:TestEventPattern"
        )
        assert report["valid"]


def failing(*diagnostics: dict[str, str]) -> Rule:
    """Step Functions rejects the definition."""
    return Rule(
        do="answer",
        operation="ValidateStateMachineDefinition",
        document={"result": "FAIL", "diagnostics": diagnostics, "truncated": False},
    )


def diagnostic(location: str, code: str = "SOME_CODE") -> dict[str, str]:
    about = {"severity": "ERROR", "code": code, "message": "This is wrong."}
    return {**about, "location": location} if location else about


UNMATCHED = Rule(do="answer", operation="TestEventPattern", document={"Result": False})
OVERMATCHED = Rule(do="answer", operation="TestEventPattern", document={"Result": True}, first=2)
REFUSED = Rule(
    do="error",
    operation="TestEventPattern",
    code="InvalidEventPatternException",
    message="Event pattern is not valid. Reason: Rule is too complex",
    status=400,
)


class TestAnswersOfAws:
    """AWS's own checks, in the command and before a plan."""

    @pytest.mark.parametrize(
        ("location", "place"),
        [
            ("/States/Begin/Next", "workflow.asl.json:4:39"),
            ("/States/Begin/Choices[0]/Next", "workflow.asl.json:4:14"),
            ("/States/No state", "workflow.asl.json:3:13"),
            ("", "workflow.asl.json:1:1"),
        ],
    )
    def test_step_functions_names_the_place(self, local: Sfnctl, location: str, place: str) -> None:
        with local.with_faults(failing(diagnostic(location))):
            ended = local("validate", code=2)
        assert ended.out == (
            f"{place}: error: Step Functions rejects the definition: This is wrong [SOME_CODE]\n"
            "workflow.asl.json: 1 error\n"
        )

    def test_a_rejection_without_a_reason_is_an_error(self, local: Sfnctl) -> None:
        with local.with_faults(failing()):
            ended = local("validate", code=2)
        message = "Step Functions rejects the definition: it gives no reason"
        assert ended.out.startswith(
            f"workflow.asl.json:1:1: error: {message} [SCHEMA_VALIDATION_FAILED]\n"
        )

    def test_diagnostics_of_an_accepted_definition_are_ignored(self, local: Sfnctl) -> None:
        document = {"result": "OK", "diagnostics": [diagnostic("/States/Begin")]}
        rule = Rule(do="answer", operation="ValidateStateMachineDefinition", document=document)
        with local.with_faults(rule):
            assert local("validate").out == VALID

    @pytest.mark.parametrize(
        ("rule", "text"),
        [
            (UNMATCHED, "pattern does not match {"),
            (OVERMATCHED, "pattern matches {"),
        ],
    )
    def test_a_pattern_that_aws_matches_otherwise_is_an_error(
        self, local: Sfnctl, rule: Rule, text: str
    ) -> None:
        with local.with_faults(rule):
            ended = local("validate", code=2)
        assert f"sfnctl.yaml: error: EventBridge says that the trigger's event {text}" in ended.out
        assert "[PATTERN_MISMATCH]" in ended.out

    def test_a_pattern_that_aws_rejects_is_an_error(self, local: Sfnctl) -> None:
        with local.with_faults(REFUSED):
            ended = local("validate", code=2)
        assert "is too complex [INVALID_EVENT_PATTERN]" in ended.out

    @pytest.mark.parametrize("arguments", [("plan",), ("deploy", "--yes")])
    def test_a_rejected_definition_changes_nothing(
        self, local: Sfnctl, read_account: Any, arguments: tuple[str, ...]
    ) -> None:
        before = read_account()
        with local.with_faults(failing(diagnostic("/States/Begin/Next"))):
            ended = local(*arguments, code=2)
        assert ended.out == ""
        assert ended.err == dedent("""\
            workflow.asl.json:4:39: error: Step Functions rejects the definition: This is wrong [SOME_CODE]
            Error: one problem in the configuration
            """)  # noqa: E501
        assert read_account() == before
