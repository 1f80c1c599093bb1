"""API clients. The key, the status and the hour's count are checked, and the request counted, in one write.

That write also notes when the key was last used, under a name that begins with the key's own hash: so each key has a
time of its own although the write doesn't know in which slot the key is.
"""

from __future__ import annotations

from collections.abc import Sequence
from hmac import compare_digest

from smskit.accounts.store import audit_log
from smskit.errors import ConditionFailedError, ContentionError, KeyRefusedError, TransactionRefusedError
from smskit.models.audit import Entry
from smskit.models.client import Client, ClientStatus
from smskit.platform import table
from smskit.platform.codec import Item

PAGE = 100
SLOTS = (1, 2)
_TRIES = 6
_KEY_STANDS = "#status = :active AND (key1Hash = :hash OR key2Hash = :hash)"
_NAMES = {"#status": "status", "#name": "name"}


def _used_at(key_hash: str | None) -> str:
    return f"usedAt{(key_hash or '')[:8]}"


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
    } | ({"isTest": True} if client.is_test else {})


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
        key1_used_at=item.get(_used_at(item.get("key1Hash"))),
        key2_used_at=item.get(_used_at(item.get("key2Hash"))),
        is_test=item.get("isTest", False),
    )


def create(client: Client, entry: Entry | None = None) -> None:
    """Store a new client, and note it. Raises TransactionRefusedError if there is one of this id."""
    table.transact([table.put_op("clients", _item(client), "attribute_not_exists(pk)"), *audit_log.put_ops(entry)])


def get(client_id: str) -> Client | None:
    """The client, or None."""
    item = table.get("clients", {"pk": client_id})
    return _client_of(item) if item else None


def names(account_id: str, client_ids: Sequence[str]) -> dict[str, str]:
    """The names of those that are the account's, by id; 100 a request, eventually consistent."""
    items = table.get_many("clients", [{"pk": client_id} for client_id in client_ids], consistent=False)
    return {item["pk"]: item["name"] for item in items if item["accountId"] == account_id}


def list_page(account_id: str, limit: int, before: tuple[int, str] | None) -> tuple[list[Client], bool]:
    """Clients of an account, newest first, from behind (created, id); and whether there are more.

    Eventually consistent: a client that was just made may be missing for a moment.
    """
    after = {"accountId": account_id, "createdAt": before[0], "pk": before[1]} if before else None
    items, more = table.query(
        "clients", "accountId = :account", {":account": account_id}, limit=limit, index="by_account",
        newest_first=True, after=after,
    )  # fmt: skip
    found = {item["pk"]: _client_of(item) for item in table.get_many("clients", [{"pk": row["pk"]} for row in items])}
    return [found[row["pk"]] for row in items if row["pk"] in found], more


def change(
    client_id: str,
    account_id: str | None,
    *,
    name: str | None = None,
    limit: int | None = None,
    status: ClientStatus | None = None,
) -> Client | None:
    """Change what isn't None; None when there is no such client (of this account, if one is given)."""
    wanted: Item = {"#name": name, "hourly": limit, "#status": status.value if status else None}
    known = {path: value for path, value in wanted.items() if value is not None}
    sets = ", ".join(f"{path} = :{path.lstrip('#')}" for path in known)
    values: Item = {f":{path.lstrip('#')}": value for path, value in known.items()}
    names = {path: _NAMES[path] for path in known if path in _NAMES}
    condition = "attribute_exists(pk)"
    if account_id is not None:
        condition, values[":account"] = "accountId = :account", account_id
    return _try(client_id, f"SET {sets}", values, condition, names)


def set_key(seen: Client, slot: int, key_hash: str, entry: Entry | None = None) -> Client:
    """Put a key into a slot, in place of the one that `seen` has there, and note it. The other stays.

    Raises ConditionFailedError when the slot has changed.
    """
    old = seen.key_hash(slot)
    values: Item = {":new": key_hash, ":account": seen.account_id} | ({":old": old} if old else {})
    stands = f"key{slot}Hash = :old" if old else f"attribute_not_exists(key{slot}Hash)"
    expression = f"SET key{slot}Hash = :new" + (f" REMOVE {_used_at(old)}" if old else "")
    return _change_key(seen, slot, key_hash, expression, values, f"accountId = :account AND {stands}", entry)


def remove_key(seen: Client, slot: int, entry: Entry | None = None) -> Client:
    """Empty a slot, and note it. Raises ConditionFailedError when it changed, or when the other one is empty."""
    old = seen.key_hash(slot)
    values: Item = {":old": old, ":account": seen.account_id}
    condition = f"accountId = :account AND key{slot}Hash = :old AND attribute_exists(key{3 - slot}Hash)"
    return _change_key(seen, slot, None, f"REMOVE key{slot}Hash, {_used_at(old)}", values, condition, entry)


def _change_key(
    seen: Client, slot: int, key_hash: str | None, expression: str, values: Item, condition: str, entry: Entry | None
) -> Client:
    change = table.update_op("clients", {"pk": seen.client_id}, expression, values, condition)
    try:
        table.transact([change, *audit_log.put_ops(entry)])
    except TransactionRefusedError:
        raise ConditionFailedError(None) from None
    return seen.with_key(slot, key_hash)


def _try(
    client_id: str, expression: str, values: Item, condition: str, names: dict[str, str] | None = None
) -> Client | None:
    try:
        item = table.update("clients", {"pk": client_id}, expression, values, condition=condition, names=names)
    except ConditionFailedError:
        return None
    return _client_of(item)


def seems_to_stand(client_id: str, key_hash: str) -> bool:
    """Whether a key is an active client's now, for a read unit: a key works from the moment that it was shown."""
    item = table.get("clients", {"pk": client_id})
    client = _client_of(item) if item else None
    return client is not None and client.status is ClientStatus.ACTIVE and _holds(client, key_hash)


def admit(client_id: str, key_hash: str, hour: int, now: int) -> tuple[Client, bool]:
    """Check the key and count the request: one write, or two for the first request of an hour.

    The client, and whether the request was still within its hour's limit. Raises KeyRefusedError for a key that is
    unknown, wrong or of a suspended client.
    """
    for _ in range(_TRIES):
        try:
            return _count(client_id, key_hash, hour, now), True
        except ConditionFailedError as refused:
            client = _client_of(refused.item) if refused.item else None
        if client is None or not _holds(client, key_hash):
            raise KeyRefusedError(is_of_suspended=False)
        if client.status is not ClientStatus.ACTIVE:
            raise KeyRefusedError(is_of_suspended=True)
        if client.window >= hour:
            return client, False
        try:
            return _begin(client_id, key_hash, hour, now), True
        except ConditionFailedError:
            continue  # another request began the hour, or the client changed: look again
    raise ContentionError(f"client {client_id} changed under every try")


def _holds(client: Client, key_hash: str) -> bool:
    known: Sequence[str | None] = (client.key1_hash, client.key2_hash)
    matches = [compare_digest(stored, key_hash) for stored in known if stored is not None]
    return any(matches)


def _count(client_id: str, key_hash: str, hour: int, now: int) -> Client:
    """A window ahead of this host's clock is counted in, never reset."""
    return _let_in(client_id, key_hash, hour, now, "used = used + :one", "windowHour >= :hour AND used < hourly")


def _begin(client_id: str, key_hash: str, hour: int, now: int) -> Client:
    return _let_in(client_id, key_hash, hour, now, "windowHour = :hour, used = :one", "windowHour < :hour")


def _let_in(client_id: str, key_hash: str, hour: int, now: int, counts: str, condition: str) -> Client:
    values: Item = {":active": ClientStatus.ACTIVE.value, ":hash": key_hash, ":hour": hour, ":one": 1, ":now": now}
    item = table.update(
        "clients", {"pk": client_id}, f"SET {counts}, #used = :now", values,
        condition=f"{_KEY_STANDS} AND {condition}", names={"#status": "status", "#used": _used_at(key_hash)},
    )  # fmt: skip
    return _client_of(item)
