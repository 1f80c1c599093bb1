"""SQS records: batches whose failures hold back only what they must."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from smskit.platform import logs

Record = dict[str, Any]
Failures = dict[str, list[dict[str, str]]]
LEAST_MS = 1_500


def was_delivered_before(record: Record) -> bool:
    """Whether an earlier run may have handled this message and died, or an earlier message said the same."""
    return was_received_before(record) or json.loads(record["body"]).get("again", False)


def was_received_before(record: Record) -> bool:
    """Whether the queue has given out this very message before, to a run that died or to none."""
    return int(record["attributes"]["ApproximateReceiveCount"]) > 1


def each(
    records: Sequence[Record], handle: Callable[[Record], None], group_of: Callable[[Record], str], context: Any
) -> Failures:
    """Handle records one by one; after a failure the rest of its group is left for later, in order.

    So is what the function has no time left to begin: a run that is cut off would bring back the handled ones too.
    """
    left = getattr(context, "get_remaining_time_in_millis", lambda: LEAST_MS + 1)
    failed: list[dict[str, str]] = []
    stopped: set[str] = set()
    for record in records:
        group = group_of(record)
        if left() < LEAST_MS:
            stopped.add(group)
        if group not in stopped:
            try:
                handle(record)
                continue
            except Exception as error:
                logs.failure(error)
                stopped.add(group)
        failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def fifo_group(record: Record) -> str:
    """The message group of a FIFO record."""
    return str(record["attributes"]["MessageGroupId"])


def alone(record: Record) -> str:
    """A group of its own: records of a standard queue don't wait for each other."""
    return str(record["messageId"])
