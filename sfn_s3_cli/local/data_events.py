"""CloudTrail data events: every call to S3 that creates or deletes objects reaches EventBridge."""

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

from sfn_s3_cli.local import cloudtrail
from sfn_s3_cli.local.cloudtrail import ObjectCall, Trail
from sfn_s3_cli.local.internals import CLOUDTRAIL, EVENTS, RESPONSES, S3, STS, Answer

# PUT and DELETE with one of these are calls about something else than the object itself.
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
    """Who calls S3: the account the call comes from, and CloudTrail's words for the rest."""

    account: str
    identity: Mapping[str, Any]
    source_ip: str
    user_agent: str


class _Sent(NamedTuple):
    """A request to S3, decoded; `key` is empty for a call about the bucket."""

    method: str
    bucket: str
    key: str
    headers: Mapping[str, str]
    body: bytes
    query: Query


def install() -> None:
    """Listen to S3."""
    S3.repair("handle_request", handle_request)


async def handle_request(
    original: Handler, *request: Any, caller: Caller | None = None, **options: Any
) -> Answer:
    """Let S3 answer, then deliver what CloudTrail records of the call.

    Every way to S3 meets here, with a decoded `/bucket/key` as its path: path-style and
    virtual-host addressing, presigned URLs, and Step Functions' own calls, which say who their
    caller is. The request is method, path, headers, body and query.
    """
    sent = _sent(*request)
    name = _event_name(sent)
    if name is None or not CLOUDTRAIL["_trails"].has_any():
        return await original(*request, **options)
    caller = caller or _signer(sent)
    region = RESPONSES["get_region"]()
    answer = await original(*request, **options)
    call = _call(name, sent, caller, S3["bucket_region"](sent.bucket) or region, answer)
    for recorded in (call, *_deletions(call, sent, answer)):
        _delivery.submit(_deliver, recorded, caller.account).add_done_callback(_complain)
    return answer


def _sent(method: str, path: str, headers: dict[str, str], body: bytes, query: Query) -> _Sent:
    bucket, _, key = path.lstrip("/").partition("/")
    return _Sent(method, bucket, key, headers, body, query)


def _event_name(sent: _Sent) -> str | None:
    object_itself = bool(sent.key) and _SUBRESOURCES.isdisjoint(sent.query)
    match sent.method:
        case "PUT" if object_itself:
            return "CopyObject" if "x-amz-copy-source" in sent.headers else "PutObject"
        case "DELETE" if object_itself:
            return "DeleteObject"
        case "POST" if sent.key and "uploadId" in sent.query:
            return "CompleteMultipartUpload"
        case "POST" if not sent.key and "delete" in sent.query:
            return "DeleteObjects"
        case _:
            return None


def _signer(sent: _Sent) -> Caller:
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


def _call(name: str, sent: _Sent, caller: Caller, region: str, answer: Answer) -> ObjectCall:
    status, headers, body = answer
    answered = {name.lower(): value for name, value in headers.items()}
    presigned = not _SIGNATURES.isdisjoint(map(str.lower, sent.query))
    failed = status >= HTTPStatus.MULTIPLE_CHOICES
    return ObjectCall(
        name=name,
        bucket=sent.bucket,
        key=sent.key or None,
        region=region,
        time=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        parameters=_parameters(sent),
        identity=caller.identity,
        source_ip=caller.source_ip,
        user_agent=caller.user_agent,
        request_id=answered.get("x-amz-request-id", ""),
        extended_request_id=answered.get("x-amz-id-2", ""),
        authentication="QueryString" if presigned else "AuthHeader",
        bytes_in=len(sent.body),
        bytes_out=len(body),
        response={name: answered[name] for name in _RESPONSE_HEADERS if name in answered},
        error=(_texts(body, "Code")[0], _texts(body, "Message")[0]) if failed else None,
    )


def _parameters(sent: _Sent) -> dict[str, str]:
    query = {
        name: value if isinstance(value, str) else value[0]
        for name, value in sent.query.items()
        if name.lower() not in _SECRETS
    }
    headers = {name: sent.headers[name] for name in _PARAMETER_HEADERS if name in sent.headers}
    return {**query, **headers, "Host": sent.headers.get("host", "")}


def _deletions(call: ObjectCall, sent: _Sent, answer: Answer) -> Iterator[ObjectCall]:
    """What DeleteObjects did to each object: the call's own record names none of them (CloudTrail
    User Guide, "Filtering data events"; that these are called DeleteObject is an assumption)."""
    if call.name != "DeleteObjects" or call.error:
        return
    refused = {_texts(error, "Key")[0] for error in answer[2].split(b"<Error>")[1:]}
    for key in _texts(sent.body, "Key"):
        if key not in refused:
            yield call._replace(name="DeleteObject", key=key, event_type="AwsServiceEvent")


def _texts(document: bytes, tag: str) -> list[str]:
    found = re.findall(rf"<{tag}>(.*?)</{tag}>", document.decode(), re.DOTALL)
    return [html.unescape(text) for text in found]


def _deliver(call: ObjectCall, caller: str) -> None:
    """Put the record on the default bus of each account that logs it: the caller's, the bucket
    owner's. One event however many trails of an account log it, about which AWS says nothing."""
    owner = S3["_bucket_owner_account"](call.bucket)
    for account in sorted({caller, owner} - {None}):
        record = cloudtrail.record(call, account)
        if cloudtrail.logged(record, _trails(account)):
            _put_event(account, record)


def _complain(delivery: Future[None]) -> None:
    if error := delivery.exception():
        _log.error("a record was not delivered", exc_info=error)


def _trails(account: str) -> Iterator[Trail]:
    for (owner, region, name), trail in CLOUDTRAIL["_trails"].all_items():
        if owner == account:
            yield Trail(
                home_region=region,
                multi_region=trail["IsMultiRegionTrail"],
                logging=trail["IsLogging"],
                selectors=tuple(
                    CLOUDTRAIL["_event_selectors"].get_scoped(account, region, name) or ()
                ),
            )


def _put_event(account: str, record: cloudtrail.Record) -> None:
    kind = "Service Event" if record["eventType"] == "AwsServiceEvent" else "API Call"
    entry = {
        "Source": "aws.s3",
        "DetailType": f"AWS {kind} via CloudTrail",
        "Detail": json.dumps(record),
        "Resources": [],
    }
    with RESPONSES["request_scope"](account, record["awsRegion"]):
        EVENTS["_put_events"]({"Entries": [entry]}, allow_aws_source=True)
