"""A local proxy that delays calls as the distance to AWS does, and records them."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sfn_s3_cli.local import process

HEAD_END = b"\r\n\r\n"


@dataclass
class Call:
    """One request: the operation, when it came and when its answer was passed on (seconds)."""

    name: str
    began: float
    ended: float


class Proxy:
    """Forwards HTTP requests byte by byte, each `delay` seconds late.

    The delay is that of a request, not of a connection, and any number wait at the same time.
    The cloud's health page is neither delayed nor recorded, because AWS has no such call.
    """

    def __init__(self, upstream_port: int, delay: float) -> None:
        self._upstream_port = upstream_port
        self._delay = delay
        self._calls: list[Call] = []

    def take(self) -> list[Call]:
        """Returns the calls since the last time, in their order."""
        calls, self._calls = self._calls, []
        return calls

    async def connection(self, client: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        """Serves one connection of a client, with a connection of its own to the cloud."""
        cloud, forth = await asyncio.open_connection("127.0.0.1", self._upstream_port)
        mine: list[Call] = []
        answers = asyncio.create_task(_pass_answers(cloud, back, mine))
        try:
            while True:
                head = await client.readuntil(HEAD_END)
                body = await client.readexactly(_length(head))
                if process.HEALTH.encode() not in head:
                    began = time.monotonic()
                    mine.append(Call(_name(head, body), began, began))
                    self._calls.append(mine[-1])
                    await asyncio.sleep(self._delay)
                forth.write(head + body)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client has hung up
        finally:
            answers.cancel()
            forth.close()
            back.close()


async def _pass_answers(
    cloud: asyncio.StreamReader, back: asyncio.StreamWriter, calls: list[Call]
) -> None:
    while answer := await cloud.read(65536):
        if calls:
            calls[-1].ended = time.monotonic()
        back.write(answer)
    back.close()


def _length(head: bytes) -> int:
    found = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    return int(found[1]) if found else 0


def _name(head: bytes, body: bytes) -> str:
    """The operation; for S3, whose requests do not name it, method and path."""
    found = re.search(rb"(?i)\r\nx-amz-target: *(\S+)", head) or re.match(rb"Action=(\w+)", body)
    return (found[1] if found else head.split(b" HTTP/")[0]).decode()


@contextmanager
def serve(upstream_url: str, delay: float) -> Iterator[tuple[Proxy, str]]:
    """Runs a proxy for the cloud at that address; gives the proxy and its address."""
    proxy = Proxy(int(upstream_url.rpartition(":")[2]), delay)
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(proxy.connection, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever, name="proxy", daemon=True)
    thread.start()
    try:
        yield proxy, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
