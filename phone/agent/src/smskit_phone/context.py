"""What the parts of one running phone share."""

from dataclasses import dataclass

from smskit_phone.clock import ServerClock, Stopwatch
from smskit_phone.config import Timings
from smskit_phone.crash_points import Probe
from smskit_phone.events import Emitter
from smskit_phone.journal import Journal


@dataclass(frozen=True, slots=True)
class Context:
    journal: Journal
    stopwatch: Stopwatch
    clock: ServerClock
    timings: Timings
    emit: Emitter
    probe: Probe
