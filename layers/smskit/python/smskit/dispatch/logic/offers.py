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
AGAIN_MS = 1_000  # what a later try may take of a phone's time to claim, which the timer of the first one is set for


class Tries:
    """The offers that a run tries to make to one lane, until a write of the lane stands.

    One that was refused is tried again under the token that its timer was set for: if each try had a timer of its own,
    each of these would offer the job once more.
    """

    def __init__(self) -> None:
        self._armed: dict[str, Hold] = {}

    def new_hold(self, job: Job, now: int) -> Hold:
        """A hold for the job, with a fresh 128-bit token, or that of a try a moment ago.

        The phone has its time to claim from the first try on: `now` is when the run began, which may have waited out
        conflicts.
        """
        claim_by = max(now, now_ms()) + settings.timeouts().claim * 1000
        before = self._armed.get(job.job_id)
        if before is not None and claim_by - before.claim_by < AGAIN_MS:
            return replace(before, segments=job.segments, recipient=job.recipient, created_at=job.created_at)
        return Hold(secrets.token_urlsafe(16), now, claim_by, job.segments, job.recipient, job.created_at)

    def arm(self, key: LaneKey, taken: Sequence[Job], holds: Mapping[str, Hold]) -> None:
        """Set the timers that look after the offers of these jobs; before they are made, so that a crash strands
        nothing.

        Urgent ones get an early timer, which sets the full one if nobody has claimed by then.
        """
        pace = settings.timeouts()
        armed = {hold.token for hold in self._armed.values()}
        fresh = [job for job in taken if holds[job.job_id].token not in armed]
        self._armed |= {job.job_id: holds[job.job_id] for job in fresh}
        urgent = _offers([job for job in fresh if job.is_urgent], holds)
        if urgent:
            timers.set_timer(OffersTimer(TimerKind.EARLY, key, urgent), pace.early_timer)
        ordinary = _offers([job for job in fresh if not job.is_urgent], holds)
        if ordinary:
            timers.set_timer(OffersTimer(TimerKind.OFFER, key, ordinary), pace.offer_timer)


def came_of(lane: Lane, job_id: str, entry: TimelineEntry) -> TimelineEntry:
    """The entry with the SIM and the time of the offer that it came of, if the lane had one."""
    hold, key = lane.held.get(job_id), lane.key
    made_at = hold.offered_at if hold else None
    return replace(entry, device_id=key.device_id, sim_slot=key.sim_slot, offered_at=made_at)


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
