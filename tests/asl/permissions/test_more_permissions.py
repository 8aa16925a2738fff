"""What calls need besides their own action: because of their parameters, or of the partition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sdk_table
from asl.permissions.derivation import PLACE, ROLE, derive_state, summarize, task
from asl.permissions.test_parameters_exist import list_choices, read_models

from sfn_s3_cli.asl.language.resource import ServiceCall
from sfn_s3_cli.asl.permissions.derive import derive_permissions
from sfn_s3_cli.asl.permissions.grants import Integration
from sfn_s3_cli.asl.permissions.sdk_calls import _find_optimised, find_integration
from sfn_s3_cli.asl.permissions.sdk_special_cases import SPECIAL_CASES
from sfn_s3_cli.checks.codes import CODES

KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"


def derive_in_china(resource: str, parameters: dict[str, Any], **options: Any) -> list[Any]:
    place = PLACE._replace(partition="aws-cn", region="cn-north-1")
    definition = {"StartAt": "Only", "States": {"Only": task(resource, parameters)}}
    found = derive_permissions(definition, place=place, machine="orders", **options)
    return [each for each in found.statements if each["Action"] == ["iam:PassRole"]]


PASSING: dict[str, tuple[dict[str, Any], str]] = {
    "aws-sdk:ec2:runInstances": ({"IamInstanceProfile": {"Name": "p"}}, "ec2"),
    "elasticmapreduce:createCluster.sync": ({"JobFlowRole": "p"}, "ec2"),
    "glue:startJobRun": ({}, ""),
    "aws-sdk:sfn:createStateMachine": ({"roleArn": ROLE}, "*states*"),
    "ecs:runTask": ({"TaskDefinition": "t"}, "ecs-tasks"),
    "sagemaker:createModel": ({"ModelName": "m", "ExecutionRoleArn": ROLE}, "sagemaker"),
}


@pytest.mark.parametrize("resource", PASSING)
def test_services_have_two_names_in_china(resource: str) -> None:
    parameters, service = PASSING[resource]
    names = [f"{service}.amazonaws.com", f"{service}.amazonaws.com.cn"]
    values = [
        value
        for each in derive_in_china(resource, parameters)
        for keys in each["Condition"].values()
        for value in keys.values()
    ]
    assert values == ([names] if service else [])


@pytest.mark.parametrize("name", ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"])
def test_either_name_in_a_statement_counts(name: str) -> None:
    limit = {"StringEquals": {"iam:PassedToService": name}}
    role = "arn:aws-cn:iam::123456789012:role/machine"
    given = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": role, "Condition": limit}
    resource, parameters = "aws-sdk:ec2:runInstances", {"IamInstanceProfile": {"Name": "p"}}
    assert derive_in_china(resource, parameters, user_statements=[given]) == []


RECIPIENTS = {
    "aws-sdk:ec2:createFlowLogs": ({"DeliverLogsPermissionArn": ROLE}, "vpc-flow-logs"),
    "aws-sdk:ec2:requestSpotFleet": (
        {"SpotFleetRequestConfig": {"IamFleetRole": ROLE}},
        "spotfleet",
    ),
    "aws-sdk:batch:registerJobDefinition": (
        {"JobDefinitionName": "j", "ContainerProperties": {"JobRoleArn": ROLE}},
        "ecs-tasks",
    ),
    "aws-sdk:iam:addRoleToInstanceProfile": (
        {"InstanceProfileName": "p", "RoleName": "worker"},
        "ec2",
    ),
    "aws-sdk:sns:createTopic": (
        {"Name": "t", "Attributes": {"LambdaFailureFeedbackRoleArn": ROLE}},
        "sns",
    ),
    "aws-sdk:sns:setTopicAttributes": (
        {"TopicArn": "t", "AttributeName": "SQSSuccessFeedbackRoleArn", "AttributeValue": ROLE},
        "sns",
    ),
    "aws-sdk:synthetics:createCanary": ({"ExecutionRoleArn": ROLE}, "lambda"),
    "aws-sdk:apigateway:putIntegration": ({"Credentials": ROLE}, "*apigateway*"),
    "aws-sdk:cognitoidentity:setIdentityPoolRoles": (
        {"Roles": {"authenticated": ROLE}},
        "cognito-identity",
    ),
}


@pytest.mark.parametrize("resource", RECIPIENTS)
def test_role_may_be_passed_to_the_service_that_takes_it(resource: str) -> None:
    parameters, service = RECIPIENTS[resource]
    (passing,) = (
        each
        for each in derive_state(task(resource, parameters)).statements
        if each["Action"] == ["iam:PassRole"]
    )
    assert passing["Resource"] == [ROLE]
    ((_, keys),) = passing["Condition"].items()
    values = keys["iam:PassedToService"]
    assert f"{service}.amazonaws.com" in ([values] if isinstance(values, str) else values)


def read_endpoint(endpoint: dict[str, str], language: str) -> tuple[dict[str, Any], int]:
    """The conditions on the endpoint of an HTTP call, and the number of warnings."""
    found = derive_state(task("http:invoke", {**endpoint, "Method": "GET"}, language), language)
    conditions = {
        operator: keys["states:HTTPEndpoint"]
        for each in found.statements
        for operator, keys in each.get("Condition", {}).items()
        if "states:HTTPEndpoint" in keys
    }
    return conditions, len(found.wide_permissions)


ENDPOINTS = {
    "https://api.example.com/a*b": ("StringEquals", "https://api.example.com/a${*}b", 0),
    "{% 'https://api.example.com/' & $id %}": ("StringLike", "https://api.example.com/*", 0),
    "{% 'https://a*.example.com/' & $id & '/b' %}": (
        "StringLike",
        "https://a${*}.example.com/*/b",
        0,
    ),
    "{% $host & '/orders' %}": ("StringLike", "*/orders", 1),
    "{% 'https://' & $host %}": ("StringLike", "https://*", 1),
    "{% $x %}": ("", "", 1),
}


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_literal_part_of_an_endpoint_is_a_condition(endpoint: str) -> None:
    operator, value, warnings = ENDPOINTS[endpoint]
    expected = {operator: value} if operator else {}
    assert read_endpoint({"ApiEndpoint": endpoint}, "JSONata") == (expected, warnings)


def test_literal_part_of_a_format_is_a_condition() -> None:
    text = "States.Format('https://api.example.com/{}/items', $.id)"
    expected = {"StringLike": "https://api.example.com/*/items"}
    assert read_endpoint({"ApiEndpoint.$": text}, "JSONPath") == (expected, 0)
    assert read_endpoint({"ApiEndpoint.$": "$.url"}, "JSONPath") == ({}, 1)


def test_keys_of_aws_need_no_permission() -> None:
    for key in ("alias/aws/ssm", "arn:aws:kms:eu-west-1:123456789012:alias/aws/ssm"):
        found = derive_state(task("aws-sdk:ssm:putParameter", {"Name": "a", "KeyId": key}))
        assert summarize(found) == ["ssm:PutParameter on ssm:@:parameter/a"]


def test_tier_decides_how_a_key_encrypts() -> None:
    actions = {"Standard": "Encrypt", "Advanced": "GenerateDataKey"}
    both = "kms:Encrypt kms:GenerateDataKey on kms:@:key/1"
    for tier, expected in [
        *((tier, f"kms:{action} on kms:@:key/1") for tier, action in actions.items()),
        ("Intelligent-Tiering", both),
    ]:
        names = {"Name": "a", "KeyId": KEY, "Tier": tier}
        assert summarize(derive_state(task("aws-sdk:ssm:putParameter", names)))[0] == expected


def test_computed_alias_limits_the_keys() -> None:
    names = {"Name": "a", "KeyId": "{% 'alias/shop-' & $stage %}"}
    found = derive_state(task("aws-sdk:ssm:putParameter", names, "JSONata"), "JSONata")
    limit = "if ForAnyValue:StringLike kms:ResourceAliases alias/shop-*"
    assert summarize(found)[0] == f"kms:Encrypt on kms:@:key/* {limit}"


@pytest.mark.parametrize(
    ("resource", "parameters"),
    [
        ("aws-sdk:s3:putObject", {"Bucket": "b", "Key": "k"}),
        ("aws-sdk:s3:copyObject", {"Bucket": "b", "Key": "k", "CopySource": "a/b"}),
        (
            "aws-sdk:s3:deleteObject",
            {"Bucket": "b", "Key": "k", "BypassGovernanceRetention": False},
        ),
        ("aws-sdk:ssm:putParameter", {"Name": "a"}),
        ("aws-sdk:secretsmanager:createSecret", {"Name": "a"}),
        ("aws-sdk:lambda:createFunction", {"FunctionName": "a", "Layers": [], "Tags": None}),
        ("aws-sdk:ec2:runInstances", {"ImageId": "a"}),
    ],
)
def test_absent_parameter_needs_no_permission(resource: str, parameters: dict[str, Any]) -> None:
    actions = {
        action
        for each in derive_state(task(resource, parameters)).statements
        for action in each["Action"]
    }
    own = resource.rpartition(":")[2].lower()
    more = {"s3:GetObject", "s3:GetObjectTagging", "s3:PutObject", "s3:PutObjectTagging"}
    copies = more if own == "copyobject" else set()
    assert {each for each in actions - copies if each.partition(":")[2].lower() != own} == set()


GAPS = {
    "aws-sdk:resourcegroupstaggingapi:tagResources": (
        {"ResourceARNList.$": "$.arns"},
        "`ResourceARNList` does not show which actions tag the resources",
    ),
    "aws-sdk:resourcegroupstaggingapi:untagResources": (
        {"ResourceARNList": ["arn:aws:codebuild:eu-west-1:123456789012:project/site"]},
        "`ResourceARNList` does not show which actions tag the resources",
    ),
    "aws-sdk:cloudformation:createStack": (
        {"StackName": "s"},
        "without `RoleARN` CloudFormation uses the role of the workflow",
    ),
    "aws-sdk:cloudcontrol:createResource": (
        {"TypeName": "AWS::SQS::Queue"},
        "without `RoleArn` Cloud Control API uses the role of the workflow",
    ),
    "aws-sdk:ec2:runInstances": (
        {"LaunchTemplate": {"LaunchTemplateName": "web"}},
        "the launch template may pass a role, use a key or have tags",
    ),
    "aws-sdk:ssm:startAutomationExecution": (
        {"DocumentName": "d"},
        "without `Parameters.AutomationAssumeRole` the runbook uses the role of the workflow",
    ),
}


@pytest.mark.parametrize("resource", GAPS)
def test_permissions_that_may_be_missing_are_reported(resource: str) -> None:
    parameters, reason = GAPS[resource]
    state = task(resource, parameters)
    (finding,) = (
        each for each in derive_state(state).wide_permissions if each.code != "WIDE_PERMISSION"
    )
    assert (finding.code, finding.path) == ("MISSING_PERMISSION", ("States", "Only", "Resource"))
    assert finding.message == f"the state 'Only' may lack permissions, because {reason}"
    assert finding.remedy.endswith("under `role.statements`")
    assert finding.code in CODES
    given = {
        "Effect": "Allow",
        "Action": ["codebuild:*", "sqs:*", "ec2:CreateTags"],
        "Resource": "*",
    }
    filled = derive_state(state, user_statements=[given]).wide_permissions
    assert not [each for each in filled if each.code == "MISSING_PERMISSION"]


@pytest.mark.parametrize(
    ("resource", "parameters"),
    [
        ("aws-sdk:cloudformation:createStack", {"StackName": "s", "RoleARN": ROLE}),
        (
            "aws-sdk:ssm:startAutomationExecution",
            {"DocumentName": "d", "Parameters": {"AutomationAssumeRole": [ROLE]}},
        ),
        (
            "aws-sdk:resourcegroupstaggingapi:tagResources",
            {"ResourceARNList": ["arn:aws:sqs:eu-west-1:123456789012:orders"]},
        ),
    ],
)
def test_no_gap_without_a_reason(resource: str, parameters: dict[str, Any]) -> None:
    found = derive_state(task(resource, parameters)).wide_permissions
    assert not [each for each in found if each.code == "MISSING_PERMISSION"]


REDSHIFT_ROLE = "ProcessingInputs[].DatasetDefinition.RedshiftDatasetDefinition.ClusterRoleArn"
NOT_LACKING = {
    "resourcegroupstaggingapi:tagresources",  # tags what exists
    # These tag always: their roles may have tags, too.
    "sagemaker:createhyperparametertuningjob",
    "sagemaker:createlabelingjob",
    "sagemaker:createprocessingjob",
    "sagemaker:createtrainingjob",
    "sagemaker:createtransformjob",
    # The role that Redshift already has.
    f"sagemaker:createprocessingjob {REDSHIFT_ROLE}",
    # The role that Neptune already has.
    "neptunedata:getmldataprocessingjob neptuneIamRoleArn",
    "neptunedata:getmlendpoint neptuneIamRoleArn",
    "neptunedata:getmlmodeltrainingjob neptuneIamRoleArn",
    "neptunedata:getmlmodeltransformjob neptuneIamRoleArn",
}


def lacks_role(path: str, row: Integration) -> bool:
    passing = [
        each
        for each in row.grants
        if each.actions == "iam:PassRole" or "ExecutionRoleArn" in str(each.conditions)
    ]
    known = {name.lower() for each in passing for choice in list_choices(each) for name in choice}
    return path.lower() not in {*known, *(f"{each}[]" for each in known)}


def find_lacking(call: ServiceCall, parameters: list[sdk_table.Parameter]) -> Iterator[str]:
    """What a row by hand does not grant, but the rule would for these parameters."""
    row = find_integration(call)
    assert row
    for each in parameters:
        is_role = sdk_table.ROLE.fullmatch(each.name) and not sdk_table.NOT_A_ROLE.fullmatch(
            each.path
        )
        if each.is_text and is_role and lacks_role(each.path, row):
            yield f"{call.key} {each.path}"
    has_tags = any(each.path.removesuffix("[]") in sdk_table.TAGS for each in parameters)
    if has_tags and not any("Tag" in each.actions and each.when for each in row.grants):
        yield call.key


def test_rows_by_hand_pass_roles_and_tag() -> None:
    lacking = [
        each
        for service, model in read_models().items()
        for operation in model["operations"]
        for call in [ServiceCall(service, operation, is_sdk=True)]
        if call.key in SPECIAL_CASES or _find_optimised(call)
        for each in find_lacking(call, sdk_table._list_parameters(operation, model))
    ]
    assert {*lacking} <= NOT_LACKING, {*lacking} - NOT_LACKING
