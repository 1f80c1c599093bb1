"""The accounts table: accounts, pairing codes, and the count of tries."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smskit.errors import ConditionFailedError, TransactionRefusedError
from smskit.models.device import Device
from smskit.models.ids import new_id
from smskit.models.lane import Lane, LaneKey
from smskit.store import accounts
from smskit.store.accounts import Account, Code
from tests.support.aws import Cloud

ACCOUNT = "acc_7H2K9M4P1Q6R3T8V5W0X"
NOW = 1_782_208_800_000
DEVICE = Device(ACCOUNT, "dvc_3K7J2H5F8M1N4Q9R6V0W", "Pixel 6", "hash")
CODE = Code("pcd_0000000000000000000A", "code", ACCOUNT, NOW + 600_000)
LANES = [Lane(LaneKey(ACCOUNT, DEVICE.device_id, slot), version=1) for slot in (0, 1)]


@pytest.fixture(autouse=True)
def _tables(cloud: Cloud) -> None:
    accounts.put_code(CODE)


def test_an_account_is_kept() -> None:
    accounts.create(Account(ACCOUNT, "Acme", NOW))
    assert accounts.get(ACCOUNT) == Account(ACCOUNT, "Acme", NOW)
    assert accounts.get("acc_0000000000000000000A") is None
    with pytest.raises(ConditionFailedError):
        accounts.create(Account(ACCOUNT, "Other", NOW))


def test_a_code_finds_its_account_until_it_expires(cloud: Cloud) -> None:
    assert accounts.good_code("code", NOW) == CODE
    assert accounts.good_code("code", NOW + 599_999) == CODE
    assert accounts.good_code("code", NOW + 600_000) is None
    assert accounts.good_code("other", NOW) is None
    assert {item["ttl"] > CODE.expires_at // 1000 for item in cloud.items("accounts")} == {True}


def test_a_code_is_used_once_and_all_or_nothing(cloud: Cloud) -> None:
    assert accounts.redeem(CODE, DEVICE, LANES, NOW)
    assert len(cloud.items("devices")) == 4  # the phone, its SIMs, and its line in the list
    assert accounts.good_code("code", NOW) is None
    other = Device(ACCOUNT, "dvc_0000000000000000000A", "Other", "hash")
    assert not accounts.redeem(CODE, other, [], NOW)
    assert len(cloud.items("devices")) == 4


@pytest.mark.parametrize(("code_hash", "moment"), [("code", NOW + 600_000), ("other", NOW)])
def test_a_code_that_is_not_good_makes_no_phone(cloud: Cloud, code_hash: str, moment: int) -> None:
    assert not accounts.redeem(replace(CODE, code_hash=code_hash), DEVICE, LANES, moment)
    assert cloud.items("devices") == []


def test_a_phone_is_never_overwritten_and_its_code_stays(cloud: Cloud) -> None:
    second = replace(CODE, code_id="pcd_0000000000000000000B", code_hash="second")
    accounts.put_code(second)
    assert accounts.redeem(CODE, DEVICE, LANES, NOW)
    with pytest.raises(TransactionRefusedError):
        accounts.redeem(second, DEVICE, LANES, NOW)
    assert accounts.good_code("second", NOW) == second


def test_tries_are_counted_in_a_window_that_begins_with_the_first() -> None:
    def count(moment: int) -> int | None:
        return accounts.count_try("ip", moment, 1000, 2)

    assert [count(NOW), count(NOW + 900), count(NOW + 950)] == [None, None, NOW + 1000]
    assert accounts.count_try("other", NOW + 950, 1000, 2) is None
    assert [count(NOW + 1000), count(NOW + 1001), count(NOW + 1999)] == [None, None, NOW + 2000]


def test_a_try_that_was_right_is_taken_back() -> None:
    for _ in range(5):
        assert accounts.count_try("ip", NOW, 1000, 2) is None
        accounts.uncount_try("ip")
    accounts.uncount_try("never seen")


def test_the_list_shows_what_is_not_expired_used_or_not(cloud: Cloud) -> None:
    later = Code(new_id("pcd", NOW + 700_000), "later", ACCOUNT, NOW + 700_000)
    first = Code(new_id("pcd", NOW + 600_000), "first", ACCOUNT, NOW + 600_000)
    accounts.put_code(later)
    accounts.put_code(first)
    assert accounts.codes(ACCOUNT, NOW, 10) == [first, later]
    assert accounts.codes(ACCOUNT, NOW + 600_000, 10) == [later]
    assert accounts.redeem(first, DEVICE, LANES, NOW)
    assert accounts.codes(ACCOUNT, NOW, 10) == [replace(first, used_at=NOW, device_id=DEVICE.device_id), later]
    assert accounts.codes("acc_0000000000000000000A", NOW, 10) == []


def test_a_cancelled_code_is_worthless_and_a_used_one_stays_used(cloud: Cloud) -> None:
    assert not accounts.cancel_code("acc_0000000000000000000A", CODE.code_id, NOW)
    assert accounts.cancel_code(ACCOUNT, CODE.code_id, NOW)
    assert accounts.good_code("code", NOW) is None and not accounts.redeem(CODE, DEVICE, LANES, NOW)
    assert not accounts.cancel_code(ACCOUNT, CODE.code_id, NOW)
    accounts.put_code(CODE)
    assert accounts.redeem(CODE, DEVICE, LANES, NOW)
    assert not accounts.cancel_code(ACCOUNT, CODE.code_id, NOW)
    assert len(cloud.items("devices")) == 4
