"""The deliveries queue: what `webhook_sender` shall do. The message group is the endpoint, for fair queueing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from smskit import aws, settings
from smskit.errors import QueueUnavailableError
from smskit.models.webhook import DeliveryRequest, RequestKind

BATCH = 10
_BATCH_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Received:
    """A message that was taken from the queue, as an event source would hand it over."""

    record: dict[str, Any]
    receipt: str


def encode(message: DeliveryRequest) -> str:
    """The message as JSON; what is empty is left out."""
    return json.dumps({name: value for name, value in asdict(message).items() if value}, separators=(",", ":"))


def decode(text: str) -> DeliveryRequest:
    """The message that `encode` wrote."""
    values = json.loads(text)
    return DeliveryRequest(RequestKind(values.pop("kind")), **values)


def send(message: DeliveryRequest) -> None:
    """Queue one message. Raises QueueUnavailableError."""
    require_all([message])


def require_all(messages: Sequence[DeliveryRequest]) -> None:
    """Queue messages. Raises QueueUnavailableError when one was not taken; others may have been."""
    failed = send_all(messages)
    if failed:
        raise QueueUnavailableError(", ".join(sorted(set(failed.values()))))


def send_all(messages: Sequence[DeliveryRequest]) -> dict[int, str]:
    """Queue messages, ten a request; why those were not taken that were not, by position."""
    failed: dict[int, str] = {}
    batch: list[tuple[int, str]] = []
    size = 0
    for position, message in enumerate(messages):
        text = encode(message)
        if batch and (len(batch) == BATCH or size + len(text) > _BATCH_BYTES):
            failed |= _send_batch(messages, batch)
            batch, size = [], 0
        batch.append((position, text))
        size += len(text)
    return failed | (_send_batch(messages, batch) if batch else {})


def _send_batch(messages: Sequence[DeliveryRequest], batch: Sequence[tuple[int, str]]) -> dict[int, str]:
    from botocore.exceptions import BotoCoreError, ClientError

    entries: list[Any] = [
        {"Id": str(position), "MessageBody": text, "MessageGroupId": messages[position].webhook_id}
        for position, text in batch
    ]
    url = settings.queue_url("deliveries")
    try:
        answer = aws.client("sqs").send_message_batch(QueueUrl=url, Entries=entries)
    except ClientError as refused:
        return dict.fromkeys((position for position, _ in batch), refused.response["Error"]["Code"])
    except BotoCoreError as failed:
        return dict.fromkeys((position for position, _ in batch), type(failed).__name__)
    return {int(entry["Id"]): entry["Code"] for entry in answer.get("Failed", [])}


def receive(wait_seconds: int) -> list[Received]:
    """Take up to ten messages that wait; none is not an error."""
    answer = aws.client("sqs").receive_message(
        QueueUrl=settings.queue_url("deliveries"),
        MaxNumberOfMessages=BATCH,
        WaitTimeSeconds=wait_seconds,
        MessageSystemAttributeNames=["All"],
    )
    return [
        Received(
            {"messageId": taken["MessageId"], "body": taken["Body"], "attributes": taken.get("Attributes", {})},
            taken["ReceiptHandle"],
        )
        for taken in answer.get("Messages", [])
    ]


def delete(received: Received) -> None:
    """A message that was handled doesn't come back."""
    aws.client("sqs").delete_message(QueueUrl=settings.queue_url("deliveries"), ReceiptHandle=received.receipt)
