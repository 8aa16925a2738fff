"""Whatever ends a command: one error message and one exit code."""

from __future__ import annotations

import os
import re
import sys
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, NoReturn

from sfn_s3_cli.context import GlobalOptions
from sfn_s3_cli.errors import ExitCode, Interrupted, SfnctlError, Signalled, UsageError
from sfn_s3_cli.views import streams

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typer._click.core import Command

    from sfn_s3_cli.context import Context


@contextmanager
def exit_on_error(context: Context, command: Command, arguments: list[str]) -> Iterator[None]:
    """Show the error that ends the block, and exit with its code.

    `command` is Typer's root command; `arguments` are what it was called with.
    """
    try:
        yield
    except Signalled as signal:
        _show(context, _describe_interruption(context, signal))
        os._exit(signal.exit_code)  # without waiting for threads that wait for AWS
    except Exception as error:  # noqa: BLE001  (every error ends the command)
        known = _explain(error, context, command, arguments)
        _show(context, known)
        leave(known.exit_code)


def leave(code: int) -> NoReturn:
    """Exit without waiting for threads whose answers from AWS nobody needs any more."""
    threads = (each for each in threading.enumerate() if each is not threading.main_thread())
    if any(not each.daemon for each in threads):
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                with suppress(OSError):
                    stream.flush()
        os._exit(code)
    sys.exit(code)


def _show(context: Context, error: SfnctlError) -> None:
    with suppress(SfnctlError):  # stderr cannot be written; the exit code still says enough
        context.view.show_error(error)


def _describe_interruption(context: Context, signal: Signalled) -> Interrupted:
    if context.changed_nothing:
        return Interrupted(signal, "interrupted; nothing was changed")
    if context.changed:
        remedy = "run the same command again to finish"
        return Interrupted(signal, "interrupted after changes were made", remedy)
    return Interrupted(signal, "interrupted")


def _explain(
    error: Exception, context: Context, command: Command, arguments: list[str]
) -> SfnctlError:
    """Turn any exception into an error that the user can understand.

    Its cause may be an unexpected error, if one of many changes failed with it: then the remedy
    names the log.
    """
    if hasattr(error, "format_message"):
        # Typer rejects arguments before it calls us with the global options.
        parsed = command.make_context("sfnctl", [*arguments], resilient_parsing=True)
        context.options = GlobalOptions(output=parsed.params.get("output") or GlobalOptions.output)
        return _explain_usage(error, context.options)
    known, cause = _recognize(error), error.__cause__
    if known is None:
        return _log_unexpected(error, command, arguments)
    if isinstance(cause, Exception) and _recognize(cause) is None:
        known.remedy = _log_unexpected(cause, command, arguments).remedy
    return known


def _explain_usage(error: Any, options: GlobalOptions) -> SfnctlError:
    about = getattr(error, "ctx", None)
    program = about.command_path if about else "sfnctl"
    message, remedy = error.format_message(), f"see `{program} --help`"
    if about and message == about.get_help():  # Typer's error if there are no arguments
        if options.output == "text":
            streams.write(sys.stderr, f"{message}\n")
            sys.exit(ExitCode.USAGE)
        message = "a command is missing"
    message = re.sub(r"\s*\n\s*", " ", message)  # Typer lists choices below each other
    for pattern, plain in _OF_PYDANTIC.items():
        message = re.sub(rf"(?<=: ){pattern}", plain, message, count=1)
    return UsageError(message, remedy)


_OF_PYDANTIC = {
    "Value error, ": "",
    "Input should be a valid integer.*": "expected a whole number",
    "Input should be greater than or equal to ": "expected at least ",
    "Input should be less than or equal to ": "expected at most ",
}
"""What Typer passes on of pydantic's messages, and how sfnctl says it."""


def _recognize(error: Exception) -> SfnctlError | None:
    """Return the error in the user's words, or None if it is a bug in sfnctl."""
    if isinstance(error, SfnctlError):
        return error
    if "botocore" in sys.modules:  # otherwise it cannot be an error of AWS
        from sfn_s3_cli.aws.explain import explain  # noqa: PLC0415

        if known := explain(error):
            return known
    match error:
        case OSError(filename=None):  # most likely stdout
            streams.discard(sys.stdout)
            return SfnctlError(str(error.strerror))
        case OSError():
            return SfnctlError(f"{error.filename}: {error.strerror}")
    return None


def _log_unexpected(error: Exception, command: Command, arguments: list[str]) -> SfnctlError:
    from sfn_s3_cli import error_log  # noqa: PLC0415

    return error_log.log_unexpected(error, arguments, _collect_words(command), os.environ)


def _collect_words(command: Command) -> set[str]:
    """Collect the names of all commands and options: the arguments that are not values."""
    commands: dict[str, Command] = getattr(command, "commands", {})
    options = {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
    return options.union(commands, *map(_collect_words, commands.values()))
