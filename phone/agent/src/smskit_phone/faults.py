"""Faults that a simulated phone can be told to have. README.md documents the file."""

from dataclasses import dataclass

from smskit_phone.drivers.base import PERMANENT, TRANSIENT
from smskit_phone.errors import FaultsError

Range = tuple[float, float]
CRASH_STEPS = (
    "before_claim",
    "after_claim",
    "after_go",
    "after_sending_journaled",
    "after_radio",
    "after_report_written",
    "before_ack",
)
INBOUND_CRASH_STEPS = (
    "after_inbound_read",
    "after_inbound_journaled",
    "before_received",
    "after_received",
    "before_received_ack",
)


@dataclass(frozen=True, slots=True)
class ErrorRule:
    """The radio refuses a number (or all that start with `prefix`) with `code`; only the first `times` if given."""

    code: str
    number: str | None = None
    prefix: str | None = None
    times: int | None = None
    after_parts: int = 0

    def __post_init__(self) -> None:
        if self.code not in TRANSIENT | PERMANENT:
            raise FaultsError(f"errors.code: {self.code!r} is no error code of the protocol")

    def matches(self, recipient: str) -> bool:
        """A rule without number and prefix is for every recipient."""
        if self.number is not None:
            return recipient == self.number
        return self.prefix is None or recipient.startswith(self.prefix)


@dataclass(frozen=True, slots=True)
class FrameRule:
    """Drops, duplicates or delays frames. `type` is a frame type or `*`; `direction` is in, out or both."""

    action: str
    type: str = "*"
    direction: str = "both"
    probability: float = 1.0
    seconds: Range = (0.5, 0.5)
    times: int | None = None

    def __post_init__(self) -> None:
        if self.action not in ("drop", "duplicate", "delay"):
            raise FaultsError(f"frames.action: {self.action!r} is none of drop, duplicate, delay")
        if self.direction not in ("in", "out", "both"):
            raise FaultsError(f"frames.direction: {self.direction!r} is none of in, out, both")


@dataclass(frozen=True, slots=True)
class Faults:
    """All faults of one phone; the default has none. Times are seconds, a range is drawn from evenly."""

    seed: int | None = None
    send_latency: Range = (0.0, 0.0)
    delivery_latency: Range = (0.0, 0.0)
    delivery_reports: bool = True
    lost_delivery_reports: float = 0.0
    lost_delivery_numbers: tuple[str, ...] = ()
    errors: tuple[ErrorRule, ...] = ()
    silence: bool = False
    silent_after_frames: int | None = None
    frames: tuple[FrameRule, ...] = ()
    crash_at: str | None = None

    def __post_init__(self) -> None:
        steps = CRASH_STEPS + INBOUND_CRASH_STEPS
        if self.crash_at is not None and self.crash_at not in steps:
            raise FaultsError(f"crashAt: {self.crash_at!r} is none of {', '.join(steps)}")
