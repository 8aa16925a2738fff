"""Answers in the place of the function: its own code, but with the body from a file."""

import json
import runpy
from pathlib import Path

from sfn_s3_cli.testing import TaskFailed

HERE = Path(__file__).parent
HANDLER = runpy.run_path(str(HERE / "function" / "handler.py"))


def process(arguments):
    """Called with the Arguments of the state; returns what `lambda:invoke` would."""
    key = arguments["Payload"]["key"]
    body = (HERE / key.rpartition("/")[2]).read_bytes()
    try:
        return {"StatusCode": 200, "Payload": {"key": key, **HANDLER["work"](body)}}
    except HANDLER["NotText"] as error:
        cause = {"errorType": "NotText", "errorMessage": str(error)}
        raise TaskFailed("NotText", json.dumps(cause)) from error
