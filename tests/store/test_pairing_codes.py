"""Pairing codes, and the wrong tries at them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smskit.errors import TransactionRefusedError
from smskit.models.device import Device
from smskit.models.lane import Lane, LaneKey
from smskit.phones.store import pairing_codes
from smskit.phones.store.pairing_codes import Code
from smskit.platform.ids import new_id
from tests.support.aws import Cloud

ACCOUNT = "acc_7H2K9M4P1Q6R3T8V5W0X"
NOW = 1_782_208_800_000
DEVICE = Device(ACCOUNT, "dvc_3K7J2H5F8M1N4Q9R6V0W", "Pixel 6", "hash")
CODE = Code("pcd_0000000000000000000A", "code", ACCOUNT, NOW + 600_000)
LANES = [Lane(LaneKey(ACCOUNT, DEVICE.device_id, slot), version=1) for slot in (0, 1)]


@pytest.fixture(autouse=True)
def _tables(cloud: Cloud) -> None:
    pairing_codes.put_code(CODE)


def test_a_code_finds_its_account_until_it_expires(cloud: Cloud) -> None:
    assert pairing_codes.good_code("code", NOW) == CODE
    assert pairing_codes.good_code("code", NOW + 599_999) == CODE
    assert pairing_codes.good_code("code", NOW + 600_000) is None
    assert pairing_codes.good_code("other", NOW) is None
    assert {item["ttl"] > CODE.expires_at // 1000 for item in cloud.items("pairing")} == {True}


def test_a_code_is_used_once_and_all_or_nothing(cloud: Cloud) -> None:
    assert pairing_codes.redeem(CODE, DEVICE, LANES, NOW)
    assert len(cloud.items("devices")) == 4  # the phone, its SIMs, and its line in the list
    assert pairing_codes.good_code("code", NOW) is None
    other = Device(ACCOUNT, "dvc_0000000000000000000A", "Other", "hash")
    assert not pairing_codes.redeem(CODE, other, [], NOW)
    assert len(cloud.items("devices")) == 4


@pytest.mark.parametrize(("code_hash", "moment"), [("code", NOW + 600_000), ("other", NOW)])
def test_a_code_that_is_not_good_makes_no_phone(cloud: Cloud, code_hash: str, moment: int) -> None:
    assert not pairing_codes.redeem(replace(CODE, code_hash=code_hash), DEVICE, LANES, moment)
    assert cloud.items("devices") == []


def test_a_phone_is_never_overwritten_and_its_code_stays(cloud: Cloud) -> None:
    second = replace(CODE, code_id="pcd_0000000000000000000B", code_hash="second")
    pairing_codes.put_code(second)
    assert pairing_codes.redeem(CODE, DEVICE, LANES, NOW)
    with pytest.raises(TransactionRefusedError):
        pairing_codes.redeem(second, DEVICE, LANES, NOW)
    assert pairing_codes.good_code("second", NOW) == second


def test_a_source_has_its_wrong_tries_at_once_and_one_more_each_while() -> None:
    def count(moment: int, source: str = "ip") -> int | None:
        return pairing_codes.count_wrong(source, NOW + moment, 100, 3)

    assert [count(0), count(0), count(10), count(10)] == [None, None, None, NOW + 100]
    assert count(99) == NOW + 100
    assert count(10, "other") is None
    assert [count(100), count(100), count(199)] == [None, NOW + 200, NOW + 200]
    assert [count(200), count(1000), count(1000), count(1000), count(1001)] == [None] * 4 + [NOW + 1100]


def test_the_list_shows_what_is_not_expired_used_or_not(cloud: Cloud) -> None:
    later = Code(new_id("pcd", NOW + 700_000), "later", ACCOUNT, NOW + 700_000)
    first = Code(new_id("pcd", NOW + 600_000), "first", ACCOUNT, NOW + 600_000)
    pairing_codes.put_code(later)
    pairing_codes.put_code(first)
    assert pairing_codes.codes(ACCOUNT, NOW, 10) == [first, later]
    assert pairing_codes.codes(ACCOUNT, NOW + 600_000, 10) == [later]
    assert pairing_codes.redeem(first, DEVICE, LANES, NOW)
    assert pairing_codes.codes(ACCOUNT, NOW, 10) == [replace(first, used_at=NOW, device_id=DEVICE.device_id), later]
    assert pairing_codes.codes("acc_0000000000000000000A", NOW, 10) == []


def test_a_cancelled_code_is_worthless_and_a_used_one_stays_used(cloud: Cloud) -> None:
    assert not pairing_codes.cancel_code("acc_0000000000000000000A", CODE.code_id, NOW)
    assert pairing_codes.cancel_code(ACCOUNT, CODE.code_id, NOW)
    assert pairing_codes.good_code("code", NOW) is None and not pairing_codes.redeem(CODE, DEVICE, LANES, NOW)
    assert not pairing_codes.cancel_code(ACCOUNT, CODE.code_id, NOW)
    pairing_codes.put_code(CODE)
    assert pairing_codes.redeem(CODE, DEVICE, LANES, NOW)
    assert not pairing_codes.cancel_code(ACCOUNT, CODE.code_id, NOW)
    assert len(cloud.items("devices")) == 4
