"""Accounts, clients and phones to start a test from."""

from __future__ import annotations

from dataclasses import dataclass, replace

from smskit.accounts.logic import accounts
from smskit.clients.logic import clients
from smskit.models.device import Device
from smskit.models.lane import Lane, LaneKey
from smskit.phones.store import devices, lanes
from smskit.platform import table
from smskit.platform.ids import new_id
from smskit.platform.times import now_ms


@dataclass(frozen=True)
class Tenant:
    """An account with one client."""

    account_id: str
    client_id: str
    key: str


def tenant(limit: int = 100) -> Tenant:
    """A new account with one client."""
    account = accounts.create("Acme", now_ms())
    client, key = clients.create(account.account_id, "backend", now_ms(), limit)
    return Tenant(account.account_id, client.client_id, key)


def test_tenant(account_id: str, limit: int = 100) -> Tenant:
    """A client with a test key; `account_id` becomes that of the test world, in whose name it acts."""
    client, key = clients.create(account_id, "staging", now_ms(), limit, is_test=True)
    return Tenant(client.world_id, client.client_id, key)


def phone(account_id: str, *, sims: int = 1, online: bool = True, **changes: object) -> Device:
    """A paired phone with SIMs in the slots from 0, as pairing and `hello` leave it."""
    now = now_ms()
    connection = new_id("con", now) if online else None
    device = Device(account_id, new_id("dvc", now), "Pixel 6 — Nairobi", "0" * 64, connection_id=connection,
                    connected_at=now, heartbeat_at=now if online else None, created_at=now)  # fmt: skip
    device = replace(device, **changes)  # type: ignore[arg-type]
    table.transact([*devices.create_ops(device, [])[:1], devices.list_op(device, range(sims))])
    for slot in range(sims):
        key = LaneKey(account_id, device.device_id, slot)
        lanes.save(None, Lane(key, connection_id=device.connection_id, carrier_name="Safaricom"))
    return device


def change_lane(device: Device, sim_slot: int, **changes: object) -> Lane:
    """A lane of the phone with some fields changed."""
    old = lanes.get(LaneKey(device.account_id, device.device_id, sim_slot))
    assert old is not None
    return lanes.save(old, replace(old, **changes))  # type: ignore[arg-type]
