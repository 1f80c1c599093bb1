"""Messages as they are stored, as the console API shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from smskit.models.job import Job, TimelineEntry
from smskit.platform.times import rfc3339, time_text
from smskit.sending.api.console_views import OUTCOMES, MessageAttempt, MessageDetail, MessagePage, MessageView
from smskit.sending.api.rendering import job_view
from smskit.sending.logic.filters import MessageListPage

Names = Mapping[str, str]
_OUTCOMES = frozenset(OUTCOMES)


def message_view(job: Job, names: Names) -> MessageView:
    """The message with its text, and the name of who wrote it."""
    shown = dict(job_view(job))
    return MessageView(
        **shown,
        message=job.message,
        client_id=job.client_id,
        client_name=names.get(job.client_id),
        conversation_id=job.conversation_id,
        expires_at=rfc3339(job.expires_at),
    )


def message_page(page: MessageListPage, names: Names) -> MessagePage:
    """The page, and how far back it has looked."""
    shown = MessagePage.of(page, lambda job: message_view(job, names))
    return shown.model_copy(update={"looked_back_to": time_text(page.looked_back_to)})


def message_detail(job: Job, names: Names) -> MessageDetail:
    """The message, and each phone that took it."""
    return MessageDetail(**dict(message_view(job, names)), tries=[_attempt_view(attempt) for attempt in _attempts(job)])


@dataclass(frozen=True, slots=True)
class _Attempt:
    number: int
    began: TimelineEntry
    ended: TimelineEntry | None = None


def _attempts(job: Job) -> list[_Attempt]:
    """Each `assigned` begins one; the last word about it, until the next begins, is its outcome."""
    attempts: list[_Attempt] = []
    for entry in job.timeline:
        if entry.event == "assigned":
            attempts.append(_Attempt(len(attempts) + 1, entry))
        elif attempts and entry.event in _OUTCOMES:
            attempts[-1] = replace(attempts[-1], ended=_later(attempts[-1].ended, entry))
    return attempts


def _later(known: TimelineEntry | None, entry: TimelineEntry) -> TimelineEntry:
    """A Sent that is told behind its Delivered is no later word; the job's end is none about a try that has ended."""
    if known is not None and (entry.event == "dead_letter" or (known.event, entry.event) == ("delivered", "sent")):
        return known
    return entry


def _attempt_view(attempt: _Attempt) -> MessageAttempt:
    return MessageAttempt(
        number=attempt.number,
        device_id=attempt.began.device_id or "",
        sim_slot=attempt.began.sim_slot or 0,
        assigned_at=rfc3339(attempt.began.at),
        outcome=attempt.ended.event if attempt.ended else None,
        ended_at=time_text(attempt.ended.at) if attempt.ended else None,
        detail=attempt.ended.detail if attempt.ended else None,
    )
