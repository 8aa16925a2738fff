"""The JSON Schema of an execution as `watch-executions --output json` writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.executions.model import ENDS

if TYPE_CHECKING:
    from sfn_s3_cli.json_types import JsonObject

_MOMENT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"


def _text(description: str) -> JsonObject:
    return {"description": description, "type": "string"}


def _moment(description: str) -> JsonObject:
    return {**_text(description), "format": "date-time", "pattern": _MOMENT}


_OBJECT: JsonObject = {
    "description": "The S3 object that started it; null if the input names none. Left out with"
    " `--input none`, and if the input was not read.",
    "type": ["object", "null"],
    "required": ["bucket", "key", "event", "time", "via"],
    "properties": {
        "bucket": _text("The bucket."),
        "key": _text("The key, exact and unescaped."),
        "event": _text("What happened to the object, such as `PutObject`."),
        "time": _text("When it happened, as the event says it."),
        "via": _text("The event source: `cloudtrail` or `s3`."),
        "size": {"description": "Its size in bytes.", "type": "integer"},
        "etag": _text("Its ETag."),
        "version_id": _text("Its version."),
        "requester": _text("Who made the call: a short name for people."),
        "source_ip": _text("The address from which the call came."),
    },
}


def json_schema() -> JsonObject:
    """Return the schema. Fields that are not required are left out if they are not known."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "An execution in one status",
        "type": "object",
        "required": ["v", "type", "arn", "name", "status"],
        "properties": {
            "v": {"description": "The version of this format.", "const": 1},
            "type": {"description": "The type of the document.", "const": "execution"},
            "arn": _text("The ARN of the execution."),
            "name": _text("Its name."),
            "status": {
                "description": "Its status.",
                "type": "string",
                "enum": ["RUNNING", *sorted(ENDS)],
            },
            "started": _moment("When it started; left out if only its end is known."),
            "stopped": _moment("When it ended; left out while it runs."),
            "redrive_count": {
                "description": "How often it was redriven; left out if never.",
                "type": "integer",
            },
            "object": _OBJECT,
            "input": {"description": "Its input, with `--input full`. Text if AWS cut it off."},
            "failed_state": _text("The state that failed."),
            "error": _text("The name of the error, such as `States.TaskFailed`."),
            "cause": _text("The cause of the error."),
        },
    }
