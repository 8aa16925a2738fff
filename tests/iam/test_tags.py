from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_s3_cli.errors import UsageError
from sfn_s3_cli.iam import tags

KEYS = st.sampled_from(["team", "stage", "cost centre", "owner"])
TAGS = st.dictionaries(KEYS, st.sampled_from(["", "1", "2"]))


class Tagged(dict[str, str]):
    """Something on AWS that carries tags."""

    def become(self, desired: dict[str, str], *, cut_off: bool = False) -> None:
        """As a kind does: looks, then makes the calls; or is cut off after the first of them."""
        seen = tags.select_ours(self, desired)
        calls: list[Any] = []
        tags.retag(
            seen,
            desired,
            tag=lambda added: calls.append(lambda: self.update(added)),
            untag=lambda keys: calls.append(lambda: [self.pop(key) for key in keys]),
        )
        for call in calls[:1] if cut_off else calls:
            call()


@given(theirs=TAGS, old=TAGS, new=TAGS, cut_off=st.booleans())
def test_tags_follow_the_config_and_keep_those_of_others(
    theirs: dict[str, str], old: dict[str, str], new: dict[str, str], cut_off: bool
) -> None:
    thing = Tagged(theirs)
    thing.become(tags.of_pipeline("orders", old))
    if cut_off:
        thing.become(tags.of_pipeline("orders", new), cut_off=True)
    desired = tags.of_pipeline("orders", new)
    thing.become(desired)
    assert thing == {key: theirs[key] for key in theirs if key not in old} | desired
    assert tags.select_ours(thing, desired) == desired


def test_correct_tags_need_no_call() -> None:
    def fail(_: object) -> None:
        pytest.fail("a call was made")

    desired = tags.of_pipeline("orders", {"team": "data"})
    tags.retag(dict(desired), desired, tag=fail, untag=fail)


@pytest.mark.parametrize(
    ("found", "owner"),
    [
        ({}, None),
        ({"sfnctl:pipeline": "orders"}, None),
        ({"sfnctl:pipeline": "orders", "sfnctl:managed": "no"}, None),
        ({"sfnctl:pipeline": "orders", "sfnctl:managed": "true"}, "orders"),
        ({"sfnctl:managed": "true"}, "every sfnctl pipeline"),
    ],
)
def test_tags_name_the_owner(found: dict[str, str], owner: str | None) -> None:
    assert tags.read_owner(found) == owner


def test_too_many_tag_keys_are_refused() -> None:
    longest = {f"{number:04}": "" for number in range(43)}
    assert len(tags.of_pipeline("orders", longest)[tags.USER_KEYS]) == 256
    with pytest.raises(UsageError, match="have 257 characters in total, the limit is 256"):
        tags.of_pipeline("orders", {**dict(list(longest.items())[1:]), "00000": ""})
