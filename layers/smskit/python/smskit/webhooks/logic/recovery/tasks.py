"""The tasks of the state machine that looks after one outage of one endpoint.

Each reads the endpoint anew and may run twice. Whatever the endpoint has become meanwhile, `probe` finds the way on.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from smskit.models.webhook import DeliveryRequest, DeliveryStatus, Endpoint, EndpointStatus, RequestKind
from smskit.platform.times import now_ms
from smskit.webhooks.gateways import deliveries_queue
from smskit.webhooks.logic.attempt import Result
from smskit.webhooks.logic.recovery import drain, retry_schedule, suspension
from smskit.webhooks.logic.recovery.outage_state import Next, Outage
from smskit.webhooks.store import deliveries, endpoints

DRAIN_MS = 25_000
MAX_ROUNDS = 1_000
_OTHER_OUTAGE_STEP = 3


def run(task: str, outage: Outage) -> Outage:
    """Do one task; the state with what comes next.

    An execution that has run for long, or has rested, goes on in a new one: nobody knows how long its history is.
    """
    done = _TASKS[task](outage)
    is_long = done.rounds >= MAX_ROUNDS or outage.rested
    if is_long and done.next not in (Next.DONE, Next.CONTINUE):
        return done.then(Next.CONTINUE, wait=done.wait if done.next is Next.WAIT else 0)
    return done


def _probe(outage: Outage) -> Outage:
    endpoint = endpoints.tend(outage.account_id, outage.webhook_id, outage.number, now_ms())
    if endpoint is None:
        return _close(outage)
    drained = drain.probe(endpoint, outage.number)
    if drained.gone:
        return outage.then(Next.SUSPEND, reason=suspension.GONE_REASON)
    if drained.failure is not None:
        return _failed_again(outage, drained.failure)
    return outage.then(Next.CLOSE if drained.empty else Next.DRAIN)


def _failed_again(outage: Outage, failure: Result) -> Outage:
    """Wait by the outage's age, or give the endpoint up."""
    age = now_ms() - outage.since
    if age >= retry_schedule.give_up_ms():
        reason = f"It accepted nothing for 24 hours; the last try failed: {failure.words}"
        return outage.then(Next.SUSPEND, reason=reason)
    return _waiting(outage.then(Next.WAIT, wait=retry_schedule.until_probe(age, failure.retry_after)))


def _waiting(outage: Outage) -> Outage:
    """Note when the next attempt is, for whoever asks."""
    endpoints.note_next_attempt(outage.account_id, outage.webhook_id, now_ms() + 1000 * outage.wait)
    return outage


def _go_on(outage: Outage) -> Outage:
    """What comes next, if that is to probe, drain or close; else nothing, and the state machine chooses."""
    task = {Next.WAIT: "probe", Next.DRAIN: "drain", Next.CLOSE: "close"}.get(outage.next)
    return _TASKS[task](outage) if task else outage


def _drain(outage: Outage) -> Outage:
    endpoint = endpoints.tend(outage.account_id, outage.webhook_id, outage.number, now_ms())
    if endpoint is None:
        return _close(outage)
    drained = drain.drain(endpoint, outage.number, now_ms() + DRAIN_MS)
    if drained.gone:
        return outage.then(Next.SUSPEND, reason=suspension.GONE_REASON)
    if drained.failure is not None:
        # It accepted something a moment ago, so its age begins anew.
        wait = retry_schedule.until_probe(0, drained.failure.retry_after)
        return _waiting(outage.then(Next.WAIT, since=now_ms(), wait=wait))
    return outage.then(Next.CLOSE if drained.empty else Next.DRAIN)


def _close(outage: Outage) -> Outage:
    """Publish Active, then look at the line once more: whoever joined before that is still found."""
    endpoint = endpoints.get(outage.account_id, outage.webhook_id)
    if endpoint is None:
        return outage.then(Next.DONE)
    if _is_in(endpoint, outage):
        endpoint = endpoints.end_outage(outage.account_id, outage.webhook_id, outage.number) or endpoint
    if endpoint.outage == outage.number:
        if endpoint.status is EndpointStatus.SUSPENDED:
            return outage.then(Next.SUSPEND)
        if deliveries.line(outage.webhook_id, 1) and endpoints.resume_outage(endpoint, now_ms()):
            return outage.then(Next.DRAIN)
    return _aside_or_done(outage, endpoint)


def _aside_or_done(outage: Outage, endpoint: Endpoint) -> Outage:
    """Wait for the next try of what stepped aside, at the pace of the one with the most tries left."""
    places = deliveries.line(outage.webhook_id, drain.BATCH, deliveries.aside(outage.number))
    if not places:
        _forget_next_attempt(endpoint)
        return outage.then(Next.DONE)
    known = deliveries.get_many(outage.webhook_id, [place.delivery_id for place in places])
    step = max(0, min((delivery.tries for delivery in known.values()), default=1) - 1)
    if endpoint.status is EndpointStatus.RECOVERING:
        step = max(step, _OTHER_OUTAGE_STEP)
    return _waiting(outage.then(Next.ASIDE, wait=retry_schedule.until_aside(step)))


def _forget_next_attempt(endpoint: Endpoint) -> None:
    """So that whoever asks knows by the endpoint alone that nothing waits; what another outage set aside still does."""
    if endpoint.next_attempt_at is not None and not deliveries.line(endpoint.webhook_id, 1, deliveries.LINE):
        endpoints.forget_next_attempt(endpoint)


def _retry_aside(outage: Outage) -> Outage:
    """Try what stepped aside. While another outage lasts nothing is tried, so no try is used up."""
    endpoint = endpoints.get(outage.account_id, outage.webhook_id)
    if endpoint is None:
        return outage.then(Next.DONE)
    if endpoint.status is EndpointStatus.SUSPENDED:
        return outage.then(Next.SUSPEND, reason=endpoint.suspended_reason)
    if endpoint.status is EndpointStatus.RECOVERING:
        return _aside_or_done(outage, endpoint)
    places = deliveries.line(outage.webhook_id, drain.BATCH, deliveries.aside(outage.number))
    known = deliveries.get_many(outage.webhook_id, [place.delivery_id for place in places])
    until = now_ms() + DRAIN_MS
    for place in places:
        delivery = known.get(place.delivery_id)
        if delivery is None or delivery.status is not DeliveryStatus.WAITING:
            deliveries.leave(place)
            continue
        if now_ms() >= until:
            break
        result, delivery = drain.try_once(endpoint, delivery)
        if result.gone:
            suspension.suspend(endpoint, suspension.GONE_REASON, now_ms())
            return outage.then(Next.SUSPEND, reason=suspension.GONE_REASON)
        if result.accepted or not drain.give_up_or_keep(delivery, outage.number):
            deliveries.leave(place)
    return _aside_or_done(outage, endpoint)


def _suspend(outage: Outage) -> Outage:
    """Suspend in this outage if there is a reason to, then mark what waits as Skipped, for 25 s at a time.

    Whoever enabled it meanwhile has ended the outage, so a task that is run again leaves it alone.
    """
    endpoint = endpoints.get(outage.account_id, outage.webhook_id)
    if endpoint is not None and outage.reason is not None and _is_in(endpoint, outage):
        suspended = endpoints.suspend(endpoint, outage.reason, now_ms())
        endpoint = suspended or endpoints.get(outage.account_id, outage.webhook_id)
    if endpoint is None:
        return outage.then(Next.DONE, reason=None)
    if endpoint.status is not EndpointStatus.SUSPENDED:
        return _close(outage.then(Next.CLOSE, reason=None))
    if outage.reason is not None:
        suspension.announce(endpoint)  # also when an earlier run suspended it: that may have died before it did
    if not _skip_line(endpoint, now_ms() + DRAIN_MS):
        return outage.then(Next.SUSPEND, reason=None)
    _forget_next_attempt(endpoint)
    return outage.then(Next.DONE, reason=None)


def _skip_line(endpoint: Endpoint, until: int) -> bool:
    """Mark what waits as Skipped; False when the time was over before the line was, or somebody has enabled it."""
    while places := deliveries.line(endpoint.webhook_id, drain.BATCH, deliveries.LINE):
        current = endpoints.get(endpoint.account_id, endpoint.webhook_id)
        if now_ms() >= until or current is None or current.status is not EndpointStatus.SUSPENDED:
            return False
        known = deliveries.get_many(endpoint.webhook_id, [place.delivery_id for place in places])
        for place in places:
            if place.delivery_id in known:
                deliveries.close(known[place.delivery_id], DeliveryStatus.SKIPPED)
            deliveries.leave(place)
    return True


def _continue(outage: Outage) -> Outage:
    """Let the sender, which alone may, start the execution that goes on from here."""
    onward = Outage(
        outage.account_id, outage.webhook_id, outage.number, outage.since, outage.wait, 0, outage.part + 1,
        reason=outage.reason,
    )  # fmt: skip
    deliveries_queue.send(
        DeliveryRequest(RequestKind.CONTINUE, outage.account_id, outage.webhook_id, body=json.dumps(onward.to_state()))
    )
    return outage.then(Next.DONE)


def _is_in(endpoint: Endpoint, outage: Outage) -> bool:
    return endpoint.status is EndpointStatus.RECOVERING and endpoint.outage == outage.number


_TASKS: dict[str, Callable[[Outage], Outage]] = {
    "probe": _probe,
    "go-on": _go_on,
    "drain": _drain,
    "close": _close,
    "retry-aside": _retry_aside,
    "suspend": _suspend,
    "continue": _continue,
}
