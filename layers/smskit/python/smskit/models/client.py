"""An API client: a program of an account that holds API keys."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from smskit.models import worlds

DEFAULT_HOURLY_REQUESTS = 100


class ClientStatus(StrEnum):
    """A suspended client's keys are refused as if they were wrong."""

    ACTIVE = "Active"
    SUSPENDED = "Suspended"


@dataclass(frozen=True, slots=True)
class Client:
    """A client as stored. `used` counts the requests of `window`, an hour since the epoch; `limit` bounds them.

    `is_test`: its keys work in the account's test world, where nothing is sent; it is made so, and stays so. Times are
    milliseconds since the epoch.
    """

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
    key1_used_at: int | None = None
    key2_used_at: int | None = None
    is_test: bool = False

    @property
    def world_id(self) -> str:
        """The account in whose name its requests act: the test world's for one that only tests."""
        return worlds.test_of(self.account_id) if self.is_test else self.account_id

    @property
    def last_used_at(self) -> int | None:
        """When a request with one of the present keys was last let in."""
        return max((at for at in (self.key1_used_at, self.key2_used_at) if at is not None), default=None)

    def used_in(self, hour: int) -> int:
        """How many requests of this hour are counted; a window ahead of it is what is counted in by then."""
        return self.used if self.window >= hour else 0

    def key_hash(self, slot: int) -> str | None:
        """The hash of the key in slot 1 or 2."""
        return self.key1_hash if slot == 1 else self.key2_hash

    def with_key(self, slot: int, key_hash: str | None) -> Client:
        """With another key in slot 1 or 2, unused as yet, or with none there."""
        if slot == 1:
            return replace(self, key1_hash=key_hash, key1_used_at=None)
        return replace(self, key2_hash=key_hash, key2_used_at=None)
