"""`sfnctl validate`: check the config and the definition."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sfn_s3_cli.errors import ConfigError, ExitCode, UsageError, unreadable

if TYPE_CHECKING:
    from sfn_s3_cli.checks.report import ValidationReport
    from sfn_s3_cli.context import Context


def validate(
    ctx: typer.Context,
    strict: Annotated[bool, typer.Option("--strict", help="Treat warnings as errors.")] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Skip the checks that call AWS.")
    ] = False,
    sarif: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also write a SARIF log, for code scanning."),
    ] = None,
) -> None:
    """Check the config and the definition.

    With credentials or --local, Step Functions and EventBridge check them too. Exits with 2 if
    there are errors.
    """
    from sfn_s3_cli.views import report_files
    from sfn_s3_cli.views import sarif as log

    context: Context = ctx.obj
    if sarif:
        report_files.check_path(sarif, "--sarif")
    report = _check(context, offline=offline, strict=strict)
    context.view.show(report)
    if sarif:
        log.write(report, sarif)
    if not report.is_valid:
        raise typer.Exit(ExitCode.USAGE)


def _check(context: Context, *, offline: bool, strict: bool) -> ValidationReport:
    """Check offline first; call AWS only if that finds no errors."""
    from sfn_s3_cli.checks.report import ValidationReport

    config, definition = context.options.config, None
    not_checked: tuple[str, ...] = ()
    try:
        definition = config.parent / context.pipeline.state_machine.definition
        problems = context.offline_result.problems
    except ConfigError as error:
        problems = error.problems
    except UsageError as error:
        problems = (unreadable(str(config), error.message, error.remedy),)
    else:
        if not context.offline_result.has_errors and not offline and _can_call_aws(context):
            from sfn_s3_cli.checks import aws

            result = aws.check(lambda: context.aws, context.pipeline, context.offline_result)
            problems, not_checked = (*result.problems, *problems), result.not_checked
    return ValidationReport(config, definition, problems, not_checked, is_strict=strict)


def _can_call_aws(context: Context) -> bool:
    """Whether credentials are configured. Raises an error if --profile does not exist."""
    from sfn_s3_cli.checks.credentials import has_credentials

    options = context.options
    if options.profile is not None and not options.local:
        return bool(context.aws)
    return options.local or has_credentials(context.environ)
