"""S3: attribute-based access control (ABAC) of buckets, which changes how buckets are tagged."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from sfn_s3_cli.local.internals import S3, Action, Answer

_STATUS = "abac"
_ENABLED, _DISABLED = "Enabled", "Disabled"


def install() -> None:
    """Adds PutBucketAbac and GetBucketAbac, and what they change."""
    S3.repair("handle_request", handle_request)
    S3.repair("_put_bucket_tagging", change_tags)
    S3.repair("_delete_bucket_tagging", change_tags)


async def handle_request(
    original: Any, method: str, path: str, headers: Any, body: bytes, query: Any, **options: Any
) -> Answer:
    """Sets or shows the status of a bucket (S3 API, PutBucketAbac and GetBucketAbac)."""
    bucket = S3["_buckets"].get(path.strip("/")) if "abac" in query else None
    if bucket is not None and method == "PUT":
        bucket[_STATUS] = _ENABLED if f">{_ENABLED}<".encode() in body else _DISABLED
        return HTTPStatus.OK, {}, b""
    if bucket is not None and method == "GET":
        status = bucket.get(_STATUS, _DISABLED)
        xml = f"<AbacStatus><Status>{status}</Status></AbacStatus>"
        return HTTPStatus.OK, {"Content-Type": "application/xml"}, xml.encode()
    answer: Answer = await original(method, path, headers, body, query, **options)
    return answer


def change_tags(original: Action, name: str, *body: bytes) -> Answer:
    """With ABAC, only TagResource and UntagResource change tags (S3 User Guide, "Enabling ABAC in
    general purpose buckets"). AWS documents no code for the refusal."""
    if S3["_buckets"].get(name, {}).get(_STATUS) == _ENABLED:
        text = "ABAC is enabled for this bucket: use TagResource and UntagResource."
        refusal: Answer = S3["_error"]("InvalidRequest", text, HTTPStatus.BAD_REQUEST, f"/{name}")
        return refusal
    return original(name, *body)
