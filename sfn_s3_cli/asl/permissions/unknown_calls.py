"""What is wrong with a call that is unknown, and what it was probably meant to be."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from sfn_s3_cli.asl.permissions import sdk
from sfn_s3_cli.asl.permissions.integrations import TABLE
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import describe
from sfn_s3_cli.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sfn_s3_cli.asl.language.resource import Called
    from sfn_s3_cli.asl.language.states import State
    from sfn_s3_cli.asl.permissions.statements import Given

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
_OTHERWISE = {"sts": "name the role in the `Credentials` of the state that needs it"}
_OTHER_NAMES = {
    "cognito": "cognitoidentityprovider",
    "dynamo": "dynamodb",
    "elbv2": "elasticloadbalancingv2",
    "events": "eventbridge",
    "logs": "cloudwatchlogs",
    "parameterstore": "ssm",
    "stepfunctions": "sfn",
}
_SERVICES = {name.partition(":")[0] for name in TABLE}
_BY_LOWER = {name.lower(): name for name in TABLE}


def check(state: State, called: Called, allowed: Given | None) -> Finding | None:
    """What is wrong with a call, unless it is one whose permissions are known or given.

    With None for what is `allowed`, another role than the derived one has the permissions.
    """
    return (_check_sdk if called.is_sdk else _check_optimised)(state, called, allowed)


def _check_sdk(state: State, called: Called, allowed: Given | None) -> Finding | None:
    service, operation = called.service, called.operation
    known = sdk.service(service)
    if not known:
        return _of_no_service(state, called, allowed, _by_sdk(service, operation))
    spelling = known.spelling(operation)
    # Whether Step Functions minds another letter in the wrong case is not known.
    if spelling and (operation[0].isupper() or service != service.lower()):
        message = f"state {_calls(state, called)}, which is not how it is spelt"
        return _invalid(state, message, f"write `aws-sdk:{service.lower()}:{spelling}`")
    if called.key in _UNSUPPORTED:
        message = f"state {_calls(state, called)}, which Step Functions cannot call"
        return _invalid(state, message, _OTHERWISE.get(service, "call it in a Lambda function"))
    if sdk.integration(called) or (allowed and allowed.names(f"{known.prefix}:{operation}")):
        return None
    if spelling:
        return _unknown(state, called, _remedy(known.prefix, operation)) if allowed else None
    near = _near(operation, known.names)
    message = (
        f"state {describe(state.name)} calls {describe(operation)}, which {service} does not have"
    )
    return _invalid(state, message, _hint(near, known.prefix, operation, allowed))


def _check_optimised(state: State, called: Called, allowed: Given | None) -> Finding | None:
    service, operation = called.service, called.operation
    if called.name in TABLE:
        return None
    if service == "stateMachine":
        message = f"state {describe(state.name)} has a state machine for its Resource"
        remedy = "use `arn:aws:states:::states:startExecution`, with its ARN as `StateMachineArn`"
        return _invalid(state, message, remedy)
    near = _near(called.name, TABLE)
    meant = _optimised(service, operation) or near or _by_sdk(service, operation)
    if service.lower() not in _SERVICES:
        return _of_no_service(state, called, allowed, meant)
    if allowed and allowed.names(f"{service}:{operation}"):
        return None
    message = f"state {_calls(state, called)}, which is no optimised integration"
    return _invalid(state, message, _hint(meant, service, operation, allowed))


def _of_no_service(
    state: State, called: Called, allowed: Given | None, meant: str
) -> Finding | None:
    """A service that may be new, and whose prefix in IAM may be another than its name."""
    service, operation = called.service, called.operation
    if allowed and (
        allowed.names(f"{service}:{operation}") or allowed.names_of_any_service(operation)
    ):
        return None
    remedy = _hint(meant, service, operation, allowed)
    finding = _unknown(state, called, remedy)._replace(code="UNKNOWN_SERVICE")
    return finding if allowed else finding._replace(severity=Severity.WARNING)


def _calls(state: State, called: Called) -> str:
    return f"{describe(state.name)} calls {describe(called.name)}"


def _unknown(state: State, called: Called, remedy: str) -> Finding:
    message = f"state {_calls(state, called)}, whose permissions sfnctl does not know"
    return Finding("UNKNOWN_INTEGRATION", (*state.path, "Resource"), message, remedy)


def _invalid(state: State, message: str, remedy: str) -> Finding:
    return Finding("INVALID_RESOURCE", (*state.path, "Resource"), message, remedy)


def _hint(meant: str, service: str, operation: str, allowed: Given | None) -> str:
    """What was probably meant, and what to do in case it was not."""
    guess = f"did you mean {meant!r}?" if meant else ""
    if allowed is None:
        return guess or "check how it is spelt"
    remedy = _remedy(service, operation)
    return f"{guess} If it is new, {remedy}" if guess else f"if it is new, {remedy}"


def _remedy(service: str, operation: str) -> str:
    """An example only where IAM knows the service."""
    prefix = service.lower()
    if prefix not in sdk.prefixes():
        return "name what it may do under `role.statements`"
    action = f"{prefix}:{operation[:1].upper()}{operation[1:]}"
    statement = "{Effect: Allow, Action: " + repr(action) + ", Resource: '*'}"
    return f"name what it may do under `role.statements`, such as `{statement}`"


def _optimised(service: str, operation: str) -> str:
    """The optimised integration that differs by case, or by the name of the service."""
    known = sdk.service(_service(service))
    names = (service, known.prefix if known else "")
    return next(
        (_BY_LOWER[key] for each in names if (key := f"{each}:{operation}".lower()) in _BY_LOWER),
        "",
    )


def _by_sdk(service: str, operation: str) -> str:
    """The call by the SDK, or only its service when that has no such operation."""
    name = _service(service)
    known = sdk.service(name)
    if not known:
        return ""
    spelling = known.spelling(operation) or _near(operation, known.names)
    return f"aws-sdk:{name}:{spelling}" if spelling else f"aws-sdk:{name}"


def _service(name: str) -> str:
    """The service of the SDK by another of its names, or by one that is nearly right."""
    bare = re.sub("[^a-z0-9]", "", name.lower())
    if bare in _OTHER_NAMES or sdk.service(bare):
        return _OTHER_NAMES.get(bare, bare)
    return sdk.prefixes().get(name.lower()) or _near(bare, sdk.services())


def _near(word: str, options: Iterable[str]) -> str:
    spelled = {option.lower(): option for option in options}
    near = difflib.get_close_matches(word.lower(), spelled, n=1, cutoff=_NEAR)
    return spelled[near[0]] if near else ""
