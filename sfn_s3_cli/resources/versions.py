"""The versions of a state machine: which ones still run, and the deletion of old ones.

AWS keeps up to 1,000 and deletes none by itself.
https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.aws.executions import IS_EXPRESS
from sfn_s3_cli.aws.explain import explain
from sfn_s3_cli.resources.live_alias import MISSING

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from sfn_s3_cli.aws.client import Aws


def find_running(aws: Aws, machine_arn: str, *, but: str | None) -> Iterator[str]:
    """The ARNs of versions that have running executions, without one; none for EXPRESS.

    An execution that `live` started counts for the version that `live` ran then.
    https://docs.aws.amazon.com/step-functions/latest/dg/execution-alias-version-associate.html
    """
    for version in _list_versions(aws, machine_arn):
        if version != but and _is_running(aws, version):
            yield version


def prune(aws: Aws, machine_arn: str, keep: int, spared: Container[str | None]) -> None:
    """Deletes versions that no alias and no running execution uses, but not the newest `keep`.

    A version that cannot be deleted is no reason to fail: the next deploy tries again.
    """
    try:
        _prune(aws, machine_arn, keep, spared)
    except Exception as error:
        if known := explain(error):
            aws.notify(f"Cannot delete old versions of the state machine: {known}")
        else:
            raise


def _prune(aws: Aws, machine_arn: str, keep: int, spared: Container[str | None]) -> None:
    old = [*_list_versions(aws, machine_arn)][keep:]
    routed = {*_list_routed(aws, machine_arn)} if old else set()
    for version in old:
        if aws.calls.interrupted.is_set():
            return
        if version not in spared and version not in routed and not _is_running(aws, version):
            aws.stepfunctions.delete_state_machine_version(stateMachineVersionArn=version)


def _list_versions(aws: Aws, machine_arn: str) -> Iterator[str]:
    """Their ARNs, the newest first."""
    more: dict[str, str] = {}
    while True:
        page = aws.stepfunctions.list_state_machine_versions(
            stateMachineArn=machine_arn,
            maxResults=1000,
            **more,
        )
        yield from (each["stateMachineVersionArn"] for each in page["stateMachineVersions"])
        if "nextToken" not in page:
            return
        more = {"nextToken": page["nextToken"]}


def _list_routed(aws: Aws, machine_arn: str) -> Iterator[str]:
    """The versions that aliases point to."""
    sfn = aws.stepfunctions
    more: dict[str, str] = {}
    while True:
        page = sfn.list_state_machine_aliases(stateMachineArn=machine_arn, **more)  # type: ignore[arg-type]
        for each in page["stateMachineAliases"]:
            describe = partial(
                sfn.describe_state_machine_alias,
                stateMachineAliasArn=each["stateMachineAliasArn"],
            )
            if alias := call_or_none(describe, *MISSING):
                yield from (
                    route["stateMachineVersionArn"] for route in alias["routingConfiguration"]
                )
        if "nextToken" not in page:
            return
        more = {"nextToken": page["nextToken"]}


def _is_running(aws: Aws, version: str) -> bool:
    """Whether any of its executions runs."""
    ask = partial(
        aws.stepfunctions.list_executions,
        stateMachineArn=version,
        statusFilter="RUNNING",
        maxResults=1,
    )
    answer = call_or_none(ask, *MISSING, IS_EXPRESS)
    return bool(answer and answer["executions"])
