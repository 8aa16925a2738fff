"""What a state hands to a service: which identifiers are written, and which are computed."""

from __future__ import annotations

import re
from enum import Enum
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from sfn_s3_cli.asl.identifiers import ANY, KINDS, WILD
from sfn_s3_cli.asl.jsonata import inside
from sfn_s3_cli.asl.states import JSONATA

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sfn_s3_cli.aws.arns import Place

_PLACEHOLDER = re.compile(r"\{(?P<paths>[^{}:]+)(?::(?P<kind>\w+))?\}")
_STRING = re.compile(r"\s*(?:'([^'\\]*)'|\"([^\"\\]*)\")\s*")
# IAM reads these three as patterns and variables, and takes no character above U+00FF:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
_SPECIAL = re.compile(r"[*?$]|[^\x20-\xff]")
_FOREIGN = re.compile(r"[^\x20-\xff]")
_ARN_PARTS = 6
_ESCAPED = {"*": "${*}", "?": "${?}", "$": "${$}", WILD: "*", ANY: "?"}


class Unknown(Enum):
    """Why an identifier cannot be told from the definition."""

    COMPUTED = "computed at run time"
    MISSING = "not given"
    UNREADABLE = "not written as AWS takes it"


class Open(NamedTuple):
    """A resource that cannot be told, because of the parameter at `path`."""

    path: str
    why: Unknown


class Arguments(NamedTuple):
    """The parameters of a call, in the words of one of the two query languages."""

    value: Any
    language: str

    @classmethod
    def of(cls, owner: Mapping[str, Any], language: str) -> Arguments:
        """Those of a Task, an ItemReader or a ResultWriter."""
        key = "Arguments" if language == JSONATA else "Parameters"
        return cls(owner.get(key, Unknown.MISSING), language)

    def has(self, path: str) -> bool:
        """Whether there is, or could be, something at the path."""
        return any(found is not Unknown.MISSING for found in self.read(path))

    def read(self, path: str) -> list[str | Unknown]:
        """What stands at a path such as `Entries[].EventBusName`; `#` asks for a mapping's keys.

        The SDK for Java spells the names with a capital, the APIs do not always.
        """
        return list(self._read(self.value, path.split(".")))

    def mentions(self, name: str, part: str) -> bool:
        """Whether a text stands in a parameter, or in the expression that computes it."""
        return not isinstance(self.value, dict) or any(
            str(key).removesuffix(".$").lower() == name.lower() and part in str(value)
            for key, value in self.value.items()
        )

    def _read(self, value: Any, path: list[str]) -> Iterator[str | Unknown]:
        value = self._literal(value) if isinstance(value, str) else value
        match value:
            case Unknown():
                yield value
            case dict() if path:
                for each in self._members(value, path[0]):
                    yield from self._read(each, path[1:])
            case None | "":
                yield Unknown.MISSING
            case _ if path:
                yield Unknown.MISSING
            case str():
                yield value
            case _:
                yield Unknown.COMPUTED

    def _literal(self, text: str) -> str | Unknown:
        expression = inside(text) if self.language == JSONATA else None
        if expression is None:
            return text
        string = _STRING.fullmatch(expression)
        return (string[1] or string[2] or "") if string else Unknown.COMPUTED

    def _members(self, value: Mapping[str, Any], segment: str) -> list[Any]:
        name = segment.rstrip("[]#").lower()
        suffix = "" if self.language == JSONATA else ".$"
        found = next((each for key, each in value.items() if str(key).lower() == name), None)
        if found is None and suffix:
            computed = any(str(key).lower() == f"{name}.$" for key in value)
            found = Unknown.COMPUTED if computed else None
        match found:
            case list() if segment.endswith("[]"):
                return found or [None]
            case dict() if segment.endswith("#"):
                return [str(key).removesuffix(suffix) for key in found] or [None]
        return [found]


def resources(template: str, arguments: Arguments, place: Place) -> Iterator[str | Open]:
    """The ARNs that a template stands for.

    A template is an ARN without `arn:PARTITION:`, with `@` for region and account, and with
    `{path|other path|=default:kind}` for parameters. The first one tells the resource: when it is
    unknown, so is the resource, and when it is an ARN, what stands before it is dropped. Any other
    that is unknown leaves a `*`.
    """
    if template == "*":
        yield "*"
        return
    template = template.replace("@", f"{place.region}:{place.account}")
    template = template.replace("REGION", place.region).replace("ACCOUNT", place.account)
    first = _PLACEHOLDER.search(template)
    if not first:
        yield f"arn:{place.partition}:{template}"
        return
    before, after = template[: first.start()], template[first.end() :]
    tails = list(_filled(after, arguments, place))
    for path, found in _found(first, arguments, place):
        if isinstance(found, Unknown):
            yield Open(path, found)
        elif found.startswith("arn:"):
            known = _is_arn(found, before)
            start = [found + tail for tail in tails]
            yield from start if known else [Open(path, Unknown.UNREADABLE)]
        else:
            yield from (f"arn:{place.partition}:{before}{found}{tail}" for tail in tails)


def _is_arn(text: str, before: str) -> bool:
    """Whether it is one of the same service, with region and account where a name gets them."""
    parts = text.split(":", _ARN_PARTS - 1)
    if len(parts) != _ARN_PARTS or not parts[-1]:
        return False
    service, *place = before.split(":")[:3]
    lacks = any(wanted and not given for wanted, given in zip(place, parts[3:5], strict=False))
    return service in {"", parts[2]} and not lacks


def text(template: str, arguments: Arguments, place: Place, *, exact: bool) -> str | Open:
    """A template that is no ARN; Open when something of it is unknown.

    Only in a pattern may something stand for the characters that IAM does not take.
    """
    first = _PLACEHOLDER.search(template)
    for path, found in _found(first, arguments, place) if first else ():
        if isinstance(found, Unknown):
            return Open(path, found)
        if exact and any(_FOREIGN.search(str(each)) for each in arguments.read(path)):
            return Open(path, Unknown.UNREADABLE)
    return next(_filled(template, arguments, place))


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
        if value is Unknown.COMPUTED:
            yield path, value
        elif isinstance(value, str):
            kind = KINDS[placeholder["kind"] or "name"]
            names = kind(_plain(value), place)
            yield from ((path, _escaped(each)) for each in names)
            if not names:
                yield path, Unknown.UNREADABLE
        elif has_default:
            yield path, default


def _plain(text: str) -> str:
    return text.replace(WILD, " ").replace(ANY, " ")


def _escaped(text: str) -> str:
    """As IAM takes it in a policy; any character may stand where it would not take one."""
    return _SPECIAL.sub(lambda special: _ESCAPED.get(special[0], "?"), text)
