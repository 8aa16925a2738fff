"""Whether the workflow writes objects that start it again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from sfn_s3_cli.asl.language.resource import read
from sfn_s3_cli.asl.language.states import JSONATA
from sfn_s3_cli.documents.findings import Finding
from sfn_s3_cli.documents.wording import found
from sfn_s3_cli.errors import Severity
from sfn_s3_cli.events.shapes import delivered
from sfn_s3_cli.fit.text_values import UNKNOWN, Reader, Text, joined, matches, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sfn_s3_cli.config.schema import Pipeline
    from sfn_s3_cli.documents.document import ValuePath
    from sfn_s3_cli.fit.data_flow import Visit


class Write(NamedTuple):
    """A call that makes objects, and which of its parameters say where.

    Without a key, the bucket's parameter is an `s3://` address. A `*` says that more follows, a
    `/*` that it follows after a slash.
    """

    call: str
    bucket: str
    key: str = ""
    event: str = "created"
    """What happens to the object."""


# fmt: off
_WRITES = {row.call.lower(): row for row in (
    Write("athena:startQueryExecution", "ResultConfiguration.OutputLocation*"),
    Write("bedrock:createModelCustomizationJob", "OutputDataConfig.S3Uri*"),
    Write("bedrock:createModelInvocationJob", "OutputDataConfig.S3OutputDataConfig.S3Uri*"),
    Write("bedrock:invokeModel", "Output.S3Uri"),
    Write("bedrockruntime:startAsyncInvoke", "OutputDataConfig.S3OutputDataConfig.S3Uri*"),
    Write("cloudwatchlogs:createExportTask", "Destination", "DestinationPrefix*"),
    Write("comprehend:startEntitiesDetectionJob", "OutputDataConfig.S3Uri*"),
    Write("dynamodb:exportTableToPointInTime", "S3Bucket", "S3Prefix*"),
    Write("polly:startSpeechSynthesisTask", "OutputS3BucketName", "OutputS3KeyPrefix*"),
    Write("rds:startExportTask", "S3BucketName", "S3Prefix*"),
    Write("s3:copyObject", "Bucket", "Key"),
    Write("s3:deleteObject", "Bucket", "Key", "deleted"),
    Write("s3:createMultipartUpload", "Bucket", "Key"),
    Write("s3:putObject", "Bucket", "Key"),
    Write("sagemaker:createTrainingJob", "OutputDataConfig.S3OutputPath*"),
    Write("sagemaker:createTransformJob", "TransformOutput.S3OutputPath*"),
    Write("textract:startDocumentAnalysis", "OutputConfig.S3Bucket", "OutputConfig.S3Prefix*"),
    Write("textract:startDocumentTextDetection",
          "OutputConfig.S3Bucket", "OutputConfig.S3Prefix*"),
    Write("textract:startExpenseAnalysis", "OutputConfig.S3Bucket", "OutputConfig.S3Prefix*"),
    Write("textract:startLendingAnalysis", "OutputConfig.S3Bucket", "OutputConfig.S3Prefix*"),
    Write("transcribe:startMedicalTranscriptionJob", "OutputBucketName", "OutputKey*"),
    Write("transcribe:startTranscriptionJob", "OutputBucketName", "OutputKey*"),
    Write("translate:startTextTranslationJob", "OutputDataConfig.S3Uri*"),
)}
# fmt: on
_RESULT_WRITER = Write("", "Bucket", "Prefix/*")
_VERBS = {"created": "write", "deleted": "delete"}
_ADDRESS = re.compile(r"s3://(?P<bucket>[^/]+)(?:/(?P<key>.*))?", re.DOTALL)


class _Target(NamedTuple):
    bucket: Text
    key: Text


def findings(pipeline: Pipeline, visits: Iterable[Visit]) -> Iterator[Finding]:
    """The states that write into the watched bucket what the trigger waits for, or delete it."""
    event, bucket, trigger = delivered(pipeline.trigger), pipeline.bucket.name, pipeline.trigger
    for visit in visits:
        for write, parameters, path in _writes(visit):
            if write.event not in trigger.events:
                continue
            target = _target(write, parameters, Reader(visit, event, bucket))
            if target and target.bucket == (bucket,):
                starts = matches(target.key, trigger)
                if starts is not False:
                    # CloudTrail logs a deletion of nothing too; whether S3 tells it is not known.
                    is_told = write.event == "created" or trigger.via == "cloudtrail"
                    is_sure = starts is True and visit.is_sure and is_told
                    at = (*path, *_place(write, parameters))
                    verb, address = _VERBS[write.event], f"s3://{bucket}/{shown(target.key)}"
                    yield _finding(visit, at, f"{verb}s" if is_sure else f"may {verb}", address)


def _finding(visit: Visit, path: ValuePath, writes: str, address: str) -> Finding:
    is_sure = not writes.startswith("may")
    return Finding(
        "ENDLESS_LOOP",
        path,
        f"state {found(visit.state.name)} {writes} {found(address)},"
        " which starts the next execution, and so on without end",
        "write to another bucket, or to keys that `trigger.prefix` and `trigger.suffix` leave out",
        Severity.ERROR if is_sure else Severity.WARNING,
    )


def _writes(visit: Visit) -> Iterator[tuple[Write, dict[str, Any], ValuePath]]:
    """What the state writes itself: the call of a Task, the results of a Map."""
    name = "Arguments" if visit.state.language == JSONATA else "Parameters"
    match visit.state.value:
        case {"Type": "Task", "Resource": str(resource)}:
            call = read(resource)
            write = _WRITES.get(call.key) if call else None
            parameters, path = visit.state.value.get(name), [name]
        case {"ResultWriter": dict(writer)} if visit.state.is_distributed:
            write, parameters, path = _RESULT_WRITER, writer.get(name), ["ResultWriter", name]
        case _:
            return
    # `IfNoneMatch` lets a second write to the same key fail, see
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
    if write and isinstance(parameters, dict) and "IfNoneMatch" not in parameters:
        yield write, parameters, (*visit.state.path, *path)


def _target(write: Write, parameters: dict[str, Any], reader: Reader) -> _Target | None:
    """Where it writes; None when nothing says in which bucket."""
    bucket = reader.text(*_member(parameters, write.bucket))
    more = (UNKNOWN,) if (write.key or write.bucket).endswith("*") else ()
    if bucket is None:
        return None
    if write.key:
        key = reader.text(*_member(parameters, write.key))
        slash = ("/",) if write.key.endswith("/*") and not _is_folder(key) else ()
        return _Target(bucket, (UNKNOWN,) if key is None else joined((*key, *slash, *more)))
    match bucket:
        case [str(begin), *rest] if address := _ADDRESS.fullmatch(begin):
            if address["key"] is not None or not rest:
                return _Target((address["bucket"],), joined((address["key"] or "", *rest, *more)))
    return None


def _is_folder(key: Text | None) -> bool:
    return not key or str(key[-1]).endswith("/")


def _place(write: Write, parameters: dict[str, Any]) -> ValuePath:
    """Where the key stands among the parameters, or else the bucket."""
    return next(
        (*parameter.split(".")[:-1], key)
        for parameter in filter(None, (write.key, write.bucket))
        for owner, name in [_member(parameters, parameter)]
        for key in (name, f"{name}.$")
        if key in owner
    )


def _member(parameters: dict[str, Any], parameter: str) -> tuple[dict[str, Any], str]:
    """The mapping that may have the parameter, and its name there, whatever its case."""
    *outer, name = parameter.rstrip("/*").split(".")
    for each in outer:
        inside = parameters.get(_spelled(parameters, each))
        parameters = inside if isinstance(inside, dict) else {}
    return parameters, _spelled(parameters, name)


def _spelled(parameters: dict[str, Any], name: str) -> str:
    names = (str(key).removesuffix(".$") for key in parameters)
    return next((each for each in names if each.lower() == name.lower()), name)
