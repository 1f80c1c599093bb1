"""How an account does, at one look: a bounded number of reads, however much it sends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from smskit.accounts.logic import settings as account_settings
from smskit.accounts.store import accounts
from smskit.clients.store import clients
from smskit.dispatch.store import job_lists
from smskit.dispatch.store.job_lists import JobIndex
from smskit.models.webhook import EndpointStatus
from smskit.phones.logic import device_list
from smskit.platform.zones import DEFAULT
from smskit.usage import logic as usage
from smskit.usage import store as usage_store
from smskit.usage.figures import Figures
from smskit.webhooks.logic import backlog_status
from smskit.webhooks.logic.backlog_status import Standing
from smskit.webhooks.store import endpoints as webhooks


@dataclass(frozen=True, slots=True)
class Overview:
    """Today's figures, phones, webhooks that are suspended, and what of setting up is done."""

    day: date
    figures: Figures
    online: int
    offline: int
    suspended: list[Standing]
    has_client: bool
    has_webhook: bool
    has_sent: bool


def read(account_id: str, now: int) -> Overview:
    """The overview; days are those of the account's time zone."""
    zone = account_settings.read(account_id).time_zone or DEFAULT
    day = usage.today(zone, now)
    ((_, figures),) = usage.by_day(account_id, day, day, zone)
    phones = device_list.list_all(account_id, now)
    online = sum(row.is_online for row in phones)
    endpoints = list(webhooks.list_all(account_id))
    found, _ = clients.list_page(account_id, 1, None)
    return Overview(
        day=day,
        figures=figures,
        online=online,
        offline=len(phones) - online,
        suspended=[
            backlog_status.of(endpoint) for endpoint in endpoints if endpoint.status is EndpointStatus.SUSPENDED
        ],
        has_client=bool(found),
        has_webhook=bool(endpoints),
        has_sent=_has_sent(account_id),
    )


def _has_sent(account_id: str) -> bool:
    """Whether it ever sent a message: once seen that is remembered, since messages and figures go with time."""
    account = accounts.get(account_id)
    if account is not None and account.has_sent:
        return True
    sent, _ = job_lists.list_page(JobIndex("by_account", account_id), 1)
    if not sent and not usage_store.has_accepted(account_id):
        return False
    accounts.remember_sent(account_id)
    return True
