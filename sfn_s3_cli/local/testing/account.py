"""The account of a case: all cases see the same number, and none sees what another one has."""

from __future__ import annotations


class Account(str):
    """The number of an account. The emulator keeps the resources of each account apart, and this
    one is only itself: another one with the same number has other resources."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other if isinstance(other, Account) else str.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return id(self)
