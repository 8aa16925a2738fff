"""Untrusted text: escaped so that it cannot control the terminal."""

from __future__ import annotations

import unicodedata

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}

# Control and format characters (bidi and zero-width ones among them), line and paragraph
# separators, surrogates, private-use and unassigned characters.
_UNSAFE_CATEGORIES = {"Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"}


def escape(text: str) -> str:
    r"""Return `text` on one line, with every character escaped that could control a terminal.

    >>> print(escape("a\x1b[31mb\u202ec\nd"))
    a\x1b[31mb\u202ec\nd
    """
    if is_safe(text):
        return text
    return "".join(each if is_safe(each) else _escape_character(each) for each in text)


def is_safe(text: str) -> bool:
    """Whether no character of the text could control a terminal."""
    if text.isascii():
        return text.isprintable()
    return not any(unicodedata.category(each) in _UNSAFE_CATEGORIES for each in text)


def _escape_character(character: str) -> str:
    if character in _SHORT:
        return _SHORT[character]
    code = ord(character)
    if code <= 0xFF:  # noqa: PLR2004
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004
