"""Whether what a phone says is a frame of the protocol, by the rules by which the server takes it."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from smskit_phone.frames import FRAME_BYTES

Check = Callable[[Any], None]


class BadPhoneFrameError(Exception):
    """The words name the field and the rule; they quote no value."""


class _WrongError(Exception):
    def __init__(self, rule: str, path: tuple[str, ...] = ()) -> None:
        super().__init__(rule)
        self.rule = rule
        self.path = path


def parse(text: str | bytes) -> dict[str, Any]:
    """The frame. Raises BadPhoneFrameError."""
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(raw) > FRAME_BYTES:
        raise BadPhoneFrameError(f"a frame of {len(raw)} bytes; {FRAME_BYTES} are the most")
    try:
        frame = json.loads(text)
    except ValueError:
        raise BadPhoneFrameError("not JSON") from None
    if not isinstance(frame, dict):
        raise BadPhoneFrameError("not a JSON object")
    kind = frame.get("type")
    check = _FRAMES.get(kind) if isinstance(kind, str) else None
    if check is None:
        raise BadPhoneFrameError(f"a type that phones don't say: {json.dumps(kind)[:40]}")
    try:
        check(frame)
    except _WrongError as error:
        raise BadPhoneFrameError(f"{kind}: {'/'.join(error.path)}: {error.rule}") from None
    return frame


def _text(low: int, high: int, pattern: str = "") -> Check:
    def check(value: Any) -> None:
        if not isinstance(value, str) or not low <= len(value) <= high:
            raise _WrongError(f"a text of {low} to {high} characters is needed")
        if pattern and not re.fullmatch(pattern, value):
            raise _WrongError(f"must be of the form {pattern}")

    return check


def _whole(low: int, high: int | None = None) -> Check:
    def check(value: Any) -> None:
        if not isinstance(value, int) or isinstance(value, bool) or value < low or (high is not None and value > high):
            raise _WrongError(f"an integer from {low}" + ("" if high is None else f" to {high}") + " is needed")

    return check


def _flag(value: Any) -> None:
    if not isinstance(value, bool):
        raise _WrongError("true or false is needed")


def _time(value: Any) -> None:
    try:
        if datetime.fromisoformat(value).tzinfo is None:
            raise ValueError
    except (TypeError, ValueError):
        raise _WrongError("a time as of RFC 3339 with its zone is needed") from None


def _one_of(*values: str) -> Check:
    def check(value: Any) -> None:
        if value not in values:
            raise _WrongError(f"must be one of {', '.join(values)}")

    return check


def _or_null(check: Check) -> Check:
    return lambda value: None if value is None else check(value)


def _list(low: int, high: int, check: Check) -> Check:
    def check_all(value: Any) -> None:
        if not isinstance(value, list) or not low <= len(value) <= high:
            raise _WrongError(f"a list of {low} to {high} entries is needed")
        for number, entry in enumerate(value):
            _named(str(number), check, entry)

    return check_all


def _object(needed: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    checks = needed | (optional or {})

    def check(value: Any) -> None:
        if not isinstance(value, dict):
            raise _WrongError("an object is needed")
        for name in needed:
            if name not in value:
                raise _WrongError("is missing", (name,))
        for name, field in value.items():
            if name in checks:
                _named(name, checks[name], field)

    return check


def _named(name: str, check: Check, value: Any) -> None:
    try:
        check(value)
    except _WrongError as error:
        raise _WrongError(error.rule, (name, *error.path)) from None


_JOB = {"jobId": _text(1, 64, r"job_[0-9A-HJKMNP-TV-Z]{20}"), "token": _text(1, 64)}
_SLOT = {"simSlot": _whole(0, 7)}
_NAME = _or_null(_text(0, 64))
_VITALS = {
    "batteryLevel": _or_null(_whole(0, 100)),
    "networkType": _NAME,
    "signalStrength": _or_null(_whole(0, 4)),
}
_SIM = _object(_SLOT, {"carrierName": _NAME, "phoneNumber": _NAME, "window": _whole(1, 20)})
_OPEN = _object({**_JOB, "state": _one_of("Claimed", "Sending", "Sent", "Delivered", "Failed", "Unknown")})
_HELLO = _object(
    {"protocol": _whole(1), "sims": _list(0, 8, _SIM)},
    {
        **_VITALS,
        "appVersion": _NAME,
        "capabilities": _object({}, {"deliveryReports": _flag}),
        "open": _list(0, 200, _OPEN),
        "journalId": _or_null(_text(1, 64)),
    },
)
_READINESS = _object({**_SLOT, "isReady": _flag})
_HEARTBEAT = _object({}, {**_VITALS, "isCharging": _or_null(_flag), "sims": _list(0, 8, _READINESS)})
_ERROR = _object({"code": _text(1, 40, "[a-z_]+")}, {"message": _text(0, 200)})
_REPORT = _object(
    {**_JOB, "state": _one_of("Sent", "Delivered", "Failed", "Unknown"), "at": _time}, {"error": _or_null(_ERROR)}
)
_MESSAGE = _object(
    {
        **_SLOT,
        "phoneMessageId": _text(1, 128, "[ -~]+"),
        "from": _text(0, 320),
        "content": _text(0, 10_000),
        "receivedAt": _time,
    },
    {"to": _or_null(_text(0, 64))},
)
_SEQ = {"seq": _whole(0)}
_FRAMES: dict[str, Check] = {
    "hello": _HELLO,
    "heartbeat": _HEARTBEAT,
    "claim": _object({"items": _list(1, 50, _object(_JOB))}),
    "decline": _object({"items": _list(1, 50, _object({**_JOB, "reason": _text(1, 64)}))}),
    "report": _object({**_SEQ, "items": _list(1, 50, _REPORT)}),
    "received": _object({**_SEQ, "messages": _list(1, 20, _MESSAGE)}),
}
