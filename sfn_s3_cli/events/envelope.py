"""The envelope that EventBridge puts around the detail of every event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.documents.shape import plain_fields

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_s3_cli.documents.shape import Shape
    from sfn_s3_cli.json_types import JsonObject


AWS_S3 = "aws.s3"
"""The `source` of all events about objects, also of those that CloudTrail sends."""

# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events.html, replay-name by
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-replay-archived-event.html
ENVELOPE: Mapping[str, Shape] = {
    **plain_fields("version id detail-type source account time region replay-name"),
    "resources": None,
}


SAMPLE_TIME = "2026-01-01T00:00:00Z"
SAMPLE_ID = "00000000-0000-0000-0000-000000000000"


def wrap(detail_type: str, detail: JsonObject) -> JsonObject:
    """Put a sample envelope around the detail."""
    return {
        "version": "0",
        "id": SAMPLE_ID,
        "detail-type": detail_type,
        "source": AWS_S3,
        "account": "123456789012",
        "time": SAMPLE_TIME,
        "region": "us-east-1",
        "resources": [],
        "detail": detail,
    }
