"""What a phone is told when it starts."""

from dataclasses import dataclass, field
from pathlib import Path

APP_VERSION = "0.1.0"


@dataclass(frozen=True, slots=True)
class Timings:
    """Waits in seconds. The defaults are those of the protocol; tests shorten some."""

    claim_resend: float = 3.0
    """A claim or decline without an answer is sent again after this long."""
    report_resend: float = 30.0
    """A report or a `received` without an `ack` is sent again after this long."""
    hello_timeout: float = 15.0
    """Without a `welcome` by then the connection is given up. A hello is never repeated on a connection: handled late,
    its `open` would lack what was claimed in between, and the server would take that for disowned."""
    answer_timeout: float = 30.0
    """A heartbeat without any frame from the server by then: the connection is dead."""
    coalesce: float = 0.005
    """The least time between two frames of claims; the first one of a burst is never delayed."""
    urgent_patience: float = 2.0
    """An urgent claim on its way keeps lesser messages from the radio for this long at most."""
    refused_pause: float = 30.0
    """A claim or decline that the server answered with `error` waits this long before its next try."""
    error_spacing: float = 3.0
    """The least time between two reports, or two `received`, when the server could not use the first one."""
    listen_again: float = 5.0
    """When the radio driver fails while it listens for SMS, it is asked again after this long."""
    journal_again: float = 5.0
    """What could not be written because the disk is full or broken is tried again after this long."""
    reconnect_base: float = 0.5
    reconnect_cap: float = 60.0
    settled_after: float = 60.0
    """A connection that lasted this long after its `welcome` ends a row of failures. Two phones with one token replace
    each other's connection for ever: a `welcome` alone is no reason to come back at once."""
    connection_lifetime: tuple[float, float] = (100 * 60.0, 108 * 60.0)
    """API Gateway ends a connection after 2 h; the phone reconnects by itself within this range."""
    open_timeout: float = 10.0
    stop_grace: float = 5.0
    """On shutdown, how long a hand-over under way, declines and reports may take to finish."""


@dataclass(frozen=True, slots=True)
class PhoneConfig:
    """One phone: its state folder (credentials, journal) and how it presents itself."""

    state_dir: Path
    app_version: str = APP_VERSION
    retention_days: float = 4.0
    """Finished jobs stay in the journal this long: longer than the longest validity of a job (72 h)."""
    set_aside_days: float = 30.0
    """Received messages that the server could not use stay in the journal this long."""
    timings: Timings = field(default_factory=Timings)
