"""Frames of the phone protocol, version 1."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from smskit_phone.drivers.base import InboundMessage
from smskit_phone.errors import BadFrameError
from smskit_phone.jobs import Job, Key, Offer, State
from smskit_phone.report_store import Batch

PROTOCOL = 1
FRAME_BYTES = 32 * 1024
ITEMS_PER_FRAME = 50
OPEN_ITEMS = 200
_SURROGATE = re.compile("[\ud800-\udfff]")

Frame = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Resolution:
    """What the server makes of an open job: action is go, drop or report."""

    job_id: str
    token: str | None
    action: str


@dataclass(frozen=True, slots=True)
class Welcome:
    server_time: float
    heartbeat_seconds: float
    resolve: tuple[Resolution, ...]


@dataclass(frozen=True, slots=True)
class HeartbeatAck:
    server_time: float


@dataclass(frozen=True, slots=True)
class Offers:
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    key: Key
    go: bool
    reason: str | None


@dataclass(frozen=True, slots=True)
class Claimed:
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Declined:
    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Ack:
    seq: int


@dataclass(frozen=True, slots=True)
class Settings:
    """A `config` frame: what it leaves out stays as it is."""

    heartbeat_seconds: float | None
    enabled: Mapping[int, bool]


@dataclass(frozen=True, slots=True)
class Revoked:
    pass


@dataclass(frozen=True, slots=True)
class ServerError:
    code: str
    message: str
    ref: str | int | None


ServerFrame = Welcome | HeartbeatAck | Offers | Claimed | Declined | Ack | Settings | Revoked | ServerError


def encode(frame: Frame) -> str:
    """Raises BadFrameError past the 32 KB that API Gateway allows for a frame."""
    text = to_json(frame)
    if len(text.encode()) > FRAME_BYTES:
        raise BadFrameError(f"{frame['type']} is larger than {FRAME_BYTES} bytes")
    return text


def to_json(value: Frame) -> str:
    """In as few bytes as JSON takes. A lone surrogate, which UTF-8 can't carry and an SMS can, stays escaped."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def claim(keys: Iterable[Key]) -> Frame:
    return {"type": "claim", "items": [{"jobId": key.job_id, "token": key.token} for key in keys]}


def decline(reasons: Mapping[Key, str]) -> Frame:
    items = [{"jobId": key.job_id, "token": key.token, "reason": reason} for key, reason in reasons.items()]
    return {"type": "decline", "items": items}


def report(batch: Batch) -> Frame:
    items = []
    for one in batch.reports:
        item: dict[str, Any] = {"jobId": one.key.job_id, "token": one.key.token, "state": one.state, "at": one.at}
        if one.failure:
            item["error"] = {"code": one.failure.code, "message": one.failure.message[:200]}
        items.append(item)
    return {"type": "report", "seq": batch.seq, "items": items}


def received(seq: int, items: Sequence[Frame]) -> Frame:
    return {"type": "received", "seq": seq, "messages": list(items)}


def received_item(message: InboundMessage) -> Frame:
    """An entry of `received.messages`."""
    return {
        "phoneMessageId": message.phone_message_id,
        "from": message.sender,
        **({"to": message.recipient} if message.recipient else {}),
        "simSlot": message.sim_slot,
        "content": message.content,
        "receivedAt": message.received_at,
    }


def open_item(job: Job) -> Frame:
    """An entry of `hello.open`. The protocol knows no Cleared: to the server it is a claim."""
    state = State.CLAIMED if job.state is State.CLEARED else job.state
    return {"jobId": job.key.job_id, "token": job.key.token, "state": state}
