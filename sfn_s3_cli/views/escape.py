"""Untrusted text on a terminal: shown so that it cannot act."""

from __future__ import annotations

import unicodedata

_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}

# Control and format characters (among them bidi and zero-width ones), line and paragraph
# separators, surrogates, and what has no meaning yet.
_ACTING = {"Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"}


def safe(text: str) -> str:
    r"""`text` on one line, with every character that could act on a terminal spelt out.

    >>> print(safe("a\x1b[31mb\u202ec\nd"))
    a\x1b[31mb\u202ec\nd
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_spelt(char) if unicodedata.category(char) in _ACTING else char for char in text)


def _spelt(char: str) -> str:
    if char in _NAMED:
        return _NAMED[char]
    code = ord(char)
    if code <= 0xFF:  # noqa: PLR2004
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004
