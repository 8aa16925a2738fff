"""The rules of a Choice in words."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sfn_s3_cli.json_types import JsonMapping

_WORDS = {
    "Equals": "=",
    "LessThan": "<",
    "GreaterThan": ">",
    "LessThanEquals": "<=",
    "GreaterThanEquals": ">=",
    "Matches": "matches",
}
_COMPARISON = re.compile(
    r"(?:String|Numeric|Boolean|Timestamp)"
    r"(?P<operator>(?:Less|Greater)Than(?:Equals)?|Equals|Matches)(?P<path>Path)?"
)
_TEST = re.compile(r"Is(?P<what>[A-Z]\w*)")


def describe_condition(rule: JsonMapping) -> str:
    """Write when a rule of a Choice applies.

    https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html

    >>> describe_condition({"Variable": "$.size", "NumericGreaterThan": 3})
    '$.size > 3'
    >>> describe_condition({"Not": {"Variable": "$.key", "IsPresent": True}})
    'not ($.key is present)'
    >>> describe_condition({"Condition": "{% $size > 3 %}"})
    '$size > 3'
    """
    match rule:
        case {"Condition": str(condition)}:
            return _strip_expression(condition)
        case {"Condition": condition}:
            return json.dumps(condition)
        case {"And": list(rules)}:
            return _join(" and ", rules)
        case {"Or": list(rules)}:
            return _join(" or ", rules)
        case {"Not": dict(inner)}:
            return f"not ({describe_condition(inner)})"
    return _describe_comparison(rule)


def _strip_expression(text: str) -> str:
    return " ".join(text.strip().removeprefix("{%").removesuffix("%}").split())


def _join(word: str, rules: list[object]) -> str:
    texts = [describe_condition(each) for each in rules if isinstance(each, dict)]
    if len(texts) == 1:
        return texts[0]
    return word.join(f"({each})" if " and " in each or " or " in each else each for each in texts)


def _describe_comparison(rule: JsonMapping) -> str:
    variable = str(rule.get("Variable", "?"))
    for key, value in rule.items():
        if test := _TEST.fullmatch(key):
            return f"{variable} is {'' if value else 'not '}{test['what'].lower()}"
        if comparison := _COMPARISON.fullmatch(key):
            written = str(value) if comparison["path"] else json.dumps(value, ensure_ascii=False)
            return f"{variable} {_WORDS[comparison['operator']]} {written}"
    return variable
