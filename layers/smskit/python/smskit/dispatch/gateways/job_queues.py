"""The job queues and the timers queue."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from smskit import aws, settings
from smskit.dispatch.store.job_items import job_item
from smskit.errors import QueueUnavailableError
from smskit.models.job import Job

BATCH = 10  # of the longest jobs they are a third of what a request may hold


def queue_of(priority: int) -> str:
    """urgent 9–10, standard 1–8, bulk 0."""
    if priority >= 9:
        return "urgent"
    return "standard" if priority else "bulk"


def enqueue(job: Job, *, again: bool = False) -> None:
    """Queue a job once, in line behind others to the same recipient. `again`: it may have been queued before.

    FIFO deduplication is by job id and time of creation: a job that was taken back and made anew under the same
    idempotency key is another message, also when SQS had taken the first one without our knowing.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        aws.client("sqs").send_message(
            QueueUrl=settings.queue_url(queue_of(job.priority)),
            **_message(job, again),
        )
    except (BotoCoreError, ClientError) as failed:
        raise QueueUnavailableError(type(failed).__name__) from failed


def enqueue_all(jobs: Sequence[Job], *, again: bool = False) -> None:
    """`enqueue` for several, ten a request. Raises QueueUnavailableError when one wasn't taken; others may be."""
    for name in ("urgent", "standard", "bulk"):
        own = [job for job in jobs if queue_of(job.priority) == name]
        for start in range(0, len(own), BATCH):
            _send_batch(name, [_message(job, again) for job in own[start : start + BATCH]])


def _send_batch(name: str, messages: Sequence[dict[str, Any]]) -> None:
    from botocore.exceptions import BotoCoreError, ClientError

    entries: Any = [{"Id": str(position)} | message for position, message in enumerate(messages)]
    try:
        answer = aws.client("sqs").send_message_batch(QueueUrl=settings.queue_url(name), Entries=entries)
    except (BotoCoreError, ClientError) as failed:
        raise QueueUnavailableError(type(failed).__name__) from failed
    if answer.get("Failed"):
        raise QueueUnavailableError(", ".join(sorted({entry["Code"] for entry in answer["Failed"]})))


def _message(job: Job, again: bool) -> dict[str, Any]:
    body = job_item(job) | ({"again": True} if again else {})
    return {
        "MessageBody": json.dumps(body, separators=(",", ":"), ensure_ascii=False),
        "MessageGroupId": job.recipient.lstrip("+"),
        "MessageDeduplicationId": f"{job.job_id}.{job.created_at}",
    }
