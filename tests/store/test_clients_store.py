"""The clients table: key, status and count in one conditional write."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from smskit import aws as smskit_aws
from smskit.clients.store import clients
from smskit.errors import KeyRefusedError, TransactionRefusedError
from smskit.models.client import Client, ClientStatus
from tests.support.aws import Cloud
from tests.support.meter import Meter

CLIENT = Client("cli_7H2K9M4P1Q6R3T8V5W0X", "acc_7H2K9M4P1Q6R3T8V5W0X", "backend", limit=3, key1_hash="one")
HOUR = 490_000


@pytest.fixture(autouse=True)
def _stored(cloud: Cloud) -> None:
    clients.create(CLIENT)


def admit(key_hash: str = "one", hour: int = HOUR) -> tuple[int, bool] | None:
    try:
        client, within = clients.admit(CLIENT.client_id, key_hash, hour, hour * 3_600_000)
    except KeyRefusedError:
        return None
    return client.used, within


def test_a_client_is_never_made_twice() -> None:
    with pytest.raises(TransactionRefusedError):
        clients.create(replace(CLIENT, name="other"))
    stored = clients.get(CLIENT.client_id)
    assert stored is not None and stored.name == CLIENT.name


def test_each_request_counts_up_to_the_limit() -> None:
    assert [admit() for _ in range(5)] == [(1, True), (2, True), (3, True), (3, False), (3, False)]


def test_a_new_hour_begins_at_one() -> None:
    for _ in range(4):
        admit()
    assert [admit(hour=HOUR + 1), admit(hour=HOUR + 1)] == [(1, True), (2, True)]


def test_a_window_ahead_of_the_clock_is_counted_in() -> None:
    admit(hour=HOUR + 1)
    assert [admit(), admit(), admit()] == [(2, True), (3, True), (3, False)]


@pytest.mark.parametrize("slot", ["key1_hash", "key2_hash"])
def test_either_key_slot_lets_in(cloud: Cloud, slot: str) -> None:
    keys: dict[str, Any] = {"key1_hash": None, "key2_hash": None} | {slot: "mine"}
    other = replace(CLIENT, client_id="cli_0000000000000000000A", **keys)
    clients.create(other)
    clients.admit(other.client_id, "mine", HOUR, 0)
    with pytest.raises(KeyRefusedError):
        clients.admit(other.client_id, "one", HOUR, 0)


def test_wrong_keys_and_unknown_or_suspended_clients_are_none_and_count_nothing(cloud: Cloud) -> None:
    admit()
    assert admit("two") is None
    with pytest.raises(KeyRefusedError):
        clients.admit("cli_0000000000000000000B", "one", HOUR, 0)
    assert clients.change(CLIENT.client_id, None, status=ClientStatus.SUSPENDED) is not None
    assert admit() is None
    assert admit(hour=HOUR + 1) is None
    (item,) = cloud.items("clients")
    assert (item["used"], item["windowHour"]) == (1, HOUR)


def test_an_unknown_client_has_no_status_to_set(cloud: Cloud) -> None:
    assert clients.change("cli_0000000000000000000B", None, status=ClientStatus.SUSPENDED) is None
    assert len(cloud.items("clients")) == 1


def test_of_two_requests_that_find_an_old_hour_only_one_begins_the_new(monkeypatch: pytest.MonkeyPatch) -> None:
    admit()
    begin = clients._begin

    def overtaken(client_id: str, key_hash: str, hour: int, now: int) -> Client:
        monkeypatch.setattr(clients, "_begin", begin)
        assert admit(hour=hour) == (1, True)
        return begin(client_id, key_hash, hour, now)

    monkeypatch.setattr(clients, "_begin", overtaken)
    assert admit(hour=HOUR + 1) == (2, True)


def test_a_request_is_one_write_and_the_first_of_an_hour_two() -> None:
    meter = Meter(smskit_aws.session())
    smskit_aws.client.cache_clear()
    writes = []
    for hour in (HOUR, HOUR, HOUR + 1):
        meter.reset()
        admit(hour=hour)
        writes.append(dict(meter.requests))
    assert writes == [{"dynamodb.UpdateItem": 2}, {"dynamodb.UpdateItem": 1}, {"dynamodb.UpdateItem": 2}]
