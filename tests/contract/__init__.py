"""The contract net: no request leaves sfnctl in a test that AWS would refuse for its form.

A service's model is checked whole (`models`), with the rules that only AWS's guides know (`rules`).
What is wrong is written to the file that the environment variable CONTRACT names, before the
request is sent: nothing that happens afterwards, in any thread or child process, loses it.
Each test fails at its end if something was written.
"""

from __future__ import annotations

import atexit
import itertools
import os
import sys
from functools import partial
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

CLIENT = "botocore.client"
OURS = "sfnctl/"
"""What the user agent of sfnctl's clients contains: others may send what they like."""

_checked = itertools.count()


class BrokenError(AssertionError):
    """A request has a form that AWS refuses."""


def install() -> None:
    """Watches every botocore client of this process, without importing botocore for it."""
    if CLIENT in sys.modules:
        _watch(sys.modules[CLIENT])
    else:
        sys.meta_path.insert(0, _OnImport())


def install_in_child() -> None:
    """The same in a child process, which counts its requests when it ends."""
    install()
    atexit.register(count)


def settle() -> None:
    """Raises BrokenError if there was a bad request since the last time."""
    if problems := take_problems():
        raise BrokenError("\n".join(problems))


def take_problems() -> list[str]:
    """Takes the problems that were written since the last time."""
    written = Path(os.environ["CONTRACT"])
    try:
        mine = written.rename(written.with_suffix(f".{os.urandom(8).hex()}"))
    except FileNotFoundError:
        return []
    problems = mine.read_text().splitlines()
    mine.unlink()
    return problems


def count() -> None:
    """Adds the number of requests that this process checked to the figures."""
    if checked := next(_checked):
        import reliability_figures  # noqa: PLC0415  (children start without it)

        reliability_figures.count("requests checked", checked)


class _OnImport:
    """Finds botocore's client as Python does, and watches it once it is loaded."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != CLIENT:
            return None
        sys.meta_path.remove(self)
        spec = PathFinder.find_spec(name, path, target)
        assert spec
        assert spec.loader
        spec.loader.exec_module = partial(  # type: ignore[method-assign]
            _load, spec.loader.exec_module
        )
        return spec


def _load(load: Callable[[ModuleType], None], module: ModuleType) -> None:
    load(module)
    _watch(module)


def _watch(module: Any) -> None:
    convert = module.BaseClient._convert_to_request_dict

    def checked(client: Any, api_params: Any, operation_model: Any, *rest: Any, **more: Any) -> Any:
        request = convert(client, api_params, operation_model, *rest, **more)
        if "CONTRACT" in os.environ and _is_ours(client):
            next(_checked)
            _write(operation_model, api_params)
        return request

    module.BaseClient._convert_to_request_dict = checked


def _is_ours(client: Any) -> bool:
    return OURS in (client.meta.config.user_agent_extra or "")


def _write(operation: Any, params: Any) -> None:
    from contract import models, rules  # noqa: PLC0415  (only for those who send something)

    name = f"{operation.service_model.service_name}.{operation.name}"
    problems = [*models.find_problems(operation, params), *rules.find_problems(name, params)]
    if problems:
        lines = [f"{name}: {problem}".encode("unicode_escape") for problem in problems]
        with Path(os.environ["CONTRACT"]).open("ab") as file:
            file.write(b"\n".join(lines) + b"\n")
