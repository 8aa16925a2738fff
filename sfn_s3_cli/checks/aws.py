"""Lets AWS check a definition and a trigger's event pattern, if it can be reached."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.asl.language.definition import serialize
from sfn_s3_cli.aws.errors import code_of, message_of
from sfn_s3_cli.aws.explain import explain_briefly
from sfn_s3_cli.aws.partitions import partition_of
from sfn_s3_cli.aws.pool import open_pool
from sfn_s3_cli.aws.validation import matches_pattern, validate_definition
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.errors import Problem, Severity
from sfn_s3_cli.events import samples
from sfn_s3_cli.events.pattern import build_pattern
from sfn_s3_cli.json_types import JsonMapping

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.checks.offline import OfflineResult
    from sfn_s3_cli.config.schema import Pipeline
    from sfn_s3_cli.documents.places import ValuePath
    from sfn_s3_cli.documents.tokens import JsonValue


class AwsResult(NamedTuple):
    """The problems that AWS reports, and the checks it could not do, each with the reason."""

    problems: tuple[Problem, ...] = ()
    not_checked: tuple[str, ...] = ()


def check(connect: Callable[[], Aws], pipeline: Pipeline, offline: OfflineResult) -> AwsResult:
    """Runs AWS's checks. One that AWS does not answer counts as not checked, not as an error."""
    try:
        aws = connect()
    except Exception as error:  # noqa: BLE001  (raised again if it is unexpected)
        return AwsResult(not_checked=(f"definition and trigger (AWS): {explain_briefly(error)}",))
    with open_pool(2, "check") as pool:
        trigger = pool.submit(
            _collect, "trigger (EventBridge)", _check_trigger(aws, pipeline, offline.config)
        )
        definition = pool.submit(
            _collect, "definition (Step Functions)", _check_definition(aws, pipeline, offline)
        )
    results = (trigger.result(), definition.result())
    return AwsResult(
        tuple(problem for each in results for problem in each.problems),
        tuple(reason for each in results for reason in each.not_checked),
    )


def _collect(what: str, problems: Iterator[Problem]) -> AwsResult:
    try:
        return AwsResult(tuple(problems))
    except Exception as error:  # noqa: BLE001  (as above)
        return AwsResult(not_checked=(f"{what}: {explain_briefly(error)}",))


def _check_definition(aws: Aws, pipeline: Pipeline, offline: OfflineResult) -> Iterator[Problem]:
    document = offline.document
    text = serialize(document.value)
    for each in validate_definition(aws, text, pipeline.state_machine.aws_type):
        path = find_path(each.location, document.value)
        message = f"Step Functions rejects the definition: {each.message.rstrip('.')}"
        yield document.problem(Finding(each.code, path, message, ""))


def find_path(location: str, value: JsonValue) -> ValuePath:
    """The path for a location such as `/States/Choose/Choices[0]/Next`, as far as it exists.

    >>> find_path("/States/A/Choices[0]/Next", {"States": {"A": {"Choices": [{"Next": "B"}]}}})
    ('States', 'A', 'Choices', 0, 'Next')
    """
    path: list[str | int] = []
    for part in re.sub(r"\[(\d+)\]", r"/\1", location).split("/")[1:]:
        match value:
            case dict() if part in value:
                path.append(part)
                value = value[part]
            case list() if part.isdecimal() and int(part) < len(value):
                path.append(int(part))
                value = value[int(part)]
            case _:
                break
    return tuple(path)


def _check_trigger(aws: Aws, pipeline: Pipeline, config: Path) -> Iterator[Problem]:
    about = (pipeline.bucket.name, pipeline.trigger, partition_of(aws.region))
    pattern = build_pattern(*about)
    try:
        for event in samples.build_matching(*about):
            if not matches_pattern(aws, pattern, event):
                yield _mismatch(config, "does not match", event)
        for event in samples.build_other(*about):
            if matches_pattern(aws, pattern, event):
                yield _mismatch(config, "matches", event)
    except Exception as error:
        if code_of(error) != "InvalidEventPatternException":
            raise
        message = f"EventBridge rejects the trigger's event pattern: {message_of(error)}"
        remedy = "simplify `trigger.prefix` and `trigger.suffix`"
        yield Problem("INVALID_EVENT_PATTERN", Severity.ERROR, message, remedy, str(config))


def _mismatch(config: Path, verb: str, event: JsonMapping) -> Problem:
    message = f"EventBridge says that the trigger's event pattern {verb} {json.dumps(event)}"
    remedy = "this is a bug in sfnctl; please report it"
    return Problem("PATTERN_MISMATCH", Severity.ERROR, message, remedy, str(config))
