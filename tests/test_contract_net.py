"""The contract net itself: it reports what AWS would refuse, wherever it is sent from."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import contract
import pytest
from botocore import xform_name
from botocore.session import Session
from contract.models import compile_pattern
from contract.rules import RULES
from contract_cases import RIGHT, WRONG
from sfnctl_script import CHILD, Sfnctl

from sfn_s3_cli.aws.client import SERVICES, connect_locally

Send = Callable[[str, Mapping[str, Any]], None]


class NowhereError(Exception):
    """Raised instead of sending a request."""


def _nowhere(**_: object) -> None:
    raise NowhereError


@pytest.fixture
def send() -> Send:
    """A function that makes a request as sfnctl does, without sending it."""
    aws = connect_locally("http://127.0.0.1")

    def send(operation: str, params: Mapping[str, Any]) -> None:
        service, _, name = operation.partition(".")
        client = getattr(aws, service)
        client.meta.events.register("before-send", _nowhere)
        with pytest.raises(NowhereError):
            getattr(client, xform_name(name))(**params)

    return send


def test_valid_requests_pass(send: Send) -> None:
    for operation, params in RIGHT.items():
        send(operation, params)
        assert contract.take_problems() == [], operation


@pytest.mark.parametrize(("operation", "changes", "problem"), WRONG)
def test_each_request_that_aws_refuses_is_reported(
    send: Send, operation: str, changes: dict[str, Any], problem: str
) -> None:
    params = {**RIGHT[operation], **changes}
    send(operation, {name: value for name, value in params.items() if value is not None})
    reported = f"{operation}: {problem}".encode("unicode_escape").decode()
    assert contract.take_problems() == [reported]


def test_every_rule_has_a_case() -> None:
    assert RULES.keys() <= {operation for operation, _, _ in WRONG}


def test_every_pattern_of_the_models_compiles() -> None:
    for service in (*SERVICES, "sts"):
        model = Session().get_service_model(service)
        for name in model.shape_names:
            compile_pattern(model.shape_for(name).metadata.get("pattern", ""))


def test_a_bad_request_in_a_thread_is_reported(send: Send) -> None:
    wrong = {**RIGHT["events.PutRule"], "Name": "a b"}
    thread = threading.Thread(target=send, args=("events.PutRule", wrong))
    thread.start()
    thread.join()
    with pytest.raises(contract.BrokenError, match="PutRule: Name: 'a b' does not match"):
        contract.settle()


def test_clients_of_others_are_not_checked() -> None:
    client: Any = Session().create_client(
        "events", "eu-west-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    client.meta.events.register("before-send", _nowhere)
    with pytest.raises(NowhereError):
        client.put_rule(Name="a b")
    assert contract.take_problems() == []


def test_requests_of_a_child_process_are_checked(project: Sfnctl) -> None:
    """Forbids the rule's name, by an addition to the models that botocore reads at home."""
    project("plan")
    extras = {"version": 1.0, "merge": {"shapes": {"RuleName": {"pattern": "theirs"}}}}
    home = Path(project.environment["HOME"])
    model = home / ".aws" / "models" / "events" / "2015-10-07" / "service-2.sdk-extras.json"
    model.parent.mkdir(parents=True)
    model.write_text(json.dumps(extras))
    with (
        pytest.raises(
            contract.BrokenError, match="'sfnctl-orders-cloudtrail' does not match theirs"
        ),
        project.running("plan") as run,
    ):
        run.communicate()


def test_a_child_that_sends_nothing_does_not_load_botocore(sfnctl: Sfnctl) -> None:
    code = "import sys; print('contract' in sys.modules, 'botocore' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code],
        env=sfnctl.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (run.stdout, run.stderr) == ("True False\n", "")


CARELESS = """
from sfn_s3_cli.aws.client import connect_locally

def test_that_ignores_the_problem():
    events = connect_locally("http://127.0.0.1").events
    events.meta.events.register("before-send", lambda **_: exit("nowhere"))
    try:
        events.put_rule(Name="a b")
    except SystemExit:
        pass
"""


def test_a_test_fails_for_a_bad_request_it_ignores(tmp_path: Path) -> None:
    test = tmp_path / "test_careless.py"
    test.write_text(CARELESS)
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "conftest", f"--rootdir={tmp_path}", test],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(CHILD.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "contract.BrokenError: events.PutRule: Name: 'a b' does not match" in run.stdout
    assert "1 passed, 1 error" in run.stdout
