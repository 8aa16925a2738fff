"""The ARNs that templates of the tables stand for, filled in with what a call is given."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.asl.language.computed_text import ANY, WILD, Pattern
from sfn_s3_cli.asl.permissions.arguments import Unknown
from sfn_s3_cli.asl.permissions.identifiers import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sfn_s3_cli.asl.permissions.arguments import Arguments
    from sfn_s3_cli.iam.arns import Place

_PLACEHOLDER = re.compile(r"\{(?P<paths>[^{}:]+)(?::(?P<kind>\w+))?\}")
# IAM reads these three as patterns and variables, and takes no character above U+00FF:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
_SPECIAL = re.compile(r"[*?$]|[^\x20-\xff]")
_FOREIGN = re.compile(r"[^\x20-\xff]")
_ARN_PARTS = 6
# What begins like this may name one thing, or a few.
_TELLING = re.compile(
    r"(?!arn:|s3://|/)[^\x00]|/[^\x00]|s3://[^\x00]"
    r"|arn:[^:\x00]*:s3:::[^\x00]|arn:(?:[^:\x00]*:){4}[^\x00]"
)
_ESCAPED = {"*": "${*}", "?": "${?}", "$": "${$}", WILD: "*", ANY: "?"}


class Open(NamedTuple):
    """What cannot be told, because of the parameter at `path`."""

    path: str
    why: Unknown


class Named(NamedTuple):
    """A resource, and what keeps it from being an exact one."""

    arn: str
    open: Open | None = None


def resources(template: str, arguments: Arguments, place: Place) -> Iterator[Named]:
    """The resources that a template stands for.

    A template is an ARN without `arn:PARTITION:`, with `@` for region and account, and with
    `{path|other path|=default:kind}` for parameters. The first one tells the resource: when it is
    unknown, so is the resource, and when it is an ARN, what stands before it is dropped. Any other
    that is unknown leaves a `*`.
    """
    if template == "*":
        yield Named("*")
        return
    template = template.replace("@", f"{place.region}:{place.account}")
    template = template.replace("REGION", place.region).replace("ACCOUNT", place.account)
    first = _PLACEHOLDER.search(template)
    if not first:
        yield Named(f"arn:{place.partition}:{template}")
        return
    before, after = template[: first.start()], template[first.end() :]
    if whole := list(_whole(after, before, arguments, place)):
        yield from whole
        return
    tails, gap = list(_filled(after, arguments, place)), _gap(after, arguments, place)
    for path, found in _found(first, arguments, place):
        if isinstance(found, Unknown):
            yield Named("*", Open(path, found))
        elif found.startswith("arn:"):
            known = _is_arn(found, before)
            start = [Named(found + tail, gap) for tail in tails]
            yield from start if known else [Named("*", Open(path, Unknown.UNREADABLE))]
        elif not before:  # only an ARN can be the whole of one
            yield Named("*", Open(path, Unknown.UNREADABLE))
        else:
            head = f"arn:{place.partition}:{before}{found}"
            yield from (Named(head + tail, gap) for tail in tails)


def _whole(template: str, before: str, arguments: Arguments, place: Place) -> Iterator[Named]:
    """The resources that are given as ARNs where their last names could stand."""
    for placeholder in _PLACEHOLDER.finditer(template):
        if placeholder["kind"] != "text":
            for path, found in _found(placeholder, arguments, place):
                if isinstance(found, str) and found.startswith("arn:"):
                    known = _is_arn(found, before)
                    yield Named(found) if known else Named("*", Open(path, Unknown.UNREADABLE))


def _gap(template: str, arguments: Arguments, place: Place) -> Open | None:
    """The first parameter of a template that is given, and unknown."""
    for placeholder in _PLACEHOLDER.finditer(template):
        for path, found in _found(placeholder, arguments, place):
            if isinstance(found, Unknown) and found is not Unknown.MISSING:
                return Open(path, found)
    return None


def _is_arn(text: str, before: str) -> bool:
    """Whether it is one of the same service, with region and account where a name gets them."""
    parts = text.split(":", _ARN_PARTS - 1)
    if len(parts) != _ARN_PARTS or not parts[-1]:
        return False
    service, *place = before.split(":")[:3]
    lacks = any(wanted and not given for wanted, given in zip(place, parts[3:5], strict=False))
    return service in {"", parts[2]} and not lacks


def texts(
    template: str, arguments: Arguments, place: Place, *, exact: bool
) -> tuple[str, ...] | Open:
    """What a template that is no ARN stands for; Open when something of it is unknown.

    So it is where it must be `exact`, if it has gaps or characters that IAM does not take: only
    in a pattern may something stand for them.
    """
    first = _PLACEHOLDER.search(template)
    for path, found in _found(first, arguments, place) if first else ():
        if isinstance(found, Unknown):
            return Open(path, found)
        if exact and any(isinstance(each, Pattern) for each in arguments.read(path)):
            return Open(path, Unknown.COMPUTED)
        if exact and any(_FOREIGN.search(str(each)) for each in arguments.read(path)):
            return Open(path, Unknown.UNREADABLE)
    return tuple(_filled(template, arguments, place))


def _filled(template: str, arguments: Arguments, place: Place) -> Iterator[str]:
    """The template with each of its placeholders filled, in all combinations."""
    choices = [
        ["*" if isinstance(each, Unknown) else each for _, each in _found(match, arguments, place)]
        for match in _PLACEHOLDER.finditer(template)
    ]
    literals = _PLACEHOLDER.sub("\0", template).split("\0")
    for chosen in product(*choices):
        filled = literals[0] + "".join(map(str.__add__, chosen, literals[1:]))
        yield filled.replace("**", "*")


def _found(
    placeholder: re.Match[str], arguments: Arguments, place: Place
) -> Iterator[tuple[str, str | Unknown]]:
    """What the placeholder stands for: the first of its alternatives that is given."""
    alternatives, has_default, default = placeholder["paths"].partition("|=")
    paths = alternatives.split("|")
    path = next((each for each in paths if arguments.has(each)), None)
    if path is None:
        yield paths[0], default if has_default else Unknown.MISSING
        return
    for value in dict.fromkeys(arguments.read(path)):
        if value in {Unknown.COMPUTED, Unknown.UNREADABLE}:
            yield path, value
        elif isinstance(value, str):
            names = _names(value, placeholder["kind"] or "name", place)
            yield from ((path, each) for each in names)
        elif has_default:
            yield path, default


def _names(value: str, kind: str, place: Place) -> Sequence[str | Unknown]:
    """What stands in ARNs for what is written, as the kind of name has it."""
    is_pattern = isinstance(value, Pattern)
    if is_pattern and kind != "text" and not _TELLING.match(value):
        return [Unknown.COMPUTED]
    plain = value if is_pattern else value.replace(WILD, " ").replace(ANY, " ")
    names = [_escaped(each) for each in KINDS[kind](plain, place)]
    return names or [Unknown.COMPUTED if is_pattern else Unknown.UNREADABLE]


def _escaped(text: str) -> str:
    """As IAM takes it in a policy; any character may stand where it would not take one."""
    return _SPECIAL.sub(lambda special: _ESCAPED.get(special[0], "?"), text)
