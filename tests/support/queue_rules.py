"""What SQS asks of a message, which moto lets pass in part.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html and …/quotas-messages.html
"""

from __future__ import annotations

import re
from typing import Any

from tests.support.refusals import InvalidRequestError

Item = dict[str, Any]
MAX_BYTES = 1024 * 1024  # of a message and of a batch; 256 KB until August 2025
MAX_ENTRIES = 10
MAX_DELAY_SECONDS = 900
_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")
_FIFO_ID = re.compile(r"[A-Za-z0-9!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]{1,128}")
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def check(operation: str, arguments: Item) -> None:
    """Raises InvalidRequestError for a SendMessage or SendMessageBatch that SQS refuses."""
    if operation not in ("SendMessage", "SendMessageBatch"):
        return
    entries = [arguments] if operation == "SendMessage" else arguments["Entries"]
    if operation == "SendMessageBatch":
        _check_batch(entries)
    is_fifo = arguments["QueueUrl"].endswith(".fifo")
    for entry in entries:
        _check_body(entry["MessageBody"])
        _check_delay(entry, is_fifo)
        _check_ids(entry, is_fifo)
    if sum(len(entry["MessageBody"].encode()) for entry in entries) > MAX_BYTES:
        raise InvalidRequestError(f"One or more parameters are invalid. Message must be shorter than {MAX_BYTES} bytes")


def _check_batch(entries: list[Item]) -> None:
    ids = [entry["Id"] for entry in entries]
    if not 1 <= len(ids) <= MAX_ENTRIES:
        raise InvalidRequestError(f"A batch has 1 to {MAX_ENTRIES} entries, not {len(ids)}")
    if len(set(ids)) != len(ids):
        raise InvalidRequestError("Two or more batch entries in the request have the same Id")
    if not all(_ID.fullmatch(known) for known in ids):
        raise InvalidRequestError(f"The Id of a batch entry doesn't abide by the specification: {ids}")


def _check_body(body: str) -> None:
    if not body:
        raise InvalidRequestError("The request must contain the parameter MessageBody")
    found = _FORBIDDEN.search(body)
    if found:
        raise InvalidRequestError(f"Invalid binary character U+{ord(found[0]):04X} was found in the message body")


def _check_delay(entry: Item, is_fifo: bool) -> None:
    if "DelaySeconds" not in entry:
        return
    if is_fifo:
        raise InvalidRequestError("The request include parameter that is not valid for this queue type: DelaySeconds")
    if not 0 <= entry["DelaySeconds"] <= MAX_DELAY_SECONDS:
        raise InvalidRequestError(f"DelaySeconds must be >= 0 and <= {MAX_DELAY_SECONDS}")


def _check_ids(entry: Item, is_fifo: bool) -> None:
    """A FIFO queue needs both ids, as ours don't deduplicate by content; a standard one may have a group."""
    allowed = {"MessageGroupId", "MessageDeduplicationId"} if is_fifo else {"MessageGroupId"}
    given = {name for name in ("MessageGroupId", "MessageDeduplicationId") if name in entry}
    if is_fifo and given != allowed:
        raise InvalidRequestError(f"A FIFO queue needs {sorted(allowed - given)}")
    if not given <= allowed:
        raise InvalidRequestError(f"The queue type has no parameter {sorted(given - allowed)}")
    for name in given:
        if not _FIFO_ID.fullmatch(entry[name]):
            raise InvalidRequestError(f"Value {entry[name]!r} for parameter {name} is invalid")
