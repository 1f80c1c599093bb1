"""SQS and the management API of the WebSocket stage in memory, with AWS's limits and its errors."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ReadTimeoutError

from tests.support import queue_rules, refusals
from tests.support.refusals import ClientErrors, InvalidRequestError
from tests.support.weather import Weather

Item = dict[str, Any]
DEDUPLICATION_MS = 300_000
# https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
MAX_MESSAGE_BYTES = 128 * 1024
MAX_FRAME_BYTES = 32 * 1024


class Sockets:
    """The management API over open connections."""

    exceptions = ClientErrors

    def __init__(self, deliver: Callable[[str, Item], bool], close: Callable[[str], None]) -> None:
        self.deliver, self.close = deliver, close

    def post_to_connection(self, ConnectionId: str, Data: bytes) -> Item:  # noqa: N803 - the SDK's name
        """Send a message. A connection that is gone is 410, a message above 128 KB is 413.

        AWS would send one above 32 KB in several WebSocket frames; the protocol allows none, so it fails the test.
        """
        if len(Data) > MAX_MESSAGE_BYTES:
            raise refusals.refusal("PayloadTooLargeException", "PostToConnection", "Payload too large", 413)
        assert len(Data) <= MAX_FRAME_BYTES, f"a frame of {len(Data)} bytes"
        if not self.deliver(ConnectionId, json.loads(Data)):
            raise refusals.refusal("GoneException", "PostToConnection", "", 410)
        return {}

    def delete_connection(self, ConnectionId: str) -> Item:  # noqa: N803 - the SDK's name
        """Close a connection."""
        self.close(ConnectionId)
        return {}


class Queues:
    """Messages with their delay; who drives the model takes them. A name that ends in .fifo is a FIFO queue."""

    exceptions = ClientErrors

    def __init__(self, clock: Callable[[], int], weather: Weather | None = None) -> None:
        self.clock, self.weather = clock, weather or Weather()
        self.messages: list[Item] = []
        self.count = 0
        self._sent: dict[tuple[str, str], int] = {}  # when a message with this deduplication id was taken

    def send_message(self, **arguments: Any) -> Item:
        """SendMessage. What a FIFO queue took with the same deduplication id within 5 minutes is taken, not stored."""
        self._admit("SendMessage", arguments)
        taken = self._take(arguments)
        if self.weather.loses_answer("SendMessage"):
            raise ReadTimeoutError(endpoint_url="https://sqs/SendMessage")
        return taken

    def send_message_batch(self, QueueUrl: str, Entries: list[Item]) -> Item:  # noqa: N803 - the SDK's names
        """SendMessageBatch: each of its messages is taken or refused by itself, and the answer says which."""
        self._admit("SendMessageBatch", {"QueueUrl": QueueUrl, "Entries": Entries})
        failed = [entry["Id"] for entry in Entries if self.weather.throttles("SendMessageBatch", QueueUrl)]
        taken = [
            {"Id": entry["Id"]} | self._take(entry | {"QueueUrl": QueueUrl})
            for entry in Entries
            if entry["Id"] not in failed
        ]
        if self.weather.loses_answer("SendMessageBatch"):
            raise ReadTimeoutError(endpoint_url="https://sqs/SendMessageBatch")
        refused = [{"Id": known, "Code": "InternalError", "SenderFault": False} for known in failed]
        return {"Successful": taken} | ({"Failed": refused} if refused else {})

    def _admit(self, operation: str, arguments: Item) -> None:
        try:
            queue_rules.check(operation, arguments)
        except InvalidRequestError as broken:
            raise refusals.refusal("InvalidParameterValue", operation, str(broken)) from None

    def _take(self, arguments: Item) -> Item:
        queue, known = arguments["QueueUrl"], arguments.get("MessageDeduplicationId")
        self.count += 1
        if known is None or self.clock() - self._sent.get((queue, known), -DEDUPLICATION_MS) >= DEDUPLICATION_MS:
            visible = self.clock() + arguments.get("DelaySeconds", 0) * 1000
            body, group = arguments["MessageBody"], arguments.get("MessageGroupId")
            self.messages.append({"id": str(self.count), "queue": queue, "body": body, "group": group,
                                  "visible": visible, "received": 0})  # fmt: skip
            if known is not None:
                self._sent[queue, known] = self.clock()
        return {"MessageId": str(self.count)}
