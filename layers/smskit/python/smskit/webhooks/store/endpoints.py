"""Webhook endpoints. Each change is one conditional write that counts the version up, or one transaction.

Beside an account's endpoints stand their number and, for each, an item whose key is its URL and events, so that neither
the limit nor a duplicate depends on a read.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from smskit.accounts.store import audit_log
from smskit.errors import (
    ConditionFailedError,
    TooManyWebhooksError,
    TransactionRefusedError,
    WebhookExistsError,
)
from smskit.models.audit import Entry
from smskit.models.webhook import MAX_ENDPOINTS, Delivery, Endpoint, EndpointStatus
from smskit.platform import table
from smskit.platform.codec import Item
from smskit.webhooks.store.items import (
    delivery_key,
    delivery_of_item,
    endpoint_item,
    endpoint_key,
    endpoint_of,
    is_delivery,
    watched_key,
)

_REFUSED = "ConditionalCheckFailed"
_STATUS = {"#status": "status"}


def _count_key(account_id: str) -> Item:
    return {"pk": account_id, "sk": "count"}


def _unique_key(endpoint: Endpoint) -> Item:
    text = " ".join([endpoint.url, *sorted(endpoint.events)])
    return {"pk": endpoint.account_id, "sk": f"unique#{hashlib.sha256(text.encode()).hexdigest()[:40]}"}


def create(endpoint: Endpoint, entry: Entry | None = None) -> None:
    """Store a new endpoint, and note it. Raises WebhookExistsError or TooManyWebhooksError."""
    below: Item = {":none": 0, ":one": 1, ":limit": MAX_ENDPOINTS}
    unique = _unique_key(endpoint) | {"webhookId": endpoint.webhook_id}
    counted = "attribute_not_exists(endpoints) OR endpoints < :limit"
    operations = [
        table.put_op("webhooks", unique, "attribute_not_exists(pk)"),
        table.update_op("webhooks", _count_key(endpoint.account_id),
                        "SET endpoints = if_not_exists(endpoints, :none) + :one", below, counted),
        table.put_op("webhooks", endpoint_item(endpoint), "attribute_not_exists(pk)"),
        *audit_log.put_ops(entry),
    ]  # fmt: skip
    try:
        table.transact(operations)
    except TransactionRefusedError as refused:
        if refused.reasons[0] == _REFUSED:
            raise WebhookExistsError("The account has an endpoint with this url and these events") from None
        if refused.reasons[1] == _REFUSED:
            raise TooManyWebhooksError(f"An account may have at most {MAX_ENDPOINTS} endpoints") from None
        raise


def get(account_id: str, webhook_id: str, *, consistent: bool = True) -> Endpoint | None:
    """The endpoint, or None."""
    item = table.get("webhooks", endpoint_key(account_id, webhook_id), consistent=consistent)
    return endpoint_of(item) if item else None


def get_with_delivery(account_id: str, webhook_id: str, delivery_id: str) -> tuple[Endpoint | None, Delivery | None]:
    """The endpoint and one of its deliveries, each None when there is no such thing; one consistent request."""
    endpoint, delivery = None, None
    keys = [endpoint_key(account_id, webhook_id), delivery_key(webhook_id, delivery_id)]
    for item in table.get_many("webhooks", keys):
        if is_delivery(item):
            delivery = delivery_of_item(item)
        else:
            endpoint = endpoint_of(item)
    return endpoint, delivery


def list_all(account_id: str) -> list[Endpoint]:
    """All endpoints of an account, oldest first. Eventually consistent: half a read unit for a few of them."""
    return list_watched(account_id)[0]


def list_watched(account_id: str) -> tuple[list[Endpoint], int]:
    """The same, and until when, ms, somebody looks at the account; 0 when nobody does. In the same request."""
    values: Item = {":pk": account_id, ":sk": "endpoint#"}
    condition = "pk = :pk AND begins_with(sk, :sk)"
    items, _ = table.query("webhooks", condition, values, limit=MAX_ENDPOINTS + 1, consistent=False)
    until = next((item["until"] for item in items if item["sk"] == watched_key(account_id)["sk"]), 0)
    return [endpoint_of(item) for item in items if "url" in item], until


def change(old: Endpoint, url: str, events: tuple[str, ...]) -> Endpoint:
    """Another URL or other events. Raises WebhookExistsError, or ConditionFailedError when `old` is out of date."""
    new = replace(old, url=url, events=events, version=old.version + 1)
    values: Item = {":url": url, ":events": list(events), ":version": new.version, ":old": old.version}
    operations = [
        table.update_op(
            "webhooks", endpoint_key(old.account_id, old.webhook_id),
            "SET #url = :url, events = :events, version = :version", values, "version = :old", {"#url": "url"},
        )
    ]  # fmt: skip
    if _unique_key(new) != _unique_key(old):
        unique = _unique_key(new) | {"webhookId": new.webhook_id}
        operations.append(table.put_op("webhooks", unique, "attribute_not_exists(pk)"))
        operations.append(table.delete_op("webhooks", _unique_key(old)))
    try:
        table.transact(operations)
    except TransactionRefusedError as refused:
        if refused.reasons[0] == _REFUSED:
            raise ConditionFailedError(None) from None
        if _REFUSED in refused.reasons:
            raise WebhookExistsError("The account has an endpoint with this url and these events") from None
        raise
    return new


def change_secrets(old: Endpoint, new: Endpoint) -> Endpoint:
    """Store new secrets. Raises ConditionFailedError when `old` is out of date."""
    fresh = endpoint_item(new)
    values: Item = {":sealed": new.sealed, ":old": fresh["oldSecrets"], ":version": old.version, ":one": 1}
    expression = "SET sealed = :sealed, oldSecrets = :old, version = version + :one"
    stored = _update(old.account_id, old.webhook_id, expression, values, "version = :version")
    if stored is None:
        raise ConditionFailedError(None)
    return stored


def remove(endpoint: Endpoint, entry: Entry | None = None) -> None:
    """Remove an endpoint, and note it; its log goes by TTL. Raises ConditionFailedError when it changed meanwhile."""
    key = endpoint_key(endpoint.account_id, endpoint.webhook_id)
    operations = [
        table.delete_op("webhooks", key, "version = :version", {":version": endpoint.version}),
        table.delete_op("webhooks", _unique_key(endpoint)),
        table.update_op(
            "webhooks", _count_key(endpoint.account_id), "SET endpoints = endpoints - :one", {":one": 1}
        ),
        *audit_log.put_ops(entry),
    ]  # fmt: skip
    try:
        table.transact(operations)
    except TransactionRefusedError:
        raise ConditionFailedError(None) from None


def begin_outage(endpoint: Endpoint, now: int) -> Endpoint | None:
    """Active → Recovering, as the next outage; None for all but the one who wins."""
    values: Item = {
        ":from": EndpointStatus.ACTIVE.value, ":to": EndpointStatus.RECOVERING.value, ":outage": endpoint.outage,
        ":now": now, ":one": 1,
    }  # fmt: skip
    expression = "SET #status = :to, outage = outage + :one, failingSince = :now, version = version + :one"
    condition = "#status = :from AND outage = :outage"
    return _update(endpoint.account_id, endpoint.webhook_id, expression, values, condition, _STATUS)


def renew_outage(endpoint: Endpoint, now: int) -> Endpoint | None:
    """Recovering, as the next outage, which counts as tended from now on; None for all but the one who wins."""
    values: Item = {
        ":in": EndpointStatus.RECOVERING.value, ":outage": endpoint.outage, ":now": now, ":one": 1,
    }  # fmt: skip
    expression = "SET outage = outage + :one, tendedAt = :now, version = version + :one"
    condition = "#status = :in AND outage = :outage"
    return _update(endpoint.account_id, endpoint.webhook_id, expression, values, condition, _STATUS)


def tend(account_id: str, webhook_id: str, outage: int, now: int) -> Endpoint | None:
    """Note that somebody works on this outage; the endpoint, or None when it isn't in it. No new version of it."""
    values: Item = {":in": EndpointStatus.RECOVERING.value, ":outage": outage, ":now": now}
    condition = "#status = :in AND outage = :outage"
    return _update(account_id, webhook_id, "SET tendedAt = :now", values, condition, _STATUS)


def note_next_attempt(account_id: str, webhook_id: str, at: int) -> None:
    """Note when something that waits is next tried, for whoever asks. No new version of the endpoint."""
    _update(account_id, webhook_id, "SET nextAttemptAt = :at", {":at": at}, "attribute_exists(pk)")


def forget_next_attempt(endpoint: Endpoint) -> None:
    """Nothing waits for it any more; nothing when somebody has noted another time since `endpoint` was read."""
    values: Item = {":at": endpoint.next_attempt_at}
    _update(endpoint.account_id, endpoint.webhook_id, "REMOVE nextAttemptAt", values, "nextAttemptAt = :at")


def end_outage(account_id: str, webhook_id: str, outage: int) -> Endpoint | None:
    """Recovering → Active; None when the endpoint is no longer in this outage."""
    values: Item = {
        ":from": EndpointStatus.RECOVERING.value, ":to": EndpointStatus.ACTIVE.value, ":outage": outage, ":one": 1,
    }  # fmt: skip
    expression = "SET #status = :to, version = version + :one REMOVE failingSince"
    condition = "#status = :from AND outage = :outage"
    return _update(account_id, webhook_id, expression, values, condition, _STATUS)


def resume_outage(endpoint: Endpoint, now: int) -> Endpoint | None:
    """Active → Recovering in the same outage, for events that joined the line while it was closed."""
    values: Item = {
        ":from": EndpointStatus.ACTIVE.value, ":to": EndpointStatus.RECOVERING.value, ":outage": endpoint.outage,
        ":now": now, ":one": 1,
    }  # fmt: skip
    expression = "SET #status = :to, failingSince = :now, version = version + :one"
    condition = "#status = :from AND outage = :outage"
    return _update(endpoint.account_id, endpoint.webhook_id, expression, values, condition, _STATUS)


def suspend(endpoint: Endpoint, reason: str, now: int) -> Endpoint | None:
    """→ Suspended; None when its status or outage is another than that of `endpoint`. What waits since the outage began
    is skipped too."""
    values: Item = {
        ":from": endpoint.status.value, ":to": EndpointStatus.SUSPENDED.value, ":outage": endpoint.outage,
        ":now": now, ":reason": reason, ":one": 1,
    }  # fmt: skip
    expression = (
        "SET #status = :to, suspendedAt = :now, suspendedReason = :reason, version = version + :one, "
        "skippedFrom = if_not_exists(failingSince, :now) REMOVE failingSince"
    )
    condition = "#status = :from AND outage = :outage"
    return _update(endpoint.account_id, endpoint.webhook_id, expression, values, condition, _STATUS)


def activate(account_id: str, webhook_id: str, asked_at: int) -> Endpoint | None:
    """Suspended → Active, if that was asked for after the suspension; else None."""
    values: Item = {
        ":from": EndpointStatus.SUSPENDED.value, ":to": EndpointStatus.ACTIVE.value, ":asked": asked_at, ":one": 1,
    }  # fmt: skip
    expression = "SET #status = :to, version = version + :one REMOVE suspendedAt, suspendedReason, skippedFrom"
    condition = "#status = :from AND suspendedAt <= :asked"
    return _update(account_id, webhook_id, expression, values, condition, _STATUS)


def _update(
    account_id: str, webhook_id: str, expression: str, values: Item, condition: str,
    names: dict[str, str] | None = None,
) -> Endpoint | None:  # fmt: skip
    key = endpoint_key(account_id, webhook_id)
    try:
        return endpoint_of(table.update("webhooks", key, expression, values, condition=condition, names=names))
    except ConditionFailedError:
        return None
