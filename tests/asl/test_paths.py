"""JSONPath as Step Functions takes it, and the fields that hold it."""

from __future__ import annotations

import contextlib
import time
from typing import Any

import pytest
from asl.snippets import place, said, state
from hypothesis import given, settings
from hypothesis import strategies as st

from sfn_s3_cli.asl.language import paths
from sfn_s3_cli.asl.language.paths import Malformed, Path, PathKind
from sfn_s3_cli.asl.lint import expressions
from sfn_s3_cli.errors import Severity

# The first three groups are examples of https://states-language.net/spec.html and of AWS's guide.
ACCEPTED = r"""
$.store\.book
$.\stor\e.boo\k
$.foo.\.bar
$.foo\@bar.baz\[\[.\?pretty
$.&Ж中.\uD800\uDF46
$.ledgers[0][22][315].foo
$['store'][0]['book']

$.vals[-3:]
$.a[0,1]
$.jar[?(@.a >= 5)]
$$.Execution.Input['my key']
$customer.name

$.[0]
$.list.length()
$..book[?(@.price < 10 && @.isbn)].title
$..[*]
$.a[?(@.x =~ /[(]/i)]
$.a[?(@['it]'] == "]")][1:3:2]
$["it's"]["say \"so\""]
$['a', "b"]
$.list.[*]*
$.list[0]name
$[ 0 ]
$.*
"""


@pytest.mark.parametrize("text", [line for line in ACCEPTED.split("\n") if line])
def test_what_aws_accepts_is_accepted(text: str) -> None:
    paths.parse(text)


@pytest.mark.parametrize(
    ("text", "path", "variable"),
    [
        ("$", Path("$", is_single=True), ""),
        ("$.a['b'][0]", Path("$", is_single=True, names=("a",)), ""),
        (" $$.Task.Token ", Path("$$", is_single=True, names=("Task", "Token")), ""),
        ("$name.x", Path("$name", is_single=True, names=("x",)), "name"),
        ("$name.x-y", Path("$name", is_single=True), "name"),
        ("$.a.length()", Path("$", is_single=True, names=("a",)), ""),
        ("$name[*]", Path("$name", is_single=False), "name"),
        ("$..a", Path("$", is_single=False), ""),
        ("$.a.*", Path("$", is_single=False, names=("a",)), ""),
        ("$.a.b[1:]", Path("$", is_single=False, names=("a", "b")), ""),
        ("$['a','b']", Path("$", is_single=False), ""),
        ("$.a[?(@.b)]", Path("$", is_single=False, names=("a",)), ""),
    ],
)
def test_a_path_says_what_it_reads_and_how_much(text: str, path: Path, variable: str) -> None:
    assert paths.parse(text) == path
    assert path.variable == variable


_NO_STEP = "is no index, no slice, no name in quotes and no filter `[?(...)]`"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it does not start with `$`"),
        ("detail.key", "it does not start with `$`"),
        ("$.", "a name is missing at character 3"),
        ("$.a.", "a name is missing at character 5"),
        ("$.a...b", "a name is missing at character 6"),
        ("$-a", "`-` at character 2 is not expected"),
        ("$$$.a", "`$` at character 3 is not expected"),
        ("$.a b", "a name with a space, at character 4, stands in `['...']`"),
        ("$.a]", "`]` at character 4 is not expected"),
        ("$.a,b", "`,` at character 4 is not expected"),
        ("$.a[0", "`[` at character 4 is never closed"),
        ("$.a[?(@.b]", "`]` at character 10 is not expected"),
        ("$.sum(1", "`(` at character 6 is never closed"),
        ("$.a['x]", "the quote at character 5 is never closed"),
        ("$.a[b]", f"'[b]' at character 4 {_NO_STEP}"),
        ("$.a[?@.b]", f"'[?@.b]' at character 4 {_NO_STEP}"),
    ],
)
def test_a_broken_path_is_refused_with_the_character(text: str, reason: str) -> None:
    with pytest.raises(Malformed) as refused:
        paths.parse(text)
    assert str(refused.value) == reason


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (PathKind.INPUT, None),
        (PathKind.INPUT, "$$.Execution.Input"),
        (PathKind.INPUT, "$.a[*]"),
        (PathKind.PATH, "$$.Map.Item.Index"),
        (PathKind.PATH, "$items"),
        (PathKind.PATH, "$.items[?(@.x)]"),
        (PathKind.REFERENCE, "$.a['b'][0]"),
        (PathKind.REFERENCE, "$delay"),
        (PathKind.RESULT, None),
        (PathKind.RESULT, "$"),
        (PathKind.RESULT, "$.a.b[0]"),
        (PathKind.TEXT, "$.Cause"),
        (PathKind.TEXT, "$$.Execution.Id"),
        (PathKind.TEXT, "States.Format('{}', $.Cause)"),
    ],
)
def test_each_kind_of_field_takes(kind: PathKind, value: Any) -> None:
    assert said(expressions.path(value, place("X"), kind, state("Map"))) == ""


_CONTEXT = "reads the context object, which AWS does not offer to this field"
_FIRST = "put the value into the state's input first, and read it with `$.`"
_SEVERAL = "can find several values, where AWS takes a path to one"
_NO_START = "is no path: it does not start with `$`"


@pytest.mark.parametrize(
    ("owner", "kind", "value", "expected"),
    [
        ("Task", PathKind.INPUT, "x", f"{_NO_START} (write a path such as `$.detail`, or null)"),
        (
            "Choice",
            PathKind.PATH,
            "States.ArrayLength($.a)",
            f"{_NO_START} (write a path such as `$.detail.object.key`)",
        ),
        (
            "Wait",
            PathKind.REFERENCE,
            "$.delays[*]",
            f"{_SEVERAL} (write a path to one value, such as `$.seconds`)",
        ),
        ("Map", PathKind.REFERENCE, "$$.Execution.Input.n", f"{_CONTEXT} ({_FIRST})"),
        (
            "Task",
            PathKind.RESULT,
            "$result",
            "is no place in the state's input (begin it with `$.`; `Assign` sets a variable)",
        ),
        (
            "Task",
            PathKind.RESULT,
            "$..a",
            f"{_SEVERAL} (write a path to one place, such as `$.result`, or null)",
        ),
        (
            "Fail",
            PathKind.TEXT,
            "",
            f"{_NO_START} (write a path such as `$.reason`, or `States.Format('{{}}', $.reason)`)",
        ),
    ],
)
def test_each_kind_of_field_refuses(owner: str, kind: PathKind, value: str, expected: str) -> None:
    found = said(expressions.path(value, place("X"), kind, state(owner)))
    assert found == f"error INVALID_PATH X: {value!r} in the state 'Work' {expected}\n"


def test_what_is_no_text_is_refused() -> None:
    assert said(expressions.path(None, place("ItemsPath"), PathKind.PATH, state("Map"))) == (
        "error INVALID_PATH ItemsPath: 'ItemsPath' of the state 'Work' is nothing, no path"
        " (write a path such as `$.detail.object.key`)\n"
    )


def test_only_for_a_map_it_is_known_that_the_context_is_refused() -> None:
    (finding,) = expressions.path(
        "$$.Execution.Name", place("X"), PathKind.REFERENCE, state("Wait")
    )
    assert (finding.code, finding.severity) == ("INVALID_PATH", Severity.WARNING)


def test_a_cause_may_be_a_call_that_is_checked() -> None:
    value = "States.Format('{}')"
    assert said(expressions.path(value, place("CausePath"), PathKind.TEXT, state("Fail"))) == (
        "error INVALID_INTRINSIC CausePath: \"States.Format('{}')\" in the state 'Work' is no call"
        " that fits: it has 1 of `{}`, and 0 of the values for them"
        " (write it like `States.Format('{}', $.name)`)\n"
    )


@pytest.mark.parametrize("step", ["['a'", "[?(", "\\'", "/\\", "['", ".a", "[1,", "'", "(", ".["])
def test_the_time_grows_with_the_length_alone(step: str) -> None:
    """It takes a tenth of a second where it grows linearly, minutes where it does not."""
    start = time.process_time()
    with contextlib.suppress(Malformed):
        paths.parse("$['" + step * 40_000)
    assert time.process_time() - start < 10


_NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_-]{0,5}", fullmatch=True)
_ONE = st.one_of(
    _NAMES.map(".{}".format),
    st.integers(-9, 99).map("[{}]".format),
    st.text(st.characters(exclude_characters="'\\", exclude_categories=["Cs"])).map(
        "['{}']".format
    ),
)
_MANY = st.one_of(
    _NAMES.map("..{}".format),
    st.sampled_from([".*", "[*]", "..*", "..[0]", "[1:]", "[:-2]", "[0,1]", "['a','b']"]),
    _NAMES.map("[?(@.{} == 'x)]')]".format),
)
_ROOTS = st.sampled_from(["$", "$$", "$name", "$größe"])


@settings(deadline=None)
@given(_ROOTS, st.lists(_ONE), st.lists(_MANY, max_size=1), st.lists(_ONE))
def test_every_path_of_the_grammar_is_read(
    root: str, before: list[str], several: list[str], after: list[str]
) -> None:
    path = paths.parse("".join([root, *before, *several, *after]))
    assert (path.root, path.is_single) == (root, not several)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text("$.[]()'\"?@*,:\\a0 "),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("$.a"), inner, max_size=3),
    max_leaves=5,
)


@settings(deadline=None)
@given(_JSON, st.sampled_from(PathKind), st.sampled_from(["Map", "Task"]))
def test_no_value_raises(value: Any, kind: PathKind, owner: str) -> None:
    for finding in expressions.path(value, place("X"), kind, state(owner)):
        assert finding.message
        assert finding.remedy
