"""Reads the S3 object that started an execution from the execution's input."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sfn_s3_cli.events import SOURCES, normalised

if TYPE_CHECKING:
    from sfn_s3_cli.events.s3_object import S3Object


def read_object(document: object) -> S3Object | None:
    """Read the object from an event of any source, or from the normalised input.

    None for any other document.
    """
    if not isinstance(document, dict):
        return None
    readers = (*(source.read_object for source in SOURCES.values()), normalised.read_object)
    return next((found for read in readers if (found := read(document))), None)


def read_object_text(text: str | None) -> S3Object | None:
    """Read the object from an execution's input as Step Functions returns it: JSON text."""
    try:
        return read_object(json.loads(text or "null"))
    except (ValueError, RecursionError):
        return None
