"""Error responses of AWS, as boto3 raises them."""

from __future__ import annotations

from botocore.exceptions import ClientError


def make_error(
    code: str, message: str = "No.", *, operation: str = "GetRole", request: str = ""
) -> ClientError:
    metadata = {"RequestId": request} if request else {}
    response = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": metadata}
    return ClientError(response, operation)  # type: ignore[arg-type]
