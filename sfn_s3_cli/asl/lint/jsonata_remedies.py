"""The remedy for text that is nearly JSONata: what its author probably had in mind."""

from __future__ import annotations

import re

from sfn_s3_cli.asl.language.jsonata import OPEN, inside, is_expression

_FOREIGN = {"==": "=", "&&": "and", "||": "or"}
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_DASHED = re.compile(r"(?<![\w$])(?P<before>\$?\w+(?:\.\w+)*\.)?(?P<name>[A-Za-z_]\w*(?:-\w+)+)")
# A tag of a template language, such as Jinja's, has no variable of JSONata in it.
_INSIDE = re.compile(r"\{%[^%$]*\$[^%]*%\}")


def has_expression_inside(text: str) -> bool:
    """Whether there is an expression in the middle of other text, where it is not evaluated."""
    return bool(_INSIDE.search(text))


def delimiters(text: str) -> str:
    """How to write what was meant as an expression; empty for other text."""
    bare = text.strip()
    if is_expression(bare):
        if text.startswith(OPEN):
            return "end the text right after `%}`: in YAML with `>-` or `|-`"
        return "begin the text with `{%`"
    if bare.startswith(("$.", "$[", "$$")):
        return "write JSONata, such as `{% $states.input.name %}`"
    if bare.startswith("$") or (bare.startswith("{{") and bare.endswith("}}")):
        return "write it as `{% ... %}`"
    return ""


def operators(text: str) -> str:
    """What JSONata has for the operators of other languages."""
    code = _QUOTED.sub("", inside(text) or "")
    used = [f"`{own}` for `{other}`" for other, own in _FOREIGN.items() if other in code]
    return f"write {', '.join(used)}" if used else ""


def name(read: str, text: str) -> str:
    """What to write for a name at the top level; it may be what follows the dash of another."""
    for found in _DASHED.finditer(text):
        if read in found["name"].split("-")[1:]:
            written = f"{found['before'] or ''}`{found['name']}`"
            return f"write {written}: a name with a dash stands between backticks"
    return "read the input from `$states.input`, and a variable or function from its `$name`"
