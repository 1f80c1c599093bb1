"""Claims what is offered, hands what is cleared to the radio, and gives back what cannot be sent."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from smskit_phone import frames
from smskit_phone.context import Context
from smskit_phone.frames import Resolution, Verdict
from smskit_phone.jobs import Key, Offer, State
from smskit_phone.lines import URGENT, Lines
from smskit_phone.link import Link


@dataclass(slots=True)
class _Claim:
    expires_at: float
    priority: int
    due: float = 0.0
    was_sent: bool = False


@dataclass(slots=True)
class _Decline:
    reason: str
    due: float = 0.0


class ClaimDesk:
    """Outlives connections. A job is in the journal before its claim goes out, and out of it before its decline."""

    def __init__(self, context: Context, lines: Lines, wake_reporter: Callable[[], None]) -> None:
        self._context = context
        self._journal = context.journal
        self._stopwatch = context.stopwatch
        self._lines = lines
        self._slots = frozenset(lines.slots)
        self._disabled: set[int] = set()
        self._wake_reporter = wake_reporter
        self._claims: dict[Key, _Claim] = {}
        self._declines: dict[Key, _Decline] = {}
        self._given_up: set[Key] = set()
        self._closing = False
        self._wake = asyncio.Event()
        self._hurry = asyncio.Event()

    @property
    def is_idle(self) -> bool:
        """Whether no answer from the server is awaited."""
        return not self._claims and not self._declines

    def offered(self, offers: Iterable[Offer]) -> None:
        """Journals and claims what this phone can send in time; the rest is given back or, if late, left alone."""
        acceptable = [offer for offer in offers if self._accepts(offer)]
        new = set(self._journal.hold(acceptable)) if acceptable else set()
        if new:
            self._context.probe("before_claim")
        for offer in acceptable:
            if offer.key in new:
                self._claim(offer)
        self._wake.set()

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
                for key in keys:
                    self._journal.report_again(key)
        still = [job for job in self._journal.held() if job.state is State.CLAIMED]
        self._claims = {job.key: _Claim(job.expires_at, job.priority) for job in still}
        for decline in self._declines.values():
            decline.due = 0.0
        self._wake.set()

    def declined(self, keys: Iterable[Key]) -> None:
        """The server knows that the phone does not hold these."""
        for key in keys:
            self._declines.pop(key, None)

    def refused(self, job_id: str) -> None:
        """The server could not use a frame about this job: its claim or decline is left alone for a while."""
        due = self._stopwatch.now() + self._context.timings.refused_pause
        for key, claim in self._claims.items():
            if key.job_id == job_id:
                claim.due = due
                self._lines.forget(key)
        for key, decline in self._declines.items():
            if key.job_id == job_id:
                decline.due = due

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
        """Sends claims and declines as they fall due. The first of a burst goes at once, the rest together; an urgent
        claim waits for none of them, neither here nor in the server's work on their frame."""
        while True:
            self._wake.clear()
            self._hurry.clear()
            self._give_back_expired()
            if await self._send_claims(link, self._due(URGENT)):
                continue
            sent = await self._send_claims(link, self._due(0))
            if await self._send_declines(link) or sent:
                await self._stopwatch.wait(self._hurry, self._context.timings.coalesce)
                continue
            dues = [claim.due for claim in self._claims.values()] + [one.due for one in self._declines.values()]
            wait = max(0.0, min(dues) - self._stopwatch.now()) if dues else None
            await self._stopwatch.wait(self._wake, wait)

    def _due(self, priority: int) -> list[Key]:
        """As many claims of at least that priority as fit into a frame."""
        now = self._stopwatch.now()
        due = [key for key, one in self._claims.items() if one.priority >= priority and one.due <= now]
        return due[: frames.ITEMS_PER_FRAME]

    async def _send_claims(self, link: Link, keys: list[Key]) -> bool:
        for key in keys:
            self._claims[key].due = self._stopwatch.now() + self._context.timings.claim_resend
        if keys:
            await link.send(frames.claim(keys))
            self._context.probe("after_claim")
            self._tell_claimed(keys)
        return bool(keys)

    async def _send_declines(self, link: Link) -> bool:
        now = self._stopwatch.now()
        keys = [key for key, one in self._declines.items() if one.due <= now][: frames.ITEMS_PER_FRAME]
        for key in keys:
            self._declines[key].due = now + self._context.timings.claim_resend
        if keys:
            await link.send(frames.decline({key: self._declines[key].reason for key in keys}))
        return bool(keys)

    def _give_back_expired(self) -> None:
        expired = [key for key, claim in self._claims.items() if self._context.clock.passed(claim.expires_at)]
        for key in expired:
            self._settle(key)
        self.give_back(expired, "expired")

    def _tell_claimed(self, keys: list[Key]) -> None:
        for key in keys:
            claim = self._claims.get(key)
            if claim and not claim.was_sent:
                claim.was_sent = True
                self._context.emit("claimed", jobId=key.job_id)

    def _claim(self, offer: Offer) -> None:
        self._claims[offer.key] = _Claim(offer.expires_at, offer.priority)
        if offer.priority >= URGENT:
            self._lines.expect(offer)
            self._hurry.set()

    def _accepts(self, offer: Offer) -> bool:
        # A doubled offer must not be claimed once its job was given back: the claim could overtake the decline.
        if offer.key in self._given_up or offer.key in self._declines or self._journal.get(offer.key):
            return False
        if self._context.clock.passed(offer.expires_at):
            self._decline(offer.key, "expired")
        elif offer.sim_slot not in self._slots or offer.sim_slot in self._disabled:
            self._decline(offer.key, "no-such-sim" if offer.sim_slot not in self._slots else "sim-disabled")
        elif self._closing:
            self._decline(offer.key, "shutdown")
        elif self._context.clock.passed(offer.claim_by):
            self._context.emit("offer_late", jobId=offer.key.job_id)
        else:
            return True
        return False

    def _go(self, keys: list[Key]) -> None:
        for key in keys:
            self._settle(key)
        cleared = self._journal.clear(keys) if keys else []
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
        self._declines[key] = _Decline(reason)
        self._context.emit("declined", jobId=key.job_id, reason=reason)
        self._wake.set()

    def _settle(self, key: Key) -> None:
        """Nothing waits for an answer to this claim any more."""
        self._claims.pop(key, None)
        self._lines.forget(key)
