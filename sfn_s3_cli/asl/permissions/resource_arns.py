"""The ARNs of the resources that a call uses, from the templates of the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sfn_s3_cli.asl.permissions.arguments import Unknown, UnknownParameter
from sfn_s3_cli.asl.permissions.placeholders import fill, join

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sfn_s3_cli.asl.permissions.arguments import Arguments
    from sfn_s3_cli.asl.permissions.notation import Template
    from sfn_s3_cli.asl.permissions.placeholders import Filling
    from sfn_s3_cli.iam.arns import Place

_ARN_PARTS = 6


class MachineIdentity(NamedTuple):
    """Where the state machine is whose role needs the permissions, and its name."""

    place: Place
    name: str

    def fill(self, literal: str) -> str:
        """Replaces the words of a literal that mean the same in all calls."""
        region, account = self.place.region, self.place.account
        literal = literal.replace("MACHINE", self.name).replace("@", f"{region}:{account}")
        return literal.replace("REGION", region).replace("ACCOUNT", account)


class ResourceArn(NamedTuple):
    """The ARN of a resource, and the parameter that keeps it from being an exact one."""

    arn: str
    unknown: UnknownParameter | None = None


def find_arns(
    template: Template, arguments: Arguments, machine: MachineIdentity
) -> Iterator[ResourceArn]:
    """Finds the ARNs that a template means in one call.

    The first parameter decides: while it is unknown, so is the resource (`*`), and when it is an
    ARN, that replaces the template's beginning. Any other parameter that is an ARN replaces the
    whole template, and leaves a `*` while it is unknown.
    """
    prefix, *literals = map(machine.fill, template.literals)
    if not template.placeholders:
        yield ResourceArn(prefix if prefix == "*" else _complete(prefix, machine))
        return
    first, *others = ([*fill(each, arguments, machine.place)] for each in template.placeholders)
    names = [
        each
        for placeholder, fillings in zip(template.placeholders[1:], others, strict=True)
        if placeholder.converter != "text"
        for each in fillings
    ]
    if arns := [each for each in names if _is_arn(each)]:
        yield from (_check_arn(each, prefix) for each in arns)
        return
    unknown = _find_unknown(others)
    tails = [*join(literals, others)]
    for filling in first:
        start = _begin(filling, prefix, machine)
        if start.unknown:
            yield start
        else:
            yield from (ResourceArn(start.arn + tail, unknown) for tail in tails)


def _begin(filling: Filling, prefix: str, machine: MachineIdentity) -> ResourceArn:
    """The beginning of an ARN, up to its first parameter; `*` when that is unknown."""
    path, value = filling
    if isinstance(value, Unknown):
        return ResourceArn("*", UnknownParameter(path, value))
    if _is_arn(filling):
        return _check_arn(filling, prefix)
    if not prefix:  # only an ARN can replace a whole template
        return ResourceArn("*", UnknownParameter(path, Unknown.UNREADABLE))
    return ResourceArn(_complete(prefix + value, machine))


def _complete(resource: str, machine: MachineIdentity) -> str:
    return f"arn:{machine.place.partition}:{resource}"


def _is_arn(filling: Filling) -> bool:
    return isinstance(filling.value, str) and filling.value.startswith("arn:")


def _check_arn(filling: Filling, prefix: str) -> ResourceArn:
    """The ARN that a parameter has; `*` when it does not fit the template."""
    arn = str(filling.value)
    if _fits(arn, prefix):
        return ResourceArn(arn)
    return ResourceArn("*", UnknownParameter(filling.path, Unknown.UNREADABLE))


def _fits(arn: str, prefix: str) -> bool:
    """Whether it has the service of the template, and region and account where that has them."""
    parts = arn.split(":", _ARN_PARTS - 1)
    if len(parts) != _ARN_PARTS or not parts[-1]:
        return False
    service, *place = prefix.split(":")[:3]
    lacks = any(wanted and not given for wanted, given in zip(place, parts[3:5], strict=False))
    return service in {"", parts[2]} and not lacks


def _find_unknown(choices: Sequence[Sequence[Filling]]) -> UnknownParameter | None:
    """The first parameter that is given, but whose value is unknown."""
    for path, value in (each for fillings in choices for each in fillings):
        if isinstance(value, Unknown) and value is not Unknown.MISSING:
            return UnknownParameter(path, value)
    return None
