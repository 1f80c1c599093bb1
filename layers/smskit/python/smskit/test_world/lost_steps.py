"""Steps that could not be played, after several tries: the janitor gets them from the test queue's dead letters."""

from __future__ import annotations

from smskit.dispatch.store import jobs
from smskit.errors import ConditionFailedError
from smskit.models.job import Job, Rank

UNSAID = "The test phone took the message and did not say what became of it"


def end(job_id: str, created_at: int, now: int) -> Job | None:
    """End the job of a step if the test phone has it: nothing more is said of it, so its outcome is unknown.

    None where it waits, or has moved on, or was made anew under its key.
    """
    job = jobs.get(job_id)
    if job is None or job.created_at != created_at or job.rank != Rank.ASSIGNED or job.token is None:
        return None
    try:
        return jobs.mark_unknown(job_id, job.token, now, UNSAID)
    except ConditionFailedError:
        return None
