"""What a slice cannot carry itself, remembered as tags on the role that EventBridge uses.

That role exists for every pipeline, is the first thing to be created, and its tags come with the
call that reads it anyway.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.iam import tags as ownership
from sfn_s3_cli.resources.role import MISSING, tag, untag

if TYPE_CHECKING:
    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads

NOTIFICATIONS = ownership.NOTIFICATIONS
TRAIL = "sfnctl:trail"
"""The trails of somebody else that carry our selector."""
SELECTOR = "sfnctl:selector"
"""Hashes of our selector there, where selectors have no names."""


def recall(reads: Reads, role: str) -> dict[str, str]:
    answer = call_or_none(reads.ask(reads.aws.iam.get_role, RoleName=role).result, MISSING)
    return ownership.from_list(answer["Role"].get("Tags", [])) if answer else {}


def remember(aws: Aws, role: str, facts: dict[str, str]) -> None:
    """To be called before what is remembered is done, so that a crash cannot lose it."""
    tag(aws, role, facts)


def add(aws: Aws, role: str, key: str, word: str) -> bool:
    """Adds a word to a fact that another pipeline remembers; False when its role is gone."""
    answer = call_or_none(lambda: aws.iam.get_role(RoleName=role), MISSING)
    if answer is None:
        return False
    known = ownership.from_list(answer["Role"].get("Tags", [])).get(key, "").split()
    fact = {key: " ".join(sorted({*known, word}))}
    return call_or_none(partial(tag, aws, role, fact, is_there=False), MISSING) is not None


def forget(aws: Aws, role: str, *keys: str) -> None:
    call_or_none(lambda: untag(aws, role, keys), MISSING)
