"""Customers' endpoints on 127.0.0.1: real sockets that answer, badly if told so."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from typing import Any

Script = Callable[[socket.socket, "Endpoint"], None]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def answer(data: bytes) -> Script:
    """Read the request, send these bytes, close."""

    def play(connection: socket.socket, endpoint: Endpoint) -> None:
        endpoint.requests.append(read_request(connection))
        connection.sendall(data)

    return play


def flood(head: bytes, piece: bytes, *, every: float = 0) -> Script:
    """Read the request, send the head, then the piece again and again until the peer is gone."""

    def play(connection: socket.socket, endpoint: Endpoint) -> None:
        endpoint.requests.append(read_request(connection))
        connection.sendall(head)
        while not endpoint.closed.wait(every):
            connection.sendall(piece)
            endpoint.flooded += len(piece)

    return play


def silence(connection: socket.socket, endpoint: Endpoint) -> None:
    """Neither read nor answer."""
    endpoint.closed.wait(30)


def read_request(connection: socket.socket) -> bytes:
    """The whole request."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _piece(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    while len(body) < length:
        body += _piece(connection)
    return head + b"\r\n\r\n" + body


def _piece(connection: socket.socket) -> bytes:
    piece = connection.recv(65536)
    if not piece:
        raise ConnectionError
    return piece


class Endpoint:
    """Listens on a free port and plays the script on every connection, each in a thread."""

    def __init__(
        self, script: Script, *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1", port: int = 0
    ) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.listener = socket.create_server((host, port), family=family, backlog=64)
        self.script, self.tls = script, tls
        self.requests: list[bytes] = []
        self.connections = self.flooded = 0
        self.closed = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        return self.listener.getsockname()[1]

    def url(self, host: str = "127.0.0.1", path: str = "/hooks") -> str:
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}{path}"

    def close(self) -> None:
        self.closed.set()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._play, args=(connection,), daemon=True).start()

    def _play(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            stack.enter_context(connection)
            self.script(connection, self)


@contextlib.contextmanager
def deaf(host: str = "127.0.0.1", port: int = 0) -> Iterator[int]:
    """A port whose queue of connections is full: the kernel answers no further one."""
    with socket.socket() as listener, contextlib.ExitStack() as waiting:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(0)
        for _ in range(3):
            client = waiting.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


class Names:
    """A resolver, as getaddrinfo, that gives each answer once, and the last one from then on."""

    def __init__(self, *answers: str | list[str]) -> None:
        self.answers = [[one] if isinstance(one, str) else one for one in answers]
        self.asked: list[str] = []

    def __call__(self, host: str, port: int, **options: Any) -> list[tuple[Any, ...]]:
        addresses = self.answers[min(len(self.asked), len(self.answers) - 1)]
        self.asked.append(host)
        return [
            (socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in addresses
        ]
