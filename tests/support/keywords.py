"""An SMS that comes in at a phone's SIM, stored and obeyed by the product."""

from __future__ import annotations

import itertools

from smskit.dispatch.logic.claims import Caller
from smskit.inbox.logic import receive as inbound
from smskit.inbox.logic.receive import Received
from smskit.inbox.store import inbound_messages
from smskit.models.lane import LaneKey
from smskit.models.opt_out import Effect
from smskit.phones.store import devices
from smskit.platform.ids import derived_id
from smskit.platform.times import now_ms

NUMBER = "+254712345678"
_numbers = itertools.count(1)


def receive(lane: LaneKey, content: str, number: str = NUMBER, phone_message_id: str | None = None) -> Effect | None:
    """Receive the message, perhaps again; what it did when it was stored, if anything."""
    phone_message_id = phone_message_id or f"sms-{next(_numbers)}"
    device = devices.get(lane.account_id, lane.device_id)
    connection = device.connection_id if device and device.connection_id else "none"
    caller = Caller(lane.account_id, lane.device_id, connection, 0)
    message = Received(phone_message_id, number, None, lane.sim_slot, content, now_ms())
    inbound.receive(caller, [message], now_ms())
    kept = inbound_messages.stored(lane.account_id, derived_id("msg", lane.device_id, phone_message_id), now_ms())
    return Effect(kept.effect) if kept is not None and kept.effect is not None else None
