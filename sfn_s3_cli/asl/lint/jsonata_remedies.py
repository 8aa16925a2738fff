"""Suggests how to correct text that is almost JSONata."""

from __future__ import annotations

import re

from sfn_s3_cli.asl.language.jsonata import OPEN, is_expression, strip_delimiters

_FOREIGN = {"==": "=", "&&": "and", "||": "or"}
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_DASHED = re.compile(r"(?<![\w$])(?P<before>\$?\w+(?:\.\w+)*\.)?(?P<name>[A-Za-z_]\w*(?:-\w+)+)")
# A tag of a template language, such as Jinja's, has no variable of JSONata in it.
_INSIDE = re.compile(r"\{%[^%$]*\$[^%]*%\}")


def has_expression_inside(text: str) -> bool:
    """Whether there is an expression in the middle of other text, where it is not evaluated."""
    return bool(_INSIDE.search(text))


def suggest_delimiters(text: str) -> str:
    """Suggests how to make an expression of text that looks like one; empty for other text."""
    bare = text.strip()
    if is_expression(bare):
        if text.startswith(OPEN):
            return "end the text right after `%}`; in YAML, use `>-` or `|-`"
        return "begin the text with `{%`"
    if bare.startswith(("$.", "$[", "$$")):
        return "write JSONata, such as `{% $states.input.name %}`"
    if bare.startswith("$") or (bare.startswith("{{") and bare.endswith("}}")):
        return "write it as `{% ... %}`"
    return ""


def suggest_operators(text: str) -> str:
    """Suggests what to write for operators of other languages; empty when there are none."""
    code = _QUOTED.sub("", strip_delimiters(text) or "")
    used = [f"`{own}` for `{other}`" for other, own in _FOREIGN.items() if other in code]
    return f"write {', '.join(used)}" if used else ""


def suggest_name(name: str, text: str) -> str:
    """Suggests what to write for a name at the top level, which may be half of a dashed name."""
    for dashed in _DASHED.finditer(text):
        if name in dashed["name"].split("-")[1:]:
            path = f"{dashed['before'] or ''}`{dashed['name']}`"
            return f"write {path}; a name with a dash needs backticks"
    return "read the input from `$states.input`, and write a variable or function as `$name`"
