"""What the phone asks of a radio, and what a radio may answer."""

from asyncio import Event
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

TRANSIENT = frozenset(
    {"radio_off", "no_service", "generic_failure", "limit_exceeded", "sim_absent", "no_credit", "null_pdu"}
)
PERMANENT = frozenset({"invalid_number", "fdn_blocked", "short_code_refused", "permission_denied"})
UNKNOWN_OUTCOME = "unknown_outcome"

OnDelivered = Callable[[int], None]
OnReceived = Callable[[Sequence["InboundMessage"]], None]


@dataclass(frozen=True, slots=True)
class Sim:
    """A SIM of the phone; `window` is how many jobs it may hold at once."""

    sim_slot: int
    carrier_name: str = "Simulated"
    phone_number: str | None = None
    window: int = 3

    def as_frame(self) -> dict[str, Any]:
        """As `hello` and pairing carry it."""
        frame = {"simSlot": self.sim_slot, "carrierName": self.carrier_name, "window": self.window}
        return frame | ({"phoneNumber": self.phone_number} if self.phone_number else {})


@dataclass(frozen=True, slots=True)
class Vitals:
    """How the device is doing; `ready_sims` are the slots whose radio could send now, `unready` says why others can't,
    in at most 64 characters."""

    battery_level: int
    is_charging: bool
    network_type: str
    signal_strength: int | None
    ready_sims: frozenset[int]
    unready: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RadioMessage:
    """An SMS for the radio, which splits it into `parts` itself. The text is not in its repr: it must not be logged."""

    job_id: str
    sim_slot: int
    recipient: str
    text: str = field(repr=False)
    parts: int


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """An SMS that came in at a SIM, whole. `phone_message_id` is the radio's own and tells it from any other, before
    and after; `received_at` is RFC 3339 UTC with milliseconds. Neither text nor numbers are in its repr."""

    phone_message_id: str
    sim_slot: int
    sender: str = field(repr=False)
    content: str = field(repr=False)
    received_at: str
    recipient: str | None = field(default=None, repr=False)


class RadioError(Exception):
    """The radio refused the message with one of the protocol's codes, after `parts_handed_over` parts."""

    def __init__(self, code: str, message: str, parts_handed_over: int = 0) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.parts_handed_over = parts_handed_over


class Driver(Protocol):
    """A radio. `on_delivered(part)` is to be called on the event loop, once for each confirmed part (0-based)."""

    @property
    def delivery_reports(self) -> bool:
        """Whether this radio learns of delivery; if not, its jobs end at Sent."""

    @property
    def sims(self) -> Sequence[Sim]: ...

    @property
    def readiness(self) -> Event:
        """Set when a SIM has become able to send, or is so no more; the phone clears it and tells the server."""

    def vitals(self) -> Vitals: ...

    async def send(self, message: RadioMessage, on_delivered: OnDelivered) -> None:
        """Returns once every part is handed over. Raises RadioError if the radio refuses; whatever else it raises
        leaves the outcome unknown. Never retries by itself."""

    def watch(self, message: RadioMessage, on_delivered: OnDelivered) -> None:
        """Asks again for the confirmations of a message that was handed over before a restart. Its text is gone."""

    async def listen(self, on_received: OnReceived) -> None:
        """Hands over what comes in, in the order in which it came, until cancelled; returns at once if this radio can't
        receive. A message is the phone's once `on_received` has returned; until then, whatever happens, the radio keeps
        it, and hands it over again under the same phone_message_id."""

    async def close(self) -> None: ...
