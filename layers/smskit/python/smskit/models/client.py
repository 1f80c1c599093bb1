"""An API client: a program of an account that holds API keys."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

DEFAULT_HOURLY_REQUESTS = 100


class ClientStatus(StrEnum):
    """A suspended client's keys are refused as if they were wrong."""

    ACTIVE = "Active"
    SUSPENDED = "Suspended"


@dataclass(frozen=True, slots=True)
class Client:
    """A client as stored. `used` counts the requests of `window`, an hour since the epoch; `limit` bounds them."""

    client_id: str
    account_id: str
    name: str
    status: ClientStatus = ClientStatus.ACTIVE
    limit: int = DEFAULT_HOURLY_REQUESTS
    window: int = 0
    used: int = 0
    key1_hash: str | None = None
    key2_hash: str | None = None
    created_at: int = 0
