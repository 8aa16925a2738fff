"""Checks calls that sfnctl does not know, and suggests which call was probably meant."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from sfn_s3_cli.asl.permissions.integrations import INTEGRATIONS
from sfn_s3_cli.asl.permissions.sdk_calls import find_integration
from sfn_s3_cli.asl.permissions.sdk_operations import (
    find_action,
    find_service,
    list_services,
    map_prefixes,
)
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import describe
from sfn_s3_cli.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sfn_s3_cli.asl.language.resource import ServiceCall
    from sfn_s3_cli.asl.language.states import State
    from sfn_s3_cli.asl.permissions.user_statements import UserStatements

_NEAR = 0.8
# https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
_UNSUPPORTED = {
    "bedrockagentruntime:invokeagent",
    "bedrockagentruntime:invokeflow",
    "bedrockruntime:conversestream",
    "bedrockruntime:invokemodelwithresponsestream",
    "cloudwatchlogs:startlivetail",
    "codedeploy:batchgetdeploymentinstances",
    "codedeploy:getdeploymentinstance",
    "codedeploy:skipwaittimeforinstancetermination",
    "efs:createtags",
    "elastictranscoder:testrole",
    "emr:describejobflows",
    "iot:attachprincipalpolicy",
    "kinesis:subscribetoshard",
    "lambda:invokeasync",
    "lambda:invokewithresponsestream",
    "lexruntimev2:startconversation",
    "mediapackage:rotatechannelcredentials",
    "qbusiness:chat",
    "rdsdata:executesql",
    "s3:selectobjectcontent",
    "sagemakerruntime:invokeendpointwithresponsestream",
    "shield:deletesubscription",
    "sts:assumerole",
    "sts:assumerolewithsaml",
    "sts:assumerolewithwebidentity",
}
"""Operations of the SDKs that Step Functions does not call."""
_ALTERNATIVES = {"sts": "name the role in the `Credentials` of the state that needs it"}
_OTHER_NAMES = {
    "cognito": "cognitoidentityprovider",
    "dynamo": "dynamodb",
    "elbv2": "elasticloadbalancingv2",
    "events": "eventbridge",
    "logs": "cloudwatchlogs",
    "parameterstore": "ssm",
    "stepfunctions": "sfn",
}
_OPTIMISED_SERVICES = {name.partition(":")[0] for name in INTEGRATIONS}
_OPTIMISED_BY_LOWER = {name.lower(): name for name in INTEGRATIONS}


def check_call(
    state: State, call: ServiceCall, user_statements: UserStatements | None
) -> Finding | None:
    """Checks a call; None if its permissions are known or in the user's statements.

    Without user statements (None), another role than the derived one has the permissions.
    """
    check = _check_sdk if call.is_sdk else _check_optimised
    return check(state, call, user_statements)


def _check_sdk(
    state: State, call: ServiceCall, user_statements: UserStatements | None
) -> Finding | None:
    service = find_service(call.service)
    if not service:
        meant = _suggest_sdk_call(call)
        return _report_unknown_service(state, call, user_statements, meant)
    spelling = service.find_spelling(call.operation)
    # Not documented: whether Step Functions accepts other letters in the wrong case.
    if spelling and (call.operation[0].isupper() or call.service != call.service.lower()):
        remedy = f"write `aws-sdk:{call.service.lower()}:{spelling}`"
        return _report_invalid(state, f"calls {describe(call.name)}, which is misspelt", remedy)
    if call.key in _UNSUPPORTED:
        remedy = _ALTERNATIVES.get(call.service, "call it from a Lambda function")
        problem = f"calls {describe(call.name)}, which Step Functions cannot call"
        return _report_invalid(state, problem, remedy)
    if find_integration(call) or (
        user_statements and user_statements.allow_action(f"{service.prefix}:{call.operation}")
    ):
        return None
    if spelling:
        remedy = _suggest_statement(service.prefix, call.operation)
        return _report_unknown(state, call, remedy) if user_statements else None
    near = _find_near(call.operation, service.spellings)
    problem = f"calls {describe(call.operation)}, which {call.service} does not have"
    return _report_invalid(
        state, problem, _suggest(near, service.prefix, call.operation, user_statements)
    )


def _check_optimised(
    state: State, call: ServiceCall, user_statements: UserStatements | None
) -> Finding | None:
    if call.name in INTEGRATIONS:
        return None
    if call.service == "stateMachine":
        remedy = "use `arn:aws:states:::states:startExecution`, with its ARN as `StateMachineArn`"
        return _report_invalid(state, "has a state machine as its Resource", remedy)
    meant = (
        _suggest_optimised(call) or _find_near(call.name, INTEGRATIONS) or _suggest_sdk_call(call)
    )
    if call.service.lower() not in _OPTIMISED_SERVICES:
        return _report_unknown_service(state, call, user_statements, meant)
    if user_statements and user_statements.allow_action(f"{call.service}:{call.operation}"):
        return None
    return _report_invalid(
        state,
        f"calls {describe(call.name)}, which is not an optimised integration",
        _suggest(meant, call.service, call.operation, user_statements),
    )


def _report_unknown_service(
    state: State, call: ServiceCall, user_statements: UserStatements | None, meant: str
) -> Finding | None:
    """The service may be new, and its prefix in IAM may differ from its name."""
    remedy = _suggest(meant, call.service, call.operation, user_statements)
    finding = _report_unknown(state, call, remedy)._replace(code="UNKNOWN_SERVICE")
    if user_statements is None:
        return finding._replace(severity=Severity.WARNING)
    is_allowed = user_statements.allow_action(
        f"{call.service}:{call.operation}"
    ) or user_statements.allow_operation(call.operation)
    return None if is_allowed else finding


def _report_unknown(state: State, call: ServiceCall, remedy: str) -> Finding:
    problem = f"calls {describe(call.name)}, whose permissions sfnctl does not know"
    return _report_invalid(state, problem, remedy)._replace(code="UNKNOWN_INTEGRATION")


def _report_invalid(state: State, problem: str, remedy: str) -> Finding:
    message = f"the state {describe(state.name)} {problem}"
    return Finding("INVALID_RESOURCE", (*state.path, "Resource"), message, remedy)


def _suggest(
    meant: str, service: str, operation: str, user_statements: UserStatements | None
) -> str:
    """The call that was probably meant, and a statement in case it was not."""
    guess = f"did you mean {meant!r}?" if meant else ""
    if user_statements is None:
        return guess or "check the spelling"
    remedy = _suggest_statement(service, operation)
    return f"{guess} If it is new, {remedy}" if guess else f"if it is new, {remedy}"


def _suggest_statement(service: str, operation: str) -> str:
    """With an example only if IAM has an action of this name."""
    prefix = service.lower()
    if not (name := find_action(prefix, operation)):
        return "allow its actions under `role.statements`"
    statement = "{Effect: Allow, Action: " + repr(f"{prefix}:{name}") + ", Resource: '*'}"
    return f"allow its actions under `role.statements`, such as `{statement}`"


def _suggest_optimised(call: ServiceCall) -> str:
    """The optimised integration that differs by case, or by the name of the service."""
    service = find_service(_guess_service(call.service))
    for name in (call.service, service.prefix if service else ""):
        if same := _OPTIMISED_BY_LOWER.get(f"{name}:{call.operation}".lower()):
            return same
    return ""


def _suggest_sdk_call(call: ServiceCall) -> str:
    """The call by the SDK, or only its service when that does not have the operation."""
    name = _guess_service(call.service)
    service = find_service(name)
    if not service:
        return ""
    near = service.find_spelling(call.operation) or _find_near(call.operation, service.spellings)
    return f"aws-sdk:{name}:{near}" if near else f"aws-sdk:{name}"


def _guess_service(name: str) -> str:
    """The service of the SDK with this name, another name for it, or a similar one."""
    bare = re.sub("[^a-z0-9]", "", name.lower())
    if bare in _OTHER_NAMES or find_service(bare):
        return _OTHER_NAMES.get(bare, bare)
    return map_prefixes().get(name.lower()) or _find_near(bare, list_services())


def _find_near(word: str, options: Iterable[str]) -> str:
    by_lower = {option.lower(): option for option in options}
    near = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=_NEAR)
    return by_lower[near[0]] if near else ""
