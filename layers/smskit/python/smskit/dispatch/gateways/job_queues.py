"""The job queues: three of what phones send, and one of the test worlds, whose jobs hold up none of those."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from smskit import aws, settings
from smskit.dispatch.store.job_items import job_item
from smskit.errors import QueueUnavailableError
from smskit.models import worlds
from smskit.models.job import Job
from smskit.platform import queue_batches

TEST_QUEUE = "test"


def queue_of(priority: int) -> str:
    """urgent 9–10, standard 1–8, bulk 0."""
    if priority >= 9:
        return "urgent"
    return "standard" if priority else "bulk"


def _queue(job: Job) -> str:
    return TEST_QUEUE if worlds.is_test(job.account_id) else queue_of(job.priority)


def enqueue(job: Job, *, again: bool = False) -> None:
    """Queue a job once, in line behind others to the same recipient. `again`: it may have been queued before.

    FIFO deduplication is by job id and time of creation: a job that was taken back and made anew under the same
    idempotency key is another message, also when SQS had taken the first one without our knowing.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        aws.client("sqs").send_message(
            QueueUrl=settings.queue_url(_queue(job)),
            **_message(job, again),
        )
    except (BotoCoreError, ClientError) as failed:
        raise QueueUnavailableError(type(failed).__name__) from failed


def enqueue_all(jobs: Sequence[Job], *, again: bool = False) -> None:
    """`enqueue` for several, ten a request. Raises QueueUnavailableError when one wasn't taken; others may be."""
    for name in ("urgent", "standard", "bulk", TEST_QUEUE):
        own = [job for job in jobs if _queue(job) == name]
        queue_batches.send(name, [_message(job, again) for job in own])


def _message(job: Job, again: bool) -> dict[str, Any]:
    body = job_item(job) | ({"again": True} if again else {})
    text = {"MessageBody": json.dumps(body, separators=(",", ":"), ensure_ascii=False)}
    if worlds.is_test(job.account_id):
        return text
    return text | {
        "MessageGroupId": job.recipient.lstrip("+"),
        "MessageDeduplicationId": f"{job.job_id}.{job.created_at}",
    }


def set_step(message: Mapping[str, Any], delay_seconds: int) -> None:
    """Send a message to the queue of the test worlds that comes back after the delay, at most 15 minutes."""
    aws.client("sqs").send_message(
        QueueUrl=settings.queue_url(TEST_QUEUE),
        MessageBody=json.dumps(message, separators=(",", ":")),
        DelaySeconds=delay_seconds,
    )
