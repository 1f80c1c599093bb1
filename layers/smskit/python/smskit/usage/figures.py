"""What an account used: figures by quarter of an hour, so that days can be made of them in any time zone."""

from __future__ import annotations

from dataclasses import dataclass

SLOT_MS = 900_000
SLOTS_A_BLOCK = 24
BLOCK_MS = SLOT_MS * SLOTS_A_BLOCK


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of jobs, each at the time at which it happened; and the SMS segments of those accepted."""

    accepted: int = 0
    segments: int = 0
    sent: int = 0
    delivered: int = 0
    failed: int = 0
    dead: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(*(mine + its for mine, its in zip(self.counts(), other.counts(), strict=True)))

    def counts(self) -> tuple[int, ...]:
        """The figures in the order of their names."""
        return self.accepted, self.segments, self.sent, self.delivered, self.failed, self.dead


FIGURES = ("accepted", "segments", "sent", "delivered", "failed", "dead")
