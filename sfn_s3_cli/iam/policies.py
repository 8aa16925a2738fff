"""IAM policy documents: our statements in a policy that others may share."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any

from sfn_s3_cli.json_types import JsonObject

if TYPE_CHECKING:
    from collections.abc import Iterable

VERSION = "2012-10-17"
LIMIT = 10_240
"""Characters of all inline policies of a role together, without white space
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html)."""
_HASH_LENGTH = 4
_HASHES_IN_TAG = 256 // _HASH_LENGTH


def document(*statements: JsonObject) -> JsonObject:
    return {"Version": VERSION, "Statement": list(statements)}


def trust_service(service: str, *source_arns: str, account: str) -> JsonObject:
    """The trust policy of a role for an AWS service.

    With `source_arns`, which may end in `*`, only on behalf of these resources of that account
    (https://docs.aws.amazon.com/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html).
    """
    statement: JsonObject = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sts:AssumeRole",
    }
    if source_arns:
        statement["Condition"] = {
            "StringEquals": {"aws:SourceAccount": account},
            "ArnLike": {"aws:SourceArn": [*source_arns] if source_arns[1:] else source_arns[0]},
        }
    return document(statement)


def parse(policy: str | None) -> JsonObject | None:
    """Parses a policy as the services other than IAM return it: as JSON text."""
    return json.loads(policy) if policy else None


def select_ours(policy: JsonObject | None, ours: JsonObject) -> JsonObject:
    """Selects the statements of `policy` that have the Sids of `ours`, in the order of `ours`."""
    found = {each.get("Sid"): each for each in list_statements(policy)}
    present = [each for each in ours["Statement"] if each["Sid"] in found]
    return document(*(align(found[each["Sid"]], each) for each in present))


def align(found: Any, ours: Any) -> Any:
    """Returns `ours` if `found` means the same: S3 reorders lists and unwraps those of one.

    https://github.com/hashicorp/terraform/issues/2432
    """
    return ours if _plain(found) == _plain(ours) else found


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {key: _plain(each) for key, each in value.items()}
        case list():
            plain = sorted(map(_plain, value), key=lambda each: json.dumps(each, sort_keys=True))
            return plain[0] if len(plain) == 1 else plain
    return value


def merge(policy: JsonObject | None, ours: JsonObject) -> JsonObject:
    """Puts our statements into `policy`; those of others stay as they are."""
    sids = {each["Sid"] for each in ours["Statement"]}
    kept = [each for each in list_statements(policy) if each.get("Sid") not in sids]
    return {**(policy or document()), "Statement": [*kept, *ours["Statement"]]}


def list_others(policy: JsonObject | None, ours: JsonObject) -> tuple[str, ...]:
    """Lists the statements of `policy` that are not ours: by Sid, or else by their actions."""
    sids = {each["Sid"] for each in ours["Statement"]}
    found = [each for each in list_statements(policy) if each.get("Sid") not in sids]
    return tuple(_name(each) for each in found)


def count_characters(policy: JsonObject | None) -> int:
    """Counts the characters of a policy as IAM does: without white space."""
    return len(json.dumps(policy, separators=(",", ":"), ensure_ascii=False))


def find_lost(before: JsonObject | None, after: JsonObject | None) -> list[JsonObject]:
    """Finds the statements of `before` that `after` does not have."""
    kept = [_plain(each) for each in list_statements(after)]
    return [each for each in list_statements(before) if _plain(each) not in kept]


def hash_statements(policy: JsonObject | None) -> str:
    """Hashes of the statements, as the value of a tag: those that fit, four characters each."""
    return "".join(sorted(map(_hash, list_statements(policy)))[:_HASHES_IN_TAG])


def has_hash(statement: JsonObject, hashes: str) -> bool:
    """Whether the tag has the statement's hash."""
    parts = (hashes[at : at + _HASH_LENGTH] for at in range(0, len(hashes), _HASH_LENGTH))
    return _hash(statement) in parts


def _hash(statement: JsonObject) -> str:
    text = json.dumps(_plain(statement), sort_keys=True)
    return base64.b64encode(hashlib.sha256(text.encode()).digest())[:_HASH_LENGTH].decode()


def _name(statement: JsonObject) -> str:
    actions = statement.get("Action") or statement.get("NotAction") or []
    return statement.get("Sid") or (actions if isinstance(actions, str) else ", ".join(actions))


def list_statements(policy: JsonObject | None) -> Iterable[JsonObject]:
    statements = (policy or {}).get("Statement", [])
    return statements if isinstance(statements, list) else [statements]
