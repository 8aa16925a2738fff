"""Asks for what `sfnctl init` was not given; without a terminal it takes the defaults."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from sfn_s3_cli import ci_files, templates
from sfn_s3_cli.ci_files import Ci
from sfn_s3_cli.commands.account import Account, NotRead
from sfn_s3_cli.counts import Count
from sfn_s3_cli.errors import UsageError
from sfn_s3_cli.events import SOURCES, cloudtrail, s3
from sfn_s3_cli.templates import questions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from sfn_s3_cli.context import Context
    from sfn_s3_cli.events.delivery import Delivery
    from sfn_s3_cli.templates import Template, Values

T = TypeVar("T")

WHY_S3 = (
    "s3 is suggested because it delivers every event, usually within seconds.\n"
    "Choose cloudtrail if the bucket's settings must stay as they are, or to know who uploaded."
)
_IS_ON = "s3 is suggested because {bucket} sends its events to EventBridge already."
_IS_OFF = (
    "s3 is suggested because it delivers every event, usually within seconds. {bucket} does not"
    " send its events to EventBridge yet; deploy changes only that.\n"
    "Choose cloudtrail if the bucket's settings must stay as they are, or to know who uploaded."
)
_IS_LOGGED = (
    "cloudtrail is suggested because the trail {trails} logs all uploads to {bucket} already: with"
    " `trail: none`, nothing has to change.\n"
    "Choose s3 to get every event, usually within seconds; deploy then makes the bucket send its"
    " events to EventBridge."
)
_PAGE = 20
_MORE = "+"  # no bucket can have this name


class Bucket(NamedTuple):
    """A bucket, and whether AWS says that it exists already."""

    name: str
    exists: bool = False


class Source(NamedTuple):
    """How the events arrive, and whether deploy has to make what sends them."""

    via: str
    needs_trail: bool = True
    creates_bucket: bool = True


@dataclass(frozen=True)
class Wizard:
    """Checks each answer when it is given, and asks again if it is not valid."""

    context: Context
    is_asking: bool

    @cached_property
    def _account(self) -> Account:
        return Account(self.context)

    def choose_template(self) -> Template:
        self._list((each.name, each.summary) for each in templates.list_templates())
        return self._choose("template", "Template", "hello", templates.find)

    def choose_value(self, option: str, default: str | None) -> str:
        return self._choose(option, option.capitalize(), default, lambda text: _check(option, text))

    def choose_bucket(self) -> Bucket:
        """A bucket of the account, by its number or name, or a new one."""
        found = self._account.list_buckets() if self.is_asking else NotRead("")
        if isinstance(found, NotRead) and found.why:
            self.context.view.remark(f"Note: your buckets cannot be listed ({found.why}).")
        if isinstance(found, NotRead) or not found:
            return Bucket(self.choose_value("bucket", None))
        self.context.view.remark(f"The account has {Count(len(found)):bucket} in this region:")
        name = self._choose_listed(found)
        if name not in found:
            self.context.view.remark(f"{name} is none of them: deploy will create it.")
        return Bucket(name, name in found)

    def _choose_listed(self, found: list[str]) -> str:
        """Shows one page after the other, until the answer is a bucket."""
        for start in itertools.count(0, _PAGE):
            for number, name in enumerate(found[start : start + _PAGE], start + 1):
                self.context.view.remark(f"  {number:>3}  {name}")
            left = max(0, len(found) - start - _PAGE)
            if left:
                self.context.view.remark(f"    {_MORE}  shows more ({left} left)")
            find = partial(_find_bucket, found, has_more=left > 0)
            answer = self._choose("bucket", "Bucket (number, name or new name)", None, find)
            if answer != _MORE:
                break
        return answer

    def choose_source(self, name: str, bucket: Bucket, via: str | None) -> Source:
        """The event source, and what the config has to say of the bucket and its trails."""
        if not self.is_asking:
            return Source(via or cloudtrail.VIA)
        delivery = self._account.read_delivery(name, bucket.name)
        if delivery.not_read:
            self.context.view.remark(
                f"Note: what delivers the events of {bucket.name} already cannot be read"
                f" ({delivery.not_read})."
            )
        if via is None:
            self._list((each, source.SUMMARY) for each, source in SOURCES.items())
            suggested, why = _suggest(bucket.name, delivery)
            self.context.view.remark(why)
            via = self._choose("via", "Event source", suggested, lambda text: _check("via", text))
        exists = bucket.exists if delivery.exists is None else delivery.exists
        needs_trail = via != cloudtrail.VIA or not delivery.trails
        return Source(via, needs_trail=needs_trail, creates_bucket=not exists)

    def choose_answers(
        self, template: Template, values: Values, given: Mapping[str, str]
    ) -> Mapping[str, str]:
        """Answers to the template's questions. Without a terminal, `write` adds the defaults."""
        asked = template.read_questions()
        questions.check_given(asked, given)
        if not self.is_asking:
            return given
        answers: dict[str, str] = {}
        for each in asked:
            if each.name in given:
                answers[each.name] = given[each.name]
                continue
            if each.help:
                self.context.view.remark(each.help)
            default = each.fill_default({"name": values.name, "bucket": values.bucket, **answers})
            answers[each.name] = self._choose(each.name, each.prompt, default, each.check)
        return answers

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


def _find_bucket(found: list[str], text: str, *, has_more: bool) -> str:
    """The bucket with that name or number; `+` for the next page."""
    if text in found or (text == _MORE and has_more):
        return text
    if not text.isdecimal():
        return _check("bucket", text)
    if not 1 <= int(text) <= len(found):
        raise UsageError(f"expected a number from 1 to {len(found)}, or a name, found {text!r}")
    return found[int(text) - 1]


def _suggest(bucket: str, delivery: Delivery) -> tuple[str, str]:
    """The better event source for a bucket, and why."""
    if delivery.is_on:
        return s3.VIA, _IS_ON.format(bucket=bucket)
    if delivery.trails:
        trails = " and ".join(delivery.trails)
        return cloudtrail.VIA, _IS_LOGGED.format(trails=trails, bucket=bucket)
    if delivery.is_on is None:
        return s3.VIA, WHY_S3
    return s3.VIA, _IS_OFF.format(bucket=bucket)


def _check(option: str, text: str) -> str:
    templates.check({option: text})
    return text


def _find_ci(text: str) -> Ci:
    if text not in {*Ci}:
        raise UsageError(f"expected one of {', '.join(Ci)}, found {text!r}")
    return Ci(text)
