"""S3: the events that a bucket sends to EventBridge, and lists of keys with odd characters."""

from __future__ import annotations

import html
import json
import re
from contextvars import ContextVar
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from sfn_s3_cli.iam import bucket_names
from sfn_s3_cli.local.internals import EVENTS, RESPONSES, S3, Action, Answer, Request

_version_id: ContextVar[str | None] = ContextVar("version_id", default=None)


def install() -> None:
    """Makes names and events of buckets as on AWS, and lists of versions accept any key."""
    S3.repair("_create_bucket", create_bucket)
    S3.repair("_fire_s3_event", fire_event)
    S3.repair("_list_object_versions", list_object_versions)
    EVENTS.repair("_dispatch_event", dispatch_event)


def create_bucket(
    original: Action,
    name: str,
    body: bytes,
    headers: dict[str, str] | None = None,
    *more: Any,
    **rest: Any,
) -> Answer:
    """The namespace of an account in a region (S3 User Guide, "Namespaces for general purpose
    buckets"); the codes are from reports of users."""
    namespace = (headers or {}).get(bucket_names.HEADER, "global")
    is_regional = namespace == bucket_names.NAMESPACE
    if bucket_names.is_in_namespace(name) and not is_regional:
        return _refuse(
            "MissingNamespaceHeader",
            "The requested bucket is an account-regional namespace bucket, but your request is"
            " missing the required x-amz-bucket-namespace header.",
            name,
        )
    account, region = RESPONSES["get_account_id"](), RESPONSES["get_region"]()
    if is_regional and not re.fullmatch(f".+-{account}-{region}-an", name):
        return _refuse(
            "InvalidNamespaceHeader",
            "The requested bucket is not an account-regional namespace bucket of this account and"
            " region.",
            name,
        )
    if is_regional and name in S3["_buckets"]:
        return _refuse("BucketAlreadyOwnedByYou", "You already own the bucket.", name, 409)
    answer: Answer = original(name, body, headers, *more, **rest)
    return answer


def _refuse(code: str, message: str, bucket: str, status: int = 400) -> Answer:
    answer: Answer = S3["_error"](code, message, status, f"/{bucket}")
    return answer


def fire_event(original: Action, *event: Any, version_id: str | None = None, **rest: Any) -> None:
    """Remembers the version of the object while its event is sent."""
    token = _version_id.set(version_id)
    try:
        original(*event, version_id=version_id, **rest)
    finally:
        _version_id.reset(token)


def dispatch_event(original: Action, event: Request, view: object = None) -> None:
    """Whole seconds, the documented fields and no others, a version id in versioned buckets, no
    size and etag of deleted objects (S3 User Guide, "EventBridge event message structure")."""
    if event["Source"] == "aws.s3" and event["DetailType"] in ("Object Created", "Object Deleted"):
        event, view = _to_documented(event), None
    original(event, view)


def _to_documented(event: Request) -> Request:
    detail = json.loads(event["Detail"])
    detail.pop("event-version", None)
    if event["DetailType"] == "Object Deleted":
        for name in ("size", "etag"):
            detail["object"].pop(name, None)
    if version_id := _version_id.get():
        detail["object"]["version-id"] = version_id
    return {**event, "Time": re.sub(r"\.\d+", "", event["Time"]), "Detail": json.dumps(detail)}


def list_object_versions(original: Action, bucket: str, query: Request) -> Answer:
    """Percent-encodes keys on request, since XML has no control characters, and goes on behind an
    object that has only the version `null` (S3 API, ListObjectVersions, "encoding-type" and
    "version-id-marker")."""
    key = _read_first(query, "key-marker")
    is_null = _read_first(query, "version-id-marker") == "null"
    if is_null and (bucket, key) not in S3["_object_versions"]:
        query = {name: value for name, value in query.items() if name != "version-id-marker"}
    status, headers, body = original(bucket, query)
    if status != HTTPStatus.OK or "encoding-type" not in query:
        return status, headers, body
    encoded = _KEYS.sub(_encode, body.decode())
    end = "</ListVersionsResult>"
    return status, headers, encoded.replace(end, f"<EncodingType>url</EncodingType>{end}").encode()


def _read_first(query: Request, name: str) -> str:
    value = query.get(name, "")
    return str(value[0] if isinstance(value, list) else value)


_KEYS = re.compile(r"(?<=<)(Key|Prefix|KeyMarker|NextKeyMarker|Delimiter)>([^<]*)")


def _encode(found: re.Match[str]) -> str:
    return f"{found[1]}>{quote(html.unescape(found[2]), safe='/')}"
