"""Two key slots that rotate independently, the list of an account's clients, and what changing one leaves alone."""

from __future__ import annotations

import pytest
import time_machine

from smskit import aws as smskit_aws
from smskit.accounts.logic import accounts
from smskit.clients.logic import clients
from smskit.errors import InvalidCursorError, LastKeyError, NotFoundError
from smskit.models.client import ClientStatus
from smskit.platform.ids import new_id
from smskit.platform.times import now_ms
from tests.support import seeds
from tests.support.aws import Cloud
from tests.support.meter import Meter

NOW = 1_782_208_800_000


@pytest.fixture
def mine(cloud: Cloud) -> seeds.Tenant:
    return seeds.tenant()


@pytest.fixture
def foreign(cloud: Cloud) -> seeds.Tenant:
    return seeds.tenant()


def lets_in(key: str) -> bool:
    return clients.admit(key, now_ms()) is not None


def test_a_rotation_refuses_no_request(mine: seeds.Tenant) -> None:
    """Traffic on key 1; a key in slot 2; switch; a new key in slot 1; and the switch back."""
    first = mine.key
    assert lets_in(first)
    _, second = clients.rotate_key(mine.account_id, mine.client_id, 2)
    assert lets_in(first) and lets_in(second)
    _, third = clients.rotate_key(mine.account_id, mine.client_id, 1)
    assert [lets_in(key) for key in (first, second, third)] == [False, True, True]
    _, fourth = clients.rotate_key(mine.account_id, mine.client_id, 2)
    assert [lets_in(key) for key in (first, second, third, fourth)] == [False, False, True, True]


def test_only_hashes_of_keys_are_stored(mine: seeds.Tenant, cloud: Cloud) -> None:
    _, second = clients.rotate_key(mine.account_id, mine.client_id, 2)
    stored = str(cloud.items("clients"))
    assert mine.key not in stored and second not in stored


def test_of_two_rotations_of_a_slot_at_once_both_find_their_place(
    mine: seeds.Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    original, other = clients.read, []

    def overtaken(account_id: str, client_id: str) -> object:
        seen = original(account_id, client_id)
        if not other:
            other.append("")
            other.append(clients.rotate_key(account_id, client_id, 2)[1])
        return seen

    monkeypatch.setattr(clients, "read", overtaken)
    _, mine_key = clients.rotate_key(mine.account_id, mine.client_id, 2)
    assert lets_in(mine_key) and not lets_in(other[1]) and lets_in(mine.key)


def test_a_removed_key_ends_and_the_last_one_stays(mine: seeds.Tenant) -> None:
    with pytest.raises(LastKeyError):
        clients.remove_key(mine.account_id, mine.client_id, 1)
    assert clients.remove_key(mine.account_id, mine.client_id, 2).key2_hash is None
    _, second = clients.rotate_key(mine.account_id, mine.client_id, 2)
    clients.remove_key(mine.account_id, mine.client_id, 1)
    assert not lets_in(mine.key) and lets_in(second)
    with pytest.raises(LastKeyError):
        clients.remove_key(mine.account_id, mine.client_id, 2)


def test_each_key_knows_when_it_was_last_used(mine: seeds.Tenant) -> None:
    with time_machine.travel("2026-06-23T10:00:00Z", tick=False):
        assert lets_in(mine.key)
        _, second = clients.rotate_key(mine.account_id, mine.client_id, 2)
    with time_machine.travel("2026-06-23T12:00:00Z", tick=False):
        assert lets_in(second)
    client = clients.read(mine.account_id, mine.client_id)
    assert (client.key1_used_at, client.key2_used_at) == (NOW, NOW + 7_200_000)
    assert client.last_used_at == NOW + 7_200_000
    clients.rotate_key(mine.account_id, mine.client_id, 2)
    assert clients.read(mine.account_id, mine.client_id).last_used_at == NOW


def test_noting_the_use_of_a_key_costs_no_request_and_no_index_write(mine: seeds.Tenant) -> None:
    lets_in(mine.key)
    meter = Meter(smskit_aws.session())
    smskit_aws.client.cache_clear()
    lets_in(mine.key)
    assert dict(meter.requests) == {"dynamodb.UpdateItem": 1}
    assert meter.wru == 1


def test_changes_leave_the_rest_alone(mine: seeds.Tenant) -> None:
    lets_in(mine.key)
    before = clients.read(mine.account_id, mine.client_id)
    clients.change(mine.account_id, mine.client_id, "billing", None)
    clients.change(mine.account_id, mine.client_id, None, 7)
    clients.set_status(mine.client_id, ClientStatus.SUSPENDED, mine.account_id)
    after = clients.read(mine.account_id, mine.client_id)
    assert (after.name, after.limit, after.status) == ("billing", 7, ClientStatus.SUSPENDED)
    assert (after.key1_hash, after.used, after.created_at) == (before.key1_hash, before.used, before.created_at)
    assert not lets_in(mine.key)
    clients.set_status(mine.client_id, ClientStatus.ACTIVE, mine.account_id)
    assert lets_in(mine.key)


def test_another_accounts_client_is_not_found_and_stays_as_it_is(mine: seeds.Tenant, foreign: seeds.Tenant) -> None:
    before = clients.read(foreign.account_id, foreign.client_id)
    for client_id in (foreign.client_id, new_id("cli", 0), "cli_1", ""):
        for ask in (
            lambda c: clients.read(mine.account_id, c),
            lambda c: clients.change(mine.account_id, c, "x", None),
            lambda c: clients.change(mine.account_id, c, None, None),
            lambda c: clients.rotate_key(mine.account_id, c, 1),
            lambda c: clients.remove_key(mine.account_id, c, 1),
            lambda c: clients.set_status(c, ClientStatus.SUSPENDED, mine.account_id),
        ):
            with pytest.raises(NotFoundError, match="There is no API client with this id in the account"):
                ask(client_id)
    assert clients.read(foreign.account_id, foreign.client_id) == before


def test_a_list_holds_each_of_the_accounts_clients_once_newest_first(cloud: Cloud) -> None:
    accounts_ = [accounts.create("Acme", NOW).account_id for _ in range(2)]
    made = {account: [clients.create(account, str(n), NOW + n // 2)[0].client_id for n in range(7)]
            for account in accounts_}  # fmt: skip
    for account in accounts_:
        listed, cursor = [], None
        while True:
            page = clients.list_page(account, 3, cursor)
            listed += page.items
            cursor = page.cursor
            if cursor is None:
                break
        assert sorted(client.client_id for client in listed) == sorted(made[account])
        assert [client.created_at for client in listed] == sorted((c.created_at for c in listed), reverse=True)


def test_a_cursor_that_no_answer_gave_is_refused(mine: seeds.Tenant, foreign: seeds.Tenant) -> None:
    for _ in range(2):
        clients.create(foreign.account_id, "more", now_ms())
    given = clients.list_page(foreign.account_id, 1, None).cursor
    assert given is not None
    for cursor in ("", "x", "é", given[:-1], given + "A", given):
        with pytest.raises(InvalidCursorError):
            clients.list_page(mine.account_id, 1, cursor)
