"""API clients. The key, the status and the hour's count are checked, and the request counted, in one write."""

from __future__ import annotations

from hmac import compare_digest

from smskit.errors import ConditionFailedError, ContentionError
from smskit.models.client import Client, ClientStatus
from smskit.store import table
from smskit.store.codec import Item

_TRIES = 4
_KEY_STANDS = "#status = :active AND (key1Hash = :hash OR key2Hash = :hash)"
_NAMES = {"#status": "status"}


def _item(client: Client) -> Item:
    return {
        "pk": client.client_id,
        "accountId": client.account_id,
        "name": client.name,
        "status": client.status.value,
        "hourly": client.limit,
        "windowHour": client.window,
        "used": client.used,
        "key1Hash": client.key1_hash,
        "key2Hash": client.key2_hash,
        "createdAt": client.created_at,
    }


def _client_of(item: Item) -> Client:
    return Client(
        client_id=item["pk"],
        account_id=item["accountId"],
        name=item["name"],
        status=ClientStatus(item["status"]),
        limit=item["hourly"],
        window=item["windowHour"],
        used=item["used"],
        key1_hash=item.get("key1Hash"),
        key2_hash=item.get("key2Hash"),
        created_at=item["createdAt"],
    )


def create(client: Client) -> None:
    """Store a new client."""
    table.put("clients", _item(client), "attribute_not_exists(pk)")


def set_status(client_id: str, status: ClientStatus) -> Client | None:
    """Suspend or resume a client; None when there is no such client."""
    values: Item = {":status": status.value}
    try:
        item = table.update(
            "clients", {"pk": client_id}, "SET #status = :status", values,
            condition="attribute_exists(pk)", names=_NAMES,
        )  # fmt: skip
    except ConditionFailedError:
        return None
    return _client_of(item)


def admit(client_id: str, key_hash: str, hour: int) -> tuple[Client, bool] | None:
    """Check the key and count the request: one write, or two for the first request of an hour.

    None when the key is unknown, wrong or of a suspended client; else the client, and whether the request was still
    within its hour's limit.
    """
    for _ in range(_TRIES):
        try:
            return _count(client_id, key_hash, hour), True
        except ConditionFailedError as refused:
            client = _client_of(refused.item) if refused.item else None
        if client is None or not _stands(client, key_hash):
            return None
        if client.window >= hour:
            return client, False
        try:
            return _begin(client_id, key_hash, hour), True
        except ConditionFailedError:
            continue  # another request began the hour, or the client changed: look again
    raise ContentionError(f"client {client_id} changed under every try")


def _stands(client: Client, key_hash: str) -> bool:
    known = (client.key1_hash, client.key2_hash)
    matches = [compare_digest(stored, key_hash) for stored in known if stored is not None]
    return client.status is ClientStatus.ACTIVE and any(matches)


def _count(client_id: str, key_hash: str, hour: int) -> Client:
    """A window ahead of this host's clock is counted in, never reset."""
    values: Item = {":active": ClientStatus.ACTIVE.value, ":hash": key_hash, ":hour": hour, ":one": 1}
    condition = f"{_KEY_STANDS} AND windowHour >= :hour AND used < hourly"
    expression = "SET used = used + :one"
    return _client_of(table.update("clients", {"pk": client_id}, expression, values, condition=condition, names=_NAMES))


def _begin(client_id: str, key_hash: str, hour: int) -> Client:
    values: Item = {":active": ClientStatus.ACTIVE.value, ":hash": key_hash, ":hour": hour, ":one": 1}
    condition = f"{_KEY_STANDS} AND windowHour < :hour"
    expression = "SET windowHour = :hour, used = :one"
    return _client_of(table.update("clients", {"pk": client_id}, expression, values, condition=condition, names=_NAMES))
