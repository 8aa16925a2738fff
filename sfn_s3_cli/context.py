"""What every command is given: the options, the config, the door to AWS, and a voice."""

from __future__ import annotations

import os
import sys
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sfn_s3_cli.errors import ConfigError, Refused, SfnctlError, Signalled, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.checks.aws import AwsResult
    from sfn_s3_cli.checks.offline import OfflineResult
    from sfn_s3_cli.config.schema import Pipeline
    from sfn_s3_cli.errors import Problem
    from sfn_s3_cli.iam.arns import Place
    from sfn_s3_cli.iam.names import Names
    from sfn_s3_cli.local.process import Cloud
    from sfn_s3_cli.reconcile.desired import Node
    from sfn_s3_cli.reconcile.plan import Plan
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
    """One run of a command. Whatever is costly or may fail is made when it is first asked for."""

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

    @property
    def _pipeline(self) -> Pipeline | None:
        """None where there is no config, which `local` and `demo` can do without."""
        return self.pipeline if self.options.config.exists() else None

    @cached_property
    def state_dir(self) -> Path:
        """Where the embedded cloud is remembered."""
        from sfn_s3_cli.local.state_dir import default_state_dir

        return self.options.state_dir or default_state_dir(self.environ)

    @cached_property
    def cloud(self) -> Cloud:
        """The embedded cloud, started if need be."""
        from sfn_s3_cli.local import process

        match process.read_status(self.state_dir):
            case process.Running(cloud):
                return cloud
            case process.Stale():
                self.view.remark("The local cloud was gone, and all it held: this is a new one.")
        return process.ensure(self.state_dir)

    @cached_property
    def aws(self) -> Aws:
        """The door to AWS, or with --local to the embedded cloud, which is started if need be."""
        from sfn_s3_cli.aws import client as aws

        on_call, tell = self.view.show_call if self.options.verbose else None, self.view.remark
        if not self.options.local:
            return aws.connect(
                profile=self.options.profile, region=self.region, on_call=on_call, notify=tell
            )
        return aws.connect_locally(
            self.cloud.endpoint_url,
            region=self.region,
            account=self.account,
            on_call=on_call,
            notify=tell,
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
        """What the config and the options say about the region."""
        option = self.options.region
        config = self._pipeline.region if self._pipeline else None
        if config and option and config != option:
            raise UsageError(
                f"the config says region {config}, --region says {option}",
                "leave `region` out of the config to choose it by --region",
            )
        return config or option

    @property
    def account(self) -> str | None:
        """The only account that the config allows."""
        return self._pipeline.account if self._pipeline else None

    @cached_property
    def place(self) -> Place:
        """Where the pipeline is; Refused for another account than the config allows."""
        place, allowed = self.aws.place, self.account
        if allowed and allowed != place.account:
            raise Refused(
                f"these credentials are of account {place.account}, the config is for {allowed}",
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
    def sound_definition(self) -> dict[str, Any]:
        """The definition; ConfigError when it or the config has errors."""
        self.offline_result.raise_for_errors()
        definition: dict[str, Any] = self.offline_result.document.value
        return definition

    def wiring(self) -> tuple[Node, ...]:
        """What the config wants of AWS."""
        from sfn_s3_cli.reconcile.desired import wiring

        return wiring(self.pipeline, self.offline_result.document.value, self.place)

    def sound_wiring(self) -> tuple[Node, ...]:
        """The same for a change: ConfigError when there are errors; warnings are counted."""
        self.offline_result.raise_for_errors()
        if count := len(self.offline_result.problems):
            warnings = "one warning" if count == 1 else f"{count} warnings"
            self.view.remark(f"{warnings} about config and definition: see `sfnctl validate`")
        return self.wiring()

    def leftovers(self, *, stop_executions: bool) -> tuple[Node, ...]:
        """The same with nothing wanted, for which the definition does not matter."""
        from sfn_s3_cli.reconcile.desired import nothing, wiring

        nodes = wiring(self.pipeline, {}, self.place)
        return nothing(nodes, stop_executions=stop_executions)

    def plan(self, nodes: tuple[Node, ...], **choices: bool) -> Plan:
        """The difference between these nodes and what AWS has."""
        from sfn_s3_cli.reconcile.observe import observe
        from sfn_s3_cli.reconcile.plan import make_plan

        return make_plan(nodes, observe(nodes, self.aws), **choices)

    def checked_plan(self, nodes: tuple[Node, ...], **choices: bool) -> Plan:
        """The same, and ConfigError when AWS, asked meanwhile, refuses definition or trigger."""
        from sfn_s3_cli.aws.reads import open_pool

        with open_pool(1, "check") as pool:
            check = pool.submit(self.check_with_aws)
            plan = self.plan(nodes, **choices)
        result = check.result()
        for each in result.not_checked:
            self.view.remark(f"Not checked: {each}")
        if result.problems:
            raise ConfigError(result.problems)
        return replace(plan, notes=(*plan.notes, *self._wide(plan)))

    def _wide(self, plan: Plan) -> Iterator[str]:
        """What the workflow's role, where it changes, may do to anything."""
        changed = {change.address.name for change in plan.pending if change.desired}
        if self.names.states_role in changed:
            for each in self.wide_permissions(self.names):
                yield f"{each.location}: {each.message}: {each.remedy}."

    def wide_permissions(self, names: Names) -> list[Problem]:
        """What the workflow may do to anything, because the definition does not say to what."""
        from sfn_s3_cli.reconcile.roles import derived

        document = self.offline_result.document
        wide = derived(self.pipeline, document.value, names).wide_permissions
        return document.problems(wide)

    def check_with_aws(self) -> AwsResult:
        """What AWS finds wrong with the config and its definition."""
        from sfn_s3_cli.checks import aws

        return aws.check(lambda: self.aws, self.pipeline, self.offline_result)

    @property
    def is_interactive(self) -> bool:
        return sys.stdin.isatty() and sys.stderr.isatty()

    def confirm(self, question: str) -> None:
        """Returns when the answer is yes; UsageError where nobody can be asked."""
        if not self.is_interactive or self.options.output == "json":
            raise UsageError("nobody can be asked here", "pass --yes to go ahead")
        if self.ask(f"{question} Type yes to go ahead", default="") != "yes":
            raise SfnctlError("not confirmed; nothing was changed")

    def ask(self, question: str, default: str | None = None) -> str:
        """The answer to a question on the terminal."""
        import typer

        try:
            with redirect_stdout(sys.stderr):  # where Typer would write a part of the question
                answer: Any = typer.prompt(question, default=default, show_default=bool(default))
        except Signalled:
            self.view.remark("")  # what follows begins on a line of its own
            raise
        except typer.Abort:  # the end of the input
            self.view.remark("")
            raise SfnctlError("no answer; nothing was changed") from None
        return str(answer)
