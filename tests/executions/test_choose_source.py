"""Which source a watch of a deployed state machine reads."""

from __future__ import annotations

from dataclasses import replace

import pytest
from error_responses import make_error
from fake_clock import FakeClock, offline_aws

from sfn_s3_cli.config.schema import StateMachine
from sfn_s3_cli.errors import AwsError
from sfn_s3_cli.executions import choose
from sfn_s3_cli.executions.adaptive import AdaptiveSource
from sfn_s3_cli.executions.choose import Deployed, choose_source
from sfn_s3_cli.executions.logs import LogReader
from sfn_s3_cli.executions.poll import Poller
from sfn_s3_cli.executions.source import ExecutionSource, WatchOptions
from sfn_s3_cli.iam.arns import Place
from sfn_s3_cli.iam.names import Names

CASES = [
    (Deployed("STANDARD", "ERROR", has_data=True, group="g"), Poller),
    (Deployed("STANDARD", "ALL", has_data=False, group="g"), Poller),
    (Deployed("STANDARD", "ALL", has_data=True, group="g"), AdaptiveSource),
    (Deployed("EXPRESS", "ALL", has_data=True, group="g"), LogReader),
]


def choose_for(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> ExecutionSource:
    monkeypatch.setattr(choose, "find_deployed", lambda *_: deployed)
    clock = FakeClock()
    names = Names("orders", Place("aws", "123456789012", "eu-west-1"))
    settings = StateMachine(definition="workflow.asl.yaml")
    options = WatchOptions(clock.now())
    return choose_source(offline_aws(clock), names, settings, options).source


@pytest.mark.parametrize(("deployed", "source"), CASES)
def test_type_and_logging_decide_the_source(
    deployed: Deployed, source: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert type(choose_for(deployed, monkeypatch)) is source


EXPRESS = Deployed("EXPRESS", "ALL", has_data=True, group="g")


@pytest.mark.parametrize(
    ("deployed", "code", "error"),
    [
        (EXPRESS, "StateMachineDoesNotExist", "state machine orders was deleted during the watch"),
        (EXPRESS, "AccessDeniedException", None),
        (replace(EXPRESS, is_found=False), "StateMachineDoesNotExist", None),
    ],
)
def test_a_deleted_state_machine_ends_a_watch_of_its_log(
    deployed: Deployed, code: str, error: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its log group may outlive it. One that was never read may still be there."""
    source = choose_for(deployed, monkeypatch)
    assert isinstance(source, LogReader)

    def describe(*_: object) -> None:
        raise make_error(code)

    monkeypatch.setattr(choose, "_describe", describe)
    if error is None:
        source._check()
        return
    with pytest.raises(AwsError, match=error):
        source._check()
