"""The cases: what the account's phones and jobs do, and what is counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf

from smskit.models.job import Job, Target
from tests.simulation.clock import START_MS
from tests.simulation.handlers import Range
from tests.simulation.order import lateness, percentile
from tests.simulation.simulation import Simulation, job_of, simulated

HERD_SECONDS = 3.0
BURST = 500  # targeted messages, within one second
OTPS, OTP_EVERY_SECONDS = 20, 4.7


@dataclass(frozen=True, slots=True)
class Case:
    """What to run. `radio` is seconds a message, `network` milliseconds one way, `queued` jobs that wait at first."""

    name: str
    phones: int
    seconds: float
    radio: float = 3.0
    network: Range = (20.0, 60.0)
    queued: int | None = None
    seed: int = 1

    @property
    def backlog(self) -> int:
        """More than all phones can send in the run, unless it is given."""
        return int(self.phones * (self.seconds / self.radio * 1.3 + 6)) if self.queued is None else self.queued


CASES = (
    *(Case("backlog", phones, seconds) for phones, seconds in ((1, 90), (50, 60), (150, 40), (300, 30), (1_000, 24))),
    *(Case("inflow", phones, seconds) for phones, seconds in ((50, 60), (150, 40), (300, 30), (1_000, 24))),
    *(Case("reconnect", phones, seconds) for phones, seconds in ((50, 60), (150, 40), (300, 30), (1_000, 24))),
    Case("targeted", 1, 1_600, queued=0),
    *(Case("urgent", phones, 105, radio=1, queued=queued) for phones in (1, 10) for queued in (2_000, 10_000)),
    Case("urgent", 1, 105, radio=0.2, queued=2_000),
    Case("fast", 1, 60, radio=0.2, network=(25, 25)),
)


@dataclass(frozen=True, slots=True)
class Otp:
    """What an OTP met, from its acceptance on: seconds until its phone had the first offer of it, and until the radio
    began with it; and the other messages that this radio began meanwhile, and of these the ones behind the offer."""

    offered: float
    begun: float
    others: int
    others_after_offer: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What came out. Shares and costs are of the second half, when all phones are at work; the rest is of the run.

    `share`: of the time that the radios had, 0–1. `out_of_order`: messages that a single phone sent behind a later one.
    `failed_frames`: all that didn't get their answer, hellos too. For each OTP, if there are any: see `Otp`.
    """

    case: str
    phones: int
    radio: float
    queued: int
    messages: int
    share: float
    transactions_per_message: float
    wru_per_message: float
    rru_per_message: float
    dead_lettered: int
    failed_messages: int
    failed_frames: int
    failed_hellos: int
    inversions: int
    out_of_order: int
    late_p50: float
    late_p99: float
    late_max: float
    otps: tuple[Otp, ...] = ()


@dataclass(slots=True)
class _Half:
    """What was counted by the middle of the run."""

    transactions: int
    wru: float
    rru: float


def run(case: Case) -> Figures:
    """Run a case in virtual time."""
    with simulated(case.seed, case.radio, case.network) as simulation:
        simulation.add_backlog(case.backlog)
        simulation.add_phones(case.phones, HERD_SECONDS)
        otps: list[Job] = []
        match case.name:
            case "inflow":
                _flow_in(simulation, case)
            case "reconnect":
                simulation.clock.at(START_MS + case.seconds * 500, lambda: _cut_off(simulation))
            case "targeted":
                _burst(simulation)
            case "urgent":
                otps = _ask_for_otps(simulation, case)
        halves: list[_Half] = []
        simulation.clock.at(START_MS + case.seconds * 500, lambda: halves.append(_counted(simulation)))
        simulation.clock.run(case.seconds, lambda: case.name == "targeted" and simulation.sent == BURST)
        return _figures(case, simulation, otps, halves[0])


def _flow_in(simulation: Simulation, case: Case) -> None:
    """As many jobs as the phones can send: 2 % of priority 10, 10 % of priority 5, the rest as the backlog."""
    rate = case.phones / case.radio
    for number in range(int(rate * case.seconds)):
        priority = 10 if number % 50 == 0 else 5 if number % 10 == 1 else 0
        simulation.accept(job_of(case.backlog + number, priority=priority), number / rate)


def _cut_off(simulation: Simulation) -> None:
    """Every phone loses its connection at once, and has another within 3 s."""
    for phone in simulation.phones:
        told, back = simulation.rng.uniform(0, 3_000), simulation.rng.uniform(0, 3_000)
        phone.lose_connection(told, back)


def _burst(simulation: Simulation) -> None:
    target = Target(simulation.phones[0].device_id, None)
    for number in range(BURST):
        simulation.accept(job_of(number, priority=5, targets=[target]), HERD_SECONDS + number / BURST)


def _ask_for_otps(simulation: Simulation, case: Case) -> list[Job]:
    otps = [job_of(case.backlog + number, priority=10) for number in range(OTPS)]
    for number, job in enumerate(otps):
        simulation.accept(job, HERD_SECONDS + 5 + OTP_EVERY_SECONDS * number)
    return otps


def _counted(simulation: Simulation) -> _Half:
    units = simulation.capacity.units
    return _Half(simulation.requests["transact_write_items"], units["w"], units["r"])


def _figures(case: Case, simulation: Simulation, otps: list[Job], half: _Half) -> Figures:
    middle, end = START_MS + case.seconds * 500, simulation.clock.now
    log = [one for phone in simulation.phones for one in phone.radio.log]
    steady = max(1, sum(one.ended is not None and one.ended >= middle for one in log))
    whole = _counted(simulation)
    late = lateness(simulation.tables.changes, end)
    failed = simulation.sockets.failed
    return Figures(
        case=case.name,
        phones=case.phones,
        radio=case.radio,
        queued=case.backlog,
        messages=simulation.sent,
        share=simulation.busy_ms(middle, end) / (case.phones * (end - middle)),
        transactions_per_message=(whole.transactions - half.transactions) / steady,
        wru_per_message=(whole.wru - half.wru) / steady,
        rru_per_message=(whole.rru - half.rru) / steady,
        dead_lettered=len(simulation.queues.dead),
        failed_messages=sum(simulation.queues.failed.values()),
        failed_frames=sum(failed.values()),
        failed_hellos=failed["$connect"] + failed["hello"],
        inversions=simulation.tables.inversions,
        out_of_order=_out_of_order(one.job_id for one in simulation.phones[0].radio.log) if case.phones == 1 else 0,
        late_p50=percentile(late, 0.5),
        late_p99=percentile(late, 0.99),
        late_max=max(late, default=0.0),
        otps=tuple(_otp(simulation, job) for job in otps),
    )


def _out_of_order(job_ids: Iterable[str]) -> int:
    """How many were sent behind one with a higher number."""
    count, highest = 0, ""
    for job_id in job_ids:
        count += job_id < highest
        highest = max(highest, job_id)
    return count


def _otp(simulation: Simulation, job: Job) -> Otp:
    accepted = simulation.accepted[job.job_id].created_at
    for phone in simulation.phones:
        log = phone.radio.log
        mine = next((one for one in log if one.job_id == job.job_id), None)
        if mine is not None:
            offered = phone.first_offers[job.job_id]
            others = [one for one in log if accepted < one.began < mine.began]
            behind = sum(one.began > offered for one in others)
            return Otp((offered - accepted) / 1000, (mine.began - accepted) / 1000, len(others), behind)
    return Otp(inf, inf, simulation.sent, simulation.sent)  # it was never sent
