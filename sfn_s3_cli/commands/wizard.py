"""Asks for what `sfnctl init` was not given; without a terminal it takes the defaults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from sfn_s3_cli import ci_files, templates
from sfn_s3_cli.ci_files import Ci
from sfn_s3_cli.errors import UsageError
from sfn_s3_cli.events import SOURCES, cloudtrail, s3

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from sfn_s3_cli.context import Context
    from sfn_s3_cli.templates import Template

T = TypeVar("T")

WHY_S3 = (
    "s3 is suggested because it delivers every event, usually within seconds.\n"
    "Choose cloudtrail if the bucket's settings must stay as they are, or to know who uploaded."
)


@dataclass(frozen=True)
class Wizard:
    """Checks each answer when it is given, and asks again if it is not valid."""

    context: Context
    is_asking: bool

    def choose_template(self) -> Template:
        self._list((each.name, each.summary) for each in templates.list_templates())
        return self._choose("template", "Template", "hello", templates.find)

    def choose_value(self, option: str, default: str | None) -> str:
        return self._choose(option, option.capitalize(), default, lambda text: _check(option, text))

    def choose_via(self) -> str:
        if not self.is_asking:
            return cloudtrail.VIA
        self._list((via, source.SUMMARY) for via, source in SOURCES.items())
        self.context.view.remark(WHY_S3)
        return self._choose("via", "Event source", s3.VIA, lambda text: _check("via", text))

    def choose_ci(self, folder: Path) -> Ci:
        default = ci_files.find_repository(folder).ci.value
        return self._choose("ci", "CI (github, gitlab or none)", default, _find_ci)

    def _list(self, choices: Iterable[tuple[str, str]]) -> None:
        if self.is_asking:
            known = dict(choices)
            width = max(map(len, known))
            for name, summary in known.items():
                self.context.view.remark(f"  {name:<{width}}  {summary}")

    def _choose(
        self, option: str, question: str, default: str | None, check: Callable[[str], T]
    ) -> T:
        if not self.is_asking:
            if default is None:
                remedy = "pass it, or run on a terminal without --yes"
                raise UsageError(f"--{option} is missing", remedy)
            return check(default)
        while True:
            answer = self.context.ask(question, default or "").strip()
            try:
                return check(answer)
            except UsageError as error:
                for each in error.problems or (error,):
                    remedy = f" ({each.remedy})" if each.remedy else ""
                    self.context.view.remark(f"{each.message}{remedy}")


def _check(option: str, text: str) -> str:
    templates.check({option: text})
    return text


def _find_ci(text: str) -> Ci:
    if text not in {*Ci}:
        raise UsageError(f"expected one of {', '.join(Ci)}, found {text!r}")
    return Ci(text)
