"""What AWS itself says of a definition and of a trigger's pattern, where it can be asked."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from sfn_s3_cli.asl.language.definition import written
from sfn_s3_cli.aws.errors import code_of, explained, message_of
from sfn_s3_cli.aws.reads import threads
from sfn_s3_cli.errors import Problem, Severity, SfnctlError
from sfn_s3_cli.events import samples
from sfn_s3_cli.events.pattern import build_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from types_boto3_stepfunctions.literals import StateMachineTypeType

    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.config.schema import Pipeline
    from sfn_s3_cli.documents.document import Document, ValuePath


class Opinion(NamedTuple):
    """What AWS finds wrong, and what it could not be asked, with the reason."""

    problems: tuple[Problem, ...] = ()
    not_checked: tuple[str, ...] = ()


def ask(
    connect: Callable[[], Aws], config: Path, pipeline: Pipeline, document: Document
) -> Opinion:
    """AWS's opinion. Nothing that keeps it from telling is an error."""
    try:
        aws = connect()
    except Exception as error:  # noqa: BLE001  (raised again when nobody foresaw it)
        return Opinion(not_checked=(f"what AWS says of it: {_why(error)}",))
    definition = (aws, document, pipeline.state_machine.aws_type)
    with threads(2, "ask") as pool:
        asked = (
            pool.submit(_asked, "the definition by Step Functions", _definition, *definition),
            pool.submit(_asked, "the trigger by EventBridge", _pattern, aws, config, pipeline),
        )
    about_definition, about_trigger = (each.result() for each in asked)
    return Opinion(
        (*about_trigger.problems, *about_definition.problems),
        (*about_trigger.not_checked, *about_definition.not_checked),
    )


def _asked(what: str, check: Callable[..., Iterator[Problem]], *about: object) -> Opinion:
    try:
        return Opinion(tuple(check(*about)))
    except Exception as error:  # noqa: BLE001  (as above)
        return Opinion(not_checked=(f"{what}: {_why(error)}",))


def _why(error: Exception) -> str:
    if code := code_of(error):  # without the request, which holds a whole document
        return f"{code}: {message_of(error)}"
    known = error if isinstance(error, SfnctlError) else explained(error)
    if known is None:
        raise error
    return known.message


def _definition(aws: Aws, document: Document, type_: StateMachineTypeType) -> Iterator[Problem]:
    """Only the result counts, AWS says; its diagnostics may change.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html
    """
    answer = aws.stepfunctions_briefly.validate_state_machine_definition(
        definition=written(document.value), type=type_, severity="ERROR"
    )
    if answer["result"] == "OK":
        return
    if not answer["diagnostics"]:
        yield Problem(
            "SCHEMA_VALIDATION_FAILED",
            Severity.ERROR,
            "Step Functions refuses it",
            "",
            document.file,
        )
    for each in answer["diagnostics"]:
        mark = document.mark(located(each.get("location", ""), document.value))
        message = f"Step Functions refuses it: {each['message'].rstrip('.')}"
        yield Problem(each["code"], Severity.ERROR, message, "", document.file, *mark)


def located(location: str, value: Any) -> ValuePath:
    """The path to what AWS calls `/States/Choose/Choices[0]/Next`, as far as it leads.

    >>> located("/States/A/Choices[0]/Next", {"States": {"A": {"Choices": [{"Next": "B"}]}}})
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


def _pattern(aws: Aws, config: Path, pipeline: Pipeline) -> Iterator[Problem]:
    bucket, trigger = pipeline.bucket.name, pipeline.trigger
    pattern = json.dumps(build_pattern(bucket, trigger))
    try:
        if not _matches(aws, pattern, samples.build_matching(bucket, trigger)):
            yield _mismatch(config, "does not match", samples.build_matching(bucket, trigger))
        if _matches(aws, pattern, samples.build_other(bucket, trigger)):
            yield _mismatch(config, "matches", samples.build_other(bucket, trigger))
    except Exception as error:
        if code_of(error) != "InvalidEventPatternException":
            raise
        message = f"EventBridge refuses the trigger's event pattern: {message_of(error)}"
        remedy = "simplify `trigger.prefix` and `trigger.suffix`"
        yield Problem("INVALID_EVENT_PATTERN", Severity.ERROR, message, remedy, str(config))


def _matches(aws: Aws, pattern: str, event: Mapping[str, Any]) -> bool:
    answer = aws.events_briefly.test_event_pattern(EventPattern=pattern, Event=json.dumps(event))
    return answer["Result"]


def _mismatch(config: Path, does: str, event: Mapping[str, Any]) -> Problem:
    message = f"by EventBridge's own test, the trigger {does} the event {json.dumps(event)}"
    remedy = "this is a fault of sfnctl: please report it"
    return Problem("PATTERN_MISMATCH", Severity.ERROR, message, remedy, str(config))
