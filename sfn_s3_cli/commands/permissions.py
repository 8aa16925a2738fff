"""`sfnctl permissions`: the IAM policy that a command needs."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sfn_s3_cli.aws.arns import Place
    from sfn_s3_cli.context import Context


class Command(StrEnum):
    PLAN = "plan"
    DEPLOY = "deploy"
    STATUS = "status"
    WATCH_EXECUTIONS = "watch-executions"
    TEARDOWN = "teardown"


def permissions(
    ctx: typer.Context,
    command: Annotated[Command, typer.Argument(help="The command to be allowed.")],
) -> None:
    """Print the IAM policy that a command needs.

    It is for exactly this pipeline; with `account` and `region` in the config, nobody is asked. A
    deploy that moves the pipeline away from a bucket or a joined trail needs the policies of the
    old and of the new config.
    """
    from sfn_s3_cli.desired import wiring
    from sfn_s3_cli.names import Names
    from sfn_s3_cli.permissions import policy

    context: Context = ctx.obj
    place = _place(context)
    nodes = wiring(context.pipeline, {}, place)
    document = policy(command.value, nodes, Names(context.pipeline.name, place))
    context.view.emit(json.dumps(document, indent=2))


def _place(context: Context) -> Place:
    from sfn_s3_cli.aws.arns import Place
    from sfn_s3_cli.aws.partitions import partition_of

    account, region = context.account, context.region
    if not account or not region:
        return context.place
    return Place(partition_of(region), account, region)
