"""Every frame that the server sends is made here, as plain data: this is on the message's path.

The published contract is exported from the models of `entrypoints.server_frames`; a test holds the one against the
other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from smskit.models.job import Job
from smskit.models.lane import Lane
from smskit.platform.times import rfc3339_ms

Frame = dict[str, Any]
Part = dict[str, Any]
Action = Literal["go", "drop", "report"]
ErrorCode = Literal["unknown-type", "invalid-json", "invalid-frame", "frame-too-large", "replaced"]


def welcome(now: int, heartbeat_seconds: int, resolve: Sequence[Part]) -> Frame:
    """The answer to hello: the time, and what the phone shall do with its open jobs (`resolution`)."""
    return {
        "type": "welcome",
        "serverTime": rfc3339_ms(now),
        "heartbeatSeconds": heartbeat_seconds,
        "resolve": resolve,
    }


def resolution(job_id: str, token: str, action: Action) -> Part:
    """What the phone shall do with one of its open jobs."""
    return {"jobId": job_id, "token": token, "action": action}


def heartbeat_ack(now: int) -> Frame:
    """The answer to heartbeat."""
    return {"type": "heartbeat.ack", "serverTime": rfc3339_ms(now)}


def offer(jobs: Sequence[Part]) -> Frame:
    """Work for the phone (`offered_job`)."""
    return {"type": "offer", "jobs": jobs}


def offered_job(lane: Lane, job: Job) -> Part:
    """A job that the lane holds, as it is offered."""
    hold = lane.held[job.job_id]
    return {
        "jobId": job.job_id,
        "token": hold.token,
        "attempt": job.attempts + 1,
        "simSlot": lane.key.sim_slot,
        "recipient": job.recipient,
        "message": job.message,
        "segments": job.segments,
        "priority": job.priority,
        "expiresAt": rfc3339_ms(job.expires_at),
        "claimBy": rfc3339_ms(hold.claim_by),
    }


def claimed(items: Sequence[Part]) -> Frame:
    """The answer to claim (`verdict`)."""
    return {"type": "claimed", "items": items}


def verdict(job_id: str, token: str, reason: str | None) -> Part:
    """The verdict on one claim: gone for this reason, or go."""
    item = {"jobId": job_id, "token": token}
    return item | ({"verdict": "gone", "reason": reason} if reason else {"verdict": "go"})


def declined(items: Sequence[tuple[str, str]]) -> Frame:
    """The answer to decline: the jobs (id, token) that were taken back."""
    return {"type": "declined", "items": [{"jobId": job_id, "token": token} for job_id, token in items]}


def ack(seq: int) -> Frame:
    """The answer to report and to received."""
    return {"type": "ack", "seq": seq}


def config(heartbeat_seconds: int, lanes: Sequence[Lane]) -> Frame:
    """The settings of a phone as they are now."""
    sims = [{"simSlot": lane.key.sim_slot, "isEnabled": lane.refusal is None} for lane in lanes]
    return {"type": "config", "heartbeatSeconds": heartbeat_seconds, "sims": sims}


def revoked() -> Frame:
    """The phone is no longer part of the account."""
    return {"type": "revoked"}


def error(code: ErrorCode, message: str, ref: str | int | None) -> Frame:
    """A frame that can't be used; `ref` is its job id or seq, where it had one."""
    known = {} if ref is None else {"ref": ref}
    return {"type": "error", "code": code, "message": message} | known
