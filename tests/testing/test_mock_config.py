"""Mock configuration files of AWS Step Functions Local."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sfnctl_script import Sfnctl
from testing.workflow_cases import define, run_one, task

from sfn_s3_cli.testing import mock_config

CONFIG: dict[str, Any] = {
    "StateMachines": {"Other": {"TestCases": {"Retried": {"Copy": "Slow"}}}},
    "MockedResponses": {
        "Slow": {
            "0-1": {"Throw": {"Error": "S3.SlowDownException", "Cause": "slow"}},
            "2": {"Return": {"ETag": "x"}},
        }
    },
}


def test_a_case_takes_the_mocks_of_a_test_case(sfnctl: Sfnctl) -> None:
    parameters = {"Bucket": "acme-done", "Key": "a", "CopySource": "acme/a"}
    copy = task(Parameters=parameters, Retry=[{"ErrorEquals": ["States.TaskFailed"]}])
    sfnctl.write("mocks.json", json.dumps(CONFIG))
    case = {
        "input": {},
        "mocks": {"config": "mocks.json", "test_case": "Retried"},
        "expect": {"exactly": {"ETag": "x"}, "attempts": {"Copy": 3}},
    }
    assert run_one(sfnctl, define(Copy=copy), case)["verdict"] == "passed"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"StateMachines": {}}, "there is no 'orders'"),
        (
            {"StateMachines": {"A": {"TestCases": {"Retired": {}}}}},
            "there is no 'Retried': did you",
        ),
        ({"MockedResponses": {"Slo": {}}}, "there is no 'Slow': did you mean 'Slo'?"),
        ({"MockedResponses": {"Slow": {"1": {"Return": 1}}}}, "'Slow' has '1' where the number 0"),
        ({"MockedResponses": {"Slow": {"a": {"Return": 1}}}}, "'Slow' has 'a' where the number 0"),
        ({"MockedResponses": {"Slow": {"0": {"Throw": {}}}}}, "an answer of 'Slow' has neither"),
        ({"MockedResponses": []}, "'MockedResponses' is not a mapping"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, change: Any, message: str) -> None:
    path = tmp_path / "mocks.json"
    path.write_text(json.dumps({**CONFIG, **change}))
    mocks, [finding] = mock_config.read(path, "orders", "Retried", ("mocks",))
    assert (mocks, finding.path) == ({}, ("mocks",))
    assert finding.message.removeprefix(f"{path}: ").startswith(message)
