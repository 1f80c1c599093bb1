"""Batches of the deliveries queue: side by side, and a slow endpoint keeps no other waiting.

All messages of a batch are handled at once. While some of them wait for an endpoint that answers late, the same process
takes further messages from the queue: an endpoint that hangs holds threads, not the function's concurrency.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from threading import Condition
from typing import Any

from smskit.caches import kept
from smskit.platform import batches, logs
from smskit.platform.times import now_ms
from smskit.webhooks.gateways import deliveries_queue
from smskit.webhooks.gateways.deliveries_queue import Received
from smskit.webhooks.logic import deliver

THREADS = 100
HELP_SECONDS = 40.0
SLOW_SECONDS = 0.2
FRESH_MS = 5_000
_in_hand: set[str] = kept(set())
_changed = Condition()
Started = dict[Future[bool], float]


def handle_all(batch: Sequence[batches.Record]) -> batches.Failures:
    """Handle a batch; the messages that failed come again."""
    with ThreadPoolExecutor(THREADS) as pool:
        began = time.monotonic()
        own = {pool.submit(_succeeds, record): record["messageId"] for record in batch}
        pending: Started = dict.fromkeys(own, began)
        while pending:
            done, _ = wait(pending, timeout=SLOW_SECONDS / 4, return_when=FIRST_COMPLETED)
            pending = {future: since for future, since in pending.items() if future not in done}
            now = time.monotonic()
            is_slow = any(now - since > SLOW_SECONDS for since in pending.values())
            if is_slow and len(pending) <= THREADS - deliveries_queue.BATCH and now - began < HELP_SECONDS:
                pending |= _help(pool)
    return {"batchItemFailures": [{"itemIdentifier": owner} for future, owner in own.items() if not future.result()]}


def _help(pool: ThreadPoolExecutor) -> Started:
    """Take what waits in the queue or arrives within a second, since this process has nothing to do but wait."""
    taken: list[Received] = _quietly(lambda: deliveries_queue.receive(wait_seconds=1)) or []
    return {pool.submit(_take, received): time.monotonic() for received in taken}


def _take(received: Received) -> bool:
    """Handle a message that this process took; it comes again by itself unless it is deleted."""
    succeeded = _succeeds(received.record)
    if succeeded:
        _quietly(lambda: deliveries_queue.delete(received))
    return succeeded


def _succeeds(record: batches.Record) -> bool:
    try:
        _handle(record)
    except Exception as error:
        logs.failure(error)
        return False
    return True


def _handle(record: batches.Record) -> None:
    message = deliveries_queue.decode(record["body"])
    redelivered = int(record["attributes"]["ApproximateReceiveCount"]) > 1
    with _alone_with(message.delivery_id or record["messageId"]):
        deliver.handle(message, careful=redelivered or _is_old(record), redelivered=redelivered)


@contextmanager
def _alone_with(delivery_id: str) -> Iterator[None]:
    """Two messages about one delivery are handled one after the other, so that the second finds what the first did."""
    with _changed:
        _changed.wait_for(lambda: delivery_id not in _in_hand)
        _in_hand.add(delivery_id)
    try:
        yield
    finally:
        with _changed:
            _in_hand.discard(delivery_id)
            _changed.notify_all()


def _is_old(record: batches.Record) -> bool:
    """Whether the endpoint may have changed since the message was written."""
    return now_ms() - int(record["attributes"]["SentTimestamp"]) > FRESH_MS


def _quietly(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except Exception as error:
        logs.failure(error)
        return None
