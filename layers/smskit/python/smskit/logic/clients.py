"""API clients: made, suspended, resumed, and let in with each request."""

from __future__ import annotations

from dataclasses import dataclass

from smskit.errors import NotFoundError
from smskit.logic import accounts, api_keys
from smskit.models.client import DEFAULT_HOURLY_REQUESTS, Client, ClientStatus
from smskit.models.ids import new_id
from smskit.models.times import hour_of
from smskit.store import clients

HOUR_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Admission:
    """A request with a good key. `over` says that the hour was used up already; `reset` is seconds to its end."""

    client_id: str
    account_id: str
    limit: int
    remaining: int
    reset: int
    over: bool = False


def create(account_id: str, name: str, now: int, limit: int = DEFAULT_HOURLY_REQUESTS) -> tuple[Client, str]:
    """A new client and its API key, which is shown this once. Raises NotFoundError for an unknown account."""
    accounts.require(account_id)
    client_id = new_id("cli", now)
    key = api_keys.mint(client_id)
    parsed = api_keys.parse(key)
    assert parsed is not None  # noqa: S101 - a minted key parses
    client = Client(client_id, account_id, name, limit=limit, key1_hash=parsed.key_hash, created_at=now)
    clients.create(client)
    return client, key


def set_status(client_id: str, status: ClientStatus) -> Client:
    """Suspend or resume. Raises NotFoundError for an unknown client."""
    client = clients.set_status(client_id, status)
    if client is None:
        raise NotFoundError(f"there is no client {client_id}")
    return client


def admit(key_text: str, now: int) -> Admission | None:
    """Check the key and count the request; None when it is missing, malformed, wrong or of a suspended client."""
    key = api_keys.parse(key_text)
    if key is None:
        return None
    admitted = clients.admit(key.client_id, key.key_hash, hour_of(now))
    if admitted is None:
        return None
    client, within = admitted
    # The end of the window that was counted in: it may lie ahead of this host's clock.
    reset = (client.window + 1) * HOUR_SECONDS - now // 1000
    remaining = max(0, client.limit - client.used)
    return Admission(client.client_id, client.account_id, client.limit, remaining, reset, over=not within)
