from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import cast

import pytest

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.aws.reads import Reads


class Events:
    """A fake client that records its calls."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def list_tags_for_resource(self, *, arn: str) -> str:
        self.asked.append(arn)
        return f"tags of {arn}"

    def describe_rule(self, *, name: str) -> str:
        raise LookupError(name)


class Logs(Events):
    """A client of another service, with methods of the same names."""


@pytest.fixture
def reads() -> Reads:
    return Reads(cast("Aws", None))


def test_equal_reads_make_one_call(reads: Reads) -> None:
    events = Events()
    with reads, ThreadPoolExecutor(8) as pool:
        askers = [pool.submit(reads.ask, events.list_tags_for_resource, arn="a") for _ in range(40)]
        assert {asker.result().result() for asker in askers} == {"tags of a"}
    assert events.asked == ["a"]


def test_different_reads_make_a_call_each(reads: Reads) -> None:
    events, logs = Events(), Logs()
    with reads:
        for client, arn in ((events, "a"), (events, "b"), (logs, "a")):
            assert reads.ask(client.list_tags_for_resource, arn=arn).result() == f"tags of {arn}"
    assert (events.asked, logs.asked) == (["a", "b"], ["a"])


def test_result_of_a_failed_read_raises_its_error(reads: Reads) -> None:
    with reads:
        answer = reads.ask(Events().describe_rule, name="orders")
        with pytest.raises(LookupError, match="orders"):
            answer.result()
