"""Phones that use their radio badly, or tell badly what came of it."""

import asyncio
from dataclasses import replace

from smskit_phone import journal, numbered_frames, radio
from smskit_phone.claims import ClaimDesk
from smskit_phone.drivers.base import RadioError
from smskit_phone.drivers.http_radio import HttpRadio
from smskit_phone.journal import Journal
from smskit_phone.radio import Radio
from smskit_phone.report_store import Outbox
from smskit_phone.session import Session
from tests.conformance.broken.variants import Patch, variant, wait


@variant("report.lost-ack", "inbound.lost-ack")
def never_repeats_a_report(patch: Patch) -> None:
    wait(patch, report_resend=1e6)


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


@variant("radio.half-sent")
def reports_half_a_message_as_failed_for_the_moment(patch: Patch) -> None:
    refusal = radio._refusal

    def hasty(error):
        error.parts_handed_over = 0
        return refusal(error)

    patch.setattr(radio, "_refusal", hasty)


@variant("config.off")
def sends_by_a_sim_that_is_off(patch: Patch) -> None:
    patch.setattr(ClaimDesk, "enable", lambda self, sims: None)


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
        "hello.early-offer",
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
    wait(patch, report_resend=0.05)


@variant("report.numbers", may_break=("crash.delivery",))
def counts_from_one_at_each_start(patch: Patch) -> None:
    recover = Journal.recover

    def recount(self, at):
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM counters")
        return recover(self, at)

    patch.setattr(Journal, "recover", recount)


@variant("report.refused", "inbound.refused", may_break=("frames.error",))
def repeats_what_the_server_can_not_use(patch: Patch) -> None:
    patch.setattr(Session, "_on_error", lambda self, error: None)


@variant("config.on", may_break=("config.off",))
def never_switches_a_sim_on_again(patch: Patch) -> None:
    enable = ClaimDesk.enable
    patch.setattr(
        ClaimDesk, "enable", lambda self, sims: enable(self, {slot: on for slot, on in sims.items() if not on})
    )
