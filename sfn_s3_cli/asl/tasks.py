"""What Step Functions asks of a Task that calls a service."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.asl.findings import Finding
from sfn_s3_cli.asl.integrations import TABLE
from sfn_s3_cli.asl.jsonata import is_expression
from sfn_s3_cli.asl.place import called, listed
from sfn_s3_cli.asl.states import JSONATA
from sfn_s3_cli.asl.values import inside
from sfn_s3_cli.config.words import found
from sfn_s3_cli.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.asl.states import State

_CALL = re.compile(
    r"arn:[^:]+:states:[^:]*:[^:]*:(?!activity:)(?P<name>(?:aws-sdk:)?[\w-]+:\w+)"
    r"(?:\.(?P<how>sync|sync:2|waitForTaskToken))?"
)
_SDK = "aws-sdk:"

# Measured with ValidateStateMachineDefinition: https://github.com/badmintoncryer/cdk-preflight;
# of http:invoke: https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html
_REQUIRED = {
    "apigateway:invoke": ("ApiEndpoint", "Method"),
    "athena:getQueryExecution": ("QueryExecutionId",),
    "athena:getQueryResults": ("QueryExecutionId",),
    "athena:startQueryExecution": ("QueryString",),
    "athena:stopQueryExecution": ("QueryExecutionId",),
    "batch:submitJob": ("JobDefinition", "JobName", "JobQueue"),
    "bedrock:invokeModel": ("ModelId",),
    "bedrockagentcore:invokeHarness": ("HarnessArn",),
    "codebuild:startBuild": ("ProjectName",),
    "codebuild:startBuildBatch": ("ProjectName",),
    "databrew:startJobRun": ("Name",),
    "dynamodb:deleteItem": ("TableName", "Key"),
    "dynamodb:getItem": ("TableName", "Key"),
    "dynamodb:putItem": ("TableName", "Item"),
    "dynamodb:updateItem": ("TableName", "Key"),
    "ecs:runTask": ("TaskDefinition",),
    "elasticmapreduce:addStep": ("ClusterId", "Step"),
    "elasticmapreduce:terminateCluster": ("ClusterId",),
    "events:putEvents": ("Entries",),
    "glue:startJobRun": ("JobName",),
    "http:invoke": ("ApiEndpoint", "Method"),
    "lambda:invoke": ("FunctionName",),
    "mediaconvert:createJob": ("Role", "Settings"),
    "sagemaker:createEndpoint": ("EndpointName", "EndpointConfigName"),
    "sagemaker:createEndpointConfig": ("EndpointConfigName", "ProductionVariants"),
    "sagemaker:createModel": ("ModelName",),
    "sagemaker:createProcessingJob": ("ProcessingJobName", "RoleArn"),
    "sagemaker:createTrainingJob": ("TrainingJobName", "RoleArn"),
    "sagemaker:createTransformJob": ("TransformJobName", "ModelName"),
    "sns:publish": ("Message",),
    "sqs:sendMessage": ("QueueUrl", "MessageBody"),
    "states:startExecution": ("StateMachineArn",),
}
_TOKEN_DOUBTED = {"batch", "glue"}
"""AWS's table of patterns says that these take none, others say that they do: docs/facts.md."""
_SYNC_WITHOUT_PERMISSIONS = {"eks:runJob"}
_WITHOUT_TOKEN = {
    "athena",
    "bedrockagentcore",
    "codebuild",
    "databrew",
    "dynamodb",
    "elasticmapreduce",
    "emr-containers",
    "emr-serverless",
    "mediaconvert",
    "sagemaker",
}

# The token itself, or the whole of what holds it: the context object, or its Task.
_TOKEN = re.compile(r"\$\$(?!\.(?!Task\b)\w)|\$states\b(?!\.(?!context\b(?!\.(?!Task\b)\w))\w)")


class _Call(NamedTuple):
    """A call of a service, and the field that says with what."""

    state: State
    name: str
    how: str
    field: str


def check(state: State) -> Iterator[Finding]:
    """Whether the service can be waited for as asked, and has the parameters it needs."""
    resource = str(state.value.get("Resource"))
    if state.type == "Task" and (match := _CALL.fullmatch(resource)):
        field = "Arguments" if state.language == JSONATA else "Parameters"
        call = _Call(state, match["name"], match["how"] or "", field)
        if call.how and not _can_wait(call.name, call.how):
            message = f"{called(state)} waits with `.{call.how}`, which {call.name} does not have"
            remedy = f"write `{resource.removesuffix('.' + call.how)}`"
            yield Finding("INVALID_RESOURCE", (*state.path, "Resource"), message, remedy)
        elif call.how == "waitForTaskToken":
            yield from _doubted(call, resource)
            yield from _no_token(call)
        if not state.value.keys() & {"Parameters", "Arguments"}:
            yield _nothing(call)
        else:
            yield from _missing(call)
            yield from _lower_case(call)
            yield from _endpoint(call)


def _can_wait(name: str, how: str) -> bool:
    row = TABLE.get(name)
    if how == "waitForTaskToken":
        return row is None or name.partition(":")[0] not in _WITHOUT_TOKEN
    if row is None:
        return not name.startswith(_SDK)  # what is unknown is told by itself
    if how == "sync:2":
        return name == "states:startExecution"
    return bool(row.sync) or name in _SYNC_WITHOUT_PERMISSIONS


def _nothing(call: _Call) -> Finding:
    """AWS does not send the input by itself, but refuses the definition: docs/facts.md."""
    message = f"{called(call.state)} calls {call.name} without {call.field}"
    remedy = f"add `{call.field}: {{}}`, or with what it takes"
    if needed := _REQUIRED.get(call.name):
        remedy = f"add `{call.field}` with {listed([f'`{each}`' for each in needed], 'and')}"
    return Finding("MISSING_FIELD", call.state.path, message, remedy, at_key=True)


def _missing(call: _Call) -> Iterator[Finding]:
    match call.state.value.get(call.field):
        case dict(given):
            present = {str(key).removesuffix(".$") for key in given}
            if missing := [each for each in _REQUIRED.get(call.name, ()) if each not in present]:
                message = f"{called(call.state)} calls {call.name} without {listed(missing, 'and')}"
                remedy = f"add {listed([f'`{each}`' for each in missing], 'and')} to `{call.field}`"
                where = (*call.state.path, call.field)
                yield Finding("MISSING_FIELD", where, message, remedy, at_key=True)


def _lower_case(call: _Call) -> Iterator[Finding]:
    """Parameters begin in upper case, whatever the service's own look like.

    https://docs.aws.amazon.com/step-functions/latest/dg/connect-parameters.html
    """
    match call.state.value.get(call.field):
        case dict(given):
            for key in (key for key in given if key[:1].islower()):
                message = f"{found(key)} of {called(call.state)} begins in lower case"
                remedy = f"write `{key[:1].upper()}{key[1:]}`"
                where = (*call.state.path, call.field, key)
                severity = Severity.WARNING
                yield Finding("INVALID_VALUE", where, message, remedy, severity, at_key=True)


def _endpoint(call: _Call) -> Iterator[Finding]:
    """https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html"""
    match call.state.value.get(call.field):
        case {"ApiEndpoint": str(text)} if call.name == "http:invoke":
            is_computed = call.field == "Arguments" and is_expression(text)
            if not is_computed and not text.startswith("https://"):
                message = f"the ApiEndpoint of {called(call.state)} is {found(text)}, no HTTPS URL"
                remedy = "begin it with `https://`"
                if call.field == "Parameters":
                    remedy += ", or name the key `ApiEndpoint.$` to have it computed"
                where = (*call.state.path, call.field, "ApiEndpoint")
                yield Finding("INVALID_VALUE", where, message, remedy)


def _doubted(call: _Call, resource: str) -> Iterator[Finding]:
    if call.name.partition(":")[0] in _TOKEN_DOUBTED:
        message = f"{called(call.state)} waits for a token, which {call.name} may not take"
        remedy = f"write `{resource.removesuffix('.' + call.how)}`, or wait with `.sync`"
        where, severity = (*call.state.path, "Resource"), Severity.WARNING
        yield Finding("INVALID_RESOURCE", where, message, remedy, severity)


def _no_token(call: _Call) -> Iterator[Finding]:
    given = call.state.value.get(call.field)
    sources = [given, call.state.value.get("InputPath")]
    texts = (text for source in sources for _, text in inside(source) if isinstance(text, str))
    if isinstance(given, dict) and not any(map(_TOKEN.search, texts)):
        example = (
            "`{% $states.context.Task.Token %}`" if call.field == "Arguments" else "`$$.Task.Token`"
        )
        message = f"{called(call.state)} waits for a token that its {call.field} do not send"
        remedy = f"put {example} into what it sends"
        where = (*call.state.path, "Resource")
        yield Finding("NO_TOKEN", where, message, remedy, Severity.WARNING)
