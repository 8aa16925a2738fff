"""JSONPath as Step Functions accepts it."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sfn_s3_cli.asl.language import paths
from sfn_s3_cli.asl.language.paths import ExpressionError, Path

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
def test_parses_what_aws_accepts(text: str) -> None:
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
def test_reads_root_names_and_number_of_values(text: str, path: Path, variable: str) -> None:
    assert paths.parse(text) == path
    assert path.variable == variable


_NO_STEP = "is not an index, a slice, a name in quotes or a filter `[?(...)]`"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it does not start with `$`"),
        ("detail.key", "it does not start with `$`"),
        ("$.", "a name is missing at character 3"),
        ("$.a.", "a name is missing at character 5"),
        ("$.a...b", "a name is missing at character 6"),
        ("$-a", "unexpected `-` at character 2"),
        ("$$$.a", "unexpected `$` at character 3"),
        ("$.a b", "a name with a space needs `['...']`, at character 4"),
        ("$.a]", "unexpected `]` at character 4"),
        ("$.a,b", "unexpected `,` at character 4"),
        ("$.a[0", "`[` at character 4 is never closed"),
        ("$.a[?(@.b]", "unexpected `]` at character 10"),
        ("$.sum(1", "`(` at character 6 is never closed"),
        ("$.a['x]", "the quote at character 5 is never closed"),
        ("$.a[b]", f"'[b]' at character 4 {_NO_STEP}"),
        ("$.a[?@.b]", f"'[?@.b]' at character 4 {_NO_STEP}"),
    ],
)
def test_explains_a_broken_path(text: str, reason: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        paths.parse(text)
    assert str(refused.value) == reason


@pytest.mark.parametrize("step", ["['a'", "[?(", "\\'", "/\\", "['", ".a", "[1,", "'", "(", ".["])
def test_time_grows_linearly_with_the_length(step: str) -> None:
    """It takes a tenth of a second where it grows linearly, minutes where it does not."""
    start = time.process_time()
    with contextlib.suppress(ExpressionError):
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
def test_parses_every_path_of_the_grammar(
    root: str, before: list[str], several: list[str], after: list[str]
) -> None:
    path = paths.parse("".join([root, *before, *several, *after]))
    assert (path.root, path.is_single) == (root, not several)
