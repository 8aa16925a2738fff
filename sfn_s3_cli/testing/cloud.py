"""The embedded cloud of a test run, with an account of its own for each pipeline."""

from __future__ import annotations

import itertools
import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.testing.pipeline import Pipeline


@dataclass
class LocalAccount:
    """An account of the embedded cloud, in one region."""

    endpoint_url: str
    number: str
    region: str
    _clients: dict[str, Any] = field(default_factory=dict, repr=False)
    _connections: list[Aws] = field(default_factory=list, repr=False)

    def client(self, service: str) -> Any:
        """A boto3 client for this account, such as `client("dynamodb")`."""
        from sfn_s3_cli.aws.client import create_local_client

        if service not in self._clients:
            self._clients[service] = create_local_client(
                service, self.endpoint_url, region=self.region, account=self.number
            )
        return self._clients[service]

    def deploy(self, config: Path) -> Pipeline:
        """Deploys the pipeline of this config; creates its bucket, if the config does not.

        SfnctlError if that fails.
        """
        from sfn_s3_cli.testing.deployment import deploy
        from sfn_s3_cli.testing.pipeline import Pipeline

        deployment = deploy(config, self)
        self._connections.append(deployment.aws)
        return Pipeline(self, deployment)

    def close(self) -> None:
        for each in (*self._clients.values(), *self._connections):
            each.close()

    def clear(self) -> None:
        """Stops what runs, and deletes the buckets: their names are the same in all accounts."""
        states, s3 = self.client("stepfunctions"), self.client("s3")
        for machine in states.list_state_machines()["stateMachines"]:
            if machine["type"] == "STANDARD":
                _stop_executions(states, machine["stateMachineArn"])
        for bucket in s3.list_buckets()["Buckets"]:
            _delete_bucket(s3, bucket["Name"])


def _stop_executions(states: Any, machine_arn: str) -> None:
    lists = states.get_paginator("list_executions")
    for page in lists.paginate(stateMachineArn=machine_arn, statusFilter="RUNNING"):
        for execution in page["executions"]:
            states.stop_execution(executionArn=execution["executionArn"])


def _delete_bucket(s3: Any, bucket: str) -> None:
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for each in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
            s3.delete_object(Bucket=bucket, Key=each["Key"], VersionId=each["VersionId"])
    s3.delete_bucket(Bucket=bucket)


@dataclass
class LocalCloud:
    """The embedded cloud of this test run, or of one worker of it."""

    endpoint_url: str
    state_dir: Path
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1), repr=False)

    @contextmanager
    def open_account(
        self, number: str | None = None, region: str | None = None
    ) -> Iterator[LocalAccount]:
        """Gives a new account, or the one with this number, and empties it at the end.

        To empty an account that is used again, everything in the cloud is deleted.
        """
        from sfn_s3_cli.local import process
        from sfn_s3_cli.local.environment import REGION

        own = f"{next(self._numbers):012}"
        account = LocalAccount(self.endpoint_url, number or own, region or REGION)
        try:
            yield account
        finally:
            if number is None:
                account.clear()
            else:
                process.empty(self.state_dir)
            account.close()


@contextmanager
def run_cloud(state_dir: Path) -> Iterator[LocalCloud]:
    """Starts an embedded cloud that has its state in this folder, and stops it at the end.

    If this process is killed, the pipe that it holds is closed, and the cloud ends.
    """
    from sfn_s3_cli.local import process

    reading, writing = os.pipe()
    try:
        cloud = process.ensure(state_dir, lifeline=reading)
        yield LocalCloud(cloud.endpoint_url, state_dir)
    finally:
        process.stop(state_dir)
        os.close(reading)
        os.close(writing)
