"""What happens when the timer of an offer comes back: it wasn't claimed, or its claim not reported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from smskit import settings
from smskit.dispatch.logic import connections, lane_filling, matching, offers, timers
from smskit.dispatch.store import jobs, pool
from smskit.errors import ConditionFailedError
from smskit.models.job import Job, Rank, TimelineEntry
from smskit.models.lane import Lane, LaneKey
from smskit.models.timer import OffersTimer, TimerKind
from smskit.phones.store import lanes

MAX_HEDGES = 3  # where no phone at all claims, a job isn't with more and more of them
NO_REPORT = "The phone took the message and did not say what became of it"


def handle(timer: OffersTimer, now: int) -> None:
    """Act on the timer of some offers of a lane. An earlier run may have died at any step of it."""
    key, items = timer.lane, timer.offers
    match timer.kind:
        case TimerKind.EARLY:
            _early(key, items, now)
        case TimerKind.OFFER:
            _offers_due(key, items, now)
            if timer.is_hedged:
                _tidy(items)
        case TimerKind.REPORT:
            _offers_due(key, items, now)
            if connections.release_ended(key, dict(items)):
                lane_filling.change_and_fill(key, lane_filling.unchanged, now, look=True)
        case _:
            assert_never(timer.kind)


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
    unclaimed = tuple((job_id, token) for job_id, token in items if job_id not in claimed)
    if not unclaimed:
        return
    full = OffersTimer(TimerKind.OFFER, key, unclaimed, is_hedged=True)
    timers.set_timer(full, settings.timeouts().offer_timer)
    lane = lanes.get(key)
    mine = [offer for offer in unclaimed if lane is None or not lane.has_lost(offer[1])]
    for job in (found[job_id] for job_id, _ in mine if job_id in found):
        hedges = sum(entry.event == "hedged" for entry in job.timeline)
        if job.rank == Rank.PENDING and job.expires_at > now and hedges < MAX_HEDGES:
            if lane is not None and job.job_id in lane.held:
                jobs.note(job, offers.came_of(lane, job.job_id, TimelineEntry("hedged", now)))
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
    entry out, or of several entries one was being written while another one was taken. All are written again. What it
    lost to another lane before it was offered is left to the timer of that one's offer.
    """
    lane = lanes.get(key)
    stands = lane is not None and any(lane.holds(*offer) for offer in stale.items())
    returned = connections.return_offers(key, stale, unclaimed, now, strike=True) if stands else []
    for job in returned:
        entry = TimelineEntry("unclaimed", now, key.device_id, key.sim_slot)
        jobs.note(job, offers.came_of(lane, job.job_id, entry) if lane is not None else entry)
    others = [job for job in unclaimed.values() if job not in returned]
    lost = [job for job in others if lane is not None and lane.has_lost(stale[job.job_id])]
    timers.set_stray(lost, now)
    orphans = [job for job in others if job not in lost and not _is_offered_again(lane, job, stale[job.job_id])]
    matching.publish(orphans, now)
    matching.match_pending([*returned, *orphans], now, exclude=key)
    lane_filling.change_and_fill(key, lane_filling.unchanged, now, known=None if stands else lane, look=True)


def _is_offered_again(lane: Lane | None, job: Job, token: str) -> bool:
    """Whether a later offer of the lane has a timer that looks after the job. What stood under this very offer and
    didn't return was taken off meanwhile, by a claim that came too late."""
    hold = lane.held.get(job.job_id) if lane is not None else None
    return hold is not None and hold.token != token


def _reports_due(key: LaneKey, silent: Sequence[tuple[Job, str]], now: int) -> None:
    """Claimed and silent: never offered again, since it may have been sent; past the report deadline it is unknown."""
    patience = settings.timeouts().report * 1000
    due = [(job, token) for job, token in silent if (job.assigned_at or 0) + patience <= now]
    early = [(job, token) for job, token in silent if (job.assigned_at or 0) + patience > now]
    if early:
        wait_ms = min((job.assigned_at or 0) + patience - now for job, _ in early)
        offers = tuple((job.job_id, token) for job, token in early)
        timers.set_timer(OffersTimer(TimerKind.REPORT, key, offers), wait_ms // 1000 + 1)
    for job, token in due:
        try:
            jobs.mark_unknown(job.job_id, token, now, NO_REPORT)
        except ConditionFailedError:
            continue
    if due:
        tokens = {job.job_id: token for job, token in due}
        connections.return_offers(key, tokens, {}, now, spent=tokens)
        lane_filling.change_and_fill(key, lane_filling.unchanged, now, look=True)
