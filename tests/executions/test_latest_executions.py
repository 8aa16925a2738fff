"""The last EXPRESS executions, from their log."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from error_responses import make_error
from executions.fake_logs import FakeLogs
from fake_clock import FakeClock

from sfn_s3_cli.aws.executions import IS_EXPRESS
from sfn_s3_cli.config.schema import StateMachine
from sfn_s3_cli.executions.latest import read_latest
from sfn_s3_cli.iam.arns import Place
from sfn_s3_cli.iam.names import Names


class FakeMachine:
    """An EXPRESS state machine that logs everything; AWS does not list its executions."""

    def list_executions(self, **_: Any) -> Any:
        raise make_error(IS_EXPRESS)

    def describe_state_machine(self, **_: Any) -> Any:
        group = {"logGroupArn": "arn:aws:logs:eu-west-1:123456789012:log-group:g:*"}
        destinations = [{"cloudWatchLogsLogGroup": group}]
        logging = {"level": "ALL", "includeExecutionData": True, "destinations": destinations}
        return {"type": "EXPRESS", "loggingConfiguration": logging}


def test_an_end_before_its_start_is_one_execution() -> None:
    """CloudWatch Logs may show them in another order, or with the same time."""
    clock = FakeClock()
    logs = FakeLogs(clock)
    arn = logs.start("a", -10)
    logs.log(arn, "ExecutionSucceeded", -11, 4)
    logs.run("b", -8, -5)
    aws: Any = SimpleNamespace(
        stepfunctions=FakeMachine(),
        logs=logs,
        logs_without_retries=logs,
        clock=clock,
        now=clock.now,
        is_local=True,
    )
    names = Names("orders", Place("aws", "123456789012", "eu-west-1"))
    latest = read_latest(aws, names, StateMachine.model_validate({"definition": "d"}), 5)
    assert latest
    found = [(each.name, each.status) for each in latest.executions]
    assert found == [("b", "SUCCEEDED"), ("a", "SUCCEEDED")]
