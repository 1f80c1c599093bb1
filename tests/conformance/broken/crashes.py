"""Phones that a crash or a revocation takes by surprise."""

from dataclasses import replace

from smskit_phone import journal, parsing
from smskit_phone.claims import ClaimDesk
from smskit_phone.jobs import State
from smskit_phone.journal import Journal
from smskit_phone.phone import Phone
from smskit_phone.radio import Radio
from smskit_phone.report_store import Outbox
from tests.conformance.broken.variants import Patch, variant


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


@variant("crash.reporting", "report.next-connection")
def forgets_a_report_once_it_is_said(patch: Patch) -> None:
    next_batch = Outbox.next_batch

    def forgetful(self):
        batch = next_batch(self)
        if batch:
            self.acknowledge(batch.seq)
        return batch

    patch.setattr(Outbox, "next_batch", forgetful)


@variant(
    "crash.claimed",
    "crash.cleared",
    may_break=("report.next-connection", "crash.sending", "crash.reporting"),
)
def names_nothing_in_hello(patch: Patch) -> None:
    patch.setattr(Journal, "open_jobs", lambda self, limit: [])


@variant("revoked.leaves")
def stays_after_it_was_revoked(patch: Patch) -> None:
    patch.delitem(parsing._PARSERS, "revoked")


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


@variant("crash.offline", may_break=("crash.claimed", "crash.cleared"))
def sends_only_while_it_is_connected(patch: Patch) -> None:
    connect_once = Phone._connect_once

    async def fickle(self, known, context, desks):
        try:
            return await connect_once(self, known, context, desks)
        finally:
            desks.claims.give_back([job.key for job in context.journal.held()], "offline")

    patch.setattr(Phone, "_connect_once", fickle)
