"""Claims and declines on their way to the server, each sent again until it is answered."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from smskit_phone import frames
from smskit_phone.context import Context
from smskit_phone.jobs import Job, Key, Offer
from smskit_phone.lines import URGENT
from smskit_phone.websocket import Link


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


class Asks:
    """Outlives connections. The first frame of a burst goes at once, the rest together; an urgent claim waits for none
    of them, neither here nor in the server's work on their frame."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._stopwatch = context.stopwatch
        self._claims: dict[Key, _Claim] = {}
        self._declines: dict[Key, _Decline] = {}
        self._wake = asyncio.Event()
        self._hurry = asyncio.Event()

    @property
    def is_idle(self) -> bool:
        """Whether no answer from the server is awaited."""
        return not self._claims and not self._declines

    def claim(self, job: Offer | Job) -> None:
        """Asks for a job that is in the journal."""
        self._claims[job.key] = _Claim(job.expires_at, job.priority)
        if job.priority >= URGENT:
            self._hurry.set()
        self._wake.set()

    def decline(self, key: Key, reason: str) -> None:
        """Gives back a job that is in the journal no more."""
        self._declines[key] = _Decline(reason)
        self._wake.set()

    def drop_claim(self, key: Key) -> None:
        """The claim is decided, or given up."""
        self._claims.pop(key, None)

    def declined(self, key: Key) -> None:
        """The server knows that the phone does not hold this job."""
        self._declines.pop(key, None)

    def is_declining(self, key: Key) -> bool:
        """Whether the server may still count on this phone for a job that was given back."""
        return key in self._declines

    def start_over(self, claims: list[Job]) -> None:
        """On a new connection: what is claimed still, and declines that were not answered on the last."""
        self._claims = {job.key: _Claim(job.expires_at, job.priority) for job in claims}
        for decline in self._declines.values():
            decline.due = 0.0
        self._wake.set()

    def postpone(self, job_id: str) -> list[Key]:
        """Leaves the claims and declines of a job alone for a while; returns those claims."""
        due = self._stopwatch.now() + self._context.timings.refused_pause
        for asks in (self._claims, self._declines):
            for key, one in asks.items():
                if key.job_id == job_id:
                    one.due = due
        return [key for key in self._claims if key.job_id == job_id]

    def expired(self) -> list[Key]:
        """Claims of jobs that it is too late to send."""
        return [key for key, claim in self._claims.items() if self._context.clock.passed(claim.expires_at)]

    async def pump(self, link: Link, give_back_expired: Callable[[], None]) -> None:
        """Sends claims and declines as they fall due."""
        while True:
            self._wake.clear()
            self._hurry.clear()
            give_back_expired()
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

    def _tell_claimed(self, keys: list[Key]) -> None:
        for key in keys:
            claim = self._claims.get(key)
            if claim and not claim.was_sent:
                claim.was_sent = True
                self._context.emit("claimed", jobId=key.job_id)
