"""A radio that another program plays over HTTP: what the conformance suite asks of a phone's test harness."""

import asyncio
from collections.abc import Sequence
from typing import Any

from smskit_phone.drivers.base import InboundMessage, OnDelivered, OnReceived, RadioError, RadioMessage, Sim, Vitals
from smskit_phone.http_client import http_client


class HttpRadio:
    """`POST {url}/send` hands a message over; `GET {url}/events?after=N` waits for what the network says, and confirms
    that the phone has the events up to N. docs/phone-protocol.md has both in full."""

    delivery_reports = True

    def __init__(self, url: str, sims: Sequence[Sim] = (Sim(0),)) -> None:
        self._url = url.rstrip("/")
        self._sims = tuple(sims)
        # Both requests are answered when there is something to say; events at the latest after 10 s.
        self._client = http_client(url, timeout=None)
        self._confirmations: dict[str, OnDelivered] = {}
        self.readiness = asyncio.Event()  # its SIMs are always ready

    @property
    def sims(self) -> Sequence[Sim]:
        return self._sims

    def vitals(self) -> Vitals:
        return Vitals(100, True, "wifi", 4, frozenset(sim.sim_slot for sim in self._sims))

    async def send(self, message: RadioMessage, on_delivered: OnDelivered) -> None:
        self.watch(message, on_delivered)
        body = {
            "recipient": message.recipient,
            "text": message.text,
            "simSlot": message.sim_slot,
            "parts": message.parts,
        }
        answer = (await self._client.post(f"{self._url}/send", json=body)).raise_for_status().json()
        if answer["outcome"] != "taken":
            raise RadioError(answer["code"], "the played radio refused the message", answer["partsHandedOver"])

    def watch(self, message: RadioMessage, on_delivered: OnDelivered) -> None:
        self._confirmations[message.recipient] = on_delivered

    async def listen(self, on_received: OnReceived) -> None:
        after = 0
        while True:
            answer = await self._client.get(f"{self._url}/events", params={"after": after})
            for event in answer.raise_for_status().json()["events"]:
                self._take(event, on_received)
                after = event["n"]
            await asyncio.sleep(0)

    async def close(self) -> None:
        await self._client.aclose()

    def _take(self, event: dict[str, Any], on_received: OnReceived) -> None:
        """Events of an unknown kind are passed over."""
        if event["type"] == "delivered":
            confirmation = self._confirmations.get(event["recipient"])
            if confirmation is not None:
                confirmation(event["part"])
        elif event["type"] == "received":
            message = InboundMessage(
                event["id"], event["simSlot"], event["from"], event["content"], event["receivedAt"]
            )
            on_received([message])
