"""What the dashboard of a new local stack shows first: a conversation, codes that arrived, and a message that failed.

The simulated phone sends and receives all of it, as it would anything else.
"""

from __future__ import annotations

import time
from pathlib import Path

from smskit_local.demo import Customer
from smskit_local.waiting import until
from smskit_phone import InboundMessage
from smskit_phone.clock import rfc3339
from smskit_phone.drivers.sim_inbox import INBOX, new_message_id, put

REFUSED = "+254700000999"
"""A number that the simulated phone's radio doesn't take."""
FAULTS = {"errors": [{"code": "invalid_number", "number": REFUSED}]}

_ASKING = "+254722000418"
_QUESTION, _ANSWER, _THANKS = (
    "Habari, mnafungua saa ngapi kesho?",
    "Habari! Kesho tunafungua saa mbili asubuhi hadi saa kumi na moja jioni.",
    "Asante. Do you take M-PESA?",
)
_SENT = (
    ("+254733000114", "482193 is your code. It ends in 10 minutes. Tell it to nobody.", 9),
    ("+254701000335", "Malipo yako ya KES 1,250 yamepokelewa. Asante.", 0),
    (REFUSED, "Your parcel is at our Westlands shop until Friday.", 0),
)
_RECEIVE_SECONDS = 120


def fill(customer: Customer, phone: Path) -> None:
    """Let the phone receive and send; what it sends is on its way when this returns. Raises LocalStackError."""
    _receive(phone, _QUESTION)
    for number, text, priority in _SENT:
        customer.send(text, number, priority)
    conversation = until(
        lambda: customer.conversation_with(_ASKING),
        _RECEIVE_SECONDS,
        "what the simulated phone received didn't come in",
    )
    customer.reply(conversation, _ANSWER)
    _receive(phone, _THANKS)


def _receive(phone: Path, text: str) -> None:
    put(phone / INBOX, [InboundMessage(new_message_id(), 0, _ASKING, text, rfc3339(time.time()))])
