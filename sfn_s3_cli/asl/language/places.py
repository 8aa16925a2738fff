"""Where a definition has its states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_s3_cli.asl.language.states import to_container, walk_states

if TYPE_CHECKING:
    from sfn_s3_cli.documents.document import LocatedDocument


def find_states(document: LocatedDocument) -> dict[str, str]:
    """The place of each state, such as `workflow.asl.json:7:9`, by its name.

    A name is unique in the whole definition: https://states-language.net/#states-fields
    """
    places: dict[str, str] = {}
    for state in walk_states(to_container(document.value)):
        line, column = document.mark(state.path, at_key=True)
        places.setdefault(state.name, f"{document.file}:{line}:{column}")
    return places
