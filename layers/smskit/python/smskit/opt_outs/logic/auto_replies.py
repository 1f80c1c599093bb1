"""SMS that SMSKit sends of itself: answers to keywords. A notice waits for its SIM; none is made twice."""

from __future__ import annotations

from smskit.accounts.logic.retention import Policy
from smskit.dispatch.gateways import job_queues
from smskit.dispatch.logic import matching, timers
from smskit.dispatch.store import jobs, pool
from smskit.models import worlds
from smskit.models.contact import conversation_id
from smskit.models.job import Job, Target
from smskit.models.lane import LaneKey
from smskit.sending.logic import segments

CLIENT = "smskit"
VALIDITY_MS = 3_600_000
PRIORITY = 8  # ahead of everything but OTPs, whose reserve it leaves alone
GUARD_SECONDS = 10  # longer than any function that makes a notice runs


def notice(job_id: str, lane: LaneKey, recipient: str, message: str, at: int, policy: Policy) -> Job:
    """A message of ours by this SIM alone, also to who has opted out; `at` is when it was called for.

    `policy` is the account's, by which it is kept as any other job.
    """
    return Job(
        job_id=job_id,
        account_id=lane.account_id,
        client_id=CLIENT,
        recipient=recipient,
        message=message,
        segments=segments.count(message),
        priority=PRIORITY,
        created_at=at,
        expires_at=at + VALIDITY_MS,
        targets=(Target(lane.device_id, lane.sim_slot),),
        exempt_from_opt_out=True,
        kept_until=policy.kept_until(at, at + VALIDITY_MS),
        conversation_id=conversation_id(lane.account_id, recipient),
    )


def send(job: Job, now: int) -> None:
    """Let the job wait in the pool of its SIM, and offer it if that is ready. Nothing when it was stored before.

    Job and pool entry are stored as one, behind a timer that offers the job should its maker die: whoever finds it
    stored has nothing to make up for. One of a test world is queued as any job there, and again by who repeats it.
    """
    if worlds.is_test(job.account_id):
        jobs.create(job)
        job_queues.enqueue(job, again=True)
        return
    timers.set_match([job], GUARD_SECONDS)
    timers.watch_deadlines([job], now)
    if pool.publish_new(job):
        matching.match(job, now)
