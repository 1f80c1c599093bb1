"""Inbound messages to items and back, and the numbers of the feed that hold none."""

from __future__ import annotations

from smskit.models.inbound_message import InboundMessage
from smskit.platform.codec import Item

_FEED = "feed#"
LAST = _FEED + "~"  # sorts behind every number


def feed_key(account_id: str, seq: int) -> Item:
    """Messages stand under their account, in the order of their numbers."""
    return {"pk": account_id, "sk": f"{_FEED}{seq:014d}"}


def seq_of(item: Item) -> int:
    """The number in the feed that an item has."""
    return int(item["sk"].removeprefix(_FEED))


def place_of(at: int, seq: int) -> str:
    """A message's place in its conversation: by time of arrival; messages of one moment by their number."""
    return f"{at:013d}#{seq:014d}"


def time_of(item: Item) -> int:
    """When a message was stored."""
    return int(item["place"].partition("#")[0])


def message_item(message: InboundMessage, previous_at: int, ttl: int) -> Item:
    """The message as stored. `previous_at`: when the number before its own was taken."""
    return feed_key(message.account_id, message.seq) | {
        "direction": "in",
        "messageId": message.message_id,
        "from": message.sender,
        "to": message.recipient,
        "content": message.content,
        "deviceId": message.device_id,
        "simSlot": message.sim_slot,
        "receivedAt": message.received_at,
        "conversationId": message.conversation_id,
        "place": place_of(message.stored_at, message.seq),
        "previousAt": previous_at,
        "effect": message.effect,
        "ttl": ttl,
    }


def message_of(item: Item) -> InboundMessage:
    """The message that an item holds."""
    return InboundMessage(
        message_id=item["messageId"],
        account_id=item["pk"],
        sender=item["from"],
        recipient=item.get("to"),
        content=item["content"],
        device_id=item["deviceId"],
        sim_slot=item["simSlot"],
        received_at=item["receivedAt"],
        conversation_id=item["conversationId"],
        stored_at=time_of(item),
        seq=seq_of(item),
        effect=item.get("effect"),
    )
