"""Outages: begun by an attempt that failed, and begun anew when nobody works on one, or when somebody asks."""

from __future__ import annotations

from smskit.models.webhook import Endpoint
from smskit.webhooks.gateways import recovery_machine
from smskit.webhooks.logic.recovery import retry_schedule
from smskit.webhooks.logic.recovery.outage_state import Outage
from smskit.webhooks.store import deliveries, endpoints

GRACE_MS = 3_600_000


def begin(endpoint: Endpoint, now: int, retry_after: int | None) -> None:
    """Active → Recovering; one of those who try it starts the execution."""
    begun = endpoints.begin_outage(endpoint, now)
    if begun is not None:
        _start(begun, retry_schedule.until_probe(0, retry_after), now)


def ensure_running(endpoint: Endpoint, now: int, *, retry_after: int | None = None, repeated: bool) -> None:
    """See to it that somebody works on the line of an endpoint that is Recovering.

    `repeated`: an earlier run may have begun the outage and died before it started the execution.
    """
    if _is_abandoned(endpoint, now):
        deliveries.hand_over_aside(endpoint.webhook_id, endpoint.outage + 1, now)
        _begin_anew(endpoint, now)
    elif repeated:
        _start(endpoint, retry_schedule.until_probe(0, retry_after), now)


def probe_now(endpoint: Endpoint, accepted_at: int, now: int) -> None:
    """Let an endpoint that is Recovering and accepted a ping at that time be probed at once."""
    if (endpoint.last_worked_at or 0) < accepted_at:
        _begin_anew(endpoint, now)
    else:
        _start(endpoint, 0, now)  # an earlier run may have died before it did


def _is_abandoned(endpoint: Endpoint, now: int) -> bool:
    """Whether its execution was never started, or has ended without a word.

    One that lives is probed within the longest wait; before its first probe it waits for seconds.
    """
    since, tended = endpoint.failing_since or 0, endpoint.last_worked_at or 0
    longest = retry_schedule.longest_ms() if tended >= since else 0
    return now - max(since, tended) > longest + GRACE_MS


def _begin_anew(endpoint: Endpoint, now: int) -> None:
    """As the next outage, so that an execution of this one, if there is any, finds that it has nothing to do."""
    renewed = endpoints.renew_outage(endpoint, now)
    if renewed is not None:
        _start(renewed, 0, now)


def _start(endpoint: Endpoint, wait: int, now: int) -> None:
    outage = Outage(endpoint.account_id, endpoint.webhook_id, endpoint.outage, now, wait)
    if wait:
        endpoints.note_next_attempt(endpoint.account_id, endpoint.webhook_id, now + 1000 * wait)
    recovery_machine.start(outage.execution, outage.to_state())
