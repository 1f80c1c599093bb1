"""Jobs from the urgent, standard and bulk queues, to a ready lane or into the pool."""

from __future__ import annotations

from typing import Any

from smskit import aws
from smskit.dispatch.logic import dispatch, janitor
from smskit.entrypoints import dispatcher
from smskit.platform import batches, dead_letters, patience
from smskit.platform.logs import logger
from smskit.platform.times import now_ms

aws.prepare("dynamodb", "sqs", "apigatewaymanagementapi")


def lambda_handler(event: dict[str, Any], context: object) -> batches.Failures:
    """The whole batch at once; if that fails, job by job, so that one bad job holds back only its own recipient."""
    patience.heed(context)
    batch = event["Records"]
    try:
        batch = [record for record in batch if not _is_given_up(record)]
        if not batch:
            return {"batchItemFailures": []}
        arrived = [dispatcher.job_in(record) for record in batch]
        again = frozenset(
            job.job_id for job, record in zip(arrived, batch, strict=True) if batches.was_delivered_before(record)
        )
        dispatch.dispatch(arrived, now_ms(), again)
    except Exception as error:
        logger().warning("batch failed, going one by one", size=len(batch), error=type(error).__name__)
        return batches.each(batch, _dispatch_again, batches.fifo_group, context)
    return {"batchItemFailures": []}


def _is_given_up(record: batches.Record) -> bool:
    """Whether this message has failed so often that it is let go: it holds back all others to its recipient."""
    if not batches.was_received_before(record):
        return False
    job = dispatcher.job_in(record)
    if not janitor.has_run_too_often(job.job_id):
        return False
    if janitor.give_up(job.job_id, now_ms()):
        dead_letters.tell(record["eventSourceARN"], job.job_id)
    return True


def _dispatch_again(record: batches.Record) -> None:
    job = dispatcher.job_in(record)
    dispatch.dispatch([job], now_ms(), frozenset({job.job_id}))
