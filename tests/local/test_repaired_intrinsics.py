"""Intrinsic functions give the values of AWS, and refuse bad arguments."""

from __future__ import annotations

import json
from typing import Any

import pytest
from local.local_account import Account
from local.workflow_table import PASS, run_table, task
from sfnctl_script import Sfnctl

INPUT: dict[str, Any] = {
    "yes": True,
    "none": None,
    "text": "x",
    "half": 1.5,
    "list": [3, 1, 2],
    "empty": [],
    "same": [1, True, 1, "1", {"a": 1, "b": 2}, {"b": 2, "a": 1}],
    "object": {"a": 1, "l": [None, "t"]},
    "umlaut": {"ü": "ß"},
    "odd": {"a,b)": 1},
    "bad": "{",
}
VALUES = {
    "States.Format('{} {} {} {}', $.yes, $.none, $.half, $.text)": "true null 1.5 x",
    "States.Format('{}', $.object)": "{a=1, l=[null, t]}",
    r"States.Format('\{{}\} it\'s', 1)": "{1} it's",
    "States.JsonToString($.umlaut)": '{"ü":"ß"}',
    "States.StringToJson('')": None,
    "States.StringToJson('[1]')": [1],
    r"States.Array('it\'s', 1, 2.5, null, true)": ["it's", 1, 2.5, None, True],
    "States.Array($.odd['a,b)'], States.Array())": [1, []],
    "States.MathAdd(1.5, 1)": 3,
    "States.MathAdd(-1.5, -1.51)": -3,
    "States.MathAdd(-0.5, 0)": 0,
    "States.ArrayRange(5, 1, -2)": [5, 3, 1],
    "States.ArrayRange(1.4, 5.6, 2.2)": [1, 3, 5],
    "States.ArrayRange(5, 1, 1)": [],
    "States.ArrayGetItem($.list, 1.9)": 1,
    "States.ArrayGetItem($.empty, 9)": None,
    "States.ArrayContains($.list, true)": False,
    "States.ArrayContains($.list, '3')": True,
    "States.ArrayContains($.same, false)": False,
    "States.ArrayUnique($.same)": [1, True, "1", {"a": 1, "b": 2}],
    "States.ArrayPartition($.list, 2.6)": [[3, 1], [2]],
    "States.ArrayLength($.list)": 3,
    "States.StringSplit(',a,;b', ',;')": ["a", "b"],
    "States.StringSplit('abc', '')": ["abc"],
    "States.JsonMerge($.object, $.umlaut, false)": {"a": 1, "l": [None, "t"], "ü": "ß"},
    "States.Base64Decode('aGVsbG8')": "hello",
    "States.Base64Encode('ü')": "w7w=",
    "States.Hash('hello', 'MD5')": "5d41402abc4b2a76b9719d911017c592",
    "States.MathRandom(1, 2)": 1,
}
FAULTS = (
    "States.Format('{')",
    "States.Format($.text, 1)",
    "States.Format($.half)",
    "States.StringToJson($.bad)",
    "States.StringToJson($.half)",
    "States.StringToJson('NaN')",
    "States.MathAdd($.text, 1)",
    "States.MathAdd($.yes, 1)",
    "States.MathAdd(2147483647, 1)",
    "States.ArrayRange(1, 5, 0)",
    "States.ArrayRange(1, 1001, 1)",
    "States.ArrayRange(1001, 1, -1)",
    "States.ArrayGetItem($.list, 3)",
    "States.ArrayGetItem($.list, -1)",
    "States.ArrayGetItem($.list, '1')",
    "States.ArrayGetItem($.text, 0)",
    "States.ArrayLength($.text)",
    "States.ArrayContains($.text, 'x')",
    "States.ArrayUnique($.object)",
    "States.ArrayPartition($.list, 0)",
    "States.ArrayPartition($.list, 0.6)",
    "States.JsonMerge($.list, $.object, false)",
    "States.JsonMerge($.object, $.object, $.yes)",
    "States.Base64Encode($.half)",
    "States.Base64Decode($.none)",
    "States.Hash('a', $.text)",
    "States.MathRandom(1, 1)",
    "States.MathRandom(1, 9, $.text)",
    "States.StringSplit($.half, ',')",
)


def evaluate(account: Account, call: str) -> Any:
    state = {"Type": "Pass", "Parameters": {"found.$": call}, "End": True}
    return account.client("stepfunctions").test_state(
        definition=json.dumps(state), input=json.dumps(INPUT), roleArn=account.create_role()
    )


@pytest.mark.parametrize("call", VALUES)
def test_an_intrinsic_function_gives_its_value(account: Account, call: str) -> None:
    tested = evaluate(account, call)
    assert tested["status"] == "SUCCEEDED", tested
    found = json.loads(tested["output"])["found"]
    assert json.dumps(found) == json.dumps(VALUES[call])


@pytest.mark.parametrize("call", FAULTS)
def test_bad_arguments_fail(account: Account, call: str) -> None:
    tested = evaluate(account, call)
    assert tested["error"] == "States.Runtime", tested
    name = call.partition("(")[0]
    assert tested["cause"].endswith(f"Invalid arguments in {name}")


def test_no_catcher_matches_bad_arguments(sfnctl: Sfnctl) -> None:
    call = "States.ArrayGetItem($.list, 5)"
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}]
    arguments = {"FunctionName": "f", "Payload": {"x.$": call}}
    states = {"Call": task(Parameters=arguments, Catch=catch), "Caught": PASS}
    case = {"input": {"list": [1]}, "mocks": {"Call": {"return": 1}}}
    [error, cause] = run_table(sfnctl, {"bad": (states, case)})["bad"]
    assert (error, "States.ArrayGetItem" in cause) == ("States.Runtime", True)
