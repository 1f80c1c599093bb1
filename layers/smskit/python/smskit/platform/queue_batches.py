"""Messages to a queue, ten a request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from smskit import aws, settings
from smskit.errors import QueueUnavailableError

BATCH = 10  # the longest jobs of ten fill a third of what a request may hold
_TRIES = 3


def send(queue: str, messages: Sequence[Mapping[str, Any]]) -> None:
    """Send messages, each as SendMessage takes it but for the queue. What SQS leaves out of a batch is sent again.

    Raises QueueUnavailableError when one was not taken; others may have been.
    """
    for start in range(0, len(messages), BATCH):
        left = [
            {"Id": str(position)} | dict(message) for position, message in enumerate(messages[start : start + BATCH])
        ]
        codes: set[str] = set()
        for _ in range(_TRIES):
            failed = _send(queue, left)
            codes |= set(failed.values())
            left = [entry for entry in left if entry["Id"] in failed]
            if not left:
                break
        if left:
            raise QueueUnavailableError(", ".join(sorted(codes)))


def _send(queue: str, entries: Any) -> dict[str, str]:
    """Why those were not taken that were not, by their ids."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        answer = aws.client("sqs").send_message_batch(QueueUrl=settings.queue_url(queue), Entries=entries)
    except (BotoCoreError, ClientError) as failed:
        raise QueueUnavailableError(type(failed).__name__) from failed
    return {entry["Id"]: entry["Code"] for entry in answer.get("Failed", [])}
