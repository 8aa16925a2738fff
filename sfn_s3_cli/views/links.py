"""Whether a terminal can show a text as a link (OSC 8).

No terminal can be asked, so they are known by their variables:
https://github.com/chalk/supports-hyperlinks
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_PROGRAMS = {"WezTerm", "ghostty", "iTerm.app", "vscode", "zed"}
_TERMINALS = {"alacritty", "xterm-ghostty", "xterm-kitty"}
_MARKERS = ("WT_SESSION", "KONSOLE_VERSION")
_FIRST_VTE = 5001
"""0.50.0 crashed on a link."""
_MULTIPLEXERS = ("STY", "TMUX")
"""They keep the variables of the terminal in which they were started, and may drop links."""


def shows_links(environ: Mapping[str, str]) -> bool:
    """FORCE_HYPERLINK decides; without it, whether the terminal is one of those that can.

    >>> shows_links({"TERM_PROGRAM": "vscode"}), shows_links({"TERM": "xterm"})
    (True, False)
    >>> shows_links({"TERM_PROGRAM": "vscode", "FORCE_HYPERLINK": "0"})
    False
    """
    if forced := environ.get("FORCE_HYPERLINK"):
        return forced != "0"
    if any(each in environ for each in _MULTIPLEXERS):
        return False
    vte = environ.get("VTE_VERSION", "")
    return (
        environ.get("TERM_PROGRAM") in _PROGRAMS
        or environ.get("TERM") in _TERMINALS
        or any(each in environ for each in _MARKERS)
        or (vte.isdecimal() and int(vte) >= _FIRST_VTE)
    )
