"""What people did: an entry of the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Action(StrEnum):
    """What was done, as `thing.verb`; the subject of an entry is the thing's id."""

    MEMBER_INVITED = "member.invited"
    MEMBER_ROLE_CHANGED = "member.role-changed"
    MEMBER_REMOVED = "member.removed"
    CLIENT_CREATED = "client.created"
    CLIENT_CHANGED = "client.changed"
    CLIENT_SUSPENDED = "client.suspended"
    CLIENT_RESUMED = "client.resumed"
    KEY_ROTATED = "client-key.rotated"
    KEY_REMOVED = "client-key.removed"
    DEVICE_CHANGED = "device.changed"
    SIM_CHANGED = "sim.changed"
    DEVICE_REVOKED = "device.revoked"
    CODE_CREATED = "pairing-code.created"
    CODE_CANCELLED = "pairing-code.cancelled"
    WEBHOOK_REGISTERED = "webhook.registered"
    WEBHOOK_CHANGED = "webhook.changed"
    WEBHOOK_REMOVED = "webhook.removed"
    WEBHOOK_PINGED = "webhook.pinged"
    WEBHOOK_ENABLED = "webhook.enabled"
    WEBHOOK_SECRET_ROTATED = "webhook-secret.rotated"  # noqa: S105 - a name
    DELIVERY_REPLAYED = "delivery.replayed"
    WEBHOOK_REPLAYED = "webhook.replayed"
    ACCOUNT_RENAMED = "account.renamed"
    SETTINGS_CHANGED = "settings.changed"
    NUMBER_ERASED = "number.erased"
    MESSAGE_QUEUED = "message.queued"
    MESSAGE_CANCELLED = "message.cancelled"
    MESSAGE_RESCHEDULED = "message.rescheduled"
    BATCH_QUEUED = "batch.queued"
    BATCH_CANCELLED = "batch.cancelled"
    TEMPLATE_CREATED = "template.created"
    TEMPLATE_CHANGED = "template.changed"
    TEMPLATE_REMOVED = "template.removed"
    REPLY_QUEUED = "reply.queued"
    CONTACT_CHANGED = "contact.changed"
    CONVERSATION_READ = "conversation.read"
    OPT_OUT_ADDED = "opt-out.added"
    OPT_OUT_REMOVED = "opt-out.removed"


@dataclass(frozen=True, slots=True)
class Entry:
    """One action of one person, who keeps the name that they had then. `details` are short words, never a secret or a
    message's text."""

    entry_id: str
    account_id: str
    at: int
    person_id: str
    email: str
    action: Action
    subject: str
    details: Mapping[str, str] = field(default_factory=dict)
