"""What every command gets: the options, the config, the connection to AWS, and a view."""

from __future__ import annotations

import os
import re
import sys
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sfn_s3_cli.errors import RefusedError, SfnctlError, Signalled, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.checks.offline import OfflineResult
    from sfn_s3_cli.config.schema import Pipeline
    from sfn_s3_cli.iam.arns import Place
    from sfn_s3_cli.iam.names import Names
    from sfn_s3_cli.local.process import Cloud
    from sfn_s3_cli.local.settings import Settings
    from sfn_s3_cli.views import View


@dataclass(frozen=True)
class GlobalOptions:
    """The global options."""

    config: Path = Path("sfnctl.yaml")
    region: str | None = None
    profile: str | None = None
    local: bool = False
    output: str = "text"
    verbose: bool = False
    state_dir: Path | None = None


class Context:
    """One run of a command and the world around it. Its slow parts are made on first use."""

    def __init__(
        self, options: GlobalOptions | None = None, environ: Mapping[str, str] = os.environ
    ) -> None:
        self.options = options or GlobalOptions()
        self.environ = environ

    @cached_property
    def view(self) -> View:
        if self.options.output == "json":
            from sfn_s3_cli.views.json import Json

            return Json()
        from sfn_s3_cli.views.human import Human

        return Human()

    @cached_property
    def pipeline(self) -> Pipeline:
        """The config; ConfigError when it is wrong."""
        from sfn_s3_cli.config.load import load

        return load(self.options.config, self.environ)

    def choose_pipeline(self, name: str | None) -> None:
        """Goes on with the pipeline of that name in the place of the config's: its resources have
        names that derive from it, and everything else is as in the config."""
        if name is None:
            return
        from sfn_s3_cli.config.patterns import NAME

        if not re.fullmatch(NAME, name):
            raise UsageError(
                f"{name!r} cannot be the name of a pipeline",
                "give the `name` that the pipeline was deployed with",
            )
        self.pipeline = self.pipeline.model_copy(update={"name": name})

    @property
    def _pipeline_if_any(self) -> Pipeline | None:
        """None without a config file, which `local` and `demo` do not need."""
        return self.pipeline if self.options.config.exists() else None

    @cached_property
    def state_dir(self) -> Path:
        """The folder that holds the embedded cloud's state."""
        from sfn_s3_cli.local.state_dir import default_state_dir

        return self.options.state_dir or default_state_dir(self.environ)

    @cached_property
    def cloud(self) -> Cloud:
        """The embedded cloud; started if it is not running."""
        from sfn_s3_cli.local.settings import ANY

        return self.start_cloud(ANY)

    def start_cloud(self, wanted: Settings) -> Cloud:
        """Starts the embedded cloud, if it is not running; UsageError if it runs otherwise."""
        from sfn_s3_cli.local import process

        if self.options.profile is not None:
            self.view.remark("Note: --profile is ignored: the embedded cloud has no profiles.")
        match process.read_status(self.state_dir):
            case process.Stale(cloud) if cloud.data:
                self.view.remark(
                    f"The local cloud had stopped. Starting it with the state in {cloud.data}."
                )
            case process.Stale():
                self.view.remark(
                    "The local cloud had stopped, and its contents are lost. Starting a new one."
                )
        return process.ensure(self.state_dir, wanted)

    @cached_property
    def aws(self) -> Aws:
        """The connection to AWS, or with --local to the embedded cloud, which is then started."""
        from sfn_s3_cli.aws import client as aws

        on_call, notify = self.view.show_call if self.options.verbose else None, self.view.remark
        if not self.options.local:
            return aws.connect(
                profile=self.options.profile, region=self.region, on_call=on_call, notify=notify
            )
        return aws.connect_locally(
            self.cloud.endpoint_url,
            region=self.region,
            account=self.account,
            on_call=on_call,
            notify=notify,
        )

    @property
    def changed_nothing(self) -> bool:
        """Whether it is certain that no call of this run has changed anything on AWS."""
        return "aws" in vars(self) and not self.aws.calls.may_have_changed

    @property
    def changed(self) -> bool:
        """Whether a call of this run has changed something on AWS."""
        return "aws" in vars(self) and self.aws.calls.may_have_changed

    @cached_property
    def region(self) -> str | None:
        """The region of the config or the options; None if neither names one."""
        option = self.options.region
        config = self._pipeline_if_any.region if self._pipeline_if_any else None
        if config and option and config != option:
            raise UsageError(
                f"the config's region is {config}, but --region is {option}",
                "remove `region` from the config to choose it with --region",
            )
        return config or option

    @property
    def account(self) -> str | None:
        """The only account that the config allows; None if it allows any."""
        return self._pipeline_if_any.account if self._pipeline_if_any else None

    @cached_property
    def place(self) -> Place:
        """Partition, account and region; RefusedError if the config allows another account only."""
        place, allowed = self.aws.place, self.account
        if allowed and allowed != place.account:
            raise RefusedError(
                f"these credentials belong to account {place.account}, the config allows {allowed}",
                "choose another --profile; nothing was changed",
            )
        return place

    @property
    def names(self) -> Names:
        from sfn_s3_cli.iam.names import Names

        return Names(self.pipeline.name, self.place)

    @cached_property
    def offline_result(self) -> OfflineResult:
        """The config and its definition; ConfigError when they cannot be read."""
        from sfn_s3_cli.checks import offline

        return offline.check(self.options.config, self.pipeline)

    @property
    def is_interactive(self) -> bool:
        streams = (sys.stdin, sys.stderr)  # None where a process began without it
        return all(stream is not None and stream.isatty() for stream in streams)

    def confirm(self, question: str, answer: str = "yes") -> None:
        """Returns if the answer is the expected one; UsageError without a terminal."""
        if not self.is_interactive or self.options.output == "json":
            raise UsageError(
                "cannot ask for confirmation: no terminal, or JSON output", "pass --yes to go ahead"
            )
        if self.ask(f"{question} Type {answer} to go ahead") != answer:
            raise SfnctlError("not confirmed; nothing was changed")

    def ask(self, question: str, default: str = "") -> str:
        """The answer to a question on the terminal; the default if it is empty."""
        import typer

        from sfn_s3_cli.views.escape import escape

        shown = escape(f"{question} [{default}]" if default else question)
        try:
            with redirect_stdout(sys.stderr):  # where Typer would write a part of the question
                answer: Any = typer.prompt(shown, default=default, show_default=False)
        except Signalled:
            self.view.remark("")  # what follows begins on a line of its own
            raise
        except typer.Abort:  # the end of the input
            self.view.remark("")
            raise SfnctlError("no answer; nothing was changed") from None
        return str(answer)
