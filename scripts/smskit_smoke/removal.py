"""Takes away what a smoke has made: each thing is noted as it is made, and removed whatever happened since."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable

from smskit.accounts.gateways import user_pool
from smskit.accounts.store import members
from smskit.dispatch.store import job_lists
from smskit.dispatch.store.job_lists import JobIndex
from smskit.phones.store.device_items import LISTED
from smskit.phones.store.lane_items import online_partition, own_partition
from smskit.platform import table
from smskit.platform.codec import Item

Remove = Callable[[], object | Awaitable[object]]


class Removal:
    """Things to remove, the last one first."""

    def __init__(self) -> None:
        self._things: list[tuple[str, Remove]] = []

    def note(self, what: str, remove: Remove) -> None:
        """Have it removed at the end."""
        self._things.append((what, remove))

    async def run(self) -> list[str]:
        """Remove everything; what could not be, with the reason. One that fails keeps no other from going."""
        left = []
        while self._things:
            what, remove = self._things.pop()
            try:
                done = remove() if inspect.iscoroutinefunction(remove) else await asyncio.to_thread(remove)
                if inspect.isawaitable(done):
                    await done
            except Exception as failed:
                left.append(f"{what}: {failed or type(failed).__name__}")
        return left


def erase_account(account_id: str) -> None:
    """Every item of an account that was made to be tried out with: nobody else knows its id."""
    for member in members.list_all(account_id):
        user_pool.delete(member.person_id)
        _erase("accounts", f"person#{member.person_id}")
    jobs, _ = job_lists.list_page(JobIndex("by_account", account_id), 100)
    table.delete_many("jobs", [{"pk": job_id} for _, job_id in jobs])
    for device_id in _named("devices", account_id, LISTED):
        _erase("devices", own_partition(account_id, device_id))
    for webhook_id in _named("webhooks", account_id, "endpoint#"):
        _erase("webhooks", webhook_id)
    for message in _items("messages", account_id):
        _erase("messages", str(message.get("messageId", account_id)))
    for item in _items("pairing", account_id):
        _erase("pairing", f"code#{item['codeHash']}")
    _erase("devices", online_partition(account_id))
    _erase("accounts", f"{account_id}#audit")
    for name in ("devices", "webhooks", "messages", "contacts", "usage", "pairing", "accounts"):
        _erase(name, account_id)


def erase_client(client_id: str) -> None:
    """An API client: its key opens nothing any more."""
    table.delete("clients", {"pk": client_id})


def _named(name: str, partition: str, prefix: str) -> list[str]:
    keys = [str(item["sk"]) for item in _items(name, partition)]
    return [key.removeprefix(prefix) for key in keys if key.startswith(prefix)]


def _items(name: str, partition: str) -> list[Item]:
    return list(table.pages(name, "pk = :pk", {":pk": partition}, consistent=True))


def _erase(name: str, partition: str) -> None:
    table.delete_many(name, [{"pk": item["pk"], "sk": item["sk"]} for item in _items(name, partition)])
