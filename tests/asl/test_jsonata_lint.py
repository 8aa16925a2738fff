"""What is said about JSONata: its delimiters, its syntax, and what it reads."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest
from asl.snippets import jsonata_state, place, said
from hypothesis import given, settings
from hypothesis import strategies as st

from sfn_s3_cli.asl.language import jsonata
from sfn_s3_cli.asl.language.jsonata import Reading
from sfn_s3_cli.asl.lint import expressions
from sfn_s3_cli.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

# As real definitions have them; the last ones are of AWS's guide and of the specification.
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
def test_what_aws_accepts_is_accepted(text: str) -> None:
    value = {"a": [f"{{% {text} %}}"]}
    assert said(expressions.jsonata(value, place("Arguments"), jsonata_state())) == ""


@pytest.mark.parametrize(
    ("text", "fault"),
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
        ('"a\\', "it ends inside a text or a comment"),
    ],
)
def test_what_is_no_jsonata_is_refused(text: str, fault: str) -> None:
    expression = f"{{%{text}%}}"
    (finding,) = expressions.jsonata(expression, place("Output"), jsonata_state())
    assert finding.code == "INVALID_JSONATA_EXPRESSION"
    assert finding.path == place("Output")
    assert finding.message.endswith(f" in the state 'Work' is no JSONata: {fault}")


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
def test_what_reads_a_document_that_is_not_there(text: str, names: tuple[str, ...]) -> None:
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
def test_which_variables_and_functions_it_reads(text: str, variables: tuple[str, ...]) -> None:
    assert jsonata.read(f"{{% {text} %}}").variables == variables


def test_each_finding_has_its_remedy() -> None:
    value = {
        "Bare": "{% phone %}",
        "Eval": "{% $eval('1') %}",
        "Field": "{% $states.inptu.a %}",
        "Error": "{% $states.errorOutput %}",
        "Result": "{% $states.result %}",
    }
    assert said(expressions.jsonata(value, place("Arguments"), jsonata_state())) == (
        "error UNSUPPORTED_JSONATA_EXPRESSION Arguments/Bare: '{% phone %}' in the state 'Work'"
        " reads `phone`, but there is no document at the top level (read the input from"
        " `$states.input`, and a variable or function from its `$name`)\n"
        "warning UNSUPPORTED_JSONATA_EXPRESSION Arguments/Eval: \"{% $eval('1') %}\" in the state"
        " 'Work' calls `$eval`, which fails when it is run (use `$parse` for JSON)\n"
        "warning UNSUPPORTED_JSONATA_EXPRESSION Arguments/Field: '{% $states.inptu.a %}' in the"
        " state 'Work' reads `$states.inptu`, which does not exist (did you mean 'input'?)\n"
        "error UNSUPPORTED_JSONATA_EXPRESSION Arguments/Error: '{% $states.errorOutput %}' in the"
        " state 'Work' reads `$states.errorOutput`, which does not exist here"
        " (read it in the Output or Assign of a catcher)\n"
        "error UNSUPPORTED_JSONATA_EXPRESSION Arguments/Result: '{% $states.result %}' in the"
        " state 'Work' reads `$states.result`, which does not exist here"
        " (read it in the Output or Assign of a Task, Map or Parallel state)\n"
    )


@pytest.mark.parametrize(
    ("text", "remedies"),
    [
        (
            "{% $states.input.detail-type %}",
            ["write $states.input.`detail-type`: a name with a dash stands between backticks"],
        ),
        ("{% '==' & $a == 1 && $b %}", ["write `=` for `==`, `and` for `&&`"]),
        ("{% $a = '==' || %}", ["write `or` for `||`"]),
        ("{% $a = '==' + %}", ["correct the expression"]),
    ],
)
def test_habits_of_other_languages_have_their_remedy(text: str, remedies: list[str]) -> None:
    told = expressions.jsonata(text, place("Output"), jsonata_state())
    assert [each.remedy for each in told] == remedies


def test_it_is_not_known_that_aws_refuses_the_result_of_a_state_without_one() -> None:
    (finding,) = expressions.jsonata("{% $states.result %}", place("Output"), jsonata_state("Pass"))
    assert (finding.code, finding.severity) == ("UNSUPPORTED_JSONATA_EXPRESSION", Severity.WARNING)


@pytest.mark.parametrize(
    ("kind", "where", "field"),
    [
        ("Task", ("Output",), "result"),
        ("Map", ("Assign", "x"), "result"),
        ("Task", ("Catch", 0, "Output", "x"), "errorOutput"),
        ("Parallel", ("Catch", 1, "Assign"), "errorOutput"),
        ("Choice", ("Choices", 0, "Condition"), "input"),
        ("Wait", ("Seconds",), "context.Execution.Input"),
    ],
)
def test_where_the_fields_of_states_are(kind: str, where: Any, field: str) -> None:
    text = f"{{% $states.{field}.x %}}"
    assert said(expressions.jsonata(text, place(*where), jsonata_state(kind))) == ""


def test_text_that_looks_evaluated_and_is_not_is_warned_about() -> None:
    value = {
        "Spaces": " {% $x %}",
        "Open": "{% $x",
        "Around": "total: {% $x %}",
        "Inside": "s3://{% $x %}/a",
        "Jinja": "{{ a }} {% if b %} c",
        "Line": "{% $x %}\n",
        "Key": "$.detail.key",
        "States": "$states.input.key",
        "Old.$": "$.detail",
        "Fine": ["{% $x %}", "100%}", "a {% b", "$x", "{}"],
    }
    sent = "in the state 'Work' is sent as it is"
    unclosed = "in the state 'Work' begins with `{%`, but does not end with `%}`"
    alone = "JSONata begins with `{%` and ends with `%}`, with nothing around it"
    how = f"{alone} (join text and values inside of it, as in `{{% 'a' & $states.input.b %}}`)\n"
    assert said(expressions.jsonata(value, place("Output"), jsonata_state())) == (
        f"warning NO_JSONATA Output/Spaces: ' {{% $x %}}' {sent}: {alone}"
        " (begin the text with `{%`)\n"
        f"error NO_JSONATA Output/Open: '{{% $x' {unclosed} (end it with `%}}`)\n"
        f"warning NO_JSONATA Output/Around: 'total: {{% $x %}}' {sent}: {how}"
        f"warning NO_JSONATA Output/Inside: 's3://{{% $x %}}/a' {sent}: {how}"
        f"error NO_JSONATA Output/Line: '{{% $x %}}\\n' {unclosed}"
        " (end the text right after `%}`: in YAML with `>-` or `|-`)\n"
        f"warning NO_JSONATA Output/Key: '$.detail.key' {sent}"
        " (write JSONata, such as `{% $states.input.name %}`)\n"
        f"warning NO_JSONATA Output/States: '$states.input.key' {sent}"
        " (write it as `{% ... %}`)\n"
        "warning NO_JSONATA Output/Old.$: 'Old.$' in the state 'Work' keeps its `.$` in JSONata"
        " (name the key 'Old' and write `{% ... %}`)\n"
    )


@pytest.fixture
def _fresh() -> Iterator[None]:
    """What is kept between expressions is of this test alone."""
    kept = (jsonata.read, jsonata._package)
    for each in kept:
        each.cache_clear()
    yield
    for each in kept:
        each.cache_clear()


@pytest.mark.usefixtures("_fresh")
def test_the_parser_leaves_the_recursion_limit_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "jsonata"]:
        monkeypatch.delitem(sys.modules, name)
    before = sys.getrecursionlimit()
    assert jsonata.read("{% 1 + %}").fault
    assert sys.getrecursionlimit() == before


def test_an_expression_that_takes_long_or_is_too_deep_is_taken_on_trust() -> None:
    assert jsonata.read("{%" + "(" * 10_000 + "%}") == Reading()
    assert jsonata.read("{% 1 +" + " " * 20_000 + "%}") == Reading()


def test_a_regular_expression_that_only_javascript_knows_is_taken_on_trust() -> None:
    assert jsonata.read("{% $match($x, /(?<year>[0-9]+)/) %}") == Reading()


_TEXT = st.text("$.[](){}'\"`?:@#^~>|*%&=<;, /\\abc12\n", max_size=30)


@settings(deadline=None)
@given(_TEXT)
def test_no_expression_raises(text: str) -> None:
    value = {"a": f"{{%{text}%}}", "b.$": [text]}
    for finding in expressions.jsonata(value, place("Output"), jsonata_state()):
        assert finding.message
