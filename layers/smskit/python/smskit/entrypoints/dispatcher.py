"""Messages of the job queues, as the dispatcher gets them."""

from __future__ import annotations

import json

from smskit.dispatch.store.job_items import job_of
from smskit.models.job import Job
from smskit.platform.batches import Record


def job_in(record: Record) -> Job:
    """The job that a message of a job queue carries."""
    return job_of(json.loads(record["body"]))
