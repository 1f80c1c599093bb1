"""The agent, broken on purpose: each variant is a defect that somebody who writes a phone could well make."""

import asyncio
import random
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256

import pytest

from smskit_phone import (
    credentials,
    frames,
    harness,
    identity,
    inbound_store,
    journal,
    numbered_frames,
    pairing,
    parsing,
    phone,
    radio,
    session,
)
from smskit_phone.claims import ClaimDesk
from smskit_phone.clock import ServerClock
from smskit_phone.conformance.rules import in_order
from smskit_phone.conformance.verdicts import Need
from smskit_phone.drivers.base import InboundMessage, RadioError
from smskit_phone.drivers.http_radio import HttpRadio
from smskit_phone.errors import BadFrameError, PairingError
from smskit_phone.frames import Frame
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


@variant("crash.reporting", "report.next-connection", may_break=())
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
    may_break=("report.next-connection", "crash.sending", "crash.reporting"),
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
    _say(patch, "heartbeat", lambda frame: {**frame, "signalStrength": 5})


@variant("connect.backoff", "connect.replaced")
def comes_back_at_once(patch: Patch) -> None:
    patch.setattr(Phone, "_backoff", lambda self, failures: random.uniform(0, self.config.timings.reconnect_base))


@variant("connect.jitter")
def comes_back_when_all_others_do(patch: Patch) -> None:
    patch.setattr(Phone, "_backoff", lambda self, failures: self.config.timings.reconnect_base * 2.0**failures)


@variant("connect.replaced")
def takes_a_welcome_for_success(patch: Patch) -> None:
    _wait(patch, settled_after=0.0)


@variant("pair.code")
def tells_no_sims_when_it_pairs(patch: Patch) -> None:
    patch.setattr(harness, "SIMS", ())


@variant("pair.kept", may_break=tuple(rule.rule_id for rule in in_order() if Need.RESTART in rule.needs))
def pairs_at_each_start(patch: Patch) -> None:
    patch.setattr(credentials, "is_paired", lambda state_dir: False)


@variant("pair.refused")
def tries_a_code_until_it_is_good(patch: Patch) -> None:
    redeem = pairing._redeem

    async def stubborn(*arguments):
        for _ in range(20):
            with suppress(PairingError):
                return await redeem(*arguments)
        raise PairingError("the code is still not good")

    patch.setattr(pairing, "_redeem", stubborn)


@variant("hello.fields", may_break=("hello.journal",))
def says_no_more_than_it_must_in_hello(patch: Patch) -> None:
    _say(patch, "hello", lambda frame: {name: frame[name] for name in ("type", "protocol", "sims", "open")})


@variant("hello.early-offer")
def passes_over_what_comes_before_welcome(patch: Patch) -> None:
    class Nothing(list):
        def append(self, frame):
            pass

    start = Session.__init__

    def deaf(self, *arguments):
        start(self, *arguments)
        self._early = Nothing()

    patch.setattr(Session, "__init__", deaf)


@variant("heartbeat.pace", "heartbeat.silence", may_break=("frames.valid",))
def has_no_heart(patch: Patch) -> None:
    async def still(self):
        await asyncio.Event().wait()

    patch.setattr(Session, "_heartbeat", still)


@variant("heartbeat.silence")
def trusts_a_dead_connection(patch: Patch) -> None:
    patch.setattr(Link, "silent", property(lambda self: True))


@variant("claim.twice", may_break=("order.priority",))
def sends_at_each_go(patch: Patch) -> None:
    def clear(self, keys):
        with self._database.transaction() as connection:
            for key in keys:
                connection.execute("UPDATE jobs SET state = ? WHERE job_id = ? AND token = ?", (State.CLEARED, *key))
        return [job for key in keys if (job := self.get(key))]

    patch.setattr(Journal, "clear", clear)


@variant("claim.unknown-job")
def ends_at_a_verdict_on_a_job_that_it_does_not_know(patch: Patch) -> None:
    gone = ClaimDesk._gone

    def sure(self, reasons):
        for key in reasons:
            if self._journal.get(key) is None:
                raise RuntimeError("what job?")
        gone(self, reasons)

    patch.setattr(ClaimDesk, "_gone", sure)


@variant("deadline.radio")
def looks_at_the_deadline_once(patch: Patch) -> None:
    send = Radio._send

    async def late(self, key, desk):
        with self._journal._database.transaction() as connection:
            connection.execute("UPDATE jobs SET expires_at = expires_at + 1e6 WHERE job_id = ? AND token = ?", key)
        await send(self, key, desk)

    patch.setattr(Radio, "_send", late)


@variant("order.urgent")
def knows_priorities_up_to_eight(patch: Patch) -> None:
    add = Line.add
    patch.setattr(Line, "add", lambda self, job: add(self, replace(job, priority=job.priority % 9)))


@variant("radio.message")
def sends_in_ascii(patch: Patch) -> None:
    message = radio._message
    patch.setattr(
        radio, "_message", lambda job: replace(message(job), text=job.message.encode("ascii", "replace").decode())
    )


@variant("radio.no-such-sim", may_break=("report.sent", "report.one-at-a-time"))
def sends_by_the_first_sim_what_is_for_another(patch: Patch) -> None:
    offered = ClaimDesk.offered
    patch.setattr(
        ClaimDesk,
        "offered",
        lambda self, offers: offered(
            self, [one if one.sim_slot in self._slots else replace(one, sim_slot=0) for one in offers]
        ),
    )


@variant("radio.refused", may_break=("radio.half-sent", "radio.next-attempt"))
def tries_the_radio_again_by_itself(patch: Patch) -> None:
    send = HttpRadio.send

    async def insist(self, message, on_delivered):
        try:
            await send(self, message, on_delivered)
        except RadioError:
            await send(self, message, on_delivered)

    patch.setattr(HttpRadio, "send", insist)


@variant("radio.next-attempt")
def never_sends_what_the_radio_refused_once(patch: Patch) -> None:
    patch.setattr(journal, "_may_be_retried", lambda job: False)


@variant(
    "report.sent",
    may_break=(
        "radio.refused",
        "radio.half-sent",
        "radio.next-attempt",
        "order.priority",
        "order.urgent",
        "deadline.radio",
        "crash.sending",
        "crash.offered-again",
        "crash.cleared",
        "crash.offline",
        "config.off",
        "revoked.leaves",
    ),
)
def reports_sent_when_it_calls_the_radio(patch: Patch) -> None:
    send = HttpRadio.send

    async def hasty(self, message, on_delivered):
        self.__dict__.setdefault("sends", set()).add(asyncio.create_task(send(self, message, on_delivered)))
        await asyncio.sleep(0)

    patch.setattr(HttpRadio, "send", hasty)


@variant(
    "report.one-at-a-time",
    "inbound.one-at-a-time",
    "report.lost-ack",
    "inbound.lost-ack",
    may_break=("crash.reporting", "report.next-connection", "inbound.next-connection"),
)
def does_not_wait_for_an_ack(patch: Patch) -> None:
    patch.setattr(numbered_frames, "SENDS_BEFORE_POSTPONED", 1)
    _wait(patch, report_resend=0.05)


@variant("report.numbers")
def counts_from_one_at_each_start(patch: Patch) -> None:
    recover = Journal.recover

    def recount(self, at):
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM counters")
        return recover(self, at)

    patch.setattr(Journal, "recover", recount)


@variant("report.refused", "inbound.refused")
def repeats_what_the_server_can_not_use(patch: Patch) -> None:
    patch.setattr(Session, "_on_error", lambda self, error: None)


@variant("crash.offered-again", "radio.half-sent")
def sends_again_what_may_have_been_sent(patch: Patch) -> None:
    may_be_retried = journal._may_be_retried
    patch.setattr(journal, "_may_be_retried", lambda job: job.state is State.UNKNOWN or may_be_retried(job))


@variant("crash.delivery")
def forgets_what_it_sent_before_a_restart(patch: Patch) -> None:
    patch.setattr(Radio, "watch_sent", lambda self: None)


@variant("crash.dropped", may_break=("crash.cleared",))
def sends_what_it_had_claimed_whatever_welcome_says(patch: Patch) -> None:
    resolved = ClaimDesk.resolved

    def stubborn(self, resolutions):
        resolved(self, [replace(one, action=one.action.replace("drop", "go")) for one in resolutions])

    patch.setattr(ClaimDesk, "resolved", stubborn)


@variant("crash.offline")
def sends_only_while_it_is_connected(patch: Patch) -> None:
    connect_once = Phone._connect_once

    async def fickle(self, known, context, desks):
        try:
            return await connect_once(self, known, context, desks)
        finally:
            desks.claims.give_back([job.key for job in context.journal.held()], "offline")

    patch.setattr(Phone, "_connect_once", fickle)


@variant("config.on", may_break=("config.off",))
def never_switches_a_sim_on_again(patch: Patch) -> None:
    enable = ClaimDesk.enable
    patch.setattr(
        ClaimDesk, "enable", lambda self, sims: enable(self, {slot: on for slot, on in sims.items() if not on})
    )


@variant("inbound.forwarded")
def takes_every_sender_for_a_number(patch: Patch) -> None:
    _change_sms(patch, lambda one: replace(one, sender="+" + "".join(c for c in one.sender if c.isdigit())))


@variant("inbound.order", may_break=("inbound.offline",))
def forwards_the_newest_first(patch: Patch) -> None:
    number = inbound_store._number

    def newest(connection, rows):
        waiting = "SELECT id FROM received WHERE seq IS NULL AND refusal IS NULL ORDER BY id DESC LIMIT 1"
        return number(connection, connection.execute(waiting).fetchall() or rows)

    patch.setattr(inbound_store, "_number", newest)


@variant("inbound.odd", may_break=("inbound.too-large",))
def passes_over_an_sms_without_text(patch: Patch) -> None:
    take = Forwarder._take
    patch.setattr(Forwarder, "_take", lambda self, messages: take(self, [one for one in messages if one.content]))


@variant("inbound.too-large", may_break=("inbound.odd",))
def forwards_whatever_its_size(patch: Patch) -> None:
    patch.setattr(frames, "FRAME_BYTES", 10**9)


@variant("inbound.offline")
def hears_sms_only_while_it_is_connected(patch: Patch) -> None:
    take, pump = Forwarder._take, Forwarder.pump

    def fickle(self, messages):
        if not getattr(self, "is_connected", False):
            raise OSError("not connected")
        take(self, messages)

    async def pumping(self, link):
        self.is_connected = True
        try:
            await pump(self, link)
        finally:
            self.is_connected = False

    patch.setattr(Forwarder, "_take", fickle)
    patch.setattr(Forwarder, "pump", pumping)


@variant("inbound.next-connection", may_break=("inbound.crash",))
def forgets_on_each_connection_what_it_forwarded(patch: Patch) -> None:
    pump = Forwarder.pump

    async def forgetful(self, link):
        with self._arrivals._database.transaction() as connection:
            connection.execute("DELETE FROM received WHERE seq IS NOT NULL")
        await pump(self, link)

    patch.setattr(Forwarder, "pump", forgetful)


@variant("frames.error", may_break=("claim.repeated",))
def claims_again_at_once_what_was_refused(patch: Patch) -> None:
    _wait(patch, refused_pause=0.0, claim_resend=0.01)


@variant("frames.huge")
def ends_at_a_huge_frame(patch: Patch) -> None:
    connect = phone.connect
    patch.setattr(phone, "connect", lambda *a, **options: connect(*a, **{**options, "max_size": None}))
    parse = parsing.parse

    def small(text):
        if len(text) > 1_000_000:
            raise MemoryError
        return parse(text)

    patch.setattr(parsing, "parse", small)


@variant(
    "connect.again",
    may_break=(
        "hello.first",
        "hello.journal",
        "claim.gone",
        "report.next-connection",
        "hello.early-offer",
        "crash.offline",
        "inbound.offline",
        "inbound.next-connection",
        "frames.huge",
    ),
)
def gives_up_when_its_connection_breaks(patch: Patch) -> None:
    patch.setattr(Phone, "_backoff", lambda self, failures: 1e6)


@variant("connect.token")
def shows_its_token_in_the_address(patch: Patch) -> None:
    connect = phone.connect
    patch.setattr(
        phone,
        "connect",
        lambda url, **options: connect(f"{url}?token={options['additional_headers']['Authorization'][7:]}", **options),
    )


@variant("connect.lifetime")
def stays_until_it_is_put_out(patch: Patch) -> None:
    _wait(patch, connection_lifetime=(1e6, 1e6))


def _wait(patch: Patch, **timings: float) -> None:
    shortened = harness.shortened
    patch.setattr(harness, "shortened", lambda scale: replace(shortened(scale), **timings))


def _identify(patch: Patch, identify: Callable[[InboundMessage], str]) -> None:
    _change_sms(patch, lambda one: replace(one, phone_message_id=identify(one)))


def _change_sms(patch: Patch, change: Callable[[InboundMessage], InboundMessage]) -> None:
    take = Forwarder._take
    patch.setattr(Forwarder, "_take", lambda self, messages: take(self, [change(one) for one in messages]))


def _say(patch: Patch, kind: str, change: Callable[[Frame], Frame]) -> None:
    send = Link.send

    async def changed(self, frame):
        await send(self, change(frame) if frame["type"] == kind else frame)

    patch.setattr(Link, "send", changed)
