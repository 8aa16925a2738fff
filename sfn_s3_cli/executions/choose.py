"""Chooses where a watch reads: by the type and the logging of the deployed state machine."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.aws.errors import DENIED, call_or_none, code_of
from sfn_s3_cli.errors import UsageError
from sfn_s3_cli.executions.adaptive import AdaptiveSource
from sfn_s3_cli.executions.logs import Log, create_log_reader
from sfn_s3_cli.executions.poll import create_poller, make_deletion_error
from sfn_s3_cli.fit.logging import FULL

if TYPE_CHECKING:
    from types_boto3_stepfunctions import SFNClient
    from types_boto3_stepfunctions.type_defs import DescribeStateMachineOutputTypeDef

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.config.schema import StateMachine
    from sfn_s3_cli.executions.source import ExecutionSource, WatchOptions
    from sfn_s3_cli.iam.names import Names

_LOGGING = f"state_machine.{FULL}"
NO_INPUT = f"The log has no inputs, so no objects are shown; it has them with `{_LOGGING}`."


class ChosenSource(NamedTuple):
    """Where to read, and what to tell the user about it, if anything."""

    source: ExecutionSource
    note: str = ""


@dataclass(frozen=True)
class Deployed:
    """The type of a state machine, and how it logs; `group` is None if it does not.

    `is_found` is False if the state machine cannot be read, so that the config's settings are here.
    """

    type: str
    level: str
    has_data: bool
    group: str | None
    is_found: bool = True

    @property
    def logs_everything(self) -> bool:
        return self.level == "ALL" and self.group is not None

    @property
    def logging(self) -> str:
        """As the config writes it."""
        return f"{{level: {self.level.lower()}, include_data: {str(self.has_data).lower()}}}"


def choose_source(
    aws: Aws, names: Names, settings: StateMachine, options: WatchOptions
) -> ChosenSource:
    """Polls a STANDARD state machine, and reads the log of an EXPRESS one.

    If a STANDARD one logs everything, its log helps when polling cannot keep up.

    UsageError if its executions cannot be read as the options need them.
    """
    deployed = find_deployed(aws, names, settings)
    log = find_log(deployed, names)
    if deployed.type != "EXPRESS":
        poller = create_poller(aws, names.state_machine_arn)
        if log is None or not log.has_data:
            return ChosenSource(poller)
        reader = create_log_reader(aws, log)
        return ChosenSource(AdaptiveSource(poller, reader, aws.clock, aws.notify))
    if log is None:
        raise UsageError(
            "the executions of an EXPRESS workflow are only in its log, and"
            f" {names.state_machine} logs with {deployed.logging}",
            _suggest(settings),
        )
    check = partial(_check_existence, aws, names) if deployed.is_found else lambda: None
    if log.has_data:
        return ChosenSource(create_log_reader(aws, log, check))
    if options.needs_object:
        raise UsageError(
            f"the log of {names.state_machine} has no inputs, so the keys of objects are unknown",
            _suggest(settings),
        )
    return ChosenSource(create_log_reader(aws, log, check), NO_INPUT)


def _check_existence(aws: Aws, names: Names) -> None:
    """AwsError if the state machine does not exist any more; it may only be unreadable."""
    request = partial(_describe, aws.stepfunctions_without_retries, names)
    try:
        call_or_none(request, *DENIED)
    except Exception as error:
        if code_of(error) != "StateMachineDoesNotExist":
            raise
        raise make_deletion_error(names.state_machine_arn) from None


def find_log(deployed: Deployed, names: Names) -> Log | None:
    """The log with every start and end; None if there is none."""
    if not deployed.logs_everything or deployed.group is None:
        return None
    resource = "express" if deployed.type == "EXPRESS" else "execution"
    prefix = names.place.arn("states", f"{resource}:{names.state_machine}:")
    return Log(deployed.group, prefix, deployed.has_data)


def find_deployed(aws: Aws, names: Names, settings: StateMachine) -> Deployed:
    """What is deployed, or what the config wants if that cannot be read."""
    request = partial(_describe, aws.stepfunctions, names)
    found = call_or_none(request, *DENIED, "StateMachineDoesNotExist")
    if found is None:
        level = settings.logging.level.upper()
        group = None if level == "OFF" else names.log_group
        has_data = settings.logging.include_data
        return Deployed(settings.aws_type, level, has_data, group, is_found=False)
    logging = found.get("loggingConfiguration", {})
    arns = [
        each["cloudWatchLogsLogGroup"].get("logGroupArn", "")
        for each in logging.get("destinations", ())
        if "cloudWatchLogsLogGroup" in each
    ]
    return Deployed(
        type=found["type"],
        level=logging.get("level", "OFF"),
        has_data=logging.get("includeExecutionData", False),
        group=arns[0].partition(":log-group:")[2].removesuffix(":*") if arns else None,
    )


def _describe(client: SFNClient, names: Names) -> DescribeStateMachineOutputTypeDef:
    return client.describe_state_machine(
        stateMachineArn=names.state_machine_arn, includedData="METADATA_ONLY"
    )


def _suggest(settings: StateMachine) -> str:
    """What to change: the config, if it does not have it already, and what is deployed."""
    logging = settings.logging
    if logging.level == "all" and logging.include_data:
        return f"run `sfnctl deploy`: the config has `{_LOGGING}`, but it is not deployed"
    return f"set `{_LOGGING}` and run `sfnctl deploy`; it applies to later executions"
