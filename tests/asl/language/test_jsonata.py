"""JSONata as Step Functions accepts it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sfn_s3_cli.asl.language import jsonata
from sfn_s3_cli.asl.language.jsonata import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator

# From real definitions; the last ones are from AWS's guide and the specification.
ACCEPTED = r"""
($states.input.valid) = (true)
($index + 1) % $count($states.input.addresses)
($x := $states.input.Messages.Body ~> $map(function($v) {$parse($v).Records}); $exists($x) ? $x: [])
$merge([$states.input, {'created': $now(), 'id': $states.context.Execution.Id}])
$sort($costs, function($l, $r){ $l.Total < $r.Total })
$states.input.items[status = 'OK' and $not(deleted)].{ 'n': $string(n), 'all': $ }
$states.input.orders{ customer: $sum(amount) }
$states.input.items^(<size, >name)
$states.input.items@$i.parts#$n[$i.id = part].{ 'n': $n, 'of': %.id }
$clone($states.input) ~> |items|{'price': price * 2}, ['old']|
$contains($lowercase($states.input.Error), /.*fatal.*/)
$map([1..5], function($n) { $n * 2 })
$substringBefore(?, '/')
$states.input.`x-trace-id` & "\u00e9" /* the trace */
$partition([1,2,3,4], 2)
($product := function($x, $y) {$x * $y}; $reduce([1..5], $product))
$exists($states.input.moreData) ? $states.input.moreData : {}
{ 'avg': $average($student.course.grade), 'num': $count($student.course) }
"""


@pytest.mark.parametrize("text", ACCEPTED.strip().split("\n"))
def test_reads_what_aws_accepts(text: str) -> None:
    reading = jsonata.read(f"{{% {text} %}}")
    assert not reading.error
    assert not reading.names


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("a[1,2)", "expected ], got ,, near character 6"),
        (
            '"unterminated',
            "string literal must be terminated by a matching quote, near character 15",
        ),
        ("1 +", "unexpected end of expression, near character 5"),
        ('{"a":}', "the symbol } cannot be used as a unary operator, near character 8"),
        ("", "unexpected end of expression, near character 2"),
        ("$a ?? 1", "JSONata 2.0.6 has no operator `??`"),
        ("$a ?: 1", "JSONata 2.0.6 has no operator `?:`"),
        ('"a\\', "it ends inside a string or a comment"),
    ],
)
def test_explains_invalid_jsonata(text: str, error: str) -> None:
    assert jsonata.read(f"{{%{text}%}}") == Reading(error)


# The names were measured with AWS: https://github.com/floci-io/floci/issues/2670.
@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("phone", ("phone",)),
        ("phone[0].x", ("phone",)),
        ("aaa + bbb", ("aaa", "bbb")),
        ("$.phone", ("$",)),
        ("$$", ("$$",)),
        ("$states.input.items[$$.limit > n]", ("$$",)),
        ("$map($states.input.a, function($x){ b })", ("b",)),
        ("sum($states.input.a)", ("sum",)),
        ("{ 'a': b, c: $d }", ("b", "c")),
        ("$x ? y : z", ("y", "z")),
        ("$states.input.phone", ()),
        ("$states.input.items[phone > 3]", ()),
        ("$states.input.items.(a + $.b)", ()),
        ("$states.input.items^(price)", ()),
        ("$states.input.items{ name: $sum(n) }", ()),
        ("$states.input ~> |a|{'b': c}|", ()),
    ],
)
def test_lists_names_at_the_top_level(text: str, names: tuple[str, ...]) -> None:
    assert jsonata.read(f"{{% {text} %}}").names == names


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("$a + $b.c[$d]", ("a", "b", "d")),
        ("($a := 1; $a + $b)", ("b",)),
        ("$map($list, function($v, $i) { $v + $i + $base })", ("base", "list", "map")),
        ("$list@$l.x#$n.{'l': $l, 'n': $n}", ("list",)),
        ("$list[0]#$i[$i < 1]", ("list",)),
        ("$ ~> $f", ("f",)),
    ],
)
def test_lists_variables_and_functions(text: str, variables: tuple[str, ...]) -> None:
    assert jsonata.read(f"{{% {text} %}}").variables == variables


@pytest.fixture
def _fresh() -> Iterator[None]:
    """Empties the caches before and after the test."""
    kept = (jsonata.read, jsonata._load_package)
    for each in kept:
        each.cache_clear()
    yield
    for each in kept:
        each.cache_clear()


@pytest.mark.usefixtures("_fresh")
def test_parser_leaves_the_recursion_limit_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "jsonata"]:
        monkeypatch.delitem(sys.modules, name)
    before = sys.getrecursionlimit()
    assert jsonata.read("{% 1 + %}").error
    assert sys.getrecursionlimit() == before


def test_long_and_deep_expressions_are_not_checked() -> None:
    assert jsonata.read("{%" + "(" * 10_000 + "%}") == Reading()
    assert jsonata.read("{% 1 +" + " " * 20_000 + "%}") == Reading()


def test_regular_expressions_of_javascript_are_not_checked() -> None:
    assert jsonata.read("{% $match($x, /(?<year>[0-9]+)/) %}") == Reading()


_TEXT = st.text("$.[](){}'\"`?:@#^~>|*%&=<;, /\\abc12\n", max_size=30)


@settings(deadline=None)
@given(_TEXT)
def test_reads_any_text(text: str) -> None:
    assert isinstance(jsonata.read(f"{{%{text}%}}"), Reading)
