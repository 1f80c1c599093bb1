"""An SMS that a phone received."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """`sender` wrote to `recipient`, the number of the SIM where it is known. Times are milliseconds since the epoch.

    `received_at` is the phone's word, `stored_at` the server's clock. `seq` is the message's number in the feed of its
    account, and 0 until it has one. `effect`: what a keyword in it did.
    """

    message_id: str
    account_id: str
    sender: str
    recipient: str | None
    content: str
    device_id: str
    sim_slot: int
    received_at: int
    conversation_id: str
    stored_at: int = 0
    seq: int = 0
    effect: str | None = None
