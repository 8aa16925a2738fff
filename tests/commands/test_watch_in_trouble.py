"""A watch whose calls are not answered, are refused, or lose their subject."""

from __future__ import annotations

import socket
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from fake_clock import FakeClock
from faults.rules import FAST, Rule, throttle
from sfnctl_script import Sfnctl

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.commands import watch_executions
from sfn_s3_cli.errors import UsageError

if TYPE_CHECKING:
    import typer

CONFIG = """\
name: orders
region: eu-west-1
bucket: acme-orders
state_machine: {definition: workflow.asl.yaml}
"""
NEVER = 3600.0  # seconds
READY = "Watching orders for executions that start from now on; press Ctrl-C to stop.\n"


def expire(operation: str) -> Rule:
    message = "The security token included in the request is expired"
    return Rule(
        do="error",
        operation=operation,
        first=2,
        times=None,
        code="ExpiredTokenException",
        message=message,
        status=400,
    )


@pytest.fixture
def deployed(project: Sfnctl) -> Sfnctl:
    project("deploy", "--yes")
    return project


@pytest.fixture
def uploaded(deployed: Sfnctl, aws: Aws, account: str) -> Sfnctl:
    """An execution has ended."""
    aws.s3.put_object(Bucket=f"orders-{account}", Key="incoming/a.json", Body=b"{}")
    deployed("watch-executions", "--object", "incoming/a.json", "--timeout", "60s")
    return deployed


def test_timeout_holds_at_the_start(sfnctl: Sfnctl) -> None:
    """The endpoint accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        sfnctl.environ |= {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.getsockname()[1]}",
            "AWS_ACCESS_KEY_ID": "x",
            "AWS_SECRET_ACCESS_KEY": "x",
        }
        sfnctl.write("sfnctl.yaml", CONFIG)
        sfnctl.write("workflow.asl.yaml", "StartAt: A\nStates: {A: {Type: Succeed}}\n")
        ended = sfnctl("watch-executions", "--timeout", "0s", code=6)
    assert ended.out == ""
    assert ended.err == (
        "Error: AWS did not answer within the timeout\n"
        "Hint: check the region, the network and the proxy\n"
    )


def test_another_thread_makes_the_first_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the timeout holds while a name server does not answer."""
    threads: list[threading.Thread] = []

    def start(*_: object, **__: object) -> None:
        threads.append(threading.current_thread())
        raise UsageError("enough")

    monkeypatch.setattr(watch_executions, "_start", start)
    aws, options = SimpleNamespace(clock=FakeClock()), SimpleNamespace(local=False)
    context = SimpleNamespace(obj=SimpleNamespace(aws=aws, options=options))
    with pytest.raises(UsageError, match="enough"):
        watch_executions.watch_executions(cast("typer.Context", context))
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()


@pytest.mark.parametrize(("operation", "first"), [("ListExecutions", 2), ("DescribeExecution", 1)])
def test_timeout_holds_in_the_middle(uploaded: Sfnctl, operation: str, first: int) -> None:
    hang = Rule(do="sleep", operation=operation, first=first, seconds=NEVER, times=None)
    with uploaded.with_faults(hang):
        limits = ("--since", "1h", "--timeout", "1s")
        ended = uploaded("watch-executions", *limits, code=None)
    shown = ended.out.splitlines()
    assert (ended.code, len(shown)) == (6, 1 if operation == "ListExecutions" else 0)
    assert "s behind: " in ended.err or "AWS is still listing executions, for " in ended.err


def test_timeout_holds_while_aws_refuses_connections(uploaded: Sfnctl) -> None:
    with uploaded.with_faults(Rule(do="reset", operation="ListExecutions", first=2, times=None)):
        ended = uploaded("watch-executions", "--timeout", "2s", code=6)
    assert ended.err.startswith(READY + "AWS cannot be read at the moment; trying again in ")
    assert "\nError: AWS was not read to the end within --timeout: 0 ended so far\n" in ended.err


def test_network_loss_repeats_nothing(uploaded: Sfnctl) -> None:
    lost = Rule(do="reset", operation="ListExecutions", first=2, times=6)
    with uploaded.with_faults(lost, FAST):
        limits = ("--since", "1h", "--until-idle", "20s", "--timeout", "10m")
        ended = uploaded("watch-executions", *limits)
    assert len(ended.out.splitlines()) == 1
    assert ended.err.count("AWS cannot be read at the moment") == 3


def test_throttling_is_not_repeated_out_of_sight(uploaded: Sfnctl) -> None:
    """Each attempt that AWS throttles is one that the quota's bucket knows of."""
    with uploaded.with_faults(throttle("ListExecutions", times=5), FAST) as record:
        limits = ("--since", "1h", "--count", "1")
        ended = uploaded("watch-executions", *limits)
    assert len(ended.out.splitlines()) == 1
    assert ended.err.count("AWS cannot be read at the moment") == 1
    assert sum(each.operation == "ListExecutions" for each in record.calls) == 6


def test_expired_credentials_end_a_watch_with_one_line(uploaded: Sfnctl) -> None:
    with uploaded.with_faults(expire("ListExecutions")):
        ended = uploaded("watch-executions", "--since", "1h", "--until-idle", "1h", code=1)
    assert len(ended.out.splitlines()) == 1
    _, error, hint = ended.err.splitlines()
    assert error.startswith("Error: ListExecutions: ExpiredTokenException: The security token")
    assert hint == "Hint: the credentials have expired: run `aws sso login` or renew them"


def test_a_deletion_ends_a_watch(uploaded: Sfnctl) -> None:
    gone = Rule(
        do="error",
        operation="ListExecutions",
        first=2,
        code="StateMachineDoesNotExist",
        message="State Machine Does Not Exist",
        status=400,
    )
    with uploaded.with_faults(gone):
        ended = uploaded("watch-executions", "--since", "1h", "--until-idle", "1h", code=1)
    assert ended.err.splitlines()[1:] == [
        "Error: state machine orders was deleted during the watch",
        "Hint: run `sfnctl deploy`, then watch again",
    ]
