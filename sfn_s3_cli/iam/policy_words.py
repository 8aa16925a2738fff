"""IAM policies in words: a sentence for each statement."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sfn_s3_cli.iam.policies import list_statements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.json_types import JsonObject

_MAY_BE_BARE = str.maketrans("", "", ":/*?-_.+=@$#&{}()~!%")


def describe_part(value: object) -> list[str]:
    """Describe a policy, its statements or one of them; empty for any other value."""
    match value:
        case dict() if value.get("Effect") in {"Allow", "Deny"}:
            return [describe_statement(value)]
        case {"Version": str(), "Statement": list(statements)} | [*statements]:
            sentences = [describe_part(each) for each in statements]
            return [each for lines in sentences for each in lines] if all(sentences) else []
    return []


def describe_policy(policy: JsonObject) -> list[str]:
    """Describe each statement."""
    return [describe_statement(each) for each in list_statements(policy)]


def describe_statement(statement: JsonObject) -> str:
    """Describe who may do what on what, and under which conditions.

    >>> print(describe_statement({
    ...     "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"},
    ...     "Action": ["sqs:SendMessage"], "Resource": "arn:aws:sqs:us-east-1:1:q",
    ...     "Condition": {"ArnEquals": {"aws:SourceArn": "arn:aws:events:us-east-1:1:rule/r"}},
    ... }))
    Allow events.amazonaws.com: sqs:SendMessage on arn:aws:sqs:us-east-1:1:q if aws:SourceArn \
ArnEquals arn:aws:events:us-east-1:1:rule/r
    """
    who = _describe_element(statement, "Principal")
    who = "everyone" if who == "*" else who
    what = _describe_element(statement, "Action")
    where = _describe_element(statement, "Resource")
    conditions = " and ".join(_describe_conditions(statement.get("Condition")))
    return "".join(
        (
            str(statement.get("Effect")),
            f" {who}:" if who else "",
            f" {what}" if what else "",
            f" on {where}" if where else "",
            f" if {conditions}" if conditions else "",
        )
    )


def summarize(policy: JsonObject | None) -> str:
    """Count the statements and name the services whose actions they are about."""
    statements = list(list_statements(policy))
    actions = [action for each in statements for action in _list_values(each.get("Action"))]
    services = dict.fromkeys(str(action).partition(":")[0] for action in actions)
    number = "one statement" if len(statements) == 1 else f"{len(statements)} statements"
    return f"{number}: {', '.join(sorted(services))}" if services else number


def list_principals(policy: JsonObject) -> list[str]:
    """List the principals that the statements name."""
    found = (_describe_values(each.get("Principal")) for each in list_statements(policy))
    return [*dict.fromkeys(filter(None, found))]


def _describe_element(statement: JsonObject, name: str) -> str:
    """Describe an element of a statement, which may also be given as its opposite.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html
    """
    if f"Not{name}" in statement:
        return f"everything but {_describe_values(statement[f'Not{name}'])}"
    return _describe_values(statement.get(name))


def _describe_conditions(conditions: object) -> Iterator[str]:
    match conditions:
        case dict():
            for operator, tests in conditions.items():
                for key, values in tests.items() if isinstance(tests, dict) else ():
                    text = _describe_values(values, " or ")
                    yield f"{key} {operator} {f'({text})' if ' or ' in text else text}"


def _describe_values(values: object, separator: str = ", ") -> str:
    return separator.join(map(_write_value, _list_values(values)))


def _list_values(values: object) -> list[object]:
    """List what may be one value, several, or several for each type of a principal."""
    match values:
        case None:
            return []
        case list():
            return values
        case dict():
            return [each for value in values.values() for each in _list_values(value)]
    return [values]


def _write_value(value: object) -> str:
    """Write a value as it is, or in quotation marks if it could be mistaken for several."""
    is_bare = isinstance(value, str) and value.translate(_MAY_BE_BARE).isalnum()
    is_bare = is_bare or value == "*"
    return str(value) if is_bare else json.dumps(value, ensure_ascii=False)
