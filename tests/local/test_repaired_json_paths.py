"""Paths with slices, filters, `..` and negative indexes."""

from __future__ import annotations

from typing import Any

import pytest
from local.workflow_table import PASS, run_table
from sfnctl_script import Sfnctl

from sfn_s3_cli.local.repairs import json_path
from sfn_s3_cli.local.repairs.json_path import find

DATA: dict[str, Any] = {
    "l": [1, 2, 3, 4],
    "o": [{"x": 1, "n": "a"}, {"x": 2, "n": "b", "keep": False}, {"n": "c"}, {"x": True}],
    "d": {"x": {"a": [1, 2]}},
    "limit": 1,
    "e.e": {"q": [5]},
}
FOUND: dict[str, list[Any]] = {
    "$.l[1:]": [2, 3, 4],
    "$.l[:-2]": [1, 2],
    "$.l[-2:9]": [3, 4],
    "$.l[-1]": [4],
    "$.l[-9]": [],
    "$.l[0, 2, 9]": [1, 3],
    "$.o[?(@.x == 1)].n": ["a"],
    "$.o[?(@.x)].n": ["a", "b"],
    "$.o[?(@.keep)].x": [2],
    "$.o[?(@.x > $.limit && @.n == 'b')].n": ["b"],
    '$.o[?(@.x == 1 || (@.n == "c" && !(@.x)))].n': ["a", "c"],
    "$.o[?(@.x != 1)].n": ["b", "c"],
    "$.o[?(@['n'] >= 'b')].n": ["b", "c"],
    "$.o[?(@.x == true)]": [{"x": True}],
    "$.l[?(@ > 2)]": [3, 4],
    "$.d[?(@.a)]": [],
    "$.d.x[?(@.a)]": [{"a": [1, 2]}],
    "$..a": [[1, 2]],
    "$..a[*]": [1, 2],
    "$.d..*": [{"a": [1, 2]}, [1, 2], 1, 2],
    "$..n": ["a", "b", "c"],
    "$['e.e'].q[-1]": [5],
    "$.no[1:]": [],
}
UNSUPPORTED = (
    "$.o[?(@.n =~ /a/)]",
    "$.l[0:4:2]",
    "$.o[0]['x','n']",
    "$.o[?(@.n in ['a'])]",
    "$.l.length()",
    "$.o[?(@.x == )]",
)


@pytest.mark.parametrize("path", FOUND)
def test_a_path_finds_all_values(path: str) -> None:
    assert find(path, DATA) == FOUND[path]


@pytest.mark.parametrize("path", UNSUPPORTED)
def test_other_paths_are_refused(path: str) -> None:
    with pytest.raises(json_path.UnsupportedPathError):
        find(path, DATA)


def test_a_path_to_many_values_gives_a_list(sfnctl: Sfnctl) -> None:
    def show(path: str) -> Any:
        return {"P": {**PASS, "Parameters": {"r.$": path}}}, {"input": DATA}

    table = {
        "one": show("$.l[-1]"),
        "list": show("$.o[?(@.x == 1)].n"),
        "none": show("$.o[?(@.x == 9)]"),
        "lacking": show("$.l[-9]"),
        "argument": show("States.ArrayLength($.l[1:])"),
        "variable": (
            {
                "A": {"Type": "Pass", "Assign": {"v.$": "$.l"}, "Next": "P"},
                "P": {**PASS, "Parameters": {"r.$": "$v[2:]"}},
            },
            {"input": DATA},
        ),
    }
    ran = run_table(sfnctl, table)
    assert ran.pop("lacking")[0] == "States.Runtime"
    found = {name: each["r"] for name, each in ran.items()}
    assert found == {"one": 4, "list": ["a"], "none": [], "argument": 3, "variable": [3, 4]}
