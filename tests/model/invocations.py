"""Invocations of handlers that move only when they are told to, and the clients at whose calls they stop."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError

CURRENT = threading.local()


class HandlerDiedError(BaseException):
    """The sandbox is gone: nothing in the handler may catch it."""


class Handler:
    """One invocation in a thread of its own, which moves only when it is told to."""

    def __init__(self, run: Callable[[], Any], now: int) -> None:
        self.started, self.result, self.failed = now, None, None
        self.dies_before = self.dies_after = False
        self.done = False
        self.stalled_until = 0
        # Plain locks, whose turns are taken strictly in turn: semaphores take twice as long for it.
        self._go, self._paused = threading.Lock(), threading.Lock()
        self._go.acquire()
        self._paused.acquire()
        self._thread = threading.Thread(target=self._main, args=(run,), daemon=True)
        self._thread.start()
        self._paused.acquire()

    def _main(self, run: Callable[[], Any]) -> None:
        CURRENT.handler = self
        try:
            self.pause()
            self.result = run()
        except HandlerDiedError:
            self.failed = "died"
        except Exception as error:
            self.failed = error
        self.done = True
        self._paused.release()

    def pause(self) -> None:
        """Wait for the next step; called in the handler's thread."""
        self._paused.release()
        self._go.acquire()
        if self.dies_before:
            raise HandlerDiedError

    def step(self) -> None:
        """Run to the next AWS call, or to the end."""
        self._go.release()
        self._paused.acquire()


def current() -> Handler | None:
    """The invocation that this thread is; None outside of any."""
    return getattr(CURRENT, "handler", None)


def pause(seconds: float = 0) -> None:
    """A point where the schedule may turn; in place of a sleep, too. Nothing outside of an invocation."""
    handler = current()
    if handler is not None:
        handler.pause()


class Gate:
    """A client whose every call is a point where the schedule may turn; `met` counts what it was refused for."""

    def __init__(self, client: Any, met: Counter[str] | None = None) -> None:
        self._client = client
        self._met = met if met is not None else Counter()
        self.exceptions = getattr(client, "exceptions", None)

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._client, name)

        def call(**arguments: Any) -> Any:
            handler = current()
            if handler is None:
                return method(**arguments)
            handler.pause()
            try:
                result = method(**arguments)
            except ClientError as refused:
                self._met.update(_codes(refused))
                raise
            except ReadTimeoutError:
                self._met["lost answer"] += 1
                raise
            if handler.dies_after:
                raise HandlerDiedError
            return result

        return call


def _codes(refused: ClientError) -> list[str]:
    reasons = refused.response.get("CancellationReasons", [])
    return [refused.response["Error"]["Code"], *(reason["Code"] for reason in reasons)]
