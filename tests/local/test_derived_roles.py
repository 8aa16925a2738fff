"""The embedded cloud allows what sfnctl derives for a workflow's role, and needs all of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from asl.permissions.derivation import PLACE, compute_values, derive_state, task
from asl.permissions.integration_cases import CASES, IntegrationCase
from asl.permissions.test_whole_definitions import fill_placeholders
from samples import DEFINITIONS, needs_samples

from sfn_s3_cli.asl.language.states import to_container, walk_states
from sfn_s3_cli.asl.permissions.derive import derive_permissions
from sfn_s3_cli.iam import policies
from sfn_s3_cli.local import roles
from sfn_s3_cli.local.internals import RESPONSES, ROLES
from sfn_s3_cli.local.repairs import workflow_roles

_FORMAT = re.compile(r"States\.Format\('([^']*)'.*\)")
UNFORESEEN = {"apigateway:invoke", "bedrock:invokeModel", "aws-sdk:bedrockruntime:converse"}
"""Calls that need more if a value that is computed names a connection, a prompt or a router."""
EXECUTION = {"stateMachineArn": PLACE.arn("states", "stateMachine:orders")}


@contextmanager
def role_with(*statements: Any) -> Iterator[roles.Session]:
    """A role with these statements, in the emulator's IAM of this process."""
    arn = f"arn:aws:iam::{PLACE.account}:role/states"
    inline = {"policy": json.dumps(policies.document(*statements))}
    with RESPONSES["request_scope"](PLACE.account, PLACE.region):
        ROLES["_roles"]["states"] = {"Arn": arn, "InlinePolicies": inline, "AttachedPolicies": []}
        yield roles.Session(arn, "run")
        del ROLES["_roles"]["states"]


def find_denial(session: roles.Session, state: Any) -> str | None:
    denial = roles.find_denial(session, workflow_roles.list_requests(state, EXECUTION))
    return denial.message if denial else None


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_derived_role_may_make_its_call(case: IntegrationCase) -> None:
    """Also when the definition computes the parameters, which are known only at run time; but then
    `validate` warns of some permissions that may be missing."""
    state = task(case.resource, case.parameters)
    computed = task(case.resource, compute_values(case.parameters, "JSONPath"))
    forms = (state,) if case.resource in UNFORESEEN else (state, computed)
    for derived in map(derive_state, forms):
        codes = {each.code for each in derived.wide_permissions}
        if "MISSING_PERMISSION" in codes:
            continue
        with role_with(*derived.statements) as session:
            assert find_denial(session, state) is None


def test_each_action_of_a_derived_role_is_needed() -> None:
    unneeded = set()
    for case in CASES:
        state = task(case.resource, case.parameters)
        statements = derive_state(state).statements
        for action in {each for one in statements for each in one["Action"]}:
            less = [
                {**one, "Action": [each for each in one["Action"] if each != action] or ["none:No"]}
                for one in statements
            ]
            with role_with(*less) as session:
                if find_denial(session, state) is None:
                    unneeded.add((case.resource, action))
    assert unneeded == set()


@needs_samples
@pytest.mark.parametrize("path", DEFINITIONS, ids=lambda path: path.name.partition(".")[0])
def test_a_sample_may_do_what_it_does(path: Any) -> None:
    definition = fill_placeholders(path)
    derived = derive_permissions(definition, place=PLACE, machine="orders")
    with role_with(*derived.statements, {"Effect": "Allow", "Action": "none:No"}) as session:
        for state in walk_states(to_container(definition)):
            if state.language == "JSONPath":  # JSONata may be foreseen in part
                called = {**state.value, "Parameters": _compute(state.value.get("Parameters", {}))}
                assert find_denial(session, called) is None


def _compute(value: Any) -> Any:
    """The arguments as they may be at run time."""
    match value:
        case dict():
            return {
                key.removesuffix(".$"): _run(each) if key.endswith(".$") else _compute(each)
                for key, each in value.items()
            }
        case list():
            return [_compute(each) for each in value]
    return value


def _run(expression: str) -> str:
    """What a path or an intrinsic function may give."""
    formatted = _FORMAT.fullmatch(expression)
    return formatted[1].replace("{}", "computed") if formatted else "computed"
