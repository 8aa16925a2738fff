"""Error responses of AWS."""

from __future__ import annotations

from botocore.exceptions import ClientError


def refusal(code: str, message: str = "No.", request: str = "") -> ClientError:
    """What GetRole raises when AWS refuses it."""
    metadata = {"RequestId": request} if request else {}
    response = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": metadata}
    return ClientError(response, "GetRole")  # type: ignore[arg-type]
