"""A gateway that is some way off and offers no more at once than the phone's window, as the real one does."""

import asyncio
import json
from contextlib import suppress

from websockets.exceptions import ConnectionClosed

from tests.phone.server_double import GatewayDouble


class WindowedGateway(GatewayDouble):
    """Each frame takes `one_way` seconds, in both directions; the answer to a report brings the next offer."""

    def __init__(self, jobs: int, *, window: int = 3, one_way: float = 0.0) -> None:
        super().__init__()
        self._one_way = one_way
        self._credits = window
        self._sent: set[str] = set()
        self._tasks: set[asyncio.Task] = set()
        self._waiting = [self.add(f"job_{number}") for number in range(jobs)]

    async def _answer(self, connection, frame) -> None:
        task = asyncio.create_task(self._answer_late(connection, frame))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer_late(self, connection, frame) -> None:
        await asyncio.sleep(self._one_way)
        answers = getattr(self, "_on_" + frame["type"])(frame)
        await asyncio.sleep(self._one_way)
        for answer in answers if isinstance(answers, list) else [answers]:
            with suppress(ConnectionClosed):
                await connection.send(json.dumps(answer))

    def _on_hello(self, frame):
        return [super()._on_hello({**frame, "open": []})[0], *self._next_offer()]

    def _on_report(self, frame):
        ack = super()._on_report(frame)
        sent = {item["jobId"] for item in frame["items"]} - self._sent
        self._sent |= sent
        self._credits += len(sent)
        return [ack, *self._next_offer()]

    def _next_offer(self):
        jobs, self._waiting = self._waiting[: self._credits], self._waiting[self._credits :]
        self._credits -= len(jobs)
        return [self.offer_frame(*jobs)] if jobs else []
