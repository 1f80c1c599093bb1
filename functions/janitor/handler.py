"""Once a minute: jobs that are due soon, silent phones, overdue jobs. And the dead-letter queues, if one has any."""

from __future__ import annotations

import json
from typing import Any

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit

from smskit import aws
from smskit.dispatch.logic import janitor, schedules, timers
from smskit.models.timer import timer_of
from smskit.platform import batches, patience
from smskit.platform.logs import logger
from smskit.platform.times import now_ms
from smskit.test_world import lost_steps

aws.prepare("dynamodb")

SWEEP_MS = 20_000
metrics = Metrics()


@metrics.log_metrics
def lambda_handler(event: dict[str, Any], context: object) -> batches.Failures | None:
    """A tick of the schedule, or a batch of messages that could not be handled."""
    patience.heed(context)
    if "Records" in event:
        return batches.each(event["Records"], _end_dead_letter, batches.alone, context)
    now = now_ms()
    try:
        due = schedules.hand_over(now, now + SWEEP_MS // 4)
    finally:
        offline, expired = janitor.sweep(now, now + SWEEP_MS)
    logger().info("swept", jobs_due=due, phones_offline=offline, jobs_expired=expired)
    metrics.add_metric("Sweeps", MetricUnit.Count, 1)
    return None


def _end_dead_letter(record: batches.Record) -> None:
    """End the jobs of a message that could not be handled; a timer that guards more than those is set again."""
    body = json.loads(record["body"])
    timer = None if "pk" in body else timer_of(body)
    job_ids = janitor.jobs_of_timer(timer) if timer else [body["pk"]]
    ended = janitor.dead_letter(job_ids, now_ms())
    if "step" in body and lost_steps.end(body["pk"], body["createdAt"], now_ms()):
        ended.append(body["pk"])
    dead_lettered = timers.set_again(timer) if timer and timers.is_lasting(timer.kind) else 0
    kind = timer.kind.value if timer else None
    logger().error(
        "message could not be handled", queue=record["eventSourceARN"], kind=kind, job_ids=job_ids, ended=ended,
        dead_lettered=dead_lettered,
    )  # fmt: skip
    metrics.add_metric("MessagesDeadLettered", MetricUnit.Count, 1)
    if dead_lettered:
        metrics.add_metric("TimersSetAgain", MetricUnit.Count, 1)
