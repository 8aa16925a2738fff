"""Runs scenarios: undisturbed first, then with trouble at chosen calls."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from difflib import unified_diff
from itertools import product
from typing import Any, NamedTuple, TypeVar

from crash.scenarios import VERBS, Scenario
from faults.record import Made
from faults.rules import Rule
from pipelines import HELLO, pipeline_config
from sfnctl_script import RunResult, Sfnctl

T = TypeVar("T")

OTHER = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 1, "End": True}}}
MADE_UP = (
    r"\bAROA\w+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|\d{4}-\d\d-\d\dT\d\d:\d\dZ|(?<=\\\"time\\\":\[).*?(?=\}\])"
)
"""Ids of roles and revisions, which AWS makes up each time, and the moments of a cutover."""
CUTOVER = '"sfnctl:cutover"'
"""A tag that a killed run may not write: the rule's pattern says the same."""
SOON_GONE = "sfnctl-previous"
"""The rights of executions that may be running: the next deploy removes them."""


_BLOCK = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
_AES: Any = {"ApplyServerSideEncryptionByDefault": [{"SSEAlgorithm": "AES256"}]}
BY_ITSELF: Any = (
    {"PublicAccessBlockConfiguration": [{name: "true"} for name in _BLOCK]},
    {"ServerSideEncryptionConfiguration": [{"Rule": [_AES]}]},
)
"""Settings of every new bucket, as the dump shows them."""


class Cut(NamedTuple):
    """A signal before or after the n-th call of a run, or the n-th that changes something."""

    signal: str
    n: int
    after: bool
    changes: bool | None = None

    @property
    def rule(self) -> Rule:
        return Rule(
            do="signal", signal=self.signal, first=self.n, after=self.after, changes=self.changes
        )


@dataclass
class Step:
    """A step of a scenario, and what it leaves when nothing disturbs it."""

    verb: str
    config: dict[str, Any]
    calls: list[Made] = field(default_factory=list)
    state: list[str] = field(default_factory=list)

    @property
    def operations(self) -> list[Made]:
        """The first call of each operation, in the order of their names."""
        return list({call.operation: call for call in sorted(self.calls, key=str)}.values())

    def cuts(self) -> list[Cut]:
        """All cuts: at each call, a kill before and after it, and one of two interrupts."""
        return [
            cut
            for n in range(1, len(self.calls) + 1)
            for cut in (
                Cut("SIGKILL", n, after=False),
                Cut("SIGINT", n, after=False) if n % 2 else Cut("SIGTERM", n, after=True),
                Cut("SIGKILL", n, after=True),
            )
        ]

    def sample(self, share: float, *signals: str) -> list[Cut]:
        """Some cuts: one for each signal, evenly spaced over the calls that change something.

        `share` is how far the first is from the beginning: 0 for none, 1 for the whole space.
        """
        changes = sum(call.changes for call in self.calls)
        places = [*product(range(1, changes + 1), (False, True))]
        spacing = len(places) / len(signals)
        return [
            Cut(signal, *places[int((number + share) * spacing)], changes=True)
            for number, signal in enumerate(signals)
        ]


def normalize(value: Any) -> Any:
    """Sorts tags, and leaves out what AWS does by itself for each bucket.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
    """
    match value:
        case dict():
            each = {key: normalize(field) for key, field in value.items()}
            return {
                key: field
                for key, field in each.items()
                if field not in BY_ITSELF and key != SOON_GONE
            }
        case [{"Key": _}, *_] | [{"key": _}, *_]:
            return sorted(value, key=str)
        case list():
            return [normalize(field) for field in value]
    return value


@dataclass
class ScenarioRunner:
    """Runs scenarios in one account, and compares what the account holds."""

    sfnctl: Sfnctl
    account: str
    read_account: Callable[[], Any]
    steps: list[Step] = field(default_factory=list)

    def write(self, config: dict[str, Any]) -> None:
        """Writes this config for the script."""
        text = pipeline_config(self.account, **config).replace("ACCOUNT", self.account)
        self.sfnctl.write("workflow.asl.json", json.dumps(HELLO))
        self.sfnctl.write("other.asl.json", json.dumps(OTHER))
        self.sfnctl.write("sfnctl.yaml", text)

    def play_undisturbed(self, scenario: Scenario) -> None:
        """Runs the scenario, and remembers the calls and the result of each step."""
        at_first = self.read_state()
        configs = (*scenario, scenario.after)
        self.steps = [Step(*each) for each in zip(VERBS, configs, strict=True)]
        for step in self.steps:
            with self.sfnctl.with_faults() as record:
                self.run(step)
            step.calls = record.calls
            step.state = self.read_state()
            if step.verb == "deploy":
                self.sfnctl("plan", "--exit-code")
        assert self.steps[-1].state == at_first

    def run(self, step: Step, code: int | None = 0) -> RunResult:
        self.write(step.config)
        return self.sfnctl(step.verb, "--yes", code=code)

    def run_and_cut(self, step: Step, cut: Cut) -> RunResult | None:
        """Cuts a run off; gives None if it ended before that.

        It may: where something is waited for, no two runs make the same number of calls.
        """
        try:
            with self.sfnctl.with_faults(cut.rule):
                ended = self.run(step, code=None)
        except AssertionError:
            assert ended.code == 0, ended
            return None
        return ended

    def read_state(self) -> list[str]:
        """Reads what the account holds, as lines, without the ids that AWS makes up."""
        text = json.dumps(normalize(self.read_account()), indent=1)
        lines = re.sub(MADE_UP, "...", text).splitlines()
        return [line for line in lines if CUTOVER not in line]

    def diff_from(self, step: Step) -> str:
        """Compares the account with the undisturbed result of a step; empty if they are equal."""
        return "\n".join(
            unified_diff(step.state, self.read_state(), "undisturbed", "here", n=9, lineterm="")
        )

    def play_disturbed(
        self, trouble: list[list[T]], disturb: Callable[[Step, T], bool]
    ) -> Iterator[Step]:
        """Runs the scenario until each step has had each of its troubles.

        `disturb` says whether that run changed something: then it is run again, and yielded. As
        long as the account is unchanged, the next trouble is tried immediately.
        """
        while any(trouble):
            for step, left in zip(self.steps, trouble, strict=True):
                while left:
                    if disturb(step, left.pop(0)):
                        break
                self.run(step)
                yield step
