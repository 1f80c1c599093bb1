"""One deadline for a whole exchange.

A socket's own timeout starts anew with every byte, so a peer that drips never meets it.
"""

from __future__ import annotations

import io
import socket
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer


class DeadlineError(TimeoutError):
    """The time for the exchange is over. `step` is what it cut off, where that is known here."""

    def __init__(self, step: str | None = None) -> None:
        super().__init__("deadline")
        self.step = step


class TooLongError(Exception):
    """The peer sent more bytes than anyone needs."""


class Deadline:
    """A moment, in seconds from now."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds until then, more than 0. Raises DeadlineError when it has passed."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise DeadlineError
        return left


class DeadlineStream(io.RawIOBase):
    """A connected socket, plain or TLS, as http.client wants one; every operation gets what is left of the time.

    TLS counts the time of one read over all its packets, so a dripped record is cut off too.
    """

    def __init__(self, connection: socket.socket, deadline: Deadline, limit: int) -> None:
        self._connection, self._deadline, self._allowance = connection, deadline, limit

    def sendall(self, data: ReadableBuffer) -> None:
        """Send everything, or raise."""
        rest = memoryview(data)
        while rest:
            self._connection.settimeout(self._deadline.left())
            rest = rest[self._connection.send(rest) :]

    def makefile(self, mode: str) -> io.BufferedReader:
        """What http.client reads an answer from."""
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Raises TooLongError once the peer has sent more than the limit."""
        self._connection.settimeout(self._deadline.left())
        count = self._connection.recv_into(buffer)
        self._allowance -= count
        if self._allowance < 0:
            raise TooLongError
        return count
