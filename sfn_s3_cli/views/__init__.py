"""How results reach the user: as text for people, or as JSON for programs.

Each result type has one module here, which offers its lines (text) and its document (JSON), and
one line in `subjects.SUBJECTS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sfn_s3_cli.aws.calls import ApiCall
    from sfn_s3_cli.errors import Problem, SfnctlError
    from sfn_s3_cli.executions.model import WatchEvent
    from sfn_s3_cli.reconcile.outcome import Event
    from sfn_s3_cli.reconcile.plan import Plan
    from sfn_s3_cli.testing.report import CaseResult
    from sfn_s3_cli.views.detail import Detail


class View(Protocol):
    """The only way to print. Results go to stdout, everything else to stderr."""

    # The result of the command, of a type that `subjects.SUBJECTS` lists.
    def show(self, result: object) -> None: ...
    # A plan that is the result of the command. `detail` is how much of what it creates to show;
    # without it, a terminal gets more than a pipe.
    def show_plan(self, plan: Plan, detail: Detail | None) -> None: ...
    # The plan that is about to be applied.
    def announce(self, plan: Plan, detail: Detail | None) -> None: ...
    # Warnings about the user's files, which the documents of results include.
    def warn(self, problems: Sequence[Problem]) -> None: ...
    # An event of a running apply.
    def show_progress(self, event: Event) -> None: ...
    # Shows the results of test cases as they come, if there is someone to see them: the case, and
    # how many there are.
    def find_case_display(self) -> Callable[[CaseResult, int], None] | None: ...
    # The events of a watch as they come; `detail` is how much of the input to print.
    def follow(self, events: Iterable[WatchEvent], detail: str) -> None: ...
    # Pass on the events of a watch, and say what is not a result of it: how reading goes on stderr,
    # and failed executions to GitHub. `follow` does it too.
    def report(self, events: Iterable[WatchEvent]) -> Iterator[WatchEvent]: ...
    # Text for another program, unchanged.
    def emit(self, text: str) -> None: ...
    # A remark on the way.
    def remark(self, text: str) -> None: ...
    # An AWS call that was answered.
    def show_call(self, call: ApiCall) -> None: ...
    # The error that ends the command.
    def show_error(self, error: SfnctlError) -> None: ...
