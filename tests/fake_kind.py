"""A kind of resource that lives in memory only, and random wirings of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

import pytest
from hypothesis import strategies as st

from sfn_s3_cli.aws.client import Aws
from sfn_s3_cli.aws.reads import Reads
from sfn_s3_cli.iam import tags as ownership
from sfn_s3_cli.iam.arns import Place
from sfn_s3_cli.reconcile.desired import Node
from sfn_s3_cli.resources.base import Address, Removal, Resource
from sfn_s3_cli.resources.kind import no_notes
from sfn_s3_cli.resources.kinds import KINDS
from sfn_s3_cli.resources.observation import Found, Missing, Observation, Refused
from sfn_s3_cli.resources.permissions import Permission

OURS = ownership.of_pipeline("orders", {})


@dataclass(frozen=True, kw_only=True)
class Thing(Resource):
    kind: ClassVar[str] = "thing"
    pipeline: str = "orders"
    value: Any
    tags: dict[str, str] = field(default_factory=lambda: dict(OURS))


@dataclass
class FakeKind:
    """The kind `thing`: its resources by name, and a hook that runs whenever one is changed."""

    things: dict[str, Thing] = field(default_factory=dict)
    on_change: Callable[[str], object] = str
    answers: dict[str, Any] = field(default_factory=dict)
    """What reading a thing gives instead, by name: an observation or an error."""
    EXISTS: tuple[str, ...] = ()
    MISSING: tuple[str, ...] = ()
    notes = staticmethod(no_notes)

    def observe(self, reads: Reads, desired: Thing, *, wanted: bool) -> Observation[Thing]:  # noqa: ARG002
        match self.answers.get(desired.name):
            case Exception() as error:
                raise error
            case Found() | Missing() | Refused() as answer:
                return answer
        found = self.things.get(desired.name)
        return Found(found, owner=found.owner) if found else Missing()

    def create(self, aws: Aws, desired: Thing) -> None:  # noqa: ARG002
        self.on_change(desired.name)
        self.things[desired.name] = desired

    def update(self, aws: Aws, observed: Found[Thing], desired: Thing) -> None:  # noqa: ARG002
        self.create(aws, desired)

    def delete(self, aws: Aws, observed: Found[Thing], removal: Removal) -> None:  # noqa: ARG002
        self.on_change(observed.resource.name)
        del self.things[observed.resource.name]

    def permissions(self, desired: Thing, place: Place) -> tuple[Permission, ...]:  # noqa: ARG002
        return ()

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Registers the kind among KINDS inside the `with`."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(KINDS, "thing", self)
            yield


class World(NamedTuple):
    """A wiring, and the things that exist before."""

    nodes: tuple[Node, ...]
    existing: dict[str, Thing]


def node(name: str, *needs: str, value: Any = 1, wanted: bool = True) -> Node:
    addresses = tuple(Address("thing", each) for each in needs)
    return Node(Thing(name=name, value=value), needs=addresses, wanted=wanted)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from("ab"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner),
    max_leaves=5,
)
"""Small JSON values: small, so that two of them are often equal."""


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Up to seven things, each of which may need earlier ones; some exist already."""
    names = "abcdefg"[: draw(st.integers(1, 7))]
    nodes, existing = [], {}
    for index, name in enumerate(names):
        needs = draw(st.sets(st.sampled_from(names[:index]))) if index else ()
        nodes.append(node(name, *sorted(needs), value=draw(VALUES), wanted=draw(st.booleans())))
        if draw(st.booleans()):
            existing[name] = Thing(name=name, value=draw(VALUES))
    return World(tuple(nodes), existing)
