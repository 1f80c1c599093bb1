"""Parses what the server says, once, where it comes in."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from smskit_phone.errors import BadFrameError
from smskit_phone.frames import (
    Ack,
    Claimed,
    Declined,
    HeartbeatAck,
    Offers,
    Resolution,
    Revoked,
    ServerError,
    ServerFrame,
    Settings,
    Verdict,
    Welcome,
)
from smskit_phone.jobs import Key, Offer


def kind_of(text: str | bytes) -> str:
    """The frame's type, or an empty string for what is no frame."""
    try:
        frame = json.loads(text)
    except ValueError:
        return ""
    kind = frame.get("type") if isinstance(frame, dict) else None
    return kind if isinstance(kind, str) else ""


def parse(text: str | bytes) -> ServerFrame | None:
    """None for a type that this version does not know. Unknown fields are ignored. Raises BadFrameError."""
    kind = kind_of(text)
    parser = _PARSERS.get(kind)
    if parser is None:
        if not kind:
            raise BadFrameError("not a JSON object with a type")
        return None
    try:
        return parser(json.loads(text))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        # Only the error's kind: its words could quote a message's text.
        raise BadFrameError(f"{kind}: {type(error).__name__}") from None


def _epoch(value: Any) -> float:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment.timestamp()


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a string")
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("not an integer")
    return value


def _key(item: Any) -> Key:
    return Key(_text(item["jobId"]), _text(item["token"]))


def _offer(job: Any) -> Offer:
    return Offer(
        key=_key(job),
        sim_slot=_whole(job["simSlot"]),
        recipient=_text(job["recipient"]),
        message=_text(job["message"]),
        segments=max(1, _whole(job["segments"])),
        priority=_whole(job["priority"]),
        expires_at=_epoch(job["expiresAt"]),
        claim_by=_epoch(job["claimBy"]),
    )


def _welcome(frame: Any) -> Welcome:
    resolve = tuple(Resolution(_text(r["jobId"]), r.get("token"), _text(r["action"])) for r in frame.get("resolve", ()))
    return Welcome(_epoch(frame["serverTime"]), float(frame["heartbeatSeconds"]), resolve)


def _claimed(frame: Any) -> Claimed:
    return Claimed(tuple(Verdict(_key(i), _text(i["verdict"]) == "go", i.get("reason")) for i in frame["items"]))


def _settings(frame: Any) -> Settings:
    seconds = frame.get("heartbeatSeconds")
    enabled = {_whole(sim["simSlot"]): bool(sim["isEnabled"]) for sim in frame.get("sims", ())}
    return Settings(None if seconds is None else float(seconds), enabled)


_PARSERS: dict[str, Callable[[Any], ServerFrame]] = {
    "welcome": _welcome,
    "heartbeat.ack": lambda frame: HeartbeatAck(_epoch(frame["serverTime"])),
    "offer": lambda frame: Offers(tuple(_offer(job) for job in frame["jobs"])),
    "claimed": _claimed,
    "declined": lambda frame: Declined(tuple(_key(item) for item in frame["items"])),
    "ack": lambda frame: Ack(_whole(frame["seq"])),
    "config": _settings,
    "revoked": lambda frame: Revoked(),
    "error": lambda frame: ServerError(_text(frame["code"]), str(frame.get("message", "")), frame.get("ref")),
}
