"""One execution whose data AWS does not give."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from error_responses import make_error
from executions.fake_step_functions import MACHINE, make_arn
from executions.history_events import START
from fake_clock import FakeClock

from sfn_s3_cli.executions.details import ExecutionDetails, read_standard
from sfn_s3_cli.executions.read import list_latest
from sfn_s3_cli.views.history import document, lines

REFUSALS = [
    make_error("KmsAccessDeniedException", "no kms:Decrypt"),
    make_error("KmsInvalidStateException", "no kms:Decrypt"),
    make_error("AccessDeniedException", "no kms:Decrypt"),
]
DESCRIPTION = {"executionArn": make_arn("x"), "name": "x", "status": "FAILED", "startDate": START}
ENTERED = {
    "id": 1,
    "type": "TaskStateEntered",
    "timestamp": START,
    "stateEnteredEventDetails": {"name": "Work"},
}


@dataclass
class Encrypted:
    """Refuses data, or with `has_history=False` the whole history."""

    error: Exception
    has_history: bool = True
    has_description: bool = False

    def list_executions(self, **_: Any) -> Any:
        return {"executions": [DESCRIPTION]}

    def describe_execution(self, includedData: str = "ALL_DATA", **_: Any) -> Any:  # noqa: N803
        if includedData == "ALL_DATA" and not self.has_description:
            raise self.error
        return DESCRIPTION

    def get_execution_history(self, *, includeExecutionData: bool, **_: Any) -> Any:  # noqa: N803
        if includeExecutionData or not self.has_history:
            raise self.error
        return {"events": [ENTERED]}


def read(client: Encrypted, arn: str = make_arn("x")) -> ExecutionDetails:
    aws: Any = SimpleNamespace(
        stepfunctions=client,
        clock=FakeClock(),
        is_local=False,
        region="eu-west-1",
        now=lambda: START,
    )
    return read_standard(aws, arn)


@pytest.mark.parametrize("error", REFUSALS)
def test_steps_are_shown_without_forbidden_data(error: Exception) -> None:
    for has_description in (True, False):
        details = read(Encrypted(error, has_description=has_description))
        assert [each.name for each in details.history.steps] == ["Work"]
        assert details.data_not_read == "no kms:Decrypt"
        assert details.steps_not_read == ""


@pytest.mark.parametrize("error", REFUSALS)
def test_a_forbidden_history_leaves_the_status(error: Exception) -> None:
    details = read(Encrypted(error, has_history=False))
    shown = [each.text for each in lines(details)]
    assert shown[0] == "FAILED"
    assert "Note: no steps: no kms:Decrypt" in shown
    assert not {"No steps.", "No step failed."} & {*shown}
    assert document(details)["steps_not_read"] == "no kms:Decrypt"


@pytest.mark.parametrize("error", REFUSALS)
def test_the_latest_are_listed_without_forbidden_data(error: Exception) -> None:
    client: Any = Encrypted(error)
    latest = list_latest(client, MACHINE, 5)
    assert latest
    assert [each.name for each in latest.executions] == ["x"]
    assert latest.data_not_read == "no kms:Decrypt"


def test_an_express_execution_of_a_map_run_has_no_steps() -> None:
    """AWS refuses its history, and gives the rest."""
    arn = "arn:aws:states:eu-west-1:123456789012:express:orders/Each:1:2"
    details = read(
        Encrypted(make_error("InvalidArn"), has_history=False, has_description=True), arn
    )
    assert details.execution.status == "FAILED"
    assert details.data_not_read == ""
    assert "Note: no steps: AWS keeps no history of EXPRESS executions" in [
        each.text for each in lines(details)
    ]


def test_a_history_that_is_not_allowed_is_an_error() -> None:
    error = make_error("AccessDeniedException", "no states:GetExecutionHistory")
    with pytest.raises(type(error)):
        read(Encrypted(error, has_description=True))
