"""The agent, broken on purpose: each variant is a defect that somebody who writes a phone could well make."""

import random
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256

import pytest

from smskit_phone import harness, identity, journal, parsing, radio, session
from smskit_phone.claims import ClaimDesk
from smskit_phone.clock import ServerClock
from smskit_phone.errors import BadFrameError
from smskit_phone.inbound_sender import Forwarder
from smskit_phone.jobs import State
from smskit_phone.journal import Journal
from smskit_phone.lines import Line
from smskit_phone.phone import Phone
from smskit_phone.radio import Radio
from smskit_phone.report_store import Outbox
from smskit_phone.session import Session
from smskit_phone.websocket import Link

Patch = pytest.MonkeyPatch


@dataclass(frozen=True)
class Variant:
    """`breaks` rules it must be found by, and `may_break` what follows from the same defect."""

    name: str
    break_it: Callable[[Patch], None]
    breaks: frozenset[str]
    may_break: frozenset[str]

    def __str__(self) -> str:
        return self.name


VARIANTS: list[Variant] = []


def variant(*breaks: str, may_break: tuple[str, ...] = ()) -> Callable[[Callable[[Patch], None]], None]:
    def register(break_it: Callable[[Patch], None]) -> None:
        name = break_it.__name__.replace("_", " ")
        VARIANTS.append(Variant(name, break_it, frozenset(breaks), frozenset(may_break)))

    return register


@variant("claim.first", may_break=("claim.gone", "claim.late-go", "crash.claimed", "crash.dropped"))
def sends_before_go(patch: Patch) -> None:
    offered = ClaimDesk.offered

    def impatient(self, offers):
        offers = list(offers)
        offered(self, offers)
        self._lines.enqueue(self._journal.clear([offer.key for offer in offers]))

    patch.setattr(ClaimDesk, "offered", impatient)


@variant("claim.gone", may_break=("claim.late-go",))
def takes_gone_for_go(patch: Patch) -> None:
    decided = ClaimDesk.decided
    patch.setattr(
        ClaimDesk, "decided", lambda self, verdicts: decided(self, [replace(one, go=True) for one in verdicts])
    )


@variant("claim.unheld-go", "claim.late-go")
def passes_over_a_go_for_what_it_does_not_hold(patch: Patch) -> None:
    patch.setattr(ClaimDesk, "_go_unheld", lambda self, key: None)


@variant("claim.repeated", may_break=("claim.first", "claim.unheld-go"))
def never_repeats_a_claim(patch: Patch) -> None:
    _wait(patch, claim_resend=1e6)


@variant("claim.two-tokens", may_break=("crash.offered-again", "radio.half-sent"))
def sends_what_it_sent_under_another_token(patch: Patch) -> None:
    patch.setattr(journal, "_seen_by_radio", lambda connection, key: None)


@variant("crash.sending", may_break=("crash.offered-again", "crash.cleared"))
def sends_again_after_a_crash(patch: Patch) -> None:
    def recover(self, at):
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE jobs SET state = ? WHERE state IN (?, ?)", (State.CLAIMED, State.SENDING, State.CLEARED)
            )
        for job in self.held():
            self.clear([job.key])
        return []

    patch.setattr(Journal, "recover", recover)
    resolved = ClaimDesk.resolved

    def resolve_and_go(self, resolutions):
        self._go([job.key for job in self._journal.held()])
        resolved(self, resolutions)
        self._lines.enqueue(self._journal.held())

    patch.setattr(ClaimDesk, "resolved", resolve_and_go)


@variant("crash.reporting", "report.next-connection", may_break=("report.asked-again",))
def forgets_a_report_once_it_is_said(patch: Patch) -> None:
    next_batch = Outbox.next_batch

    def forgetful(self):
        batch = next_batch(self)
        if batch:
            self.acknowledge(batch.seq)
        return batch

    patch.setattr(Outbox, "next_batch", forgetful)


@variant("report.lost-ack", "inbound.lost-ack")
def never_repeats_a_report(patch: Patch) -> None:
    _wait(patch, report_resend=1e6)


@variant("report.next-connection", "crash.reporting", may_break=("report.refused",))
def numbers_a_report_anew_on_each_connection(patch: Patch) -> None:
    next_batch = Outbox.next_batch

    def renumbering(self):
        with self._database.transaction() as connection:
            connection.execute("UPDATE outbox SET seq = NULL")
        return next_batch(self)

    patch.setattr(Outbox, "next_batch", renumbering)


@variant("report.delivered")
def takes_one_part_for_all(patch: Patch) -> None:
    settle = Radio._settle
    patch.setattr(Radio, "_settle", lambda self, job_id, parts, at: settle(self, job_id, 1, at))


@variant(
    "crash.claimed",
    "crash.cleared",
    may_break=("report.next-connection", "crash.sending", "crash.reporting", "report.asked-again"),
)
def names_nothing_in_hello(patch: Patch) -> None:
    patch.setattr(Journal, "open_jobs", lambda self, limit: [])


@variant("hello.journal")
def has_another_journal_id_at_each_start(patch: Patch) -> None:
    patch.setattr(identity, "place_of", lambda path: secrets.token_hex(4))


@variant("hello.first", "hello.unanswered")
def says_hello_twice_on_a_connection(patch: Patch) -> None:
    async def insist(self):
        self._asked_at = self._context.stopwatch.now()
        await self._link.send(self._hello())
        await self._link.send(self._hello())
        return await session.wait_at_most(self._welcomed, self._timings.hello_timeout)

    patch.setattr(Session, "_greet", insist)


@variant("order.priority", may_break=("order.urgent",))
def sends_in_the_order_of_the_offers(patch: Patch) -> None:
    add = Line.add
    patch.setattr(Line, "add", lambda self, job: add(self, replace(job, priority=5)))


@variant("radio.half-sent")
def reports_half_a_message_as_failed_for_the_moment(patch: Patch) -> None:
    refusal = radio._refusal

    def hasty(error):
        error.parts_handed_over = 0
        return refusal(error)

    patch.setattr(radio, "_refusal", hasty)


@variant("deadline.claim", "deadline.expired", may_break=("deadline.radio", "clock.ahead", "clock.behind"))
def knows_no_deadlines(patch: Patch) -> None:
    patch.setattr(ServerClock, "passed", lambda self, deadline: False)


@variant("clock.ahead", "clock.behind")
def trusts_its_own_clock(patch: Patch) -> None:
    patch.setattr(ServerClock, "passed", lambda self, deadline: time.time() >= deadline)


@variant("config.off")
def sends_by_a_sim_that_is_off(patch: Patch) -> None:
    patch.setattr(ClaimDesk, "enable", lambda self, sims: None)


@variant("revoked.leaves")
def stays_after_it_was_revoked(patch: Patch) -> None:
    patch.delitem(parsing._PARSERS, "revoked")


@variant("inbound.crash")
def keeps_what_came_in_in_memory(patch: Patch) -> None:
    recover = Journal.recover

    def forgetful(self, at):
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM received")
        return recover(self, at)

    patch.setattr(Journal, "recover", forgetful)


@variant("inbound.twice")
def makes_a_new_id_whenever_the_radio_repeats(patch: Patch) -> None:
    _identify(patch, lambda message: secrets.token_hex(8))


@variant("inbound.same-text", may_break=("inbound.order",))
def knows_an_sms_by_its_text(patch: Patch) -> None:
    _identify(patch, lambda message: sha256(message.content.encode("utf-8", "surrogatepass")).hexdigest())


@variant("frames.unknown", may_break=("frames.huge",))
def ends_at_a_frame_of_the_future(patch: Patch) -> None:
    parse = parsing.parse

    def strict(text):
        frame = parse(text)
        if frame is None:
            raise RuntimeError("a type that I don't know")
        return frame

    patch.setattr(parsing, "parse", strict)


@variant("frames.garbage", "frames.wrong-types")
def ends_at_a_frame_that_is_none(patch: Patch) -> None:
    parse = parsing.parse

    def fragile(text):
        try:
            return parse(text)
        except BadFrameError:
            raise RuntimeError("what is this?") from None

    patch.setattr(parsing, "parse", fragile)


@variant("frames.valid")
def has_five_bars(patch: Patch) -> None:
    send = Link.send

    async def boast(self, frame):
        await send(self, {**frame, "signalStrength": 5} if frame["type"] == "heartbeat" else frame)

    patch.setattr(Link, "send", boast)


@variant("connect.backoff", "connect.replaced")
def comes_back_at_once(patch: Patch) -> None:
    patch.setattr(Phone, "_backoff", lambda self, failures: random.uniform(0, self.config.timings.reconnect_base))


@variant("connect.jitter")
def comes_back_when_all_others_do(patch: Patch) -> None:
    patch.setattr(Phone, "_backoff", lambda self, failures: self.config.timings.reconnect_base * 2.0**failures)


@variant("connect.replaced")
def takes_a_welcome_for_success(patch: Patch) -> None:
    _wait(patch, settled_after=0.0)


def _wait(patch: Patch, **timings: float) -> None:
    shortened = harness.shortened
    patch.setattr(harness, "shortened", lambda scale: replace(shortened(scale), **timings))


def _identify(patch: Patch, identify) -> None:
    take = Forwarder._take
    patch.setattr(
        Forwarder,
        "_take",
        lambda self, messages: take(self, [replace(one, phone_message_id=identify(one)) for one in messages]),
    )
