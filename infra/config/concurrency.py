"""How many runs side by side each queue's consumer may ask for, and what of that fits into an account."""

from dataclasses import dataclass

# Below this Lambda takes no maximum for an event source.
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
_LEAST = 2
_DEAD_LETTER_QUEUES = 5
# What the APIs, the phones and the streams have for themselves: they come without a queue that could wait for them.
_FOR_SOURCES = 0.8


@dataclass(frozen=True)
class Concurrency:
    """The most side-by-side runs of each source."""

    urgent: int
    standard: int
    bulk: int
    timers: int
    background: int
    deliveries: int
    test: int = _LEAST
    dead_letters: int = _LEAST

    @property
    def total(self) -> int:
        """What all sources together may ask for."""
        of_jobs = self.urgent + self.standard + self.bulk + self.timers + self.background
        return of_jobs + self.deliveries + self.test + _DEAD_LETTER_QUEUES * self.dead_letters


ON_AWS = Concurrency(urgent=50, standard=20, bulk=5, timers=20, background=10, deliveries=50)
IN_EMULATOR = Concurrency(urgent=2, standard=2, bulk=2, timers=2, background=2, deliveries=4)


def fitting(limit: int) -> Concurrency:
    """What a source may ask for in an account that runs `limit` functions at once: all shrink alike."""
    share = min(1.0, limit * _FOR_SOURCES / ON_AWS.total)

    def scaled(most: int) -> int:
        return max(_LEAST, int(most * share))

    return Concurrency(
        scaled(ON_AWS.urgent), scaled(ON_AWS.standard), scaled(ON_AWS.bulk), scaled(ON_AWS.timers),
        scaled(ON_AWS.background), scaled(ON_AWS.deliveries),
    )  # fmt: skip
