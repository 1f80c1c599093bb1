"""An SMS that a phone received."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """`sender` wrote to `recipient`, the number of the SIM; `received_at` is milliseconds since the epoch."""

    message_id: str
    account_id: str
    sender: str
    recipient: str
    content: str
    device_id: str
    sim_slot: int
    received_at: int
