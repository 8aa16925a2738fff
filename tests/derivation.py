"""Short words for statements, and definitions of one state, for the tests of the derived role."""

from __future__ import annotations

from typing import Any

from sfn_s3_cli.asl.permissions.derive import Derived, derive
from sfn_s3_cli.iam.arns import Place

PLACE = Place("aws", "123456789012", "eu-west-1")


def derived(state: dict[str, Any], language: str = "JSONPath", **choices: Any) -> Derived:
    definition = {"QueryLanguage": language, "StartAt": "Only", "States": {"Only": state}}
    return derive(definition, place=PLACE, machine="orders", **choices)


def task(resource: str, parameters: Any = None, language: str = "JSONPath") -> dict[str, Any]:
    key = "Parameters" if language == "JSONPath" else "Arguments"
    given = {} if parameters is None else {key: parameters}
    return {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", **given, "End": True}


def short(derived: Derived) -> list[str]:
    """Each statement as `actions on resources if condition`; `@` is region and account."""
    return [_line(statement) for statement in derived.statements]


def _line(statement: dict[str, Any]) -> str:
    resources = " ".join(map(_resource, statement["Resource"]))
    conditions = "".join(
        f" if {operator} {key} {value}"
        for operator, keys in statement.get("Condition", {}).items()
        for key, value in keys.items()
    )
    return f"{' '.join(statement['Action'])} on {resources}{conditions}"


def _resource(arn: str) -> str:
    words = arn.removeprefix("arn:aws:").replace("eu-west-1:123456789012", "@")
    return words.replace(":123456789012:", ":#:")


def computed(value: Any, language: str) -> Any:
    """The same parameters, but with every text computed at run time."""
    if language == "JSONata":
        return _everywhere(value, "{% $states.input.x %}")
    return _by_path(value)


def written(value: Any) -> Any:
    """The same parameters, but with every text as a literal of JSONata."""
    match value:
        case dict():
            return {key: written(each) for key, each in value.items()}
        case list():
            return [written(each) for each in value]
        case str():
            return f"{{% '{value}' %}}"
    return value


def _everywhere(value: Any, text: str) -> Any:
    match value:
        case dict():
            return {key: _everywhere(each, text) for key, each in value.items()}
        case list():
            return [_everywhere(each, text) for each in value]
    return text


def _by_path(value: Any) -> Any:
    """A JSONPath stands at a key that ends with `.$`, so a list of texts is computed whole."""
    match value:
        case dict():
            return dict(_member(key, each) for key, each in value.items())
        case list():
            return [_by_path(each) for each in value]
    return value


def _member(key: str, value: Any) -> tuple[str, Any]:
    match value:
        case dict() | [dict(), *_]:
            return key, _by_path(value)
    return f"{key}.$", "$.x"
