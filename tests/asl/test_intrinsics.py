"""Intrinsic functions, and the payload templates that hold them."""

from __future__ import annotations

from typing import Any

import pytest
from asl.snippets import ids, place, said, state
from hypothesis import given, settings
from hypothesis import strategies as st

from sfn_s3_cli.asl.language import intrinsics
from sfn_s3_cli.asl.language.paths import Malformed
from sfn_s3_cli.asl.lint import expressions

# Examples of https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html.
ACCEPTED = r"""
States.Array($.Id)
States.Array()
States.ArrayPartition($.inputArray,4)
States.ArrayContains($.inputArray, $.lookingFor)
States.ArrayRange(1, 9, 2)
States.ArrayGetItem($.inputArray, $.index)
States.ArrayLength($.inputArray)
States.ArrayUnique($.inputArray)
States.Base64Encode($.input)
States.Base64Decode('RGF0YSB0byBlbmNvZGU=')
States.Hash($.Data, 'SHA-1')
States.Hash($.Data, $.Algorithm)
States.JsonMerge($.json1, $.json2, false)
States.StringToJson($.escapedJsonString)
States.JsonToString($.unescapedJson)
States.MathRandom($.start, $.end)
States.MathRandom(1, 999, $.seed)
States.MathAdd($.value1, -1.5e3)
States.StringSplit($.inputString, '.,')
States.UUID()
States.StringToJson('{"a": [1, 2]}')
States.Format('Hello, my name is {}.', $.name)
States.Format($.template, $.name, $$.Execution.Id, $variable, null, true)
States.Format('{} {}\'s \{playlist\} \\', $.firstName, $.lastName)
States.Format('{}', States.ArrayGetItem(States.StringSplit($.a[?(@.b == ',)')].c, '/'), 1))
"""


@pytest.mark.parametrize("text", ACCEPTED.strip().split("\n"))
def test_what_aws_accepts_is_accepted(text: str) -> None:
    assert not intrinsics.parse(text).doubts


def test_a_call_says_which_variables_it_reads() -> None:
    text = "States.Format('{} {} {}', $greeting, $.name, States.ArrayGetItem($names[0], $$.x))"
    assert intrinsics.parse(text).variables == ("greeting", "names")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "States.Fromat('x')",
            "there is no function 'States.Fromat', did you mean 'States.Format'?",
        ),
        ("Cache.Invalidate(1)", "there is no function 'Cache.Invalidate'"),
        ("States.UUID", "the `(...)` of its arguments is missing at character 1"),
        ("States.UUID(", "its `)` is missing"),
        ("States.Array(1", "its `)` is missing"),
        ("States.UUID() + 1", "something follows its `)` at character 14"),
        ("States.UUID(1)", "States.UUID takes 0 arguments, found 1"),
        ("States.ArrayLength($.a, $.b)", "States.ArrayLength takes 1 argument, found 2"),
        ("States.MathRandom(1)", "States.MathRandom takes 2 or 3 arguments, found 1"),
        ("States.Format()", "States.Format takes 1 or more arguments, found 0"),
        ("States.Format('{} {}', $.a)", "it has 2 of `{}`, and 1 of the values for them"),
        ("States.Array(1,,2)", "there is no argument at character 16"),
        ("States.Array(1,)", "there is no argument at character 16"),
        ("States.Array(name)", "there is no argument at character 14"),
        ("States.Array(1 2)", "a `,` or `)` is missing at character 16"),
        ("States.Array('x)", "the text that begins at character 14 has no closing apostrophe"),
        ('States.Array("x")', 'text stands between apostrophes, not `"`, at character 14'),
        ("States.Array($.a[)", "`)` at character 18 is not expected"),
        (
            "States.Hash($.a, 'md5')",
            (
                "States.Hash takes 'MD5' or 'SHA-1' or 'SHA-256' or 'SHA-384' or 'SHA-512' here,"
                " found 'md5'"
            ),
        ),
        ("States.JsonMerge($.a, $.b, true)", "States.JsonMerge takes false here, found true"),
        ("States.Array(" * 11 + ")" * 11, "functions are nested deeper than 10"),
    ],
)
def test_a_broken_call_is_refused(text: str, reason: str) -> None:
    with pytest.raises(Malformed) as refused:
        intrinsics.parse(text)
    assert str(refused.value) == reason


def test_what_should_be_escaped_is_doubted() -> None:
    call = intrinsics.parse(r"""States.Format('{"a": {}}\n', $.a)""")
    assert call.doubts == (
        r"has `\n`, which is no escape",
        r"has a `{` in its text, where AWS wants `\{`",
        r"has a `}` in its text, where AWS wants `\}`",
    )


def test_a_template_is_checked_at_any_depth_and_in_lists() -> None:
    template = {
        "Bucket.$": "$.bucket",
        "Token.$": "$$.Execution.Id",
        "Name.$": "$name",
        "Id.$": "States.UUID()",
        "Fixed": "orders",
        "Price": "$.50",
        "Symbol": "$",
        "Nested": [{"Key.$": "key"}, {"Body.$": {"a": 1}}, {"Size.$": "$.size.."}],
        "Text.$": "States.Format('{}')",
        "Retries.$": 3,
    }
    assert said(expressions.template(template, place("Parameters"), state())) == (
        "error NO_PATH Parameters/Nested/0/Key.$: 'Key.$' in the state 'Work' holds 'key', which"
        " is neither a path nor a function (name the key 'Key', or write a path)\n"
        "error NO_PATH Parameters/Nested/1/Body.$: 'Body.$' in the state 'Work' holds a mapping,"
        " which is neither a path nor a function (name the key 'Body', or write a path)\n"
        "error INVALID_PATH Parameters/Nested/2/Size.$: '$.size..' in the state 'Work' is no path:"
        " a name is missing at character 9 (write a path such as `$.detail.object.key`)\n"
        "error INVALID_INTRINSIC Parameters/Text.$: \"States.Format('{}')\" in the state 'Work' is"
        " no call that fits: it has 1 of `{}`, and 0 of the values for them"
        " (write it like `States.Format('{}', $.name)`)\n"
        "error NO_PATH Parameters/Retries.$: 'Retries.$' in the state 'Work' holds the number 3,"
        " which is neither a path nor a function (name the key 'Retries', or write a path)\n"
    )


def test_text_that_looks_like_a_path_or_a_function_is_warned_about() -> None:
    template = {"Key": "$.detail.object.key", "Ids": ["States.UUID()"], "Run": "$$.Execution.Id"}
    assert said(expressions.template(template, place("Parameters"), state())) == (
        "warning NO_DOLLAR Parameters/Key: '$.detail.object.key' in the state 'Work' is sent as it"
        " is (name the key 'Key.$' to evaluate it)\n"
        "warning NO_DOLLAR Parameters/Ids/0: 'States.UUID()' in the state 'Work' is sent as it is"
        " (end the list's key with `.$` and write the list as `States.Array(...)`)\n"
        "warning NO_DOLLAR Parameters/Run: '$$.Execution.Id' in the state 'Work' is sent as it is"
        " (name the key 'Run.$' to evaluate it)\n"
    )


@pytest.mark.parametrize(
    "template",
    [
        {"InputTransformer": {"InputPathsMap": {"key": "$.detail.object.key"}}},
        {"JsonPath": "$.a.b"},
        {"Message": "It costs $.50", "Script": "$.ajax('x')", "Variable": "$name"},
        {"Doc": "States.Format(...) is a function", "Other": "States.Unknown(1)"},
    ],
)
def test_text_that_services_take_as_it_is_is_left_alone(template: dict[str, Any]) -> None:
    assert said(expressions.template(template, place("Parameters"), state())) == ""


_LITERALS = st.sampled_from(["'a'", r"'it\'s \{\}'", "1", "-2.5", "true", "null", "$.a[0]", "$x.y"])
_CALLS = st.recursive(
    _LITERALS,
    lambda inner: st.lists(inner, max_size=4).map(
        lambda items: f"States.Array({', '.join(items)})"
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.lists(_CALLS, max_size=4))
def test_every_call_of_the_grammar_is_read(arguments: list[str]) -> None:
    intrinsics.parse(f"States.Format({', '.join([repr('{}' * len(arguments)), *arguments])})")


_TEXT = st.text("$.[](),'\\{}a1 ", max_size=30)


@settings(deadline=None)
@given(st.sampled_from(["", "States.Format(", "States.UUID(", "$"]), _TEXT, st.sampled_from("a$"))
def test_no_text_raises(start: str, text: str, end: str) -> None:
    template = {f"a.{end}": start + text, "b": [{"c.$": text}, text]}
    found = ids(expressions.template(template, place("Parameters"), state()))
    assert set(found) <= {
        "CONTEXT_FIELD",
        "INVALID_PATH",
        "INVALID_INTRINSIC",
        "NO_PATH",
        "NO_DOLLAR",
    }
