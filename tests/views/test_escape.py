"""Untrusted text cannot control a terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_s3_cli.views.escape import escape


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("incoming/a b+ü%2B[red].json", "incoming/a b+ü%2B[red].json"),
        ("a\nb\r\tc", "a\\nb\\r\\tc"),
        ("\x1b]52;c;aGk=\x07", "\\x1b]52;c;aGk=\\x07"),
        ("\x9b31m\x7f", "\\x9b31m\\x7f"),
        ("abc\u202edcba\u2066", "abc\\u202edcba\\u2066"),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        ("line\u2028para\u2029", "line\\u2028para\\u2029"),
        ("lone\ud800surrogate", "lone\\ud800surrogate"),
        ("tag\U000e0041", "tag\\U000e0041"),
    ],
)
def test_unsafe_characters_are_escaped(text: str, shown: str) -> None:
    assert escape(text) == shown


@given(st.text(st.characters(codec=None)))
def test_escaped_text_is_one_line_of_visible_characters(text: str) -> None:
    shown = escape(text)
    assert len(shown.splitlines()) <= 1
    assert not any(unicodedata.category(char)[0] == "C" for char in shown)
    shown.encode()
