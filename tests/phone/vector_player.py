"""Plays the scripts of phone/vectors to the agent, and compares what it says, sends and writes down."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from smskit_phone import Credentials, Phone, PhoneConfig, Timings
from smskit_phone import credentials as credentials_file
from smskit_phone.errors import RevokedError
from smskit_phone.frames import Frame
from tests.phone.radios import HandStopwatch
from tests.phone.server_double import eventually
from tests.phone.vector_server import ScriptRadio, ScriptServer

# The waits of the protocol, by a clock that the script turns; connections are made again at once.
TIMINGS = Timings(coalesce=0, reconnect_base=0.01, reconnect_cap=0.02)
EXTRA = "job_0000000000000000000Z"


class Player:
    """One case: steps in their order. What is said beyond the script shows at the end, or where the script goes on."""

    def __init__(self, server: ScriptServer, folder: Path, case: dict[str, Any]) -> None:
        self.server, self.folder, self.case = server, folder, case
        self.stopwatch = HandStopwatch()
        self._running: asyncio.Task[None] | None = None
        self._expected: list[dict[str, Any]] = []
        self._begins: list[str] = []
        self._begun: list[tuple[str, str, int]] = []
        self._seqs: dict[str, int] = {}
        self._extras = 0
        self.radio: ScriptRadio = self._new_radio()

    async def play(self) -> None:
        credentials_file.save(self.folder, Credentials("dvc_1", "dt_1", self.server.url))
        try:
            for step in self.case["steps"]:
                await self._take(step)
        finally:
            await self._die()

    async def _take(self, step: dict[str, Any]) -> None:
        ((event, value),) = step["on"].items()
        await getattr(self, f"_on_{event}")(value)
        self._expected += step.get("says", [])
        self._begins += step.get("begins", [])
        await self._until(lambda: len(self._said()) >= len(self._expected), "says")
        await self._until(lambda: len(self._all_begun()) >= len(self._begins), "begins")
        if step.get("ends"):
            await self._is_over()
            return
        if event not in ("loses", "dies") and self.server.is_connected:
            await self._nothing_is_under_way()
        self._compare()
        if "journal" in step:
            await self._until(lambda: self._journal() == step["journal"], f"journal {step['journal']}")

    async def _on_connects(self, value: dict[str, Any]) -> None:
        self.server.resolve = value["resolve"]
        if self._running is None:
            phone = Phone(PhoneConfig(self.folder, timings=TIMINGS), self.radio, stopwatch=self.stopwatch)
            self._running = asyncio.create_task(phone.run())

    async def _on_server(self, frame: dict[str, Any]) -> None:
        await self.server.say(frame)

    async def _on_acks(self, kind: str) -> None:
        await self.server.acknowledge(kind)

    async def _on_radio(self, said: dict[str, Any]) -> None:
        self.radio.decide(said)

    async def _on_delivered(self, said: dict[str, Any]) -> None:
        self.radio.confirm(said["recipient"], said["part"])

    async def _on_arrives(self, messages: list[dict[str, Any]]) -> None:
        self.radio.arrive(messages)
        await self._until(lambda: self.radio.has_handed_over, "the phone takes what the radio has")

    async def _on_loses(self, what: str) -> None:
        await self.server.lose_connection()

    async def _on_dies(self, value: bool) -> None:
        await self._die()
        self.radio = self._new_radio()

    async def _on_passes(self, seconds: float) -> None:
        self.server.passed += seconds
        self.stopwatch.turn(seconds)

    async def _die(self) -> None:
        """As hard as pulling the battery."""
        self._begun += self.radio.begun
        self.radio.begun = []
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        self._running = None
        self.server.forget_connection()

    async def _is_over(self) -> None:
        assert self._running
        (outcome,) = await asyncio.wait_for(asyncio.gather(self._running, return_exceptions=True), 5)
        assert isinstance(outcome, RevokedError)

    async def _nothing_is_under_way(self) -> None:
        """An offer for a SIM that no phone has is declined: by then all that came before it has been seen to."""
        self._extras += 1
        token = f"extra {self._extras}"
        await self.server.say({"type": "offer", "jobs": [{
            "jobId": EXTRA, "token": token, "attempt": 1, "simSlot": 7, "recipient": "+254700000099", "message": "x",
            "segments": 1, "priority": 0, "expiresAt": "2030-01-01T00:00:00.000Z",
            "claimBy": "2030-01-01T00:00:00.000Z"}]})  # fmt: skip
        await self._until(lambda: any(item.get("token") == token for item in self._items()), "answers")
        await self.server.say({"type": "declined", "items": [{"jobId": EXTRA, "token": token}]})

    def _compare(self) -> None:
        said = self._said()
        left = list(self._expected)
        for item in said:
            match = next((one for one in left if self._fits(one, item)), None)
            assert match is not None, f"nobody expected {item}"
            left.remove(match)
        assert not left, f"never said: {left}"
        assert [recipient for recipient, *_ in self._all_begun()] == self._begins
        for recipient, text, slot in self._all_begun():
            assert text == f"A text for {recipient}"
            assert slot in self.case["phone"]["sims"]

    def _fits(self, expected: dict[str, Any], item: dict[str, Any]) -> bool:
        for name, value in expected.items():
            if name == "seq":
                if self._seqs.setdefault(value, item["seq"]) != item["seq"]:
                    return False
            elif name == "error":
                if item.get("error", {}).get("code") != value["code"]:
                    return False
            elif name == "open":
                if sorted(item["open"], key=str) != sorted(value, key=str):
                    return False
            elif item.get(name) != value:
                return False
        return True

    def _items(self) -> list[dict[str, Any]]:
        return [item for frame in self.server.frames for item in items_of(frame)]

    def _said(self) -> list[dict[str, Any]]:
        return [item for item in self._items() if item.get("jobId") != EXTRA]

    def _all_begun(self) -> list[tuple[str, str, int]]:
        return self._begun + self.radio.begun

    def _journal(self) -> dict[str, str]:
        connection = sqlite3.connect(self.folder / "journal.sqlite3")
        try:
            return dict(connection.execute("SELECT job_id || ' ' || token, state FROM jobs").fetchall())
        finally:
            connection.close()

    def _new_radio(self) -> ScriptRadio:
        phone = self.case["phone"]
        return ScriptRadio(phone["sims"], delivery_reports=phone["deliveryReports"])

    async def _until(self, condition: Callable[[], Any], what: str) -> None:
        try:
            await eventually(condition)
        except AssertionError:
            raise AssertionError(f"{what}: said {self._said()[-4:]}, begun {self._all_begun()}") from None


def items_of(frame: Frame) -> list[dict[str, Any]]:
    """What the scripts compare: a claim, decline, report or SMS each, however many a frame carries."""
    if frame["type"] == "hello":
        return [{"type": "hello", "open": frame["open"]}]
    beside = {"type": frame["type"]} | ({"seq": frame["seq"]} if "seq" in frame else {})
    return [beside | item for item in frame.get("items", frame.get("messages", []))]
