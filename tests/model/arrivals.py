"""Jobs of a random schedule as they are accepted."""

from __future__ import annotations

from smskit.dispatch.gateways import job_queues
from smskit.dispatch.store import jobs
from smskit.models.job import Job, Route, Target
from tests.model.events import ACCOUNT, Events


def accept(schedule: Events) -> None:
    """One more job is stored and waits in its queue."""
    job = _job(schedule)
    assert jobs.create(job) is None
    job_queues.enqueue(job)
    schedule.jobs.append(job)


def _job(schedule: Events) -> Job:
    """A job for anyone, for named phones, or by a routing rule, of any priority."""
    rng, now, number = schedule.random, schedule.now, len(schedule.jobs)
    targets: tuple[Target, ...] = ()
    if rng.random() < 0.3:
        chosen = rng.sample(schedule.phones, rng.randint(1, len(schedule.phones)))
        targets = tuple(Target(phone.device_id, rng.choice([None, 0])) for phone in chosen)
    route = None
    if not targets and rng.random() < 0.4:
        sims = [Target(phone.device_id, slot) for phone in schedule.phones for slot in range(phone.sims)]
        route = Route("Safaricom", tuple(rng.sample(sims, rng.randint(1, len(sims)))))
        targets = route.sims if rng.random() < 0.5 else ()
    known = Target(rng.choice(schedule.phones).device_id, 0) if not targets and rng.random() < 0.2 else None
    return Job(
        job_id=f"job_{number:020d}", account_id=ACCOUNT, client_id="cli_0", recipient=f"+2547{number:08d}",
        message="x", segments=rng.choice([1, 1, 2]), priority=rng.choice([0, 5, 10]), created_at=now,
        expires_at=now + rng.choice([86_400_000] * 4 + [40_000]), targets=targets, route=route,
        preferred=known, request_hash="h",
    )  # fmt: skip
