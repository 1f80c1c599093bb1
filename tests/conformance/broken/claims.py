"""Phones that claim too much, too late or in the wrong order."""

import time
from dataclasses import replace

from smskit_phone import journal
from smskit_phone.claims import ClaimDesk
from smskit_phone.clock import ServerClock
from smskit_phone.jobs import State
from smskit_phone.journal import Journal
from smskit_phone.lines import Line
from smskit_phone.radio import Radio
from tests.conformance.broken.variants import Patch, variant, wait


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
    wait(patch, claim_resend=1e6)


@variant("claim.two-tokens", may_break=("crash.offered-again", "radio.half-sent"))
def sends_what_it_sent_under_another_token(patch: Patch) -> None:
    patch.setattr(journal, "_seen_by_radio", lambda connection, key: None)


@variant("order.priority", may_break=("order.urgent",))
def sends_in_the_order_of_the_offers(patch: Patch) -> None:
    add = Line.add
    patch.setattr(Line, "add", lambda self, job: add(self, replace(job, priority=5)))


@variant("deadline.claim")
def leaves_late_offers_alone(patch: Patch) -> None:
    accepts = ClaimDesk._accepts

    def punctual(self, offer):
        return accepts(self, offer) and not self._context.clock.passed(offer.claim_by)

    patch.setattr(ClaimDesk, "_accepts", punctual)


@variant("deadline.expired", may_break=("deadline.radio", "clock.ahead", "clock.behind"))
def knows_no_deadlines(patch: Patch) -> None:
    patch.setattr(ServerClock, "passed", lambda self, deadline: False)


@variant("clock.ahead", "clock.behind")
def trusts_its_own_clock(patch: Patch) -> None:
    patch.setattr(ServerClock, "passed", lambda self, deadline: time.time() >= deadline)


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
