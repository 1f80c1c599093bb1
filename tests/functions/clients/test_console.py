"""API clients by the console's door: what their keys may do at each step, on the client API itself."""

from __future__ import annotations

import time_machine

from smskit.models.twilio import SidKind, id_of
from tests.support import console, seeds
from tests.support.aws import Cloud
from tests.support.client_api import ClientApi


def status(api: ClientApi, key: str) -> int:
    return api.get("/api/devices", headers={"x-api-key": key}).status


def test_a_key_is_rotated_without_a_refused_request_and_a_suspended_client_gets_401_at_once(cloud: Cloud) -> None:
    home, api = console.owner(), ClientApi(cloud)
    made = home.post("/console/clients", {"name": "Billing", "limit": 50}).body
    path, first = f"/console/clients/{made['clientId']}", made["apiKey"]
    assert made["slot"] == 1 and status(api, first) == 200
    second = home.post(f"{path}/rotate-key", {"slot": 2}).body["apiKey"]
    assert [status(api, key) for key in (first, second)] == [200, 200]
    third = home.post(f"{path}/rotate-key", {"slot": 1}).body["apiKey"]
    assert [status(api, key) for key in (first, second, third)] == [401, 200, 200]
    assert home.post(f"{path}/remove-key", {"slot": 2}).status == 200
    assert [status(api, key) for key in (second, third)] == [401, 200]
    refused = home.post(f"{path}/remove-key", {"slot": 1})
    assert (refused.status, refused.slug) == (409, "last-key")
    assert home.post(f"{path}/suspend").body["status"] == "Suspended"
    assert status(api, third) == 401
    home.post(f"{path}/resume")
    assert status(api, third) == 200
    shown = home.get(path)
    assert shown.body["lastUsedAt"] and third not in shown.text and third not in home.get("/console/audit").text
    home.patch(path, {"limit": 1})
    assert status(api, third) == 429


def test_a_slot_that_is_none_and_a_limit_that_is_none_are_refused(cloud: Cloud) -> None:
    home = console.owner()
    client_id = home.post("/console/clients", {"name": "Billing"}).body["clientId"]
    for path, body, pointer in (
        (f"/{client_id}/rotate-key", {"slot": 3}, "#/slot"),
        (f"/{client_id}/rotate-key", {}, "#/slot"),
        ("", {"name": " "}, "#/name"),
        ("", {"name": "x", "limit": 0}, "#/limit"),
        ("", {"name": "x", "limit": True}, "#/limit"),
    ):
        answer = home.post(f"/console/clients{path}", body)
        assert (answer.status, answer.pointers) == (400, [pointer]), answer.text


def test_a_pairing_code_made_by_the_console_pairs_one_phone(cloud: Cloud) -> None:
    home = console.owner()
    seeds.phone(home.account_id)
    code = home.post("/console/pairing-codes").body
    assert code["uri"].startswith("smskit://pair?server=https") and code["code"] in code["uri"]
    listed = home.get("/console/pairing-codes")
    assert [entry["codeId"] for entry in listed.body["codes"]] == [code["codeId"]] and code["code"] not in listed.text
    assert home.delete(f"/console/pairing-codes/{code['codeId']}").status == 200
    assert home.get("/console/pairing-codes").body == {"codes": []}


def test_a_client_shows_the_requests_of_this_hour_and_when_it_ends(cloud: Cloud) -> None:
    with time_machine.travel("2026-06-23T10:20:00Z", tick=False) as clock:
        home, api = console.owner(), ClientApi(cloud)
        made = home.post("/console/clients", {"name": "Billing", "limit": 2}).body
        path, key = f"/console/clients/{made['clientId']}", made["apiKey"]
        assert id_of(SidKind.ACCOUNT, made["accountSid"]) == home.account_id
        assert (made["usedThisHour"], made["hourEndsAt"]) == (0, "2026-06-23T11:00:00Z")
        assert [status(api, key) for _ in range(3)] == [200, 200, 429]
        shown = home.get(path).body
        assert (shown["usedThisHour"], shown["limit"], shown["hourEndsAt"]) == (2, 2, "2026-06-23T11:00:00Z")
        clock.move_to("2026-06-23T11:00:00Z")
        (listed,) = home.get("/console/clients").body["clients"]
        assert (listed["usedThisHour"], listed["hourEndsAt"]) == (0, "2026-06-23T12:00:00Z")
        assert status(api, key) == 200
        assert home.get(path).body["usedThisHour"] == 1
