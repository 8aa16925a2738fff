"""Resource Groups Tagging API: the pages of its answers."""

from __future__ import annotations

import json
from functools import partial
from http import HTTPStatus

from sfn_s3_cli.local.internals import TAGS, Action, Answer, Request, refuse, respond

_LARGEST_PAGE = 100


def install() -> None:
    """Makes answers come in pages."""
    actions = TAGS["_HANDLERS"]
    actions["GetResources"] = partial(get_resources, actions["GetResources"])


def get_resources(original: Action, data: Request) -> Answer:
    """Resources come in pages of at most 100, and the type `s3:bucket` means the same as `s3`
    (Resource Groups Tagging API, GetResources; getmoto/moto#7798)."""
    types = [each.replace("s3:bucket", "s3") for each in data.get("ResourceTypeFilters", [])]
    answer = original({**data, **({"ResourceTypeFilters": types} if types else {})})
    if answer[0] != HTTPStatus.OK or data.get("ResourceARNList"):
        return answer
    token = data.get("PaginationToken") or "0"
    if not token.isdecimal():
        return refuse("PaginationTokenExpiredException", "The pagination token is not valid.")
    found = json.loads(answer[2])["ResourceTagMappingList"]
    found.sort(key=lambda each: str(each["ResourceARN"]))
    start = int(token)
    end = start + min(data.get("ResourcesPerPage", _LARGEST_PAGE), _LARGEST_PAGE)
    following = str(end) if end < len(found) else ""
    return respond({"ResourceTagMappingList": found[start:end], "PaginationToken": following})
