"""Jobs that are given up without their queue's dead letters, said where an alarm hears it."""

from __future__ import annotations

import os

from smskit.platform.logs import logger

METRIC = "JobsGivenUp"


def tell(queue_arn: str, job_id: str) -> None:
    """A job whose message failed in every run is ended."""
    from aws_lambda_powertools.metrics import MetricUnit, single_metric

    logger().error("message could not be handled", queue=queue_arn, job_ids=[job_id])
    with single_metric(name=METRIC, unit=MetricUnit.Count, value=1) as metric:
        metric.add_dimension("function", os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "dispatcher"))
