"""`sfnctl permissions`: print the IAM policy that a command needs."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from sfn_s3_cli.commands.teardown import PIPELINE
from sfn_s3_cli.errors import UsageError

if TYPE_CHECKING:
    from sfn_s3_cli.context import Context
    from sfn_s3_cli.documents.document import LocatedDocument
    from sfn_s3_cli.iam.arns import Place
    from sfn_s3_cli.json_types import JsonObject


class Command(StrEnum):
    INIT = "init"
    PLAN = "plan"
    DEPLOY = "deploy"
    STATUS = "status"
    SHOW = "show"
    GRAPH = "graph"
    TEST = "test"
    WATCH_EXECUTIONS = "watch-executions"
    TEARDOWN = "teardown"
    WORKFLOW = "workflow"
    KMS_KEY = "kms-key"


def permissions(
    ctx: typer.Context,
    command: Annotated[
        Command,
        typer.Argument(metavar="COMMAND", help="Command to allow, or `workflow`, or `kms-key`."),
    ],
    pipeline: Annotated[str | None, typer.Option(metavar="NAME", help=PIPELINE)] = None,
) -> None:
    """Print the IAM policy that a command needs.

    The policy allows access to this pipeline only. `workflow` prints the policy of the workflow's
    role, `kms-key` the statements that the policy of `state_machine.kms_key` needs. AWS is not
    called if the config sets `account` and `region`. A deploy that moves the pipeline to another
    bucket, trail or key needs the policies of both the old and the new config.

    `init` needs no config. It asks without these permissions too, but offers no buckets.
    """
    context: Context = ctx.obj
    if command is not Command.INIT:
        context.choose_pipeline(pipeline)
    match command:
        case Command.INIT:
            document = _init(context)
        case Command.WORKFLOW:
            document = _workflow(context)
        case Command.KMS_KEY:
            document = _kms_key(context)
        case _:
            document = _command(context, command)
    context.view.emit(json.dumps(document, indent=2))


def _find_place(context: Context) -> Place:
    account, region = context.account, context.region
    return context.place if not account or not region else _place(account, region)


def _kms_key(context: Context) -> JsonObject:
    from sfn_s3_cli.iam.names import Names
    from sfn_s3_cli.reconcile.key_policy import key_policy

    if not context.pipeline.state_machine.kms_key:
        raise UsageError(
            "the config names no key, so no policy needs these statements",
            "set `state_machine.kms_key`",
        )
    return key_policy(context.pipeline, Names(context.pipeline.name, _find_place(context)))


def _init(context: Context) -> JsonObject:
    """What the questions of `init` read, in any account of the region's partition."""
    from sfn_s3_cli.reconcile.command_policy import write_policy
    from sfn_s3_cli.resources import existing_buckets

    region = context.options.region or context.environ.get("AWS_REGION") or "*"
    return write_policy(existing_buckets.permissions(_place("*", region)))


def _command(context: Context, command: Command) -> JsonObject:
    from sfn_s3_cli.iam.names import Names
    from sfn_s3_cli.reconcile.command_policy import make_policy
    from sfn_s3_cli.reconcile.desired import wiring

    place = _find_place(context)
    needs_definition = command in {Command.PLAN, Command.DEPLOY, Command.STATUS}
    definition = _sound_definition(context).value if needs_definition else {}
    nodes = wiring(context.pipeline, definition, place)
    return make_policy(command.value, nodes, Names(context.pipeline.name, place))


def _workflow(context: Context) -> JsonObject:
    """Print `*` for what the config does not set; AWS is not called."""
    from sfn_s3_cli.iam import policies
    from sfn_s3_cli.iam.names import Names
    from sfn_s3_cli.reconcile.roles import find_wide_permissions, workflow_policy

    definition = _sound_definition(context)
    account, region = context.account or "*", context.region or "*"
    if "*" in {account, region}:
        context.view.remark(
            "Note: `*` replaces the account or region, which the config does not set"
        )
    if region == "*":
        context.view.remark(
            "Note: without a region the partition is `aws`; set `region` for another one"
        )
    names = Names(context.pipeline.name, _place(account, region))
    for each in find_wide_permissions(context.pipeline, definition, names):
        context.view.remark(f"Note: {each.location}: {each.message}: {each.remedy}")
    return workflow_policy(context.pipeline, definition.value, names) or policies.document()


def _sound_definition(context: Context) -> LocatedDocument:
    """The definition; ConfigError if it or the config has errors."""
    context.offline_result.raise_for_errors()
    return context.offline_result.document


def _place(account: str, region: str) -> Place:
    from sfn_s3_cli.aws.partitions import partition_of
    from sfn_s3_cli.iam.arns import Place

    return Place("aws" if region == "*" else partition_of(region), account, region)
