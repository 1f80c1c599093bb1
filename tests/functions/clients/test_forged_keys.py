"""Made-up keys with a right checksum: what refusing them costs, and that who has a key of a client doesn't notice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from smskit import aws as smskit_aws
from smskit.clients.logic import api_keys, clients, forgeries
from smskit.models.client import ClientStatus
from smskit.platform.ids import new_id
from smskit.platform.times import now_ms
from tests.support import seeds
from tests.support.aws import Cloud
from tests.support.client_api import ClientApi
from tests.support.meter import Meter


@pytest.fixture
def clock(cloud: Cloud) -> Iterator[time_machine.Coordinates]:
    with time_machine.travel("2026-06-23T10:00:00Z", tick=False) as made:
        yield made


@pytest.fixture
def meter(clock: time_machine.Coordinates) -> Meter:
    made = Meter(smskit_aws.session())
    smskit_aws.client.cache_clear()
    return made


@pytest.fixture
def tenant(meter: Meter) -> seeds.Tenant:
    made = seeds.tenant()
    clients.admit(made.key, now_ms())
    clients.admit(made.key, now_ms())
    forgeries.forget()
    meter.reset()
    return made


def lets_in(key: str) -> bool:
    return clients.admit(key, now_ms()) is not None


def forged(number: int, tenant: seeds.Tenant) -> str:
    """Every second one names a client that there is."""
    return api_keys.mint(tenant.client_id if number % 2 else new_id("cli", now_ms()))


def test_of_many_forged_keys_one_costs_a_write_and_the_others_a_read(tenant: seeds.Tenant, meter: Meter) -> None:
    assert not any(lets_in(forged(number, tenant)) for number in range(101))
    assert dict(meter.requests) == {"dynamodb.UpdateItem": 1, "dynamodb.GetItem": 100}
    assert meter.rru == 100


def test_a_forged_key_that_a_write_refused_costs_nothing_any_more(tenant: seeds.Tenant, meter: Meter) -> None:
    key = forged(0, tenant)
    assert not any(lets_in(key) for _ in range(50))
    assert dict(meter.requests) == {"dynamodb.UpdateItem": 1}


def test_a_good_key_costs_one_write_however_many_are_forged(tenant: seeds.Tenant, meter: Meter) -> None:
    assert lets_in(tenant.key)
    for number in range(10):
        assert not lets_in(forged(number, tenant))
    meter.reset()
    assert lets_in(tenant.key)
    assert dict(meter.requests) == {"dynamodb.UpdateItem": 1}


def test_a_key_that_is_new_to_the_process_is_looked_up_once_while_keys_are_forged(
    tenant: seeds.Tenant, meter: Meter
) -> None:
    assert not lets_in(forged(1, tenant))
    meter.reset()
    assert lets_in(tenant.key) and lets_in(tenant.key)
    assert dict(meter.requests) == {"dynamodb.GetItem": 1, "dynamodb.UpdateItem": 2}


def test_doubt_ends_a_minute_after_the_last_forged_key(
    tenant: seeds.Tenant, meter: Meter, clock: time_machine.Coordinates
) -> None:
    assert not lets_in(forged(0, tenant))
    clock.shift(59)
    assert not lets_in(forged(1, tenant))
    clock.shift(59)
    assert not lets_in(forged(2, tenant))
    clock.shift(60)
    meter.reset()
    assert lets_in(tenant.key)
    assert dict(meter.requests) == {"dynamodb.UpdateItem": 1}


def test_a_suspended_clients_key_gets_in_at_once_when_the_client_is_resumed(tenant: seeds.Tenant) -> None:
    assert lets_in(tenant.key)
    for _ in range(2):
        clients.set_status(tenant.client_id, ClientStatus.SUSPENDED)
        assert [lets_in(tenant.key) for _ in range(3)] == [False, False, False]
        clients.set_status(tenant.client_id, ClientStatus.ACTIVE)
        assert lets_in(tenant.key)


def test_a_key_that_was_replaced_is_refused_though_it_was_let_in_before(tenant: seeds.Tenant, meter: Meter) -> None:
    assert lets_in(tenant.key)
    _, fresh = clients.rotate_key(tenant.account_id, tenant.client_id, 1)
    assert not lets_in(tenant.key) and lets_in(fresh)
    meter.reset()
    assert not lets_in(tenant.key)
    assert not meter.requests


def test_a_process_remembers_only_so_many_keys(tenant: seeds.Tenant) -> None:
    for number in range(3_000):
        forgeries.note_refused(f"{number:064}", now_ms(), for_good=True)
        forgeries.note_let_in(f"{number:064}")
    assert not forgeries.is_refused(f"{0:064}") and forgeries.is_refused(f"{2_999:064}")
    assert len(forgeries._refused) == len(forgeries._let_in) == 1_000


def test_both_ways_of_refusing_are_answered_alike(cloud: Cloud) -> None:
    api = ClientApi(cloud)
    again = api_keys.mint(api.tenant.client_id)
    keys = [again, again, api_keys.mint(api.tenant.client_id), api_keys.mint(new_id("cli", now_ms()))]
    answers = [api.get("/api/devices", headers={"x-api-key": key}) for key in keys]
    shown = {answer.text.replace(answer.headers.pop("x-request-id"), "ID") + str(answer.headers) for answer in answers}
    assert len(shown) == 1
    assert {answer.status for answer in answers} == {401}
