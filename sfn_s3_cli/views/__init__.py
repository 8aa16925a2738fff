"""How things are told: to people, or to programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sfn_s3_cli.aws.calls import Call
    from sfn_s3_cli.checks.report import Verdict
    from sfn_s3_cli.errors import SfnctlError
    from sfn_s3_cli.executions.model import Execution
    from sfn_s3_cli.local.environment import Environment
    from sfn_s3_cli.local.process import Status as CloudStatus
    from sfn_s3_cli.reconcile.outcome import Event, Outcome
    from sfn_s3_cli.reconcile.plan import Plan
    from sfn_s3_cli.reconcile.status import Status
    from sfn_s3_cli.templates import Catalogue, Scaffold

    Shown = Catalogue | Environment | Plan | Outcome | Status | Scaffold | Verdict | CloudStatus


class View(Protocol):
    """What commands speak through. Results go to stdout, everything else to stderr."""

    # A result. The command's last word.
    def show(self, result: Shown) -> None: ...
    # The plan of a change that is about to be made.
    def announce(self, plan: Plan) -> None: ...
    # A change that began or ended.
    def progress(self, event: Event) -> None: ...
    # Executions as they come; `detail` is how much of the input is shown: none, summary or full.
    def follow(self, executions: Iterable[Execution], detail: str) -> None: ...
    # Text for another program, as it is.
    def emit(self, text: str) -> None: ...
    # A remark.
    def remark(self, text: str) -> None: ...
    # A call that AWS answered.
    def call(self, call: Call) -> None: ...
    # Why the command ends without what it was asked for.
    def error(self, error: SfnctlError) -> None: ...
