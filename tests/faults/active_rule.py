"""A rule in use: the attempts that it has seen, and the answers that it gives in place of AWS."""

from __future__ import annotations

import copy
import io
import random
import re
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from faults.rules import Attempt, Rule

Result: TypeAlias = tuple[Any, Exception | None]
"""As `Endpoint._do_get_response` gives it: the response and what it says, or an exception."""


@dataclass
class ActiveRule:
    """A rule and what it has seen so far."""

    rule: Rule
    seen: int = 0
    fired: int = 0
    began: float | None = None
    let_through: float | None = None
    chance: random.Random = field(default_factory=random.Random)
    answers: dict[str, Result] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance.seed(self.rule.seed)

    def applies_to(self, attempt: Attempt, now: float) -> bool:
        """Counts the attempt, and says whether the fault hits it."""
        rule = self.rule
        if not rule.matches(attempt) or (rule.since and self.began is None):
            return False
        if rule.do == "stale" and attempt.question not in self.answers:
            return False
        self.seen += 1
        if self.seen < rule.first or (rule.times is not None and self.fired >= rule.times):
            return False
        self.began = now if self.began is None else self.began
        if rule.within is not None and now - self.began > rule.within:
            return False
        if rule.apart and (self.let_through is None or now - self.let_through >= rule.apart):
            self.let_through = now
            return False
        self.fired += 1
        return True

    def pause(self) -> float:
        """Seconds that `sleep` takes this time."""
        length = self.rule.seconds
        return length if self.rule.seed is None else self.chance.uniform(0, length)

    def learn(self, attempt: Attempt, result: Result, now: float) -> None:
        """Remembers what AWS itself has answered."""
        if (
            self.began is None
            and attempt.operation == self.rule.since
            and name_outcome(result) == "ok"
        ):
            self.began = now
        if self.rule.do == "stale" and self.rule.matches(attempt):
            self.answers.setdefault(attempt.question, copy_result(result))


def make_error(rule: Rule, attempt: Attempt) -> dict[str, str]:
    role = re.search(r"arn:[\w-]+:iam::[^\"]+", attempt.question)
    message = rule.message.replace("{role}", role[0] if role else "")
    return {"Code": rule.code, "Message": message}


def make_answer(attempt: Attempt, status: int, document: dict[str, Any]) -> Result:
    metadata = {"RequestId": "00000000-0000-0000-0000-000000000000", "HTTPStatusCode": status}
    response: Any = AWSResponse(attempt.url, status, HTTPHeaders(), io.BytesIO())
    response._content = b""
    return (response, {**document, "ResponseMetadata": metadata | {"HTTPHeaders": {}}}), None


def copy_result(result: Result) -> Result:
    """Copies a result, because the caller may change the document in it."""
    answer, exception = result
    return (answer and (answer[0], copy.deepcopy(answer[1]))), exception


def name_outcome(result: Result) -> str:
    """Gives `ok`, the code of AWS's error, or the name of the exception."""
    answer, exception = result
    if exception is not None:
        return type(exception).__name__
    response, parsed = answer
    if response.status_code < 300:
        return "ok"
    return str(parsed.get("Error", {}).get("Code", response.status_code))
