"""Offers: a timer first, then the lane's credit, then the frame. Whatever dies in between, the timer finds it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace

from smskit import settings
from smskit.dispatch.gateways import frames, sockets
from smskit.dispatch.logic import timers
from smskit.errors import ConnectionGoneError
from smskit.models.job import Job, TimelineEntry
from smskit.models.lane import Hold, Lane, LaneKey
from smskit.models.timer import OffersTimer, TimerKind
from smskit.platform.times import now_ms

FRAME_BUDGET = 30 * 1024


def new_hold(job: Job, now: int) -> Hold:
    """A hold for the job, with a fresh 128-bit token.

    The phone has its time to claim from here on: `now` is when the run began, which may have waited out conflicts.
    """
    claim_by = max(now, now_ms()) + settings.timeouts().claim * 1000
    return Hold(secrets.token_urlsafe(16), now, claim_by, job.segments, job.recipient, job.created_at)


def came_of(lane: Lane, job_id: str, entry: TimelineEntry) -> TimelineEntry:
    """The entry with the SIM and the time of the offer that it came of, if the lane had one."""
    hold, key = lane.held.get(job_id), lane.key
    made_at = hold.offered_at if hold else None
    return replace(entry, device_id=key.device_id, sim_slot=key.sim_slot, offered_at=made_at)


def arm(key: LaneKey, taken: Sequence[Job], holds: Mapping[str, Hold]) -> None:
    """Set the timers that look after the offers of these jobs; before they are made, so that a crash strands nothing.

    Urgent ones get an early timer, which sets the full one if nobody has claimed by then.
    """
    pace = settings.timeouts()
    urgent = _offers([job for job in taken if job.is_urgent], holds)
    if urgent:
        timers.set_timer(OffersTimer(TimerKind.EARLY, key, urgent), pace.early_timer)
    ordinary = _offers([job for job in taken if not job.is_urgent], holds)
    if ordinary:
        timers.set_timer(OffersTimer(TimerKind.OFFER, key, ordinary), pace.offer_timer)


def _offers(taken: Sequence[Job], holds: Mapping[str, Hold]) -> tuple[tuple[str, str], ...]:
    return tuple((job.job_id, holds[job.job_id].token) for job in taken)


def send(lane: Lane, jobs: Sequence[Job]) -> bool:
    """Post the offers of jobs that the lane holds, as few frames as fit; False when the connection is gone."""
    if lane.connection_id is None:
        return False
    try:
        for part in _parts([frames.offered_job(lane, job) for job in jobs]):
            sockets.post(lane.connection_id, frames.offer(part))
    except ConnectionGoneError:
        return False
    return True


def _parts(offered: Sequence[frames.Part]) -> list[list[frames.Part]]:
    """As many as fit into one frame, again and again."""
    parts: list[list[frames.Part]] = []
    room = 0
    for entry in offered:
        size = len(sockets.encode(entry).encode())
        if size > room:
            parts.append([])
            room = FRAME_BUDGET
        parts[-1].append(entry)
        room -= size
    return parts
