"""API clients: made, listed, changed, given new keys, and let in with each request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from smskit.accounts.logic import accounts, audit_log
from smskit.clients.logic import api_keys, forgeries
from smskit.clients.store import clients
from smskit.errors import KeyRefusedError, LastKeyError, NotFoundError
from smskit.models.audit import Action, Entry
from smskit.models.client import DEFAULT_HOURLY_REQUESTS, Client, ClientStatus
from smskit.models.member import Person
from smskit.platform import cursors
from smskit.platform.cursors import Page
from smskit.platform.ids import is_id, new_id
from smskit.platform.retries import until_written
from smskit.platform.times import hour_of

HOUR_SECONDS = 3600
_LIST = "clients"
Written = TypeVar("Written")


@dataclass(frozen=True, slots=True)
class Admission:
    """A request with a good key; `account_id` is that of the world in which it acts. `over` says that the hour was used
    up already; `reset` is seconds to its end, which is what `Retry-After` says."""

    client_id: str
    account_id: str
    limit: int
    remaining: int
    reset: int
    over: bool = False


def create(
    account_id: str,
    name: str,
    now: int,
    limit: int = DEFAULT_HOURLY_REQUESTS,
    by: Person | None = None,
    *,
    is_test: bool = False,
) -> tuple[Client, str]:
    """A new client and its API key, which is shown this once. One that `is_test` works in the account's test world.

    Raises NotFoundError for an unknown account.
    """
    accounts.require(account_id)
    client_id = new_id("cli", now)
    key, key_hash = _mint(client_id, is_test)
    client = Client(client_id, account_id, name, limit=limit, key1_hash=key_hash, created_at=now, is_test=is_test)
    told = {"name": name} | ({"test": "true"} if is_test else {})
    clients.create(client, audit_log.entry_by(by, Action.CLIENT_CREATED, client_id, now, **told))
    return client, key


def _mint(client_id: str, is_test: bool) -> tuple[str, str]:
    key = api_keys.mint(client_id, is_test=is_test)
    parsed = api_keys.parse(key)
    assert parsed is not None  # noqa: S101 - a minted key parses
    return key, parsed.key_hash


def read(account_id: str, client_id: str) -> Client:
    """The account's client. Raises NotFoundError for a malformed or unknown id and for a foreign one alike."""
    client = clients.get(client_id) if is_id("cli", client_id) else None
    if client is None or client.account_id != account_id:
        raise not_found()
    return client


def not_found() -> NotFoundError:
    """No client of this account has the id."""
    return NotFoundError("There is no API client with this id in the account")


def list_page(account_id: str, limit: int, cursor: str | None) -> Page[Client]:
    """A page of the account's clients, newest first. Raises InvalidCursorError."""
    before = cursors.read_moment(_LIST, account_id, cursor, "cli") if cursor is not None else None
    found, more = clients.list_page(account_id, limit, before)
    last = found[-1] if more and found else None
    return Page(found, cursors.write_moment(_LIST, account_id, last.created_at, last.client_id) if last else None)


def set_status(client_id: str, status: ClientStatus, account_id: str | None = None) -> Client:
    """Suspend or resume; at once, also for requests on their way. Raises NotFoundError for an unknown client."""
    client = clients.change(client_id, account_id, status=status) if is_id("cli", client_id) else None
    if client is None:
        raise not_found() if account_id else NotFoundError(f"there is no client {client_id}")
    return client


def change(account_id: str, client_id: str, name: str | None, limit: int | None) -> Client:
    """Another name or limit; what is None stays. A lower limit holds at once. Raises NotFoundError."""
    if name is None and limit is None:
        return read(account_id, client_id)
    changed = clients.change(client_id, account_id, name=name, limit=limit) if is_id("cli", client_id) else None
    if changed is None:
        raise not_found()
    return changed


def rotate_key(account_id: str, client_id: str, slot: int, entry: Entry | None = None) -> tuple[Client, str]:
    """A new key in slot 1 or 2, shown this once. The slot's old key ends at once; the other slot's key stays.

    Raises NotFoundError.
    """

    def write(client: Client) -> tuple[Client, str]:
        key, key_hash = _mint(client_id, client.is_test)
        return clients.set_key(client, slot, key_hash, entry), key

    return _on_it_as_it_is(account_id, client_id, write)


def remove_key(account_id: str, client_id: str, slot: int, entry: Entry | None = None) -> Client:
    """End the key in slot 1 or 2; nothing when it is empty. Raises NotFoundError, or LastKeyError for the only key."""

    def write(client: Client) -> Client:
        if client.key_hash(slot) is None:
            return client
        if client.key_hash(3 - slot) is None:
            raise LastKeyError("This is the client's only key: rotate it, or suspend the client")
        return clients.remove_key(client, slot, entry)

    return _on_it_as_it_is(account_id, client_id, write)


def _on_it_as_it_is(account_id: str, client_id: str, write: Callable[[Client], Written]) -> Written:
    return until_written(partial(read, account_id, client_id), write, f"client {client_id} changed under every try")


def admit(key_text: str, now: int) -> Admission | None:
    """Check the key and count the request; None when it is missing, malformed, wrong or of a suspended client."""
    key = api_keys.parse(key_text)
    if key is None or forgeries.is_refused(key.key_hash):
        return None
    if forgeries.is_doubtful(key.key_hash, now) and not clients.seems_to_stand(key.client_id, key.key_hash):
        forgeries.note_refused(key.key_hash, now, for_good=False)
        return None
    try:
        client, within = clients.admit(key.client_id, key.key_hash, hour_of(now), now)
    except KeyRefusedError as refused:
        forgeries.note_refused(key.key_hash, now, for_good=not refused.is_of_suspended)
        return None
    forgeries.note_let_in(key.key_hash)
    # The end of the window that was counted in: it may lie ahead of this host's clock.
    reset = (client.window + 1) * HOUR_SECONDS - now // 1000
    remaining = max(0, client.limit - client.used)
    return Admission(client.client_id, client.world_id, client.limit, remaining, reset, over=not within)
