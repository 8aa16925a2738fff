"""Checks the parameters that a Task sends to a service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.asl.language.fields import FIELDS_OF
from sfn_s3_cli.asl.language.jsonata import is_expression
from sfn_s3_cli.asl.lint.subjects import join_codes, join_words, name_state
from sfn_s3_cli.asl.lint.task_calls import read_task
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import describe
from sfn_s3_cli.errors import Severity
from sfn_s3_cli.json_types import JsonMapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_s3_cli.asl.language.states import State
    from sfn_s3_cli.asl.lint.task_calls import TaskCall

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
_INVALID_ENDPOINTS = ("http:", "States.", "$")
"""What an ApiEndpoint begins with that AWS is known to refuse; other text only gets a warning."""


def check(state: State) -> Iterator[Finding]:
    """Checks that a Task has the parameters of its call, with the right names."""
    task = read_task(state)
    if task is None:
        return
    if state.value.keys() & {"Parameters", "Arguments"}:
        match task.parameters:
            case dict(parameters):
                yield from _check_required(task, parameters)
                yield from _check_case(task, parameters)
                yield from _check_endpoint(task, parameters)
    elif state.value.keys() <= FIELDS_OF["Task"].keys():  # otherwise their name may be misspelt
        yield _report_no_parameters(task)


def _report_no_parameters(task: TaskCall) -> Finding:
    """Reports a call without parameters, which AWS refuses: docs/facts.md."""
    message = f"{name_state(task.state)} calls {task.name} without {task.field}"
    remedy = f"add `{task.field}`, or `{task.field}: {{}}` if it takes none"
    if required := _REQUIRED.get(task.name):
        remedy = f"add `{task.field}` with {join_codes(required, 'and')}"
    return Finding("MISSING_FIELD", task.state.path, message, remedy, at_key=True)


def _check_required(task: TaskCall, parameters: JsonMapping) -> Iterator[Finding]:
    if missing := _list_missing(task, parameters):
        subject = name_state(task.state)
        message = f"{subject} calls {task.name} without {join_words(missing, 'and')}"
        remedy = f"add {join_codes(missing, 'and')} to `{task.field}`"
        path = (*task.state.path, task.field)
        yield Finding("MISSING_FIELD", path, message, remedy, at_key=True)


def _list_missing(task: TaskCall, parameters: JsonMapping) -> list[str]:
    present = {str(key).removesuffix(".$") for key in parameters}
    return [each for each in _REQUIRED.get(task.name, ()) if each not in present]


def _check_case(task: TaskCall, parameters: JsonMapping) -> Iterator[Finding]:
    """Warns about parameters that begin in lower case, as those of some services' own APIs do.

    https://docs.aws.amazon.com/step-functions/latest/dg/connect-parameters.html
    """
    missing = _list_missing(task, parameters)
    for key in (key for key in parameters if key[:1].islower()):
        name = f"{key[:1].upper()}{key[1:]}"
        if name.removesuffix(".$") not in missing:
            message = f"{describe(key)} of {name_state(task.state)} begins with a lower-case letter"
            path, severity = (*task.state.path, task.field, key), Severity.WARNING
            yield Finding("INVALID_VALUE", path, message, f"write `{name}`", severity, at_key=True)


def _check_endpoint(task: TaskCall, parameters: JsonMapping) -> Iterator[Finding]:
    """Checks that `http:invoke` calls an HTTPS URL.

    https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html
    """
    match parameters:
        case {"ApiEndpoint": str(text)} if task.name == "http:invoke":
            is_computed = task.field == "Arguments" and is_expression(text)
            if is_computed or text.startswith("https://"):
                return
            subject = f"the ApiEndpoint of {name_state(task.state)}"
            message = f"{subject} is {describe(text)}, not an HTTPS URL"
            remedy = "begin it with `https://`"
            if task.field == "Parameters":
                remedy += ", or rename the key to `ApiEndpoint.$` to compute it"
            path = (*task.state.path, task.field, "ApiEndpoint")
            is_refused = text.startswith(_INVALID_ENDPOINTS)
            severity = Severity.ERROR if is_refused else Severity.WARNING
            yield Finding("INVALID_VALUE", path, message, remedy, severity)
