"""Observing: all resources are read; a denied read is an error or one more conflict."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from error_responses import make_error
from fake_clock import FakeClock, offline_aws
from fake_kind import FakeKind, node

from sfn_s3_cli.reconcile.observe import observe
from sfn_s3_cli.resources.base import Address
from sfn_s3_cli.resources.observation import Refused, Unreadable
from sfn_s3_cli.resources.reasons import ReasonType

FOREIGN = ReasonType("FOREIGN", "belongs to another account")
DENIED = make_error("AccessDenied")
A, B = Address("thing", "a"), Address("thing", "b")


def test_denied_read_beside_a_refusal_is_a_conflict() -> None:
    nodes = (node("a"), node("b"))
    with FakeKind(answers={"a": Refused(FOREIGN()), "b": DENIED}).in_use():
        snapshot = observe(nodes, offline_aws(FakeClock()))
    assert snapshot[A] == Refused(FOREIGN())
    assert isinstance(snapshot[B], Unreadable)


@pytest.mark.parametrize("answers", [{"b": DENIED}, {"a": Refused(FOREIGN()), "b": DENIED}])
def test_denied_read_during_a_teardown_is_an_error(answers: dict[str, Any]) -> None:
    nodes = tuple(node(name, wanted=False) for name in answers)
    with FakeKind(answers=answers).in_use(), pytest.raises(ClientError):
        observe(nodes, offline_aws(FakeClock()))
