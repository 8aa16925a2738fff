"""Helpers for tests of derived permissions: definitions of one state, and short statements."""

from __future__ import annotations

from typing import Any

from sfn_s3_cli.asl.permissions.derive import DerivedPermissions, derive_permissions
from sfn_s3_cli.iam.arns import Place

PLACE = Place("aws", "123456789012", "eu-west-1")
ROLE = "arn:aws:iam::123456789012:role/worker"


def derive_state(
    state: dict[str, Any], language: str = "JSONPath", **options: Any
) -> DerivedPermissions:
    """The permissions of a definition with one state, `Only`."""
    definition = {"QueryLanguage": language, "StartAt": "Only", "States": {"Only": state}}
    return derive_permissions(definition, place=PLACE, machine="orders", **options)


def task(resource: str, parameters: Any = None, language: str = "JSONPath") -> dict[str, Any]:
    key = "Parameters" if language == "JSONPath" else "Arguments"
    given = {} if parameters is None else {key: parameters}
    return {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", **given, "End": True}


def summarize(derived: DerivedPermissions) -> list[str]:
    """Each statement as `actions on resources if condition`; `@` is region and account."""
    return [_summarize_statement(statement) for statement in derived.statements]


def _summarize_statement(statement: dict[str, Any]) -> str:
    resources = " ".join(map(_shorten_arn, statement["Resource"]))
    conditions = "".join(
        f" if {operator} {key} {value}"
        for operator, keys in statement.get("Condition", {}).items()
        for key, value in keys.items()
    )
    return f"{' '.join(statement['Action'])} on {resources}{conditions}"


def _shorten_arn(arn: str) -> str:
    words = arn.removeprefix("arn:aws:").replace("eu-west-1:123456789012", "@")
    return words.replace(":123456789012:", ":#:")


def compute_values(value: Any, language: str) -> Any:
    """The same parameters, but with every text computed at run time."""
    if language == "JSONata":
        return _replace_texts(value, "{% $states.input.x %}")
    return _use_paths(value)


def quote_values(value: Any) -> Any:
    """The same parameters, but with every text as a literal of JSONata."""
    match value:
        case dict():
            return {key: quote_values(each) for key, each in value.items()}
        case list():
            return [quote_values(each) for each in value]
        case str():
            return f"{{% '{value}' %}}"
    return value


def _replace_texts(value: Any, text: str) -> Any:
    match value:
        case dict():
            return {key: _replace_texts(each, text) for key, each in value.items()}
        case list():
            return [_replace_texts(each, text) for each in value]
    return text


def _use_paths(value: Any) -> Any:
    """A path needs a key that ends with `.$`, so that one path computes a whole list of texts."""
    match value:
        case dict():
            return dict(_use_path(key, each) for key, each in value.items())
        case list():
            return [_use_paths(each) for each in value]
    return value


def _use_path(key: str, value: Any) -> tuple[str, Any]:
    match value:
        case dict() | [dict(), *_]:
            return key, _use_paths(value)
    return f"{key}.$", "$.x"
