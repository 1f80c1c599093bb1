"""Frames of phones: parsed once, handled by type, answered with one frame. The only place that knows their shapes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from smskit import settings
from smskit.dispatch.gateways import frames, sockets
from smskit.dispatch.logic import claims, hello, reports, setbacks
from smskit.entrypoints import phone_frames
from smskit.errors import NotFoundError
from smskit.inbox.logic import receive
from smskit.models.device import PhoneState, Sim
from smskit.models.job import JobError
from smskit.phones.store import devices
from smskit.platform.times import now_ms

BAD_FRAMES_A_MINUTE = 20
_TOO_LARGE: tuple[frames.ErrorCode, str] = ("frame-too-large", f"A frame has at most {sockets.MAX_FRAME_BYTES} bytes")


class UnusableFrameError(Exception):
    """A frame that is answered with an error frame."""

    def __init__(self, code: frames.ErrorCode, message: str, ref: str | int | None = None) -> None:
        super().__init__(message)
        self.frame = frames.error(code, message, ref)


def caller_of(context: dict[str, Any]) -> claims.Caller:
    """Who sent a frame, from the request context that the authorizer and the gateway made."""
    authorized = context["authorizer"]
    return claims.Caller(
        authorized["accountId"], authorized["deviceId"], context["connectionId"], int(context["connectedAt"])
    )


def answer(caller: claims.Caller, body: str) -> str | None:
    """Handle one frame; the text of the answer, if there is one.

    A frame that can't be used changes nothing and is answered with `error`; more than 20 such in a minute close the
    socket.
    """
    now = now_ms()
    try:
        name, frame = _parse(body)
        return sockets.encode(_HANDLERS[name](caller, frame, now))
    except NotFoundError as refused:
        sockets.close(caller.connection_id)
        return sockets.encode(UnusableFrameError("replaced", refused.detail).frame)
    except UnusableFrameError as unusable:
        if devices.count_bad_frame(caller.account_id, caller.device_id, now // 60_000) > BAD_FRAMES_A_MINUTE:
            sockets.close(caller.connection_id)
            return None
        return sockets.encode(unusable.frame)


def _parse(body: str) -> tuple[str, Any]:
    is_large = len(body.encode("utf-8", "surrogatepass")) > sockets.MAX_FRAME_BYTES
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError):
        raise UnusableFrameError(*(_TOO_LARGE if is_large else ("invalid-json", "The frame is not JSON"))) from None
    if is_large:
        raise UnusableFrameError(*_TOO_LARGE, _ref(raw) if isinstance(raw, dict) else None)
    if not isinstance(raw, dict):
        raise UnusableFrameError("invalid-frame", "The frame is not a JSON object")
    name = raw.get("type")
    model = phone_frames.PHONE_FRAMES.get(name) if isinstance(name, str) else None
    if model is None:
        raise UnusableFrameError("unknown-type", "The frame's type is not known")
    try:
        return str(name), model.model_validate(raw)
    except ValidationError as invalid:
        first = invalid.errors(include_input=False, include_url=False)[0]
        where = "/".join(str(part) for part in first["loc"])
        raise UnusableFrameError("invalid-frame", f"{where}: {first['msg']}", _ref(raw)) from None


def _ref(raw: dict[str, Any]) -> str | int | None:
    """The seq or the first job id of an unusable frame, so that the phone can tell which it was."""
    seq = raw.get("seq")
    if isinstance(seq, int):
        return seq
    items = raw.get("items")
    first = items[0] if isinstance(items, list) and items else None
    job_id = first.get("jobId") if isinstance(first, dict) else None
    # A lone surrogate, which JSON can carry, can't be sent back as UTF-8.
    return job_id[:64] if isinstance(job_id, str) and job_id.isprintable() else None


def _hello(caller: claims.Caller, frame: phone_frames.Hello, now: int) -> frames.Frame:
    sims = [Sim(sim.sim_slot, sim.carrier_name, sim.phone_number, sim.window) for sim in frame.sims]
    opened = [hello.OpenJob(job.job_id, job.token, job.state) for job in frame.open]
    state = PhoneState(
        app_version=frame.app_version,
        battery_level=frame.battery_level,
        network_type=frame.network_type,
        signal_strength=frame.signal_strength,
        delivery_reports=frame.capabilities.delivery_reports,
    )
    unique = list({sim.sim_slot: sim for sim in sims}.values())
    resolved = hello.hello(caller, hello.Greeting(unique, opened, frame.journal_id, state), now)
    resolve = [frames.resolution(entry.job_id, entry.token, entry.action) for entry in resolved]
    return frames.welcome(now_ms(), settings.timeouts().heartbeat, resolve)


def _heartbeat(caller: claims.Caller, frame: phone_frames.Heartbeat, now: int) -> frames.Frame:
    state = PhoneState(
        battery_level=frame.battery_level,
        is_charging=frame.is_charging,
        network_type=frame.network_type,
        signal_strength=frame.signal_strength,
    )
    hello.heartbeat(caller, {sim.sim_slot: sim.is_ready for sim in frame.sims}, state, now)
    return frames.heartbeat_ack(now_ms())


def _claim(caller: claims.Caller, frame: phone_frames.Claim, now: int) -> frames.Frame:
    verdicts = claims.claim(caller, [(item.job_id, item.token) for item in frame.items], now)
    return frames.claimed([frames.verdict(decided.job_id, decided.token, decided.reason) for decided in verdicts])


def _decline(caller: claims.Caller, frame: phone_frames.Decline, now: int) -> frames.Frame:
    setbacks.decline(caller, [(item.job_id, item.token, item.reason) for item in frame.items], now)
    return frames.declined([(item.job_id, item.token) for item in frame.items])


def _report(caller: claims.Caller, frame: phone_frames.Report, now: int) -> frames.Frame:
    items = [
        reports.Report(
            item.job_id,
            item.token,
            item.state,
            int(item.at.timestamp() * 1000),
            JobError(item.error.code, item.error.message) if item.error else None,
        )
        for item in frame.items
    ]
    reports.apply(caller, items, now)
    return frames.ack(frame.seq)


def _received(caller: claims.Caller, frame: phone_frames.Received, now: int) -> frames.Frame:
    messages = [
        receive.Received(
            phone_message_id=message.phone_message_id,
            sender=message.sender,
            recipient=message.recipient or None,
            sim_slot=message.sim_slot,
            content=message.content,
            received_at=int(message.received_at.timestamp() * 1000),
        )
        for message in frame.messages
    ]
    receive.receive(caller, messages, now)
    return frames.ack(frame.seq)


_HANDLERS: dict[str, Callable[[claims.Caller, Any, int], frames.Frame]] = {
    "hello": _hello,
    "heartbeat": _heartbeat,
    "claim": _claim,
    "decline": _decline,
    "report": _report,
    "received": _received,
}
