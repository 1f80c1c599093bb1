"""A phone with one SIM that keeps the protocol as the agent in `phone/` does: journal, claims, reports, reconnects.

It claims an offer at once, urgent ones in a frame of their own; says Sent at once, with one report under way at most;
and says again what isn't answered. It doesn't tell of deliveries, and nothing is received.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from smskit.platform.times import rfc3339_ms
from tests.simulation.clock import Clock
from tests.simulation.radio import URGENT, Key, Radio
from tests.simulation.sockets import Connection, Frame, Sockets
from tests.support.heard import held_to_its_model

CLAIM_AGAIN_MS = 3_000
REPORT_AGAIN_MS = 30_000
HELLO_TIMEOUT_MS = 15_000
RECONNECT_MS = (500.0, 60_000.0)
ITEMS = 50


@dataclass(slots=True)
class Entry:
    """A job in the journal: Claimed, Cleared (`go` came), Sending, or Sent until the server has acknowledged it."""

    priority: int
    state: str = "Claimed"

    @property
    def shown(self) -> str:
        """What `hello` says of it: to the server a cleared job is a claim."""
        return "Claimed" if self.state == "Cleared" else self.state


class Phone:
    """One phone, from when it first connects."""

    def __init__(
        self, clock: Clock, rng: random.Random, sockets: Sockets, who: tuple[str, str], window: int, seconds: float
    ) -> None:
        self._clock, self._rng, self._sockets = clock, rng, sockets
        self.account_id, self.device_id = who
        self._window = window
        self._connection: Connection | None = None
        self._is_welcome = False
        self._tries = 0
        self._journal: dict[Key, Entry] = {}
        self._declines: set[Key] = set()
        self._outbox: list[Key] = []
        self._batch: list[Key] = []
        self._seq = 0
        self.first_offers: dict[str, float] = {}  # when a job was first offered here
        self.radio = Radio(clock, rng, seconds, self._begins, self._sent)

    # -- its connection

    def connect(self) -> None:
        """Open a connection and say hello."""
        self._tries += 1
        self._sockets.connect(self, self._connected)

    def lose_connection(self, told_ms: float, back_ms: float) -> None:
        """The network goes. The gateway notices after a while, and the phone is back after another."""
        if self._connection is not None:
            self._give_up(self._connection, told_ms, back_ms)

    def closed(self, connection: Connection) -> None:
        """The server has closed a connection."""
        if self._connection is connection:
            self._connection = None
            self._clock.after(self._backoff(), self.connect)

    def _connected(self, connection: Connection | None) -> None:
        if connection is None:
            self._clock.after(self._backoff(), self.connect)
            return
        self._connection, self._is_welcome = connection, False
        opened = [{"jobId": job, "token": token, "state": one.shown} for (job, token), one in self._journal.items()]
        sims = [{"simSlot": 0, "carrierName": "Safaricom", "window": self._window}]
        hello = {"type": "hello", "protocol": 1, "journalId": f"journal-{self.device_id}", "sims": sims, "open": opened}
        self._sockets.say(connection, hello, "welcome")
        self._clock.after(HELLO_TIMEOUT_MS, lambda: self._check_welcome(connection))

    def _check_welcome(self, connection: Connection) -> None:
        if self._connection is connection and not self._is_welcome:
            self._give_up(connection, 0, self._backoff())

    def _give_up(self, connection: Connection, told_ms: float, back_ms: float) -> None:
        self._connection = None
        self._clock.after(told_ms, lambda: self._sockets.end(connection))
        self._clock.after(back_ms, self.connect)

    def _backoff(self) -> float:
        base, cap = RECONNECT_MS
        return self._rng.uniform(0, min(cap, base * 2.0**self._tries))

    def _say(self, frame: Frame, answer: str) -> None:
        if self._connection is not None and self._is_welcome:
            self._sockets.say(self._connection, frame, answer)

    def hear(self, connection: Connection, frame: Frame) -> None:
        """A frame of the server; what comes over an earlier connection is never read."""
        held_to_its_model(frame)
        if self._connection is connection:
            kind = frame["type"].replace(".", "_")
            getattr(self, f"_on_{kind}")(frame)

    # -- what the server says

    def _on_welcome(self, frame: Frame) -> None:
        self._is_welcome, self._tries = True, 0
        for one in frame["resolve"]:
            if one["action"] == "go":
                self._go((one["jobId"], one["token"]))
            elif one["action"] == "drop":
                self._gone((one["jobId"], one["token"]))
        self._claim([key for key, entry in self._journal.items() if entry.state == "Claimed"])
        self._decline(list(self._declines))
        self._report()
        self._plan_heartbeat(frame["heartbeatSeconds"])

    def _on_offer(self, frame: Frame) -> None:
        """An offer that overtakes the welcome is in the journal by then, and claimed behind it."""
        new: list[Key] = []
        for job in frame["jobs"]:
            key = job["jobId"], job["token"]
            self.first_offers.setdefault(key[0], self._clock.now)
            if key not in self._journal and key not in self._declines:
                self._journal[key] = Entry(job["priority"])
                new.append(key)
        urgent = [key for key in new if self._journal[key].priority >= URGENT]
        for key in urgent:
            self.radio.expect(key, self._journal[key].priority)
        self._claim(urgent)
        self._claim([key for key in new if key not in urgent])

    def _on_claimed(self, frame: Frame) -> None:
        for item in frame["items"]:
            settle = self._go if item["verdict"] == "go" else self._gone
            settle((item["jobId"], item["token"]))

    def _on_declined(self, frame: Frame) -> None:
        self._declines -= {(item["jobId"], item["token"]) for item in frame["items"]}

    def _on_ack(self, frame: Frame) -> None:
        if frame["seq"] == self._seq and self._batch:
            for key in self._batch:
                del self._journal[key]
            self._batch = []
            self._report()

    def _on_heartbeat_ack(self, frame: Frame) -> None:
        """It was heard."""

    def _on_config(self, frame: Frame) -> None:
        """Nobody disables a SIM here."""

    def _on_error(self, frame: Frame) -> None:
        """The frame that it answers counts as failed; what matters of it is said again."""

    def _go(self, key: Key) -> None:
        entry = self._journal.get(key)
        if entry is None:
            self._decline([key])
        elif entry.state == "Claimed":
            entry.state = "Cleared"
            self.radio.add(key, entry.priority)

    def _gone(self, key: Key) -> None:
        """After a `go` the server may count on this phone: it hears that the job isn't held here any more."""
        self.radio.forget(key)
        entry = self._journal.get(key)
        if entry is not None and entry.state in ("Claimed", "Cleared"):
            del self._journal[key]
            if entry.state == "Cleared":
                self._decline([key])

    # -- what it says

    def _claim(self, keys: list[Key]) -> None:
        keys = [key for key in keys if key in self._journal and self._journal[key].state == "Claimed"]
        self._say_until_answered("claim", keys, self._claim)

    def _decline(self, keys: list[Key]) -> None:
        self._declines |= set(keys)

        def again(left: list[Key]) -> None:
            self._decline([key for key in left if key in self._declines])

        self._say_until_answered("decline", keys, again)

    def _say_until_answered(self, kind: str, keys: list[Key], again: Callable[[list[Key]], None]) -> None:
        """Whoever is asked `again` leaves out what is answered by then. A new connection says everything anew."""
        connection = self._connection
        if not keys or not self._is_welcome:
            return
        more = {"reason": "unknown-claim"} if kind == "decline" else {}
        for start in range(0, len(keys), ITEMS):
            items = [{"jobId": job_id, "token": token} | more for job_id, token in keys[start : start + ITEMS]]
            self._say({"type": kind, "items": items}, "declined" if kind == "decline" else "claimed")
        self._clock.after(CLAIM_AGAIN_MS, lambda: again(keys) if self._connection is connection else None)

    def _begins(self, key: Key) -> bool:
        """The radio asks whether the job is still to be sent."""
        entry = self._journal.get(key)
        if entry is None or entry.state != "Cleared":
            return False
        entry.state = "Sending"
        return True

    def _sent(self, key: Key) -> None:
        self._journal[key].state = "Sent"
        self._outbox.append(key)
        if not self._batch:
            self._report()

    def _report(self) -> None:
        """The batch that isn't acknowledged yet, under its number; else the next one."""
        if not self._batch:
            self._batch, self._outbox = self._outbox[:ITEMS], self._outbox[ITEMS:]
            self._seq += bool(self._batch)
        connection, seq = self._connection, self._seq
        if not self._batch or not self._is_welcome:
            return
        said = {"state": "Sent", "at": rfc3339_ms(int(self._clock.now))}
        items = [{"jobId": job_id, "token": token} | said for job_id, token in self._batch]
        self._say({"type": "report", "seq": seq, "items": items}, "ack")

        def check() -> None:
            if self._connection is connection and self._batch and self._seq == seq:
                self._report()

        self._clock.after(REPORT_AGAIN_MS, check)

    def _plan_heartbeat(self, seconds: float) -> None:
        connection = self._connection

        def beat() -> None:
            if self._connection is connection:
                sims = [{"simSlot": 0, "isReady": True}]
                self._say({"type": "heartbeat", "sims": sims}, "heartbeat.ack")
                self._plan_heartbeat(seconds)

        self._clock.after(seconds * 1000 * self._rng.uniform(0.9, 1.0), beat)
