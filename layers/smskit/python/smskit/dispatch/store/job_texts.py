"""Taking the text out of a job that is over, and all else that it says of somebody."""

from __future__ import annotations

from smskit.dispatch.store.job_items import erased_item, job_of
from smskit.errors import ConditionFailedError
from smskit.models.job import Job, Rank
from smskit.platform import table
from smskit.platform.codec import Item


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


def erase(job: Job) -> bool:
    """Leave of a job only that it was there; False while a phone may be at it, or when it waits."""
    values: Item = {":assigned": Rank.ASSIGNED}
    condition = "attribute_exists(pk) AND NOT #rank <= :assigned"
    try:
        table.put("jobs", erased_item(job), condition, values, {"#rank": "rank"})
    except ConditionFailedError as refused:
        return refused.item is None
    return True
