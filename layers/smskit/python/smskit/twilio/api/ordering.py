"""From a request of Twilio's API to an order like any other, and to the job that it makes."""

from __future__ import annotations

from smskit.accounts.api.callers import Caller
from smskit.models.job import Callback, Job, JobStatus
from smskit.platform.http.faults import Fault
from smskit.platform.http.problems import INVALID_REQUEST, ProblemError
from smskit.platform.http.query_values import moment_ms
from smskit.sending.logic import own_country, phone_numbers, plain_text, segments
from smskit.sending.logic.accept import Accepted, Order
from smskit.twilio.api.requests import CreateMessage
from smskit.twilio.logic import messages
from smskit.webhooks.logic import callbacks


def order_of(caller: Caller, request: CreateMessage, now: int) -> Order:
    """What the client asks for. Raises UnknownSenderError or InvalidUrlError, and ProblemError where parameters don't
    go together."""
    if request.schedule_type is not None and request.send_at is None:
        fault = Fault("#/SendAt", "SendAt is required with ScheduleType")
        raise ProblemError(INVALID_REQUEST, fault.detail, (fault,))
    _recipient(caller.account_id, request.to, now)  # a message that can't be sent prepares no callback
    smart = request.smart_encoded == "true"
    return Order(
        account_id=caller.account_id,
        client_id=caller.client_id,
        recipient=request.to,
        message=plain_text.plain(request.body) if smart else request.body,
        priority=request.priority,
        validity_seconds=int(request.validity_period) if request.validity_period is not None else None,
        targets=(messages.sender(caller.account_id, request.from_, now),) if request.from_ is not None else (),
        send_at=moment_ms(request.send_at) if request.send_at is not None else None,
        callback=_callback(caller, request.status_callback, now),
    )


def _recipient(account_id: str, text: str, now: int) -> str:
    return phone_numbers.normalise(text, own_country.of(account_id, text, now))


def _callback(caller: Caller, url: str | None, now: int) -> Callback | None:
    if url is None or caller.signing_key is None:
        return None
    return callbacks.prepare(caller.account_id, url, caller.signing_key, now)


def accepted_job(order: Order, accepted: Accepted, now: int) -> Job:
    """The job that was made of it, as it is answered: nothing is read for that."""
    is_later = accepted.send_at is not None
    return Job(
        job_id=accepted.job_id,
        account_id=order.account_id,
        client_id=order.client_id,
        recipient=_recipient(order.account_id, order.recipient, now),
        message=order.message,
        segments=segments.count(order.message),
        priority=order.priority,
        created_at=now if accepted.send_at is None else accepted.send_at,
        expires_at=now,
        status=JobStatus.SCHEDULED if is_later else JobStatus.PENDING,
        accepted_at=now if is_later else None,
    )
