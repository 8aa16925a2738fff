"""What the embedded cloud cannot do is no failure of the workflow: the case is an error."""

from __future__ import annotations

from typing import Any

import pytest
from sfnctl_script import Sfnctl
from testing.workflow_cases import define, run, run_one, task, write

BREAK = """\
from sfn_s3_cli.local.internals import STATES

def crash(*_arguments):
    raise KeyError("oops")

def {name}(_arguments):
    STATES.replace("{internal}", crash)
    return {{}}
"""
"""A mock after which the emulator itself fails."""
CATCH = [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}]
CALL = task(Parameters={"Bucket": "b", "Key": "k", "CopySource": "a/k"}, Catch=CATCH, Next="Last")
INNER = define(Inner={"Type": "Succeed"})
DISTRIBUTED = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}
TOLERANT = {"ToleratedFailurePercentage": 100}


@pytest.mark.parametrize(
    ("internal", "last"),
    [
        ("_execute_pass", {"Type": "Pass", "End": True}),
        ("_apply_output_path", {"Type": "Succeed"}),
        ("_fail_state_error", {"Type": "Fail"}),
        ("_run_map_items", {"Type": "Map", "ItemProcessor": INNER, "End": True}),
        (
            "_apply_output_path",
            {"Type": "Map", "ItemProcessor": {**INNER, **DISTRIBUTED}, **TOLERANT, "End": True},
        ),
    ],
)
def test_a_crash_is_no_expected_failure(
    sfnctl: Sfnctl, internal: str, last: dict[str, Any]
) -> None:
    sfnctl.write("m.py", BREAK.format(name="f", internal=internal))
    definition = define(Call=CALL, Last=last, Caught={"Type": "Pass", "End": True})
    case = {"input": [1], "mocks": {"Call": {"python": "m.py:f"}}}
    expected: list[dict[str, Any]] = [{"status": "FAILED"}, {"error": "States.Runtime"}, {}]
    write(sfnctl, definition, *[{**case, "expect": each} for each in expected])
    for ran in run(sfnctl, code=1):
        assert ran["verdict"] == "error"
        assert ran["failure"]["code"] == "GAP"
        assert "in the embedded cloud: KeyError: 'oops'" in ran["failure"]["message"]


def test_a_failure_of_the_workflow_is_no_gap(sfnctl: Sfnctl) -> None:
    missing = {"Type": "Pass", "InputPath": "$.missing", "End": True}
    case = {"input": {}, "expect": {"error": "States.Runtime"}}
    assert run_one(sfnctl, define(Pass=missing), case)["verdict"] == "passed"
