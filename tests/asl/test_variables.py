"""The variables of a whole machine: their names, where they are assigned and where read."""

from __future__ import annotations

from typing import Any

from asl.snippets import said
from hypothesis import given, settings
from hypothesis import strategies as st

from sfn_s3_cli.asl.language.states import JSONATA, root
from sfn_s3_cli.asl.lint.variables import premature, variables


def machine(*, language: str = JSONATA, **states: dict[str, Any]) -> dict[str, Any]:
    return {"QueryLanguage": language, "States": states}


def of(definition: dict[str, Any]) -> str:
    return said(variables(root(definition)))


def a_map(states: dict[str, Any], mode: str = "INLINE", **more: Any) -> dict[str, Any]:
    return {
        "Type": "Map",
        "ItemProcessor": {"ProcessorConfig": {"Mode": mode}, "States": states},
        **more,
    }


def test_the_example_of_the_specification_has_no_finding() -> None:
    inner = {
        "Begin": {"Type": "Pass", "Assign": {"inner": "world", "hi": "{% $outer %}"}},
        "End": {"Type": "Succeed", "Output": "{% $hi %}"},
    }
    found = of(
        machine(
            Greeting={"Type": "Pass", "Assign": {"outer": "hello"}},
            Everyone=a_map(inner, Assign={"outer": 2}),
            Goodbye={"Type": "Succeed", "Output": "{% $outer & $string($states.input) %}"},
        )
    )
    assert found == ""


def test_variables_of_catchers_and_rules_count() -> None:
    found = of(
        machine(
            Work={
                "Type": "Task",
                "Catch": [{"ErrorEquals": ["States.ALL"], "Assign": {"failed": True}}],
                "Arguments": {"Comment": "{% $failed %}"},
            },
            Decide={
                "Type": "Choice",
                "Choices": [{"Condition": "{% $failed %}", "Assign": {"way": 1}}],
                "Output": "{% $way %}",
                "Comment": "{% $nothing %}",
            },
        )
    )
    assert found == ""


def test_the_names_of_variables() -> None:
    names = {"größe_2": 1, "states": 1, "2nd": 1, "my-name": 1, "": 1, "n" * 80: 1, "m" * 81: 1}
    found = of(machine(Set={"Type": "Pass", "Assign": names})).replace("m" * 60, "m(60)")
    remedy = "(use letters, digits and `_`, and begin with a letter)\n"
    assert found == (
        "error RESERVED_VARIABLE_NAME Assign/states: the variable 'states' of the state 'Set' has"
        " the name of a reserved one (give it another name)\n"
        "error INVALID_VARIABLE_NAME Assign/2nd: the variable '2nd' of the state 'Set' has no name"
        f" that AWS takes {remedy}"
        "error INVALID_VARIABLE_NAME Assign/my-name: the variable 'my-name' of the state 'Set' has"
        f" no name that AWS takes {remedy}"
        "error INVALID_VARIABLE_NAME Assign/: the variable '' of the state 'Set' has no name that"
        f" AWS takes {remedy}"
        f"error INVALID_VARIABLE_NAME Assign/m(60){'m' * 21}: the variable 'm(60)...' of the state"
        " 'Set' has a name of 81 characters, AWS takes 80 (shorten it)\n"
    )


def test_jsonpath_reads_variables_in_paths_and_functions() -> None:
    found = of(
        machine(
            language="JSONPath",
            Set={"Type": "Pass", "Assign": {"count.$": "$.n", "limit": 3}},
            Use={
                "Type": "Map",
                "ItemsPath": "$items",
                "MaxConcurrencyPath": "$limit",
                "ItemSelector": {
                    "a.$": "States.Format('{} {}', $count, $cuont.x)",
                    "b": "$text",
                    "OtherPath": "$text",
                    "c.$": "$.fine",
                    "d.$": "$[",
                },
                "ResultPath": "$.count",
            },
            Decide={"Type": "Choice", "Choices": [{"Variable": "$limits"}]},
        )
    )
    which = "which no state assigns where it can be read"
    assert found == (
        f"warning POSSIBLY_UNDEFINED_VARIABLE ItemsPath: the state 'Use' reads the variable"
        f" `$items`, {which} (add an `Assign` to an earlier state)\n"
        "warning POSSIBLY_UNDEFINED_VARIABLE ItemSelector/a.$: the state 'Use' reads the variable"
        f" `$cuont`, {which} (did you mean 'count'?)\n"
        "warning POSSIBLY_UNDEFINED_VARIABLE Choices/0/Variable: the state 'Decide' reads the"
        f" variable `$limits`, {which} (did you mean 'limit'?)\n"
    )


def test_functions_are_suggested_to_jsonata_alone() -> None:
    read = {"Type": "Pass", "Output": "{% $uppercas('a') %}", "InputPath": "$uppercas"}
    assert of(machine(A=read)).endswith("(did you mean 'uppercase'?)\n")
    assert of(machine(language="JSONPath", A=read)).endswith(
        "(add an `Assign` to an earlier state)\n"
    )


def test_an_inner_scope_assigns_no_variable_of_an_outer_one() -> None:
    inner = {"Set": {"Type": "Pass", "Assign": {"x": 2, "y": 2}}}
    found = of(
        machine(
            First={"Type": "Pass", "Assign": {"x": 1}},
            Split={"Type": "Parallel", "Branches": [{"States": inner}, {"States": inner}]},
        )
    )
    line = (
        "error DUPLICATE_VARIABLE_NAME Branches/{}/States/Set/Assign/x: the state 'Set' assigns"
        " 'x', a variable of the states around its Map or Parallel"
        " (give it another name, and hand values out through the output)\n"
    )
    assert found == line.format(0) + line.format(1)


def test_a_distributed_map_does_not_see_the_variables_around_it() -> None:
    inner = {
        "Set": {"Type": "Pass", "Assign": {"mine": 1, "x": "{% $mine %}"}},
        "Use": {"Type": "Pass", "Output": "{% [$x, $limit] %}"},
    }
    found = of(
        machine(
            First={"Type": "Pass", "Assign": {"limit": 1, "x": 1}},
            Each=a_map(inner, "DISTRIBUTED", ItemSelector={"l": "{% $limit %}"}),
        )
    )
    assert found == (
        "error VARIABLE_OUT_OF_SCOPE ItemProcessor/States/Use/Output: the state 'Use' reads the"
        " variable `$limit` from outside of its distributed Map"
        " (hand it to the items with the Map's ItemSelector)\n"
    )


def test_the_variables_of_one_branch_are_not_seen_in_another() -> None:
    branches = [
        {"States": {"Set": {"Type": "Pass", "Assign": {"x": 1}}}},
        {"States": {"Use": {"Type": "Pass", "Output": "{% $x %}"}}},
    ]
    assert of(machine(Split={"Type": "Parallel", "Branches": branches})) == (
        "warning POSSIBLY_UNDEFINED_VARIABLE Branches/1/States/Use/Output: the state 'Use' reads"
        " the variable `$x`, which no state assigns where it can be read"
        " (add an `Assign` to an earlier state)\n"
    )


_KEYS = st.sampled_from(
    ["Type", "States", "Assign", "Catch", "Choices", "Branches", "ItemProcessor", "x.$", "Output"]
)


def too_early(**states: dict[str, Any]) -> list[str]:
    """What reads a variable too early, as `state reads the variable`, in states one after another.

    The last state ends unless it says otherwise.
    """
    names = [*states]
    chained = {
        name: {"Type": "Pass", **({"Next": after} if after else {"End": True}), **states[name]}
        for name, after in zip(names, [*names[1:], None], strict=True)
    }
    start = root({"QueryLanguage": JSONATA, "StartAt": names[0], "States": chained})
    return [each.message for each in premature(start)]


READ: dict[str, Any] = {"Output": "{% $v %}"}
ASSIGN: dict[str, Any] = {"Assign": {"v": 1}}
EARLY = "the state 'Read' reads the variable `$v` before any state assigns it"


def test_a_variable_is_read_after_it_is_assigned() -> None:
    assert too_early(Set=ASSIGN, Read=READ) == []
    assert too_early(Read=READ, Set=ASSIGN) == [EARLY]
    assert too_early(Read=READ | ASSIGN) == [EARLY]
    assert too_early(Read=READ, Set=ASSIGN, Again={"Next": "Read"}) == []
    assert too_early(Read={"Assign": {"v": "{% $v + 1 %}"}}) == [EARLY]


def test_a_variable_may_come_from_any_way() -> None:
    caught = {"Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Read", **ASSIGN}]}
    assert too_early(Work=caught, Read=READ) == []
    chosen = {"Type": "Choice", "Choices": [{"Next": "Read", **ASSIGN}]}
    assert too_early(Decide=chosen, Read=READ) == []


def test_a_variable_is_there_for_the_states_inside() -> None:
    inner = a_map({"Read": {"Type": "Pass", "End": True, **READ}})
    assert too_early(Set=ASSIGN, Each=inner) == []
    assert too_early(Each=inner, Set=ASSIGN) == [EARLY]
    assert too_early(Each=inner | ASSIGN) == [EARLY]
    assert too_early(Set=ASSIGN, Each=a_map({"Read": READ}, mode="DISTRIBUTED")) == []


_JSON = st.recursive(
    st.sampled_from([None, True, 1, "Map", "Parallel", "{% $x %}", "$x", "States.Array($y)"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=20,
)


@settings(deadline=None)
@given(st.dictionaries(_KEYS, _JSON), st.sampled_from([JSONATA, "JSONPath"]))
def test_no_definition_raises(definition: dict[str, Any], language: str) -> None:
    start = root({**definition, "QueryLanguage": language})
    for finding in (*variables(start), *premature(start)):
        assert finding.message
