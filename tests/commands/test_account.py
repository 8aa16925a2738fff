"""The reads of `init`, which wait for nothing and nobody."""

from __future__ import annotations

import getpass
import socket
import threading

import pytest

from sfn_s3_cli.commands.account import Account, NotRead
from sfn_s3_cli.context import Context, GlobalOptions
from sfn_s3_cli.events.delivery import Delivery


@pytest.fixture(autouse=True)
def _getpass(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reads replace it for the rest of the command."""
    monkeypatch.setattr(getpass, "getpass", getpass.getpass)


def test_without_credentials_nothing_is_asked() -> None:
    account = Account(Context(environ={}))
    assert account.list_buckets() == NotRead("")
    assert account.read_delivery("orders", "acme-orders") == Delivery()
    assert threading.active_count() == 1


def test_a_silent_endpoint_is_given_up_and_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        environ = {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{silent.getsockname()[1]}",
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
        }
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        account = Account(Context(GlobalOptions(region="eu-west-1"), environ), limit=0.01)
        assert account.list_buckets() == NotRead("no answer within 0.01 seconds")
        assert account.read_delivery("orders", "acme-orders") == Delivery()


def test_a_missing_region_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    environ = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert Account(Context(environ=environ)).list_buckets() == NotRead("no region is set")
