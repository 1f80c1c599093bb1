"""Claims what is offered, hands what is cleared to the radio, and gives back what cannot be sent."""

from collections.abc import Callable, Iterable, Mapping

from smskit_phone import frames
from smskit_phone.asks import Asks
from smskit_phone.context import Context
from smskit_phone.errors import JournalError
from smskit_phone.frames import Resolution, Verdict
from smskit_phone.jobs import Key, Offer, State
from smskit_phone.lines import URGENT, Lines
from smskit_phone.websocket import Link

JOURNAL_FAILED = "journal-failed"


class ClaimDesk:
    """Outlives connections. A job is in the journal before its claim goes out, and out of it before its decline."""

    def __init__(
        self,
        context: Context,
        lines: Lines,
        wake_reporter: Callable[[], None],
        unready: Callable[[], Mapping[int, str]],
    ) -> None:
        """`unready` names the SIM slots that can't send now, and why."""
        self._context = context
        self._journal = context.journal
        self._lines = lines
        self._asks = Asks(context)
        self._slots = frozenset(lines.slots)
        self._disabled: set[int] = set()
        self._wake_reporter = wake_reporter
        self._unready = unready
        self._given_up: set[Key] = set()
        self._closing = False

    @property
    def is_idle(self) -> bool:
        """Whether no answer from the server is awaited."""
        return self._asks.is_idle

    def offered(self, offers: Iterable[Offer]) -> None:
        """Journals and claims what this phone can send in time; the rest is given back.

        What comes after its `claim_by`, on a network that held it, is claimed too: the server judges that, and learns
        that the phone hears it again. Left alone, it would be offered nothing more before its next heartbeat.
        """
        acceptable = [offer for offer in offers if self._accepts(offer)]
        new = self._hold(acceptable) if acceptable else set()
        if new:
            self._context.probe("before_claim")
        for offer in acceptable:
            if offer.key in new:
                self._asks.claim(offer)
                if offer.priority >= URGENT and not self._context.clock.passed(offer.claim_by):
                    self._lines.expect(offer)

    def _hold(self, offers: list[Offer]) -> set[Key]:
        """All that the server may hold this phone to must fit into `hello`: what isn't named there is given to others,
        though the radio may have it."""
        room = max(0, frames.OPEN_ITEMS - self._journal.unacknowledged())
        offers.sort(key=lambda offer: -offer.priority)
        for offer in offers[room:]:
            self._decline(offer.key, "too-many-open")
        try:
            return set(self._journal.hold(offers[:room]))
        except JournalError as error:
            self._journal_failed(error, [offer.key for offer in offers[:room]])
            return set()

    def decided(self, verdicts: Iterable[Verdict]) -> None:
        """The server's answer to claims, which may come twice and in any order."""
        verdicts = list(verdicts)
        self._go([verdict.key for verdict in verdicts if verdict.go])
        self._gone({verdict.key: verdict.reason for verdict in verdicts if not verdict.go})

    def resolved(self, resolutions: Iterable[Resolution]) -> None:
        """The server's word in `welcome` on the jobs that `hello` listed; claims that it left open are made again."""
        self._given_up.clear()
        for one in resolutions:
            keys = [Key(one.job_id, one.token)] if one.token else self._journal.keys_of(one.job_id)
            if one.action == "go":
                self._go(keys)
            elif one.action == "drop":
                self._gone(dict.fromkeys(keys, "dropped"))
            elif one.action == "report":
                self._report_again(keys)
        self._asks.start_over([job for job in self._journal.held() if job.state is State.CLAIMED])

    def _report_again(self, keys: Iterable[Key]) -> None:
        try:
            for key in keys:
                self._journal.report_again(key)
        except JournalError as error:
            self._journal_failed(error, [])

    def declined(self, keys: Iterable[Key]) -> None:
        """The server knows that the phone does not hold these."""
        for key in keys:
            self._asks.declined(key)

    def refused(self, job_id: str) -> None:
        """The server could not use a frame about this job: its claim or decline is left alone for a while."""
        for key in self._asks.postpone(job_id):
            self._lines.forget(key)

    def enable(self, sims: dict[int, bool]) -> None:
        """From `config`: what is held for a SIM that may no longer send goes back."""
        self._disabled |= {slot for slot, enabled in sims.items() if not enabled}
        self._disabled -= {slot for slot, enabled in sims.items() if enabled}
        self.give_back([job.key for job in self._journal.held() if job.sim_slot in self._disabled], "sim-disabled")

    def give_back(self, keys: Iterable[Key], reason: str) -> None:
        """Declines jobs that the radio has not seen, once they are out of the journal."""
        for key in self._journal.release(keys):
            self._decline(key, reason)

    def close(self) -> None:
        """Before the phone stops: gives back all that it holds and takes no more."""
        self._closing = True
        self.give_back([job.key for job in self._journal.held()], "shutdown")

    async def pump(self, link: Link) -> None:
        """Sends claims and declines as they fall due."""
        await self._asks.pump(link, self._give_back_expired)

    def _give_back_expired(self) -> None:
        expired = self._asks.expired()
        for key in expired:
            self._settle(key)
        self.give_back(expired, "expired")

    def _accepts(self, offer: Offer) -> bool:
        # A doubled offer must not be claimed once its job was given back: the claim could overtake the decline.
        if offer.key in self._given_up or self._asks.is_declining(offer.key) or self._journal.get(offer.key):
            return False
        if self._context.clock.passed(offer.expires_at):
            self._decline(offer.key, "expired")
        elif offer.sim_slot not in self._slots or offer.sim_slot in self._disabled:
            self._decline(offer.key, "no-such-sim" if offer.sim_slot not in self._slots else "sim-disabled")
        elif reason := self._unready().get(offer.sim_slot):
            self._decline(offer.key, reason)
        elif self._closing:
            self._decline(offer.key, "shutdown")
        else:
            return True
        return False

    def _go(self, keys: list[Key]) -> None:
        for key in keys:
            self._settle(key)
        try:
            cleared = self._journal.clear(keys) if keys else []
        except JournalError as error:
            self.give_back(keys, JOURNAL_FAILED)
            self._context.emit("journal_failed", reason=str(error))
            return
        if cleared:
            self._context.probe("after_go")
            usable = self._slots - self._disabled
            self.give_back([job.key for job in cleared if job.sim_slot not in usable], "no-such-sim")
            self._lines.enqueue([job for job in cleared if job.sim_slot in usable])
        for key in keys:
            if self._journal.get(key) is None and key not in {job.key for job in cleared}:
                self._go_unheld(key)

    def _go_unheld(self, key: Key) -> None:
        if self._journal.adopt(key):
            self._wake_reporter()
        else:
            self._decline(key, "unknown-claim")

    def _gone(self, reasons: dict[Key, str | None]) -> None:
        for key, reason in reasons.items():
            self._settle(key)
            job = self._journal.get(key)
            if not self._journal.release([key]):
                continue
            self._given_up.add(key)
            self._context.emit("gone", jobId=key.job_id, reason=reason)
            # After a `go` the server may count on this phone: it hears that the job is not held here any more.
            if job and job.state is State.CLEARED:
                self._decline(key, "unknown-claim")

    def _decline(self, key: Key, reason: str) -> None:
        self._settle(key)
        self._given_up.add(key)
        self._asks.decline(key, reason)
        self._context.emit("declined", jobId=key.job_id, reason=reason)

    def _journal_failed(self, error: JournalError, offered: Iterable[Key]) -> None:
        """What can't be written down isn't claimed: after a crash nobody would know of it."""
        self._context.emit("journal_failed", reason=str(error))
        for key in offered:
            self._decline(key, JOURNAL_FAILED)

    def _settle(self, key: Key) -> None:
        """Nothing waits for an answer to this claim any more."""
        self._asks.drop_claim(key)
        self._lines.forget(key)
