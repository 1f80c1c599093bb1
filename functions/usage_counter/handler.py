"""Usage figures, counted from the changes of jobs."""

from __future__ import annotations

from typing import Any

from smskit import aws
from smskit.entrypoints import usage_counter

aws.prepare("dynamodb")


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """A batch of one shard of the stream; where it could not be counted, the rest comes again."""
    return usage_counter.count(event)
