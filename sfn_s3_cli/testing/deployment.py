"""Deploys a pipeline to the embedded cloud and reads its executions, for the fixtures of pytest."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from sfn_s3_cli.aws.client import Aws, connect_locally
from sfn_s3_cli.checks import offline
from sfn_s3_cli.config.load import load
from sfn_s3_cli.config.schema import Logging
from sfn_s3_cli.counts import Count
from sfn_s3_cli.errors import SfnctlError, Signalled
from sfn_s3_cli.events.mismatch import find_mismatch
from sfn_s3_cli.executions.choose import choose_source
from sfn_s3_cli.executions.details import read_standard
from sfn_s3_cli.executions.log_history import Wanted, read_express
from sfn_s3_cli.executions.source import Depth, WatchOptions
from sfn_s3_cli.executions.watch import Merge
from sfn_s3_cli.iam.names import Names
from sfn_s3_cli.reconcile.apply import apply
from sfn_s3_cli.reconcile.outcome import Outcome
from sfn_s3_cli.reconcile.plan import refuse_conflicts
from sfn_s3_cli.reconcile.proposal import propose
from sfn_s3_cli.resources.dead_letters import read_dead_letters
from sfn_s3_cli.testing.paths import list_path
from sfn_s3_cli.testing.pipeline import Execution

if TYPE_CHECKING:
    from pathlib import Path

    from sfn_s3_cli.config.schema import Pipeline as Config
    from sfn_s3_cli.executions.details import ExecutionDetails
    from sfn_s3_cli.executions.model import Execution as Started
    from sfn_s3_cli.executions.steps import Step
    from sfn_s3_cli.testing.cloud import LocalAccount
    from sfn_s3_cli.testing.pipeline import Upload

_MOST = 10
"""Executions that a message lists."""
_LOG_ALL = Logging(level="all", include_data=True)


class ConfiguredPlace(NamedTuple):
    """The account and the region that a config names, if any."""

    account: str | None
    region: str | None


def read_place(path: Path) -> ConfiguredPlace:
    config = load(path, os.environ)
    return ConfiguredPlace(config.account, config.region)


def deploy(path: Path, account: LocalAccount) -> Deployment:
    """Deploys the pipeline of a config; creates the bucket if the config does not.

    An EXPRESS workflow logs everything, whatever the config says: its executions are only there.
    """
    config = load(path, os.environ)
    if config.state_machine.type == "express":
        machine = config.state_machine.model_copy(update={"logging": _LOG_ALL})
        config = config.model_copy(update={"state_machine": machine})
    aws = connect_locally(account.endpoint_url, region=account.region, account=account.number)
    if not config.bucket.create:
        _create_bucket(aws, config.bucket.name)
    result = offline.check(path, config)
    result.raise_for_errors()
    deployment = Deployment(config, aws, Names(config.name, aws.place))
    plan = propose(config, result, aws, aws.place, adopt=False).plan
    refuse_conflicts(plan)
    try:
        events = tuple(apply(plan, aws))
    except Signalled:
        raise KeyboardInterrupt from None
    outcome = Outcome("deploy", config.name, plan, events)
    if outcome.failed:
        first = outcome.failed[0]
        raise SfnctlError(f"{first.change.address} was not deployed: {first.error}")
    return deployment


def _create_bucket(aws: Aws, name: str) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html"""
    region: Any = aws.region
    where: Any = {"CreateBucketConfiguration": {"LocationConstraint": region}}
    aws.s3.create_bucket(Bucket=name, **({} if region == "us-east-1" else where))


@dataclass
class Deployment:
    """A deployed pipeline, and what is known of its executions."""

    config: Config
    aws: Aws
    names: Names
    _started: dict[str, Started] = field(default_factory=dict)

    @cached_property
    def _merge(self) -> Merge:
        """The account is new, so nothing before the deploy is left out."""
        since = self.aws.now() - timedelta(days=1)
        options = WatchOptions(since, depth=Depth.INPUT, waits_for_errors=True)
        machine = self.config.state_machine
        return Merge(choose_source(self.aws, self.names, machine, options).source, options)

    def list_started(self) -> list[Started]:
        """All executions as they are now, in the order in which they started."""
        self._started |= {each.arn: each for each in self._merge.read()}
        return sorted(self._started.values(), key=lambda each: each.started or each.status_since)

    def has_ended(self, arn: str) -> bool:
        return self._started[arn].has_ended

    def read_executions(self) -> list[Execution]:
        return [self.read_execution(each.arn) for each in self.list_started()]

    def read_execution(self, arn: str) -> Execution:
        details = self._read_details(arn)
        execution, steps = details.execution, details.history.steps
        return Execution(
            arn,
            execution.name,
            execution.status,
            input=_parse(execution.input),
            output=_parse(details.output),
            error=execution.error,
            cause=execution.cause,
            object=execution.object,
            steps=steps,
            path=list_path(steps),
        )

    def _read_details(self, arn: str) -> ExecutionDetails:
        if self.config.state_machine.type == "standard":
            return read_standard(self.aws, arn, keep_all=True)
        details = read_express(self.aws, self.names.log_group, Wanted(arn), keep_all=True)
        if details is None:
            raise SfnctlError(f"the log has no execution {arn}")
        return details

    def find_mismatch(self, upload: Upload) -> str:
        """Why an upload can start no execution; empty if it can."""
        trigger = self.config.trigger
        if not trigger.enabled:
            return "`trigger.enabled` is false"
        return find_mismatch(trigger, upload.key, event=upload.event, size=upload.size)

    def describe_silence(self, upload: Upload, arn: str | None, timeout: float) -> str:
        """What happened instead of the execution that a test has waited for."""
        if arn:
            execution = self.read_execution(arn)
            lines = [f"the execution of {upload.key!r} is still {execution.status}"]
            lines[0] += f" after {timeout:g} seconds"
            lines += (_describe_step(each) for each in execution.steps)
            return "\n    ".join(lines)
        started = self.list_started()
        lines = [f"no execution of {upload.key!r} began within {timeout:g} seconds"]
        lines += [f"the trigger matches it; the pipeline has {Count(len(started)):execution}"]
        lines += (_describe(each) for each in started[-_MOST:])
        letters = read_dead_letters(self.aws, self.names.queue)
        if letters and letters.number:
            codes = ", ".join(each.code for each in letters.errors)
            lines += [f"{Count(letters.number):event} could not start an execution: {codes}"]
        return "\n    ".join(lines)


def _describe(execution: Started) -> str:
    key = execution.object.key if execution.object else "no object"
    error = f", {execution.error}" if execution.error else ""
    return f"{execution.name}: {key!r}, {execution.status}{error}"


def _describe_step(step: Step) -> str:
    activity = f", {step.activity}" if step.activity else ""
    attempts = f", attempt {step.attempts}" if step.attempts > 1 else ""
    return f"{step.name}: {step.status}{activity}{attempts}"


def _parse(text: str | None) -> Any:
    return None if text is None else json.loads(text)
