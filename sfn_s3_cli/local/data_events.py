"""CloudTrail data events: puts each call that creates or deletes objects on the event bus."""

from __future__ import annotations

import html
import json
import logging
import re
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from http import HTTPStatus
from typing import Any, NamedTuple

from sfn_s3_cli.events.cloudtrail import API_CALL, OF_SERVICE, SERVICE_EVENT
from sfn_s3_cli.events.envelope import AWS_S3
from sfn_s3_cli.json_types import JsonMapping
from sfn_s3_cli.local import cloudtrail
from sfn_s3_cli.local.cloudtrail import ObjectCall, TrailSettings
from sfn_s3_cli.local.internals import CLOUDTRAIL, EVENTS, RESPONSES, S3, STS, Answer

# PUT and DELETE with one of these do not create or delete the object.
_SUBRESOURCES = frozenset(
    ("acl", "annotation", "legal-hold", "partNumber", "retention", "tagging", "uploadId")
)
_PARAMETER_HEADERS = ("x-amz-acl", "x-amz-copy-source", "x-amz-storage-class")
_RESPONSE_HEADERS = ("x-amz-server-side-encryption", "x-amz-version-id")
_SIGNATURES = frozenset(("signature", "x-amz-signature"))
_SECRETS = _SIGNATURES | {"awsaccesskeyid", "x-amz-credential", "x-amz-security-token"}

_delivery = ThreadPoolExecutor(max_workers=1, thread_name_prefix="cloudtrail")
_log = logging.getLogger(__name__)

Query = Mapping[str, list[str] | str]
Handler = Callable[..., Awaitable[Answer]]


class Caller(NamedTuple):
    """Who calls S3: the account, and the rest as CloudTrail writes it."""

    account: str
    identity: JsonMapping
    source_ip: str
    user_agent: str


class _Request(NamedTuple):
    """A decoded request to S3; `key` is empty for a call about the bucket."""

    method: str
    bucket: str
    key: str
    headers: Mapping[str, str]
    body: bytes
    query: Query


def install() -> None:
    """Start to watch the calls to S3."""
    S3.repair("handle_request", handle_request)


async def handle_request(
    original: Handler, *request: Any, caller: Caller | None = None, **options: Any
) -> Answer:
    """Let S3 answer, then deliver CloudTrail's records of the call.

    All calls come through here, with a decoded `/bucket/key` as their path: with path-style and
    virtual-host addressing, with presigned URLs, and from Step Functions, which passes the caller.
    `request` is method, path, headers, body and query.
    """
    sent = _parse(*request)
    name = _name_call(sent)
    if name is None or not CLOUDTRAIL["_trails"].has_any():
        return await original(*request, **options)
    caller = caller or _find_signer(sent)
    region = RESPONSES["get_region"]()
    answer = await original(*request, **options)
    call = _describe_call(name, sent, caller, S3["bucket_region"](sent.bucket) or region, answer)
    for recorded in (call, *_list_deletions(call, sent, answer)):
        _record(recorded, caller.account)
    return answer


def _parse(method: str, path: str, headers: dict[str, str], body: bytes, query: Query) -> _Request:
    bucket, _, key = path.lstrip("/").partition("/")
    return _Request(method, bucket, key, headers, body, query)


def _name_call(sent: _Request) -> str | None:
    is_object_itself = bool(sent.key) and _SUBRESOURCES.isdisjoint(sent.query)
    match sent.method:
        case "PUT" if is_object_itself:
            return "CopyObject" if "x-amz-copy-source" in sent.headers else "PutObject"
        case "DELETE" if is_object_itself:
            return "DeleteObject"
        case "POST" if sent.key and "uploadId" in sent.query:
            return "CompleteMultipartUpload"
        case "POST" if not sent.key and "delete" in sent.query:
            return "DeleteObjects"
        case _:
            return None


def _find_signer(sent: _Request) -> Caller:
    signer = STS["_caller_identity"](sent.headers, sent.query)
    kind = {"User": "IAMUser"}.get(signer["principalType"], signer["principalType"])
    user = {"userName": signer["principalName"]} if kind == "IAMUser" else {}
    identity = {
        "type": kind,
        "principalId": signer["userId"],
        "arn": signer["userArn"],
        "accountId": signer["accountId"],
        "accessKeyId": signer["accessKey"],
        **user,
    }
    return Caller(
        account=RESPONSES["get_account_id"](),
        identity=identity,
        source_ip=RESPONSES["get_request_client_ip"](),
        user_agent=sent.headers.get("user-agent", ""),
    )


def _describe_call(
    name: str, sent: _Request, caller: Caller, region: str, answer: Answer
) -> ObjectCall:
    status, headers, body = answer
    answered = {name.lower(): value for name, value in headers.items()}
    is_presigned = not _SIGNATURES.isdisjoint(map(str.lower, sent.query))
    has_failed = status >= HTTPStatus.MULTIPLE_CHOICES
    return ObjectCall(
        name=name,
        bucket=sent.bucket,
        key=sent.key or None,
        region=region,
        time=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        parameters=_collect_parameters(sent),
        identity=caller.identity,
        source_ip=caller.source_ip,
        user_agent=caller.user_agent,
        request_id=answered.get("x-amz-request-id", ""),
        extended_request_id=answered.get("x-amz-id-2", ""),
        authentication="QueryString" if is_presigned else "AuthHeader",
        bytes_in=len(sent.body),
        bytes_out=len(body),
        response={name: answered[name] for name in _RESPONSE_HEADERS if name in answered},
        error=(_find_texts(body, "Code")[0], _find_texts(body, "Message")[0])
        if has_failed
        else None,
    )


def _collect_parameters(sent: _Request) -> dict[str, str]:
    query = {
        name: value if isinstance(value, str) else value[0]
        for name, value in sent.query.items()
        if name.lower() not in _SECRETS
    }
    headers = {name: sent.headers[name] for name in _PARAMETER_HEADERS if name in sent.headers}
    return {**query, **headers, "Host": sent.headers.get("host", "")}


def _list_deletions(call: ObjectCall, sent: _Request, answer: Answer) -> Iterator[ObjectCall]:
    """List what DeleteObjects did to each object: the call's own record names none of them.

    CloudTrail User Guide, "Filtering data events", example 3.
    """
    if call.name != "DeleteObjects" or call.error:
        return
    refused = {_find_texts(error, "Key")[0] for error in answer[2].split(b"<Error>")[1:]}
    for key in _find_texts(sent.body, "Key"):
        if key not in refused:
            yield call._replace(name="DeleteObject", key=key, event_type=OF_SERVICE)


def _find_texts(document: bytes, tag: str) -> list[str]:
    found = re.findall(rf"<{tag}>(.*?)</{tag}>", document.decode(), re.DOTALL)
    return [html.unescape(text) for text in found]


def _record(call: ObjectCall, caller: str) -> None:
    """Send the record to each account that logs it at this moment: the caller's, the owner's.

    One event, however many trails of an account log it: AWS does not document this case.
    """
    owner = S3["_bucket_owner_account"](call.bucket)
    for account in sorted({caller, owner} - {None}):
        record = cloudtrail.build_record(call, account)
        if cloudtrail.is_logged(record, _list_trails(account)):
            _delivery.submit(_put_event, account, record).add_done_callback(_log_failure)


def _log_failure(delivery: Future[None]) -> None:
    if error := delivery.exception():
        _log.error("a record was not delivered", exc_info=error)


def _list_trails(account: str) -> Iterator[TrailSettings]:
    for (owner, region, name), trail in CLOUDTRAIL["_trails"].all_items():
        if owner == account:
            yield TrailSettings(
                home_region=region,
                is_multi_region=trail["IsMultiRegionTrail"],
                is_logging=trail["IsLogging"],
                selectors=tuple(
                    CLOUDTRAIL["_event_selectors"].get_scoped(account, region, name) or ()
                ),
            )


def _put_event(account: str, record: cloudtrail.Record) -> None:
    """Put the record on the default bus of the account."""
    is_service_event = record["eventType"] == OF_SERVICE
    entry = {
        "Source": AWS_S3,
        "DetailType": SERVICE_EVENT if is_service_event else API_CALL,
        "Detail": json.dumps(record),
        "Resources": [],
    }
    with RESPONSES["request_scope"](account, record["awsRegion"]):
        EVENTS["_put_events"]({"Entries": [entry]}, allow_aws_source=True)
