"""Help texts without the names of Python's types."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from typer.core import TyperArgument, TyperCommand

if TYPE_CHECKING:
    from collections.abc import Callable


class PlainCommand(TyperCommand):
    """A command whose help names an argument, and its type only if that lists the choices."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for each in self.params:
            display = getattr(each, "display_type_rich", None)  # older releases show no types
            if isinstance(each, TyperArgument) and display is not None:
                setattr(each, "display_type_rich", partial(_display_choices, display))  # noqa: B010


def _display_choices(display: Callable[..., str | None], ctx: Any) -> str | None:
    text = display(ctx)
    return text if text and "|" in text else None
