"""What Step Functions asks of a Task that calls a service."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from sfn_s3_cli.asl.language.fields import FIELDS
from sfn_s3_cli.asl.language.jsonata import is_expression
from sfn_s3_cli.asl.language.resource import WAYS, read
from sfn_s3_cli.asl.language.states import JSONATA
from sfn_s3_cli.asl.language.values import inside
from sfn_s3_cli.asl.lint.subjects import called, listed
from sfn_s3_cli.asl.permissions.integrations import INTEGRATIONS
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import describe
from sfn_s3_cli.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sfn_s3_cli.asl.language.resource import Called
    from sfn_s3_cli.asl.language.states import State

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
_NO_ENDPOINT = ("http:", "States.", "$")
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
    called: Called
    field: str

    @property
    def name(self) -> str:
        return self.called.name

    @property
    def given(self) -> Any:
        return self.state.value.get(self.field)


def check(state: State) -> Iterator[Finding]:
    """Whether the service can be waited for as asked, and has the parameters it needs."""
    if state.type == "Task" and (named := read(state.value.get("Resource"))):
        call = _Call(state, named, "Arguments" if state.language == JSONATA else "Parameters")
        yield from _waiting(call)
        if state.value.keys() & {"Parameters", "Arguments"}:
            yield from _missing(call)
            yield from _lower_case(call)
            yield from _endpoint(call)
        elif state.value.keys() <= FIELDS["Task"].keys():  # else one may be misspelt
            yield _nothing(call)


def _waiting(call: _Call) -> Iterator[Finding]:
    """A way to wait that there is not is told of the Resource itself."""
    named, where = call.called, (*call.state.path, "Resource")
    remedy = f"write `{str(call.state.value['Resource']).removesuffix(f'.{named.how}')}`"
    if named.how in WAYS and not _can_wait(named):
        message = f"{called(call.state)} waits with `.{named.how}`, which {call.name} does not have"
        yield Finding("INVALID_RESOURCE", where, message, remedy)
    elif named.how == "waitForTaskToken":
        if named.service in _TOKEN_DOUBTED and not named.is_sdk:
            message = f"{called(call.state)} waits for a token, which {call.name} may not take"
            remedy = f"{remedy}, or wait with `.sync`"
            yield Finding("INVALID_RESOURCE", where, message, remedy, Severity.WARNING)
        yield from _no_token(call)


def _can_wait(called: Called) -> bool:
    row = None if called.is_sdk else INTEGRATIONS.get(called.name)
    if called.how == "waitForTaskToken":
        return row is None or called.service not in _WITHOUT_TOKEN
    if row is None:
        return not called.is_sdk  # what is unknown is told by itself
    if called.how == "sync:2":
        return called.name == "states:startExecution"
    return bool(row.sync_grants) or called.name in _SYNC_WITHOUT_PERMISSIONS


def _nothing(call: _Call) -> Finding:
    """AWS does not send the input by itself, but refuses the definition: docs/facts.md."""
    message = f"{called(call.state)} calls {call.name} without {call.field}"
    remedy = f"add `{call.field}: {{}}`, or with what it takes"
    if needed := _REQUIRED.get(call.name):
        remedy = f"add `{call.field}` with {listed([f'`{each}`' for each in needed], 'and')}"
    return Finding("MISSING_FIELD", call.state.path, message, remedy, at_key=True)


def _missing(call: _Call) -> Iterator[Finding]:
    match call.given:
        case dict(given):
            if missing := _lacking(call, given):
                message = f"{called(call.state)} calls {call.name} without {listed(missing, 'and')}"
                remedy = f"add {listed([f'`{each}`' for each in missing], 'and')} to `{call.field}`"
                where = (*call.state.path, call.field)
                yield Finding("MISSING_FIELD", where, message, remedy, at_key=True)


def _lacking(call: _Call, given: Mapping[str, Any]) -> list[str]:
    present = {str(key).removesuffix(".$") for key in given}
    return [each for each in _REQUIRED.get(call.name, ()) if each not in present]


def _lower_case(call: _Call) -> Iterator[Finding]:
    """Parameters begin in upper case, whatever the service's own look like.

    https://docs.aws.amazon.com/step-functions/latest/dg/connect-parameters.html
    """
    match call.given:
        case dict(given):
            for key in (key for key in given if key[:1].islower()):
                name = f"{key[:1].upper()}{key[1:]}"
                if name.removesuffix(".$") not in _lacking(call, given):  # told as missing
                    message = f"{describe(key)} of {called(call.state)} begins in lower case"
                    where, severity = (*call.state.path, call.field, key), Severity.WARNING
                    remedy = f"write `{name}`"
                    yield Finding("INVALID_VALUE", where, message, remedy, severity, at_key=True)


def _endpoint(call: _Call) -> Iterator[Finding]:
    """Of other texts than those of `_NO_ENDPOINT` it is not known that AWS refuses them.

    https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html
    """
    match call.given:
        case {"ApiEndpoint": str(text)} if call.name == "http:invoke":
            is_computed = call.field == "Arguments" and is_expression(text)
            if not is_computed and not text.startswith("https://"):
                message = (
                    f"the ApiEndpoint of {called(call.state)} is {describe(text)}, no HTTPS URL"
                )
                remedy = "begin it with `https://`"
                if call.field == "Parameters":
                    remedy += ", or name the key `ApiEndpoint.$` to have it computed"
                where = (*call.state.path, call.field, "ApiEndpoint")
                is_refused = text.startswith(_NO_ENDPOINT)
                severity = Severity.ERROR if is_refused else Severity.WARNING
                yield Finding("INVALID_VALUE", where, message, remedy, severity)


def _no_token(call: _Call) -> Iterator[Finding]:
    given = call.given
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
