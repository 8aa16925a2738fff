"""Whatever ends a command before its end, as an error that can be told."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from sfn_s3_cli.context import GlobalOptions
from sfn_s3_cli.errors import ExitCode, SfnctlError, UsageError
from sfn_s3_cli.views import streams

if TYPE_CHECKING:
    from sfn_s3_cli.context import Context


def understood(
    error: Exception, context: Context, command: Any, arguments: list[str]
) -> SfnctlError:
    """The error in a user's words; `command` is Typer's, `arguments` are what it was given.

    Behind it may be a fault of ours that one change of many met with: then its log is named.
    What Typer finds wrong in the arguments it finds before it gives the context its options.
    """
    if hasattr(error, "format_message"):
        parsed = command.make_context("sfnctl", [*arguments], resilient_parsing=True)
        context.options = GlobalOptions(output=parsed.params.get("output") or GlobalOptions.output)
        return _usage(error, context.options)
    known, cause = _known(error), error.__cause__
    if known is None:
        return _unforeseen(error, command, arguments)
    if isinstance(cause, Exception) and _known(cause) is None:
        known.remedy = _unforeseen(cause, command, arguments).remedy
    return known


def _usage(error: Any, options: GlobalOptions) -> SfnctlError:
    about = getattr(error, "ctx", None)
    program = about.command_path if about else "sfnctl"
    message, remedy = error.format_message(), f"see `{program} --help`"
    if about and message == about.get_help():  # Typer's way to say that there are no arguments
        if options.output == "text":
            streams.write(sys.stderr, f"{message}\n")
            sys.exit(ExitCode.USAGE)
        message = "a command is missing"
    return UsageError(message, remedy)


def _known(error: Exception) -> SfnctlError | None:
    """The error in a user's words; None when it is a fault of ours."""
    if isinstance(error, SfnctlError):
        return error
    if "botocore" in sys.modules:  # else it cannot be one of AWS's
        from sfn_s3_cli.aws.errors import explained  # noqa: PLC0415

        if known := explained(error):
            return known
    match error:
        case OSError(filename=None):  # of stdout, most likely
            streams.give_up(sys.stdout)
            return SfnctlError(str(error.strerror))
        case OSError():
            return SfnctlError(f"{error.filename}: {error.strerror}")
    return None


def _unforeseen(error: Exception, command: Any, arguments: list[str]) -> SfnctlError:
    from sfn_s3_cli import error_log as crash  # noqa: PLC0415

    return crash.reported(error, arguments, _words(command), os.environ)


def _words(command: Any) -> set[str]:
    """The names of all commands and options: what an argument says that is no value."""
    commands = getattr(command, "commands", {})
    own = {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
    return own.union(commands, *map(_words, commands.values()))
