"""Taking the text out of a job that is over."""

from __future__ import annotations

from smskit.dispatch.store.job_items import job_of
from smskit.errors import ConditionFailedError
from smskit.models.job import Job, Rank
from smskit.platform import table


def redact(job: Job) -> Job | None:
    """The job without its text; None while it waits or a phone may be at it."""
    values = {":empty": "", ":assigned": Rank.ASSIGNED}
    condition = "attribute_exists(createdAt) AND #rank > :assigned"
    key = {"pk": job.job_id}
    try:
        item = table.update("jobs", key, "SET message = :empty", values, condition=condition, names={"#rank": "rank"})
    except ConditionFailedError:
        return None
    return job_of(item)
