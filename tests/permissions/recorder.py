"""Runs commands in this process, and records their calls and what AWS would check for each."""

from __future__ import annotations

import functools
import itertools
import json
import os
import pickle
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import botocore.client
import pytest
from authorization import Check, Grant, Roles, find_grant, list_checks, list_grants
from pipelines import pipeline_config
from typer.testing import CliRunner, Result

from sfn_s3_cli.cli import app
from sfn_s3_cli.clock import SystemClock
from sfn_s3_cli.context import Context
from sfn_s3_cli.iam.actions import list_actions
from sfn_s3_cli.iam.arns import Place

Document = dict[str, Any]

_numbers = itertools.count(900_001)


def make_account() -> str:
    """Gives an account that no other test of this worker uses."""
    return f"{os.getpid() % 10**6:06}{next(_numbers):06}"


class Recorder:
    """Runs commands and compares their calls with the policies that are printed for them."""

    def __init__(self, config: Path) -> None:
        self.config = config
        self.enter("")
        self.operations: dict[str, set[str]] = defaultdict(set)
        """The actions that AWS checked, by operation."""
        self.granted: dict[str, set[Grant]] = defaultdict(set)
        self.used: dict[str, set[Grant]] = defaultdict(set)
        self.surprises: dict[str, Callable[[], object]] = {}
        """What somebody else does right after a call of that operation."""
        self.lacking: set[str] = set()
        """What commands needed and their policies lacked."""
        self.answered: set[str] = set()
        """The actions of the last command's calls that succeeded."""
        self._surprised = 0
        self._checks: list[Check] | None = None

    def enter(self, account: str) -> None:
        """Moves to a new account."""
        self.place = Place("aws", account, "us-east-1")
        self.roles = Roles()
        self._passed = timedelta(0)

    def put_forward(self, passed: timedelta) -> None:
        """Lets that time pass by the clock of the commands."""
        self._passed += passed

    def listen(self, patch: pytest.MonkeyPatch) -> None:
        """Records all calls of this process; of the test's own, only what they do to roles."""
        call = botocore.client.BaseClient._make_api_call  # type: ignore[attr-defined]

        @functools.wraps(call)
        def recorded(client: Any, operation: str, params: Document) -> Any:
            service = client.meta.service_model.service_name
            asked: list[Check] = []
            if self._checks is not None and self._surprised != threading.get_ident():
                asked = [*list_checks(service, operation, params, self.place, self.roles)]
                self._checks += asked
                self.operations[f"{service}:{operation}"] |= {check.action for check in asked}
            answer = call(client, operation, params)
            if answer.get("tags") != []:  # as the emulator says of what does not exist
                self.answered |= {check.action for check in asked}
            if surprise := self.surprises.pop(operation, None):
                self._surprised = threading.get_ident()
                surprise()
                self._surprised = 0
            self.roles.follow(operation, params)
            return answer

        patch.setattr(botocore.client.BaseClient, "_make_api_call", recorded)
        patch.setattr(SystemClock, "now", lambda _: datetime.now(UTC) + self._passed)

    def configure(self, **changes: Any) -> None:
        """Writes the config of `pipelines`; in `changes`, ACCOUNT means the account."""
        account = self.place.account
        config = pipeline_config(account, region=self.place.region, **changes)
        self.config.write_text(config.replace("ACCOUNT", account))

    def policy(self, command: str) -> Document:
        """Reads the policy that is printed for the current config."""
        return dict(json.loads(run_command(self.config, "permissions", command).stdout))

    def run(self, command: str, *arguments: str, previous: Document | None = None) -> list[Check]:
        """Runs a command and compares its calls with the policy that is printed for it.

        `previous` is what was printed for the config before this one.
        """
        policies = [self.policy(command), *([previous] if previous else [])]
        with self._recording() as asked:
            run_command(self.config, command, *arguments)
        for policy in policies:
            self.granted[command] |= set(map(self._anywhere, list_grants(policy)))
        for check in asked:
            if grant := find_grant(check, policies):
                self.used[command].add(self._anywhere(grant))
            else:
                self.lacking.add(f"{command}: {check.action} {check.resource} {check.context}")
        return asked

    def _anywhere(self, grant: Grant) -> Grant:
        """The same grant for any account, and for both forms of a log group's ARN."""
        resource = grant.resource.replace(self.place.account, "ACCOUNT").removesuffix(":*")
        return grant._replace(resource=resource)

    @contextmanager
    def _recording(self) -> Iterator[list[Check]]:
        self._checks, self.answered = [], set()
        try:
            yield self._checks
        finally:
            self._checks = None

    def unused(self, command: str) -> list[str]:
        """Grants that no run of the command needed: too many actions, or too many resources."""
        used = self.used[command]
        sids = {(each.sid, each.action) for each in used}
        resources = {(each.sid, each.resource) for each in used}
        return sorted(
            " ".join(grant)
            for grant in self.granted[command]
            if (grant.sid, grant.action) not in sids or (grant.sid, grant.resource) not in resources
        )

    def save(self, record: Path) -> None:
        """Writes what `unused` and `disputed_actions` need, at once: others may look for it."""
        unfinished = record.with_suffix(".part")
        unfinished.write_bytes(pickle.dumps((self.operations, self.granted, self.used)))
        unfinished.rename(record)

    def add(self, record: Path) -> None:
        """Adds what another recorder has saved."""
        ours: tuple[dict[str, set[Any]], ...] = (self.operations, self.granted, self.used)
        for mine, theirs in zip(ours, pickle.loads(record.read_bytes()), strict=True):
            for key, values in theirs.items():
                mine[key] |= values

    def disputed_actions(self) -> dict[str, set[str]]:
        """Actions on which the program and AWS disagree, by operation."""
        return {
            name: surplus
            for name, asked in self.operations.items()
            if (surplus := set(list_actions(*name.split(":"))) ^ asked)
        }


def run_command(config: Path, *arguments: str) -> Result:
    result = CliRunner().invoke(app, ["--config", str(config), *arguments], obj=Context())
    assert result.exit_code == 0, (arguments, result.output, result.exception)
    return result
