"""Erasing what an account keeps of its messages to and from one number, on request: piece by piece, each by a timer.

A job that waits is withdrawn first. One that a phone holds is left until it has ended: its phone may be sending it.
What stays of a job holds neither number nor text; by it a repeated request is known, and nothing is sent twice.
What came in leaves a closed number in the feed, so that its readers miss nothing, and the endpoints' logs lose the
event before the message goes: whoever is stopped in between finds the message again. The lists of a number lag behind
by a moment, so each is gone through once more a minute later.
"""

from __future__ import annotations

from smskit.contacts import store as contacts
from smskit.dispatch.store import job_ends, job_lists, job_texts, jobs, pool
from smskit.dispatch.store.job_lists import JobIndex
from smskit.errors import ConditionFailedError
from smskit.inbox.store import contact_cards, inbound_messages
from smskit.models import worlds
from smskit.models.contact import conversation_id
from smskit.models.job import Job, JobStatus, Rank
from smskit.models.timer import EraseTimer, message_of, queue_of
from smskit.models.webhook import Endpoint, Event, delivery_id
from smskit.platform import timer_queue
from smskit.sending.logic import send_times
from smskit.webhooks.logic import events
from smskit.webhooks.store import deliveries
from smskit.webhooks.store import endpoints as webhooks

PIECE = 25
LOGGED = 100  # entries of the endpoints' logs that a piece removes: four requests
AGAIN_SECONDS = 60
MOST_AHEAD_MS = (send_times.MOST_AHEAD_SECONDS + 86_400) * 1000  # and the quiet hours that may follow
HELD_SECONDS = 660  # past the report deadline of what a phone holds


def ask(account_id: str, number: str, now: int) -> None:
    """Erase all messages so far to and from a number, which is in its normal form: in both worlds of the account."""
    for world in (account_id, worlds.test_of(account_id)):
        set_erasure(EraseTimer(world, number, now, part="in"), 0)
        set_erasure(EraseTimer(world, number, now), 0)


def run(piece: EraseTimer, now: int) -> None:
    """Erase one piece, and set the timer for the next."""
    if piece.part == "in":
        _erase_received(piece)
    else:
        _erase_sent(piece, now)


def _erase_sent(piece: EraseTimer, now: int) -> None:
    until = piece.asked_at + MOST_AHEAD_MS  # a job that was accepted before stands where it is due
    shelf = JobIndex("by_conversation", conversation_id(piece.account_id, piece.number), until=until)
    behind = (piece.behind[0], str(piece.behind[1])) if piece.behind else None
    places, more = job_lists.list_page(shelf, PIECE, behind)
    found = jobs.get_many([job_id for _, job_id in places])
    meant = [job for job in found.values() if job.account_id == piece.account_id and job.asked_at <= piece.asked_at]
    gone = [_erase(job, now) for job in meant]
    left = piece.left or not all(gone)
    if more and places:
        set_erasure(piece._replace(behind=places[-1], left=left), 0)
    elif left:
        set_erasure(_from_the_start(piece), HELD_SECONDS)
    elif not piece.again:
        set_erasure(_from_the_start(piece), AGAIN_SECONDS)


def _erase_received(piece: EraseTimer) -> None:
    if piece.behind is None:
        contact_cards.forget(piece.account_id, piece.number)
        contacts.forget(piece.account_id, piece.number, piece.asked_at)
    endpoints = webhooks.list_all(piece.account_id)
    before = (piece.behind[0], int(piece.behind[1])) if piece.behind else (piece.asked_at + 1, 0)
    size = min(PIECE, LOGGED // max(1, len(endpoints)))
    conversation = conversation_id(piece.account_id, piece.number)
    entries, more = inbound_messages.of_conversation(conversation, size, before, 0)  # also what has expired
    found = [(entry, entry.message) for entry in entries if entry.message]
    told = [events.received(message) for _, message in found]
    deliveries.forget(_place(event, endpoint) for event in told for endpoint in endpoints)
    for entry, message in found:
        inbound_messages.erase(message, entry)
    if more and entries:
        set_erasure(piece._replace(behind=(entries[-1].at, entries[-1].seq)), 0)
    elif not piece.again:
        set_erasure(_from_the_start(piece), AGAIN_SECONDS)


def _place(event: Event, endpoint: Endpoint) -> tuple[str, str]:
    return endpoint.webhook_id, delivery_id(event.event_id, endpoint.webhook_id, event.at)


def _from_the_start(piece: EraseTimer) -> EraseTimer:
    return piece._replace(behind=None, left=False, again=True)


def _erase(job: Job, now: int) -> bool:
    """Whether the job is gone."""
    if job.rank <= Rank.PENDING:
        try:
            pool.withdraw(job_ends.close(job.job_id, JobStatus.CANCELLED, None, now))
        except ConditionFailedError:
            return False
    return job_texts.erase(job)


def set_erasure(piece: EraseTimer, delay_seconds: int) -> None:
    """Erase a piece of what the account keeps of a number."""
    timer_queue.set_timer(message_of(piece._replace(dead_lettered=0)), delay_seconds, queue_of(piece.kind))
