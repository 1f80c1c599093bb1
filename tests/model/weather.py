"""AWS's moods in a random schedule: every 25th request is throttled, some answers get lost, some reads are stale."""

from __future__ import annotations

import random

from tests.model import invocations
from tests.support.weather import Weather

THROTTLED, PART_THROTTLED, LOST, STALE = 0.04, 0.03, 0.01, 0.2
_CODES = ("ThrottlingException", "ProvisionedThroughputExceededException")


class RandomWeather(Weather):
    """Bad only for handlers, and only until the calm; conflicts of transactions don't need it."""

    keeps_versions = True

    def __init__(self, random_: random.Random) -> None:
        self.random, self.is_calm = random_, False

    def _happens(self, share: float) -> bool:
        return not self.is_calm and invocations.current() is not None and self.random.random() < share

    def pause(self) -> None:
        invocations.pause()

    def throttles(self, operation: str, table: str) -> str | None:
        in_parts = operation in ("TransactWriteItems", "BatchGetItem", "BatchWriteItem")
        if not self._happens(PART_THROTTLED if in_parts else THROTTLED):
            return None
        return self.random.choice(_CODES)

    def loses_answer(self, operation: str) -> bool:
        return self._happens(LOST)

    def is_stale(self, table: str) -> bool:
        return self._happens(STALE)
