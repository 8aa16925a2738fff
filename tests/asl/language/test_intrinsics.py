"""Intrinsic functions."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sfn_s3_cli.asl.language import intrinsics
from sfn_s3_cli.asl.language.paths import ExpressionError

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
def test_parses_what_aws_accepts(text: str) -> None:
    assert not intrinsics.parse(text).doubts


def test_lists_the_variables_that_a_call_reads() -> None:
    text = "States.Format('{} {} {}', $greeting, $.name, States.ArrayGetItem($names[0], $$.x))"
    assert intrinsics.parse(text).variables == ("greeting", "names")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "States.Fromat('x')",
            "the function 'States.Fromat' does not exist, did you mean 'States.Format'?",
        ),
        ("Cache.Invalidate(1)", "the function 'Cache.Invalidate' does not exist"),
        ("States.UUID", "its arguments `(...)` are missing at character 1"),
        ("States.UUID(", "its `)` is missing"),
        ("States.Array(1", "its `)` is missing"),
        ("States.UUID() + 1", "unexpected text after its `)`, at character 14"),
        ("States.UUID(1)", "States.UUID takes 0 arguments, found 1"),
        ("States.ArrayLength($.a, $.b)", "States.ArrayLength takes 1 argument, found 2"),
        ("States.MathRandom(1)", "States.MathRandom takes 2 or 3 arguments, found 1"),
        ("States.Format()", "States.Format takes 1 or more arguments, found 0"),
        ("States.Format('{} {}', $.a)", "its text has 2 `{}` for 1 value"),
        ("States.Array(1,,2)", "an argument is missing at character 16"),
        ("States.Array(1,)", "an argument is missing at character 16"),
        ("States.Array(name)", "an argument is missing at character 14"),
        ("States.Array(1 2)", "a `,` or `)` is missing at character 16"),
        ("States.Array('x)", "the string at character 14 has no closing apostrophe"),
        ('States.Array("x")', 'a string needs apostrophes instead of `"`, at character 14'),
        ("States.Array($.a[)", "unexpected `)` at character 18"),
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
def test_explains_a_broken_call(text: str, reason: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        intrinsics.parse(text)
    assert str(refused.value) == reason


def test_wrong_escape_is_a_warning() -> None:
    call = intrinsics.parse(r"""States.Format('{"a": {}}\n', $.a)""")
    assert call.doubts == (
        r"has `\n`, which is not a valid escape",
        r"has `{` in its text, where AWS expects `\{`",
        r"has `}` in its text, where AWS expects `\}`",
    )


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
def test_parses_every_call_of_the_grammar(arguments: list[str]) -> None:
    intrinsics.parse(f"States.Format({', '.join([repr('{}' * len(arguments)), *arguments])})")


_TEXT = st.text("$.[](),'\\{}a1 ", max_size=30)


@given(st.sampled_from(["", "States.Format(", "States.UUID(", "$"]), _TEXT)
def test_raises_only_its_own_error(start: str, text: str) -> None:
    with contextlib.suppress(ExpressionError):
        intrinsics.parse(start + text)
