"""Facts about slices, which have no tags: kept in tags of the pipeline's events role.

Every pipeline has that role, it is created first, and its tags come with the call that reads it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sfn_s3_cli.aws.errors import call_or_none
from sfn_s3_cli.iam import tags as ownership
from sfn_s3_cli.iam.names import Names
from sfn_s3_cli.resources.role import MISSING, tag, untag

if TYPE_CHECKING:
    from sfn_s3_cli.aws.client import Aws
    from sfn_s3_cli.aws.reads import Reads

NOTIFICATIONS = ownership.NOTIFICATIONS
TRAIL = "sfnctl:trail"
"""The trails of others that carry our selector."""
SELECTOR = "sfnctl:selector"
"""Hashes of our selector there, where selectors have no names."""
CUTOVER = ownership.CUTOVER
"""Until when trails that the config has left keep our selector, and their names."""


def read(reads: Reads, pipeline: str) -> dict[str, str]:
    """All tags of the pipeline's events role; none when there is no such role."""
    role = Names(pipeline, reads.aws.place).events_role
    answer = call_or_none(reads.ask(reads.aws.iam.get_role, RoleName=role).result, *MISSING)
    return ownership.from_list(answer["Role"].get("Tags", [])) if answer else {}


def write(aws: Aws, pipeline: str, notes: dict[str, str]) -> None:
    """Called before the thing that is noted is done, so that a crash cannot lose the note."""
    tag(aws, Names(pipeline, aws.place).events_role, notes)


def append(aws: Aws, pipeline: str, key: str, word: str) -> bool:
    """Adds a word to another pipeline's note; False when its role does not exist any more."""
    role = Names(pipeline, aws.place).events_role
    answer = call_or_none(lambda: aws.iam.get_role(RoleName=role), *MISSING)
    if answer is None:
        return False
    words = ownership.from_list(answer["Role"].get("Tags", [])).get(key, "").split()
    note = {key: " ".join(sorted({*words, word}))}
    return call_or_none(partial(tag, aws, role, note, must_exist=False), *MISSING) is not None


def remove(aws: Aws, pipeline: str, *keys: str) -> None:
    call_or_none(lambda: untag(aws, Names(pipeline, aws.place).events_role, keys), *MISSING)
