"""The server of the embedded cloud: repairs the emulator and serves it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import stat
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any

from sfn_s3_cli.errors import SfnctlError
from sfn_s3_cli.local import data_events, internals, persistence, process, repairs, roles, state
from sfn_s3_cli.local.process import Cloud
from sfn_s3_cli.local.settings import find_kept
from sfn_s3_cli.local.spawn import LOG

STATE = "/_sfnctl/state"
_ADMIN = ("/_sfnctl/", "/_ministack/")
"""What manages the cloud itself: a web page that knows the port could empty it."""

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


def main() -> None:
    """Serves on an inherited socket. Arguments: its descriptor, the instance, the state folder.

    Writes the record here, so that the cloud can be found even if the command that started it was
    killed. Requests wait in the socket's queue until the emulator is ready.
    """
    descriptor, instance, state_dir = sys.argv[1:]
    try:
        internals.check()
    except SfnctlError as error:
        sys.exit(f"{error.message}\n{error.remedy}")
    repairs.install()
    data_events.install()
    process.write_record(Path(state_dir), _describe_self(instance, Path(state_dir)))
    asyncio.run(_serve(descriptor, instance, Path(state_dir)))
    os._exit(0)  # threads of executions may still wait for hours


def _describe_self(instance: str, state_dir: Path) -> Cloud:
    return Cloud(
        endpoint_url=f"http://127.0.0.1:{os.environ['GATEWAY_PORT']}",
        pid=os.getpid(),
        instance=instance,
        log=state_dir / LOG,
        data=find_kept(state_dir),
        lenient=roles.is_lenient(),
    )


async def _serve(descriptor: str, instance: str, state_dir: Path) -> None:
    from hypercorn.asyncio import serve  # noqa: PLC0415  (the emulator must adjust it first)
    from hypercorn.config import Config  # noqa: PLC0415

    config = Config()
    config.bind = [f"fd://{descriptor}"]
    config.graceful_timeout = 0.5
    config.loglevel = "WARNING"
    config.keep_alive_timeout = 75
    app: Any = _add_pages(internals.APP["app"], instance)
    asyncio.get_running_loop().set_exception_handler(_log_error)
    saving = asyncio.create_task(persistence.keep_saving())
    await serve(app, config, shutdown_trigger=lambda: _wait_for_end(instance, state_dir))
    saving.cancel()


def _log_error(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Leaves out the connections that are still open at the end, which asyncio takes for errors.

    Python 3.12 leaves them out itself: https://github.com/python/cpython/pull/113690
    """
    if not isinstance(context.get("exception"), asyncio.CancelledError):
        loop.default_exception_handler(context)


def _add_pages(emulator: App, instance: str) -> App:
    """Adds the pages for health and state to the emulator."""
    pages: dict[str, Callable[[], object]] = {
        process.HEALTH: lambda: {"instance": instance},
        STATE: state.dump,
    }

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if path.startswith(_ADMIN) and _is_from_a_web_page(scope):
            await _answer(send, HTTPStatus.FORBIDDEN, {"message": "web pages may not do this"})
            return
        page = pages.get(path)
        if page is None:
            persistence.note_change()
            await emulator(scope, receive, send)
            return
        await _answer(send, HTTPStatus.OK, page())

    return app


def _is_from_a_web_page(scope: Scope) -> bool:
    """Browsers name the page in every request that can change something."""
    return any(name == b"origin" for name, _ in scope.get("headers", ()))


async def _answer(send: Send, status: HTTPStatus, document: object) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(document).encode()})


async def _wait_for_end(instance: str, state_dir: Path) -> None:
    """Returns on SIGTERM, when the process has ended that holds the other end of the pipe on stdin,
    or soon after the record is deleted or names another instance."""
    terminated = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, terminated.set)
    if stat.S_ISFIFO(os.fstat(0).st_mode):
        loop.add_reader(0, terminated.set)
    while not terminated.is_set():
        recorded = process.read_record(state_dir)
        if recorded is None or recorded.instance != instance:
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(terminated.wait(), timeout=1)


if __name__ == "__main__":
    main()
