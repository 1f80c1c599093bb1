"""Pairing: one code, one phone, in one transaction; guessing is slow."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from smskit import aws as smskit_aws
from smskit.accounts.logic import accounts
from smskit.errors import RefusedError
from smskit.phones.api.pairing import PairRequest
from smskit.phones.logic import device_tokens, pairing, pairing_codes
from smskit.phones.store import devices
from smskit.platform.ids import is_id
from smskit.platform.times import now_ms
from tests.support import aws, functions
from tests.support.aws import Cloud
from tests.support.http_events import Answer, answer_of, http_event

START = datetime(2026, 6, 23, 10, 0, 0, tzinfo=UTC)
SIM = {"simSlot": 0, "carrierName": "Safaricom", "window": 3}


@pytest.fixture
def account(cloud: Cloud) -> str:
    """An account."""
    return accounts.create("Acme", now_ms()).account_id


def body(code: str, **changes: Any) -> dict[str, Any]:
    phone = {"name": "Pixel 6", "model": "Pixel 6", "platform": "android", "appVersion": "1.4.0", "sims": [SIM]}
    return {"code": code} | phone | changes


def pair(sent: Any, source_ip: str = "203.0.113.7", method: str = "POST") -> Answer:
    headers = {"content-type": "application/json"}
    event = http_event(method, "/phone/pair", body=sent, headers=headers, source_ip=source_ip)
    return answer_of(functions.load("phone_pairing").lambda_handler(event, functions.LambdaContext()))


def new_code(account: str) -> str:
    return pairing_codes.create_code(account, now_ms()).code


def test_a_code_becomes_a_phone(account: str, cloud: Cloud) -> None:
    sims = [{"simSlot": 1, "carrierName": "Airtel", "phoneNumber": "+254733000000", "window": 5}, SIM, {"simSlot": 2}]
    answer = pair(body(new_code(account), sims=sims))
    assert answer.status == 201
    assert sorted(answer.body) == ["deviceId", "deviceToken", "webSocketUrl"]
    assert is_id("dvc", answer.body["deviceId"])
    assert answer.body["webSocketUrl"].startswith("wss://")
    parsed = device_tokens.parse(answer.body["deviceToken"])
    assert parsed is not None and parsed[:2] == (account, answer.body["deviceId"])

    device, lanes = devices.get_with_lanes(account, answer.body["deviceId"])
    assert device is not None
    assert (device.name, device.token_hash, device.is_enabled, device.is_connected) == (
        "Pixel 6",
        parsed[2],
        True,
        False,
    )
    assert (device.model, device.platform, device.app_version) == ("Pixel 6", "android", "1.4.0")
    assert [(lane.key.sim_slot, lane.limit, lane.left, lane.window, lane.credits) for lane in lanes] == [
        (0, 67, 67, 3, 3), (1, 67, 67, 5, 5), (2, 66, 66, 3, 3),
    ]  # fmt: skip
    assert (lanes[1].carrier_name, lanes[1].phone_number) == ("Airtel", "+254733000000")
    kept = str([cloud.items("pairing"), cloud.items("devices")])
    assert answer.body["deviceToken"] not in kept


def test_a_code_may_be_typed_in_any_way(account: str) -> None:
    for spoil in (str.lower, lambda code: code.replace("-", ""), lambda code: f" {code[:3]} {code[3:]} "):
        assert pair(body(spoil(new_code(account)))).status == 201


def test_the_code_itself_is_not_stored(account: str, cloud: Cloud) -> None:
    code = new_code(account)
    stored = str(cloud.items("pairing"))
    assert code not in stored and code.replace("-", "") not in stored


def test_wrong_used_and_expired_codes_are_refused_alike(account: str, cloud: Cloud) -> None:
    with time_machine.travel(START, tick=False):
        used, late = new_code(account), new_code(account)
        assert pair(body(used)).status == 201
    before = cloud.items("devices")
    with time_machine.travel(START + timedelta(minutes=10), tick=False):
        answers = [pair(body(code)) for code in ("00000-00000", used, late, "x")]
    assert {(answer.status, answer.slug, answer.body["detail"]) for answer in answers} == {
        (404, "not-found", "The pairing code is wrong, used or expired")
    }
    assert cloud.items("devices") == before


def test_a_code_lives_ten_minutes(account: str) -> None:
    with time_machine.travel(START, tick=False):
        code = new_code(account)
    with time_machine.travel(START + timedelta(minutes=9, seconds=59), tick=False):
        assert pair(body(code)).status == 201


def test_twenty_wrong_tries_then_one_each_half_minute(account: str) -> None:
    with time_machine.travel(START, tick=False):
        assert [pair(body("wrong")).status for _ in range(20)] == [404] * 20
    with time_machine.travel(START + timedelta(seconds=25), tick=False):
        answer = pair(body("wrong"))
        assert (answer.status, answer.slug, answer.headers["retry-after"]) == (429, "rate-limited", "5")
        assert pair(body("wrong"), source_ip="203.0.113.8").status == 404
    with time_machine.travel(START + timedelta(seconds=30), tick=False):
        assert [pair(body("wrong")).status for _ in range(2)] == [404, 429]


def test_a_right_code_works_whatever_others_tried_behind_the_same_address(account: str) -> None:
    """A mobile network has thousands of phones behind one address."""
    assert [pair(body("wrong")).status for _ in range(21)] == [404] * 20 + [429]
    assert pair(body(new_code(account))).status == 201


def test_right_codes_are_no_wrong_tries(account: str) -> None:
    assert [pair(body(new_code(account))).status for _ in range(25)] == [201] * 25


def test_a_network_of_ipv6_addresses_is_one_source(account: str) -> None:
    statuses = [pair(body("wrong"), source_ip=f"2001:db8:1:2::{n:x}").status for n in range(1, 22)]
    assert statuses == [404] * 20 + [429]
    assert pair(body("wrong"), source_ip="2001:db8:1:3::1").status == 404


def test_many_guesses_at_once_do_not_slip_through(account: str, monkeypatch: pytest.MonkeyPatch) -> None:
    aws.one_call_at_a_time(monkeypatch)
    request = PairRequest.model_validate(body("wrong"))

    def guess(_: int) -> str:
        try:
            pairing.redeem(request.told(), "203.0.113.7", now_ms())
        except RefusedError as refused:
            return type(refused).__name__
        return "paired"

    with ThreadPoolExecutor(40) as pool:
        outcomes = list(pool.map(guess, range(40)))
    assert outcomes.count("NotFoundError") == 20
    assert outcomes.count("RateLimitedError") == 20


def test_two_phones_at_once_with_one_code_make_one(account: str, cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    aws.one_call_at_a_time(monkeypatch)
    request = PairRequest.model_validate(body(new_code(account)))

    def redeem(number: int) -> bool:
        try:
            return bool(pairing.redeem(request.told(), f"203.0.113.{number}", now_ms()))
        except RefusedError:
            return False

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(redeem, range(10))) == 1
    assert len([item for item in cloud.items("devices") if "tokenHash" in item]) == 1


BAD: list[tuple[dict[str, Any], list[str]]] = [
    ({"code": None}, ["#/code"]),
    ({"code": ""}, ["#/code"]),
    ({"code": 5}, ["#/code"]),
    ({"name": None}, ["#/name"]),
    ({"name": ""}, ["#/name"]),
    ({"name": "  "}, ["#/name"]),
    ({"name": "x" * 101}, ["#/name"]),
    ({"model": 5}, ["#/model"]),
    ({"sims": None}, ["#/sims"]),
    ({"sims": []}, ["#/sims"]),
    ({"sims": {}}, ["#/sims"]),
    ({"sims": [{"simSlot": slot} for slot in range(9)]}, ["#/sims"]),
    ({"sims": [SIM, SIM]}, ["#/sims"]),
    ({"sims": [{}]}, ["#/sims/0/simSlot"]),
    ({"sims": [{"simSlot": "0"}]}, ["#/sims/0/simSlot"]),
    ({"sims": [{"simSlot": True}]}, ["#/sims/0/simSlot"]),
    ({"sims": [{"simSlot": -1}]}, ["#/sims/0/simSlot"]),
    ({"sims": [{"simSlot": 0, "window": 0}]}, ["#/sims/0/window"]),
    ({"sims": [{"simSlot": 0, "window": 21}]}, ["#/sims/0/window"]),
    ({"sims": [{"simSlot": 0, "carrierName": 5}]}, ["#/sims/0/carrierName"]),
    ({"sims": ["0"]}, ["#/sims/0"]),
]


@pytest.mark.parametrize(("changes", "pointers"), BAD)
def test_a_bad_phone_is_refused_and_the_code_stays(
    account: str, cloud: Cloud, changes: dict[str, Any], pointers: list[str]
) -> None:
    code = new_code(account)
    answer = pair(body(code) | changes)
    assert (answer.status, answer.slug, answer.pointers) == (400, "invalid-request", pointers)
    assert cloud.items("devices") == []
    assert pair(body(code)).status == 201


def test_unknown_fields_of_a_phone_are_ignored(account: str) -> None:
    assert pair(body(new_code(account), brand="Google", sims=[SIM | {"icc": "89254"}])).status == 201


def test_other_requests_get_problems(account: str) -> None:
    assert pair("no json").slug == "malformed-body"
    answer = pair(None, method="GET")
    assert (answer.status, answer.headers["allow"]) == (405, "POST")


def test_pairing_reads_and_updates_codes_and_puts_phones(account: str) -> None:
    """All that the function's role allows."""
    used: set[tuple[str, str]] = set()

    def see(params: dict[str, Any], model: Any, **_: Any) -> None:
        single = [(model.name, params)]
        batch = [(f"{kind}Item", what) for each in params.get("TransactItems", ()) for kind, what in each.items()]
        used.update((what["TableName"], name) for name, what in batch or single)

    code = new_code(account)
    smskit_aws.session().events.register("before-parameter-build.dynamodb", see)
    smskit_aws.client.cache_clear()
    answers = [pair(body(text)).status for text in (code, code, *["AAAAA-AAAAA"] * 25)]
    assert (answers[0], answers[1], answers[-1]) == (201, 404, 429)
    names = {(table.removeprefix("smskit-"), name) for table, name in used}
    assert names == {("pairing", "GetItem"), ("pairing", "UpdateItem"), ("devices", "PutItem")}
