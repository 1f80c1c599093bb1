"""A SIM's health: how many of the messages that it was last given it has sent."""

from __future__ import annotations

from dataclasses import dataclass, replace

WINDOW = 50
LEAST_TRIES = 10  # fewer would let chance decide: of ten messages a SIM that fails one in ten fails six once in 7,000
LEAST_SHARE = 0.5
FIRST_REST_MS, LONGEST_REST_MS = 30_000, 900_000


def rest_ms(before: int) -> int:
    """How long a SIM rests that has rested so often before, with nothing sent since: each time twice as long."""
    return min(LONGEST_REST_MS, FIRST_REST_MS << min(before, 10))


@dataclass(frozen=True, slots=True)
class History:
    """The messages that a SIM sent or failed, numbered from 1 on; a failure that is the message's own isn't one.

    `number`: the last one's, which never goes back. `before`: the last one's before the history began anew. `failed`:
    the numbers of the WINDOW last ones that failed.
    """

    number: int = 0
    before: int = 0
    failed: tuple[int, ...] = ()

    @property
    def count(self) -> int:
        """How many count: the last ones, WINDOW at most."""
        return min(self.number - self.before, WINDOW)

    @property
    def sent(self) -> int:
        """How many of these were sent."""
        return self.count - sum(number > self.number - self.count for number in self.failed)

    @property
    def share(self) -> float | None:
        """The share of those that were sent; None before the first one."""
        return self.sent / self.count if self.count else None

    @property
    def is_poor(self) -> bool:
        """Whether so few were sent that the next one is tried alone."""
        return self.count >= LEAST_TRIES and self.sent < LEAST_SHARE * self.count

    def with_sent(self, many: int) -> History:
        """And so many that were sent."""
        return replace(self, number=self.number + many)

    def with_failed(self) -> History:
        """And one that failed."""
        number = self.number + 1
        return replace(self, number=number, failed=(*(old for old in self.failed if old > number - WINDOW), number))

    def anew(self) -> History:
        """With a history that begins behind these."""
        return History(self.number, self.number)


@dataclass(frozen=True, slots=True)
class Unhealthy:
    """A SIM of whose last messages so many failed that the next one is tried alone, until one is sent.

    `rested_at`: when its last rest began; `rests_until`: when that ends, 0 once it is over; milliseconds.
    """

    account_id: str
    device_id: str
    sim_slot: int
    carrier_name: str | None
    phone_number: str | None
    history: History
    rested_at: int
    rests_until: int
