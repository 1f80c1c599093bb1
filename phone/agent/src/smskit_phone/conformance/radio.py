"""The radio and the mobile network, played to one phone."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from smskit_phone.clock import rfc3339

POLL_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class HandOver:
    """A message that the phone has given to its radio."""

    recipient: str
    text: str
    sim_slot: int
    parts: int


@dataclass(frozen=True, slots=True)
class Refusal:
    code: str
    parts_handed_over: int = 0


class PlayedRadio:
    """Counts a hand-over when the phone asks for it, and answers it at once, or when `holding` is over.

    What the network has to say waits in `events` until the phone confirms that it has it, also over a restart.
    """

    def __init__(self, on_hand_over: Callable[[str], None]) -> None:
        self.handed: list[HandOver] = []
        self.refusals: dict[str, Refusal] = {}
        self._on_hand_over = on_hand_over
        self._pass = asyncio.Event()
        self._pass.set()
        self._events: list[dict[str, Any]] = []
        self._confirmed = 0
        self._news = asyncio.Event()

    def hold(self) -> None:
        """From now on the radio is busy with what it is given."""
        self._pass.clear()

    def release(self) -> None:
        """The radio is done with what it has, and quick from now on."""
        self._pass.set()

    def times(self, recipient: str) -> int:
        """How often a message for this number was handed over."""
        return sum(one.recipient == recipient for one in self.handed)

    def confirm(self, recipient: str, part: int = 0) -> None:
        """The network confirms a part."""
        self._add({"type": "delivered", "recipient": recipient, "part": part})

    def arrive(self, content: str, sender: str = "+254712345678", sim_slot: int = 0) -> int:
        """An SMS comes in; the number of its event."""
        number = len(self._events) + 1
        at = rfc3339(1_750_000_000 + number)
        return self._add({"type": "received", "id": f"in_{number}", "from": sender, "simSlot": sim_slot,
                          "content": content, "receivedAt": at})  # fmt: skip

    def repeat(self, number: int) -> int:
        """The radio hands an SMS over once more, as one that has lost the phone's confirmation."""
        return self._add({name: value for name, value in self._events[number - 1].items() if name != "n"})

    def has_taken(self, number: int) -> bool:
        """Whether the phone has confirmed the event: the radio has forgotten it."""
        return self._confirmed >= number

    async def send(self, body: dict[str, Any]) -> dict[str, Any]:
        """What the phone's harness asks for a message; the answer is the radio's."""
        one = HandOver(body["recipient"], body["text"], body["simSlot"], body["parts"])
        self.handed.append(one)
        self._on_hand_over(one.recipient)
        await self._pass.wait()
        refusal = self.refusals.get(one.recipient)
        if refusal is None:
            return {"outcome": "taken"}
        return {"outcome": "refused", "code": refusal.code, "partsHandedOver": refusal.parts_handed_over}

    async def events(self, after: int) -> dict[str, Any]:
        """Confirms the events up to `after`, and waits for later ones."""
        self._confirmed = max(self._confirmed, after)
        with suppress(TimeoutError):
            async with asyncio.timeout(POLL_SECONDS):
                while len(self._events) <= self._confirmed:
                    self._news.clear()
                    await self._news.wait()
        return {"events": self._events[self._confirmed :]}

    def _add(self, event: dict[str, Any]) -> int:
        number = len(self._events) + 1
        self._events.append({"n": number, **event})
        self._news.set()
        return number
