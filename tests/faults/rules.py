"""Rules: which attempts a fault hits, and what it does to them.

A child process gets its rules as JSON. A rule that never fires proves nothing, so the record of
the calls (`faults.record`) fails the test for it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from sfn_s3_cli.aws.client import Aws

READING = ("Describe", "Get", "Head", "List", "Receive", "Test", "Validate")
OPTIONAL = frozenset(
    (
        *("DescribeAlarms", "DescribeTrails", "GetResources", "ListRules", "TestEventPattern"),
        "ValidateStateMachineDefinition",
    )
)
"""Calls that a run can do without when AWS does not answer."""


class Attempt(NamedTuple):
    """A call as botocore sends it, or sends it again."""

    service: str
    operation: str
    params: Mapping[str, Any]
    url: str = ""

    @property
    def changes(self) -> bool:
        """Whether it may change something."""
        return not self.operation.startswith(READING)

    @property
    def question(self) -> str:
        """A key that is equal for two attempts that ask the same."""
        return json.dumps(self[:3], sort_keys=True, default=str)


@dataclass(frozen=True, kw_only=True, repr=False)
class Rule:
    """A fault: the attempts that it hits, and what happens to them."""

    do: str
    """signal, reset, timeout, error, answer, stale, sleep, run or fast."""
    after: bool = False
    """Whether AWS carries the call out first; its answer is then lost or replaced."""

    service: str = ""
    """botocore's name of it, as a pattern; empty for any, as the next."""
    operation: str = ""
    changes: bool | None = None
    """True for attempts that may change something, False for those that only read."""
    since: str = ""
    """Counts only what comes after the first success of an operation of this name."""
    first: int = 1
    """The first of these attempts that it hits, counted from 1."""
    times: int | None = 1
    """How many it hits at most; None for all."""
    within: float | None = None
    """How many seconds it lasts, from the first hit or from `since`."""
    apart: float = 0.0
    """Lets an attempt pass when the last that passed is so many seconds ago."""

    signal: str = "SIGKILL"
    code: str = "InternalFailure"
    message: str = "The service is not at its best."
    """`{role}` becomes the ARN of the role in the request."""
    status: int = 500
    document: Mapping[str, Any] = field(default_factory=dict)
    """What `answer` says, with status 200."""
    seconds: float = 0.0
    """How long `sleep` takes; up to so long with a seed."""
    seed: int | None = None
    python: str = ""
    """What `run` runs; its own calls are not attempts."""
    pace: int = 100
    """How much faster than a clock `fast` lets the time pass that is slept and counted here."""

    def __repr__(self) -> str:
        """Shows the fields that differ from the defaults, so that a failure fits on a line."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        plain = asdict(Rule(do=""))
        return f"Rule({', '.join(f'{k}={v!r}' for k, v in values.items() if v != plain[k])})"

    def matches(self, attempt: Attempt) -> bool:
        """Whether the rule is about such an attempt at all."""
        return (
            self.do != "fast"
            and bool(re.fullmatch(self.service or ".*", attempt.service))
            and bool(re.fullmatch(self.operation or ".*", attempt.operation))
            and self.changes in {None, attempt.changes}
        )


def as_json(rules: tuple[Rule, ...]) -> str:
    return json.dumps([asdict(rule) for rule in rules])


def from_json(text: str) -> tuple[Rule, ...]:
    return tuple(Rule(**each) for each in json.loads(text))


FAST = Rule(do="fast")
"""Shortens every wait to a hundredth; the record keeps how long it would have taken."""


def throttle(operation: str, times: int | None = 2) -> Rule:
    return Rule(
        do="error",
        operation=operation,
        times=times,
        code="ThrottlingException",
        message="Rate exceeded",
        status=400,
    )


ONE_WRITE_A_SECOND = Rule(
    do="error",
    service="cloudtrail",
    changes=True,
    apart=1.0,
    times=None,
    code="ThrottlingException",
    message="Rate exceeded",
    status=400,
)
"""Harsher than CloudTrail, which allows an account one a second of each operation.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
"""


def deny(
    operation: str, action: str, detail: str = "", code: str = "AccessDeniedException"
) -> Rule:
    """The answer to a call without permission, every time; `detail` ends its message."""
    user = "arn:aws:iam::123456789012:user/dev"
    return Rule(
        do="error",
        operation=operation,
        times=None,
        code=code,
        message=f"User: {user} is not authorized to perform: {action}{detail}",
        status=403,
    )


def deny_by_s3(operation: str) -> Rule:
    """S3's AccessDenied, which does not say what is missing, every time."""
    return Rule(
        do="error",
        service="s3",
        operation=operation,
        code="AccessDenied",
        message="Access Denied",
        status=403,
        times=None,
    )


EXPIRED = Rule(
    do="error",
    times=None,
    code="ExpiredTokenException",
    message="The security token included in the request is expired",
    status=403,
)


def delay_roles(times: int | None = None, within: float | None = None) -> tuple[Rule, ...]:
    """AWS's answers while a role that this process created is not known everywhere yet."""
    machine = Rule(
        do="error",
        since="CreateRole",
        service="stepfunctions",
        operation="(Create|Update)StateMachine",
        times=times,
        within=within,
        code="AccessDeniedException",
        message="Neither the global service principal states.amazonaws.com, nor the regional one is"
        " authorized to assume the provided role.",
        status=400,
    )
    target = Rule(
        do="error",
        since="CreateRole",
        service="events",
        operation="PutTargets",
        times=times,
        within=within,
        code="ValidationException",
        message="Provided role '{role}' cannot be assumed by principal 'events.amazonaws.com'.",
        status=400,
    )
    return machine, target


def edit(aws: Aws, python: str, **more: Any) -> Rule:
    """Lets somebody else change something: runs `python` with `aws`, in the same account."""
    endpoint, account = aws.sts.meta.endpoint_url, aws.place.account
    door = "from sfn_s3_cli.aws.client import connect_locally\n"
    door += f"aws = connect_locally({endpoint!r}, account={account!r})\n"
    return Rule(do="run", python=door + python, **more)
