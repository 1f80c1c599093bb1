"""Once a minute: silent phones and overdue jobs. And the dead-letter queues, whenever something lands there."""

from __future__ import annotations

import json
from typing import Any

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit

from smskit.edge import records
from smskit.edge.logs import logger
from smskit.logic import housekeeping
from smskit.models.times import now_ms

SWEEP_MS = 20_000
metrics = Metrics()


@metrics.log_metrics
def lambda_handler(event: dict[str, Any], context: object) -> records.Failures | None:
    """A tick of the schedule, or a batch of messages that could not be handled."""
    if "Records" in event:
        return records.each(event["Records"], _bury, records.alone, context)
    now = now_ms()
    offline, expired = housekeeping.sweep(now, now + SWEEP_MS)
    logger().info("swept", phones_offline=offline, jobs_expired=expired)
    metrics.add_metric("Sweeps", MetricUnit.Count, 1)
    return None


def _bury(record: records.Record) -> None:
    body = json.loads(record["body"])
    job_ids = [body["pk"]] if "pk" in body else _ids_of_timer(body)
    ended = housekeeping.dead_letter(job_ids, now_ms())
    logger().error("message could not be handled", queue=record["eventSourceARN"], job_ids=job_ids, ended=ended)
    metrics.add_metric("MessagesDeadLettered", MetricUnit.Count, 1)


def _ids_of_timer(body: dict[str, Any]) -> list[str]:
    """The jobs that a timer was about."""
    if "jobId" in body:
        return [body["jobId"]]
    return body.get("jobIds") or [job_id for job_id, _ in body.get("items", ())]
