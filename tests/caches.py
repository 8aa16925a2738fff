"""Caches for what botocore and Typer derive from data that never changes in a process.

Each test makes clients of its own, and each run in a test's process builds the commands again.
Without these caches the libraries spend a third of the suite's processor time on that.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

import botocore.client
import botocore.hooks
import botocore.httpsession
import botocore.regions
import botocore.session
import botocore.useragent
import typer.main
from botocore.compat import accepts_kwargs

Patch = Callable[[Any, str, Any], object]


def install(patch: Patch = setattr) -> None:
    """Replaces the libraries' functions by ones that remember their results.

    Only what depends on a service or a command alone is shared: clients, credentials and handlers
    are not.
    """
    creator = botocore.client.ClientCreator
    for owner, name, key in (
        (creator, "_load_service_model", _by_service),
        (creator, "_create_client_class", _by_service),
        (botocore.regions, "EndpointProvider", _by_identity),
    ):
        patch(owner, name, _remember(getattr(owner, name), key))
    for owner, name in (
        (botocore.httpsession, "create_urllib3_context"),  # the embedded cloud uses no TLS
        (botocore.session, "create_loader"),
        (botocore.useragent, "sanitize_user_agent_string_component"),
        (typer.main, "get_params_from_function"),
    ):
        patch(owner, name, functools.cache(getattr(owner, name)))
    patch(botocore.hooks, "accepts_kwargs", _accepts_kwargs)
    component = botocore.useragent.UserAgentComponent
    patch(component, "to_string", functools.cache(component.to_string))
    hooks: Any = botocore.hooks
    patch(hooks._PrefixTrie, "_recursive_copy", _copy_handlers)
    aliaser = hooks.EventAliaser
    aliased = functools.cache(aliaser(None)._alias_event_name)
    patch(aliaser, "_alias_event_name", lambda _, name: aliased(name))


def _remember(function: Any, key: Callable[..., object]) -> Callable[..., Any]:
    results: dict[object, Any] = {}

    @functools.wraps(function)
    def remember(*arguments: Any, **named: Any) -> Any:
        name = key(*arguments, **named)
        if name not in results:
            results[name] = function(*arguments, **named)
        return results[name]

    return remember


def _accepts_kwargs(handler: Any) -> bool:
    """Reads the answer off the code of a function or method, which takes no time."""
    if code := getattr(handler, "__code__", None):
        return bool(code.co_flags & inspect.CO_VARKEYWORDS)
    return bool(accepts_kwargs(handler))


def _copy_handlers(trie: object, node: dict[str, Any]) -> dict[str, Any]:
    """As the original, which looks at the type of each value."""
    if "_root" in node:
        return {**node, "_root": _copy_handlers(trie, node["_root"])}
    handlers = node["values"]
    children = node["children"].items()
    return {
        "chunk": node["chunk"],
        "values": handlers and type(handlers)(*[each[:] for each in handlers]),
        "children": {name: _copy_handlers(trie, child) for name, child in children},
    }


def _by_service(creator: Any, service_name: str, _: object = None) -> object:
    return id(creator._loader), service_name


def _by_identity(*, ruleset_data: object, **_: object) -> object:
    """The loader never drops its documents, so no other one gets the same identity."""
    return id(ruleset_data)
