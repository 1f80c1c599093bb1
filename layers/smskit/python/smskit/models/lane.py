"""A lane: one SIM of one phone, with the credits and the hourly budget that bound what it may be given."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from smskit.models.hourly_limit import DEFAULT_HOURLY_SEGMENTS, reserve_of
from smskit.models.sim_health import History, rest_ms
from smskit.platform.times import end_of_hour, hour_of

MAX_STRIKES = 3
MAX_SETBACKS = 3
DEFAULT_WINDOW = 3
MAX_WINDOW = 20
FIRST_SPREAD, MAX_SPREAD = 12, 100
MAX_LOST, LOST_CHARS = 12, 8


@dataclass(frozen=True, slots=True)
class LaneKey:
    """Which SIM of which phone of which account."""

    account_id: str
    device_id: str
    sim_slot: int


@dataclass(frozen=True, slots=True)
class Hold:
    """A job that was offered to the lane and isn't Sent yet. Times are milliseconds since the epoch.

    `created_at` is the job's: under one idempotency key it may be taken back and made anew with another text.
    """

    token: str
    offered_at: int
    claim_by: int
    segments: int
    recipient: str
    created_at: int


@dataclass(frozen=True, slots=True)
class Lane:
    """The state of a lane. Its markers are a pure function of it and change with it in one transaction.

    `limit`: segments an hour. `left`: segments left in `hour`. Of these the last tenth of the limit is kept for
    priority 9–10: `reserve`, which is worked out and not stored.
    `own_limit`: the limit that people set for this SIM; without it the SIM has its share of the phone's.
    `barred`: `disabled` or `revoked` while its phone is; `is_enabled` is what people chose for this SIM.
    `spread`: among how many first entries of equal priority the lane chooses; it grows while others take them first.
    `lost`: how the tokens began of the last offers that were never made, since another lane took the job first.
    `strikes`: how often in a row the phone left unanswered what it was offered. `wake`: the hour at whose end a timer
    looks again.
    `setbacks`: jobs in a row that the SIM failed, through no fault of theirs, or that the phone declined. From the
    third on it rests, each time twice as long, from `rested_at` until `rests_until` (milliseconds, 0 while it doesn't),
    and is then on trial until one is Sent. `history`: how its last jobs went.
    `credits`: how many more ordinary jobs it may be given; -1 while it holds an urgent one beyond its window.
    """

    key: LaneKey
    connection_id: str | None = None
    connected_at: int = 0
    is_enabled: bool = True
    sim_ready: bool = True
    window: int = DEFAULT_WINDOW
    credits: int = DEFAULT_WINDOW
    held: dict[str, Hold] = field(default_factory=dict)
    limit: int = DEFAULT_HOURLY_SEGMENTS
    hour: int = 0
    left: int = DEFAULT_HOURLY_SEGMENTS
    own_limit: int | None = None
    barred: str | None = None
    strikes: int = 0
    setbacks: int = 0
    rests_until: int = 0
    rested_at: int = 0
    history: History = field(default_factory=History)
    wake: int = 0
    carrier_name: str | None = None
    phone_number: str | None = None
    spread: int = 1
    lost: tuple[str, ...] = ()
    version: int = 0

    @property
    def reserve(self) -> int:
        """The last tenth of the hour's segments."""
        return reserve_of(self.limit)

    @property
    def bulk_left(self) -> int:
        """Segments left for jobs below priority 9."""
        return self.left - self.reserve

    @property
    def is_online(self) -> bool:
        """Connected, enabled, and the SIM usable: the lane may take jobs sooner or later."""
        return self.connection_id is not None and self.refusal is None and self.sim_ready

    @property
    def is_without_sim(self) -> bool:
        """Whether its phone no longer names it: it keeps no connection by what the phone says of other SIMs."""
        return self.connection_id is None and not self.sim_ready

    @property
    def refusal(self) -> str | None:
        """Why people don't want the lane used, as an error code: a job that only such lanes may take ends with it."""
        if self.barred:
            return f"device-{self.barred}"
        return None if self.is_enabled else "sim-disabled"

    @property
    def ready_class(self) -> str | None:
        """`a`: any job; `u`: urgent jobs only; `s`, `v`: the same, but the last ones came to nothing; None: nothing.

        What a lane whose window is full may still be given isn't told by a class: it would come and go with every
        message of a busy lane.
        """
        if not self._may_be_given_work or self.room < 1:
            return None
        if self.bulk_left < 1:
            return "v" if self.is_doubtful else "u"
        return "s" if self.is_doubtful else "a"

    @property
    def readiness(self) -> int:
        """2: for any job; 1: for urgent ones, as their reserve of the budget or their credit is left; 0: for none."""
        if not self._may_be_given_work or self.room < 0:
            return 0
        return 1 if self.room < 1 or self.bulk_left < 1 else 2

    @property
    def room(self) -> int:
        """How many more ordinary jobs it may be given now: its credits, on trial those of a window of one, without what
        it was given before its rest."""
        if not self.is_on_trial:
            return self.credits
        return min(self.credits, 1 - sum(hold.offered_at >= self.rested_at for hold in self.held.values()))

    @property
    def _may_be_given_work(self) -> bool:
        return self.is_online and not self.is_out and self.left > 0

    @property
    def is_out(self) -> bool:
        """Whether it is given nothing until its rest is over, or its phone speaks again."""
        return self.rests_until > 0 or self.strikes >= MAX_STRIKES

    @property
    def is_doubtful(self) -> bool:
        """Whether others come first: what it was offered last was left unanswered, or came to nothing."""
        return self.strikes > 0 or self.is_on_trial

    @property
    def is_on_trial(self) -> bool:
        """Whether so many jobs came to nothing in a row that the next one is tried alone."""
        return self.setbacks >= MAX_SETBACKS

    @property
    def spent_in(self) -> int | None:
        """The hour of which only the reserve is left, or nothing."""
        return self.hour if self.bulk_left < 1 else None

    @property
    def empty_in(self) -> int | None:
        """The hour of which nothing is left."""
        return self.hour if self.left < 1 else None

    def limited_until(self, now: int) -> int | None:
        """When the hour ends of which nothing is left for jobs below priority 9; None while something is."""
        return end_of_hour(now) if self.spent_in == hour_of(now) else None

    def resting_until(self, now: int) -> int | None:
        """When the lane is given work again that failed or declined its last jobs; None while it doesn't rest."""
        return self.rests_until if self.rests_until > now else None

    def budget(self, urgent: bool) -> int:
        """Segments that a job of this urgency may still use in this hour."""
        return self.left if urgent else self.bulk_left

    def at(self, now: int) -> Lane:
        """The lane at this time: its rest over, and its budget fresh if a new hour began. A clock that runs behind
        never reopens an old hour."""
        rested = replace(self, rests_until=0) if 0 < self.rests_until <= now else self
        return replace(rested, hour=hour_of(now), left=self.limit) if hour_of(now) > self.hour else rested

    def set_back(self, now: int) -> Lane:
        """The lane after a job that came to nothing; what was begun before its rest doesn't count once more."""
        if self.rests_until > now:
            return self
        history = self.history.with_failed()
        setbacks = max(self.setbacks + 1, MAX_SETBACKS if history.is_poor else 0)
        back = replace(self, setbacks=setbacks, history=history)
        if not back.is_on_trial:
            return back
        return replace(back, rested_at=now, rests_until=now + rest_ms(setbacks - MAX_SETBACKS))

    def after_sent(self, many: int) -> Lane:
        """The lane after so many jobs that were sent: a row of setbacks ends, and of one on trial the history too."""
        history = self.history.anew() if self.is_on_trial else self.history
        return replace(self, setbacks=0, rests_until=0, history=history.with_sent(many))

    def fits(self, segments: int, urgent: bool) -> bool:
        """Whether the lane may be given a job of this size and urgency now."""
        return self.readiness > (0 if urgent else 1) and self.budget(urgent) >= segments

    def take(self, job_id: str, hold: Hold) -> Lane:
        """The lane with one more job held."""
        held = {**self.held, job_id: hold}
        return replace(self, held=held, credits=self.window - len(held), left=self.left - hold.segments)

    def release(self, job_id: str, refund: bool = False) -> Lane:
        """The lane without the job; `refund` gives back the segments of a job that was never sent."""
        hold = self.held.get(job_id)
        if hold is None:
            return self
        held = {key: value for key, value in self.held.items() if key != job_id}
        same_hour = hold.offered_at // 3_600_000 == self.hour
        left = self.left + hold.segments if refund and same_hour else self.left
        return replace(self, held=held, credits=self.window - len(held), left=min(left, self.limit))

    def lose(self, job_id: str) -> Lane:
        """The lane without a job that another one took first. The timer of that offer finds nothing to do by it."""
        hold = self.held.get(job_id)
        if hold is None:
            return self
        return replace(self.release(job_id, refund=True), lost=(*self.lost, hold.token[:LOST_CHARS])[-MAX_LOST:])

    def has_lost(self, token: str) -> bool:
        """Whether an offer was never made, since another lane took the job first."""
        return token[:LOST_CHARS] in self.lost

    def after_look(self, lost: bool) -> Lane:
        """The lane with the spread of its next look: much more after a lost job, else slowly less."""
        wider, less = max(FIRST_SPREAD, 2 * self.spread), self.spread - (self.spread + 7) // 8
        return replace(self, spread=min(MAX_SPREAD, wider) if lost else max(1, less))

    def holds(self, job_id: str, token: str) -> bool:
        """Whether this very offer stands on the lane."""
        hold = self.held.get(job_id)
        return hold is not None and hold.token == token

    def on(self, connection_id: str, connected_at: int) -> Lane:
        """The lane on this connection, having spoken; unchanged if it was on a later one, as late frames may be. On a
        new one a rest is over: whatever comes first of it, as frames overtake each other."""
        if self.connected_at > connected_at:
            return self
        rests_until = self.rests_until if connection_id == self.connection_id else 0
        return replace(self, connection_id=connection_id, connected_at=connected_at, strikes=0, rests_until=rests_until)

    def resized(self, window: int, limit: int) -> Lane:
        """The lane with another window and hourly limit; what was used in this hour stays used."""
        used = self.limit - self.left
        return replace(self, window=window, credits=window - len(self.held), limit=limit, left=limit - used)
