"""As much of an HTTP server as pairing and a played radio need: JSON in, JSON out, one request a connection."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

_HEAD_BYTES = 16 * 1024
_BODY_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    body: Any


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any


Handler = Callable[[Request], Awaitable[Answer]]


class _BadRequestError(Exception):
    def __init__(self, status: int) -> None:
        self.status = status


class HttpServer:
    """Answers on an address until it is closed."""

    def __init__(self, handler: Handler) -> None:
        self.port = 0
        self._handler = handler
        self._closing = asyncio.Event()
        self._talks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def open(self, host: str, port: int) -> None:
        """Port 0 is any free one."""
        self._server = await asyncio.start_server(self._accept, host, port, limit=_HEAD_BYTES)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Whoever waits for an answer gets none."""
        if self._server is not None:
            self._server.close()
        self._closing.set()
        await asyncio.gather(*self._talks)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.create_task(self._talk(reader, writer))
        self._talks.add(talk)
        talk.add_done_callback(self._talks.discard)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            answer = await self._answer(reader)
            if answer is not None:
                writer.write(_encode(answer))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # whoever asked has gone: a phone that was killed waits for no answer
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader) -> Answer | None:
        """None when whoever asked has gone, or the server closes."""
        try:
            request = await _read(reader)
        except _BadRequestError as error:
            return Answer(error.status, {"title": HTTPStatus(error.status).phrase})
        work = asyncio.ensure_future(self._handler(request))
        ends = [asyncio.ensure_future(end) for end in (reader.read(1), self._closing.wait())]
        try:
            await asyncio.wait({work, *ends}, return_when=asyncio.FIRST_COMPLETED)
            return work.result() if work.done() else None
        finally:
            for task in (work, *ends):
                task.cancel()
            await asyncio.gather(work, *ends, return_exceptions=True)


async def serve(handler: Handler, host: str, port: int = 0) -> HttpServer:
    """A server that answers on this address from now on."""
    server = HttpServer(handler)
    await server.open(host, port)
    return server


async def _read(reader: asyncio.StreamReader) -> Request:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ")
    except (asyncio.LimitOverrunError, ValueError):
        raise _BadRequestError(400) from None
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    parts = urlsplit(target)
    return Request(method, parts.path, dict(parse_qsl(parts.query)), await _body(reader, method, headers))


async def _body(reader: asyncio.StreamReader, method: str, headers: dict[str, str]) -> Any:
    if method == "GET":
        return None
    length = headers.get("content-length", "")
    if not length.isdecimal():
        raise _BadRequestError(411)
    if int(length) > _BODY_BYTES:
        raise _BadRequestError(413)
    try:
        return json.loads(await reader.readexactly(int(length)))
    except ValueError:
        raise _BadRequestError(400) from None


def _encode(answer: Answer) -> bytes:
    body = json.dumps(answer.body).encode()
    head = (
        f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
