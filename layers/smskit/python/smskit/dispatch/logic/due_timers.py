"""What happens when a timer comes back: offers not claimed, claims not reported, hours that ended, deadlines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from smskit import settings
from smskit.dispatch.logic import connections, expiry, janitor, lane_filling, matching, phone_changes, timers
from smskit.dispatch.store import jobs, pool
from smskit.errors import ConditionFailedError
from smskit.models.job import Job, Rank, TimelineEntry
from smskit.models.lane import LaneKey
from smskit.phones.store import lanes
from smskit.platform.times import hour_of

AGAIN_S = 60
EARLY_MS = 4_000  # set_fill looks again behind it
MAX_HEDGES = 3  # where no phone at all claims, a job isn't with more and more of them
NO_REPORT = "The phone took the message and did not say what became of it"


def handle(body: dict[str, Any], now: int) -> None:
    """Act on one timer. An earlier run may have died at any step of it."""
    match body["kind"]:
        case "early" | "report" | "offer":
            _offers_out(body, now)
        case "match":
            _match(list(jobs.get_many(body["jobIds"]).values()), now)
        case "expire":
            _expire(body["jobId"], now)
        case "end":
            janitor.end_unplaced(body["jobId"], now)
        case "fill":
            _fill(_key(body), now)
        case "wake":
            _wake(_key(body), body["hour"], now)
        case "phone" if "scope" in body:
            phone_changes.end_refused(body["accountId"], body["deviceId"], body["scope"], body["after"], now)
        case "phone":
            phone_changes.follow(body["accountId"], body["deviceId"], now)
        case other:
            raise ValueError(f"unknown timer kind {other!r}")


def _offers_out(body: dict[str, Any], now: int) -> None:
    key, items = _key(body), _items(body)
    if body["kind"] == "early":
        _early(key, items, now)
        return
    _offers_due(key, items, now)
    if body["kind"] == "report":
        if connections.release_ended(key, dict(items)):
            lane_filling.change_and_fill(key, lane_filling.unchanged, now, look=True)
    elif body.get("hedged"):
        _tidy(items)


def _key(body: dict[str, Any]) -> LaneKey:
    return LaneKey(body["accountId"], body["deviceId"], body["simSlot"])


def _items(body: dict[str, Any]) -> list[tuple[str, str]]:
    return [(job_id, token) for job_id, token in body["items"]]


def _look_up(items: Sequence[tuple[str, str]]) -> dict[str, Job]:
    """The jobs as they are. What an older copy says of the end of one stays true, at half the price."""
    job_ids = [job_id for job_id, _ in items]
    tokens = dict(items)
    old = jobs.get_many(job_ids, consistent=False)
    ended = {job_id: job for job_id, job in old.items() if job.token == tokens[job_id] and job.rank > Rank.ASSIGNED}
    return ended | jobs.get_many([job_id for job_id in job_ids if job_id not in ended])


def _early(key: LaneKey, items: Sequence[tuple[str, str]], now: int) -> None:
    """An urgent offer that nobody has claimed: it keeps its hold and gets its full timer, and the job goes to another
    phone as well. The first claim wins."""
    found = _look_up(items)
    claimed = {job_id for job_id, token in items if _is_claimed(found.get(job_id), token)}
    silent = [(found[job_id], token) for job_id, token in items if job_id in claimed]
    _reports_due(key, [(job, token) for job, token in silent if job.rank == Rank.ASSIGNED], now)
    unclaimed = [[job_id, token] for job_id, token in items if job_id not in claimed]
    if not unclaimed:
        return
    timers.set_lane_timer("offer", key, settings.timeouts().offer_timer, items=unclaimed, hedged=True)
    lane = lanes.get(key)
    for job in (found[job_id] for job_id, _ in unclaimed if job_id in found):
        hedges = sum(entry.event == "hedged" for entry in job.timeline)
        if job.rank == Rank.PENDING and job.expires_at > now and hedges < MAX_HEDGES:
            if lane is not None and job.job_id in lane.held:
                jobs.note(job, TimelineEntry("hedged", now, key.device_id, key.sim_slot))
            matching.publish([job], now)
            # Where the offer never came to be, its own phone may take the job as well as any other.
            is_held = lane is not None and job.job_id in lane.held
            matching.match(job, now, exclude=key if is_held else None, whole_phone=True)


def _is_claimed(job: Job | None, token: str) -> bool:
    return job is not None and job.token == token and job.rank != Rank.PENDING


def _tidy(items: Sequence[tuple[str, str]]) -> None:
    """A hedged job that was claimed may have left its entry in the pool."""
    for job in jobs.get_many([job_id for job_id, _ in items]).values():
        if job.rank > Rank.ASSIGNED:
            pool.withdraw(job)


def _offers_due(key: LaneKey, items: Sequence[tuple[str, str]], now: int) -> None:
    found = _look_up(items)
    silent: list[tuple[Job, str]] = []
    stale: dict[str, str] = {}
    unclaimed: dict[str, Job] = {}
    for job_id, token in items:
        job = found.get(job_id)
        if job is not None and _is_claimed(job, token):
            if job.rank == Rank.ASSIGNED:
                silent.append((job, token))
            continue
        stale[job_id] = token
        if job is not None and job.rank == Rank.PENDING:
            unclaimed[job_id] = job
    _reports_due(key, silent, now)
    if stale:
        _unclaimed(key, stale, unclaimed, now)


def _unclaimed(key: LaneKey, stale: dict[str, str], unclaimed: dict[str, Job], now: int) -> None:
    """Take offers off the lane that nobody claimed; the jobs go to another lane at once.

    One that the lane no longer holds, under no token, may be in nobody's hands: its hold went while its taker took the
    entry out, or of several entries one was being written while another one was taken. All are written again.
    """
    lane = lanes.get(key)
    stands = lane is not None and any(lane.holds(*offer) for offer in stale.items())
    returned = connections.return_offers(key, stale, unclaimed, now, strike=True) if stands else []
    for job in returned:
        jobs.note(job, TimelineEntry("unclaimed", now, key.device_id, key.sim_slot))
    held = lane.held if lane is not None else {}
    orphans = [job for job in unclaimed.values() if job not in returned and job.job_id not in held]
    matching.publish(orphans, now)
    _match([*returned, *orphans], now, exclude=key)
    lane_filling.change_and_fill(key, lane_filling.unchanged, now, known=None if stands else lane, look=True)


def _reports_due(key: LaneKey, silent: Sequence[tuple[Job, str]], now: int) -> None:
    """Claimed and silent: never offered again, since it may have been sent; past the report deadline it is unknown."""
    patience = settings.timeouts().report * 1000
    due = [(job, token) for job, token in silent if (job.assigned_at or 0) + patience <= now]
    early = [(job, token) for job, token in silent if (job.assigned_at or 0) + patience > now]
    if early:
        wait_ms = min((job.assigned_at or 0) + patience - now for job, _ in early)
        items = [[job.job_id, token] for job, token in early]
        timers.set_lane_timer("report", key, wait_ms // 1000 + 1, items=items)
    for job, token in due:
        try:
            jobs.mark_unknown(job.job_id, token, now, NO_REPORT)
        except ConditionFailedError:
            continue
    if due:
        tokens = {job.job_id: token for job, token in due}
        connections.return_offers(key, tokens, {}, now, spent=tokens)
        lane_filling.change_and_fill(key, lane_filling.unchanged, now, look=True)


def _match(waiting_jobs: Sequence[Job], now: int, exclude: LaneKey | None = None) -> None:
    pending = [job for job in waiting_jobs if job.rank == Rank.PENDING]
    for job in pending:
        if job.expires_at <= now:
            expiry.expire(job.job_id, now)
    matching.match_all([job for job in pending if job.expires_at > now and pool.contains(job)], now, exclude)


def _expire(job_id: str, now: int) -> None:
    job = jobs.get(job_id)
    if job is None or job.rank > Rank.ASSIGNED:
        return
    if job.expires_at > now:
        timers.watch_deadlines([job], now)
    elif job.rank == Rank.ASSIGNED:
        timers.set_expiry(job_id, AGAIN_S)  # its phone may be about to give it back
    else:
        expiry.expire(job_id, now)


def _fill(key: LaneKey, now: int) -> None:
    """A timer may come a little before the rest is over that it was set for: clocks differ."""
    lane = lane_filling.change_and_fill(key, lane_filling.unchanged, now, look=True)
    if lane is not None and 0 < lane.rests_until - now <= EARLY_MS:
        timers.set_fill(key)


def _wake(key: LaneKey, hour: int, now: int) -> None:
    """A phone that is away now may be back before the hour ends, so the wait goes on."""
    lane = lanes.get(key)
    if lane is None:
        return
    if hour_of(now) <= hour:
        timers.set_wake(lane, now)
    elif lane.is_online:
        lane_filling.change_and_fill(key, lane_filling.unchanged, now, known=lane, look=True)
