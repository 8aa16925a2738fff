"""CloudWatch Logs: the KMS keys of log groups."""

from __future__ import annotations

import json
from typing import Any

from sfn_s3_cli.local.internals import LOGS, Answer, Request, refuse, respond

_ACTIONS = ("AssociateKmsKey", "DisassociateKmsKey")


def install() -> None:
    """Adds the calls that the emulator lacks."""
    LOGS.repair("handle_request", handle_request)


async def handle_request(
    original: Any, method: str, path: str, headers: Any, body: Any, query: Any
) -> Answer:
    """Sets or removes the key of a group (CloudWatch Logs API, AssociateKmsKey and
    DisassociateKmsKey)."""
    action = headers.get("x-amz-target", "").rpartition(".")[2]
    if action in _ACTIONS:
        return _set_key(json.loads(body))
    answer: Answer = await original(method, path, headers, body, query)
    return answer


def _set_key(data: Request) -> Answer:
    group = LOGS["_log_groups"].get(data["logGroupName"])
    if group is None:
        return refuse("ResourceNotFoundException", "The specified log group does not exist.")
    group["kmsKeyId"] = data.get("kmsKeyId")
    return respond({})
