"""Which source a watch of a deployed state machine reads."""

from __future__ import annotations

import pytest
from fake_clock import FakeClock, offline_aws

from sfn_s3_cli.config.schema import StateMachine
from sfn_s3_cli.executions import choose
from sfn_s3_cli.executions.adaptive import AdaptiveSource
from sfn_s3_cli.executions.choose import Deployed, choose_source
from sfn_s3_cli.executions.logs import LogReader
from sfn_s3_cli.executions.poll import Poller
from sfn_s3_cli.executions.source import WatchOptions
from sfn_s3_cli.iam.arns import Place
from sfn_s3_cli.iam.names import Names

CASES = [
    (Deployed("STANDARD", "ERROR", has_data=True, group="g"), Poller),
    (Deployed("STANDARD", "ALL", has_data=False, group="g"), Poller),
    (Deployed("STANDARD", "ALL", has_data=True, group="g"), AdaptiveSource),
    (Deployed("EXPRESS", "ALL", has_data=True, group="g"), LogReader),
]


@pytest.mark.parametrize(("deployed", "source"), CASES)
def test_type_and_logging_decide_the_source(
    deployed: Deployed, source: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choose, "find_deployed", lambda *_: deployed)
    clock = FakeClock()
    names = Names("orders", Place("aws", "123456789012", "eu-west-1"))
    settings = StateMachine(definition="workflow.asl.yaml")
    options = WatchOptions(clock.now())
    assert type(choose_source(offline_aws(clock), names, settings, options).source) is source
