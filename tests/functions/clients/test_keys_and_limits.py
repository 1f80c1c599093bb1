"""Who gets in, how often, and what every answer carries."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from smskit.clients.logic import api_keys, clients
from smskit.models.client import ClientStatus
from smskit.platform.ids import new_id
from smskit.platform.times import now_ms
from tests.support import aws, functions, seeds
from tests.support.aws import Cloud
from tests.support.client_api import SEND, ClientApi
from tests.support.http_events import answer_of, http_event

START = datetime(2026, 6, 23, 10, 20, 0, tzinfo=UTC)


def used(cloud: Cloud) -> int:
    return sum(item["used"] for item in cloud.items("clients"))


def another_secret(api: ClientApi) -> str:
    return api_keys.mint(api.tenant.client_id)


def unknown_client(api: ClientApi) -> str:
    return api_keys.mint(new_id("cli", now_ms()))


def suspended(api: ClientApi) -> str:
    clients.set_status(api.tenant.client_id, ClientStatus.SUSPENDED)
    return api.tenant.key


BAD_KEYS: list[Callable[[ClientApi], str]] = [
    lambda api: "",
    lambda api: "sk_live_your_key",
    lambda api: api.tenant.key[:-1] + ("0" if api.tenant.key[-1] != "0" else "1"),
    lambda api: api.tenant.key.lower(),
    lambda api: f"{api.tenant.key},{api.tenant.key}",
    lambda api: f"{api.tenant.key}, {api.tenant.key}",
    lambda api: f"Bearer {api.tenant.key}",
    another_secret,
    unknown_client,
    suspended,
]
PLACES = [
    ("POST", "/api/sms/send"),
    ("GET", "/api/sms/job_7H2K9M4P1Q6R3T8V5W0X/status"),
    ("POST", "/api/sms/job_7H2K9M4P1Q6R3T8V5W0X/cancel"),
    ("GET", "/api/devices"),
    ("GET", "/api"),
    ("GET", "/api/"),
    ("DELETE", "/api/devices"),
    ("GET", "/api/no/such/thing"),
]


def test_every_bad_key_gets_the_same_401_everywhere(cloud: Cloud) -> None:
    seen = set()
    for bad in BAD_KEYS:
        api = ClientApi(cloud)
        key = bad(api)
        for method, path in PLACES:
            answer = api.call(method, path, "not json", headers={"x-api-key": key, "content-type": "text/plain"})
            assert (answer.status, answer.slug) == (401, "unauthorized")
            request_id = answer.headers.pop("x-request-id")
            seen.add((answer.text.replace(request_id, "ID"), json.dumps(answer.headers, sort_keys=True)))
            assert "ratelimit" not in answer.headers
    assert len(seen) == 1
    assert used(cloud) == 0


def test_a_resumed_client_gets_in_again(api: ClientApi) -> None:
    clients.set_status(api.tenant.client_id, ClientStatus.SUSPENDED)
    assert api.get("/api/devices").status == 401
    clients.set_status(api.tenant.client_id, ClientStatus.ACTIVE)
    assert api.get("/api/devices").status == 200


def test_header_names_are_matched_in_any_case(api: ClientApi) -> None:
    event = http_event("GET", "/api/devices")
    event["headers"]["X-Api-Key"] = api.tenant.key
    assert answer_of(functions.load("client_api").lambda_handler(event, functions.LambdaContext())).status == 200


@pytest.mark.parametrize("path", ["/health", "/api/openapi.json"])
def test_what_is_public_needs_no_key_and_counts_for_nobody(api: ClientApi, cloud: Cloud, path: str) -> None:
    for key in ("", api.tenant.key, "nonsense"):
        answer = api.get(path, headers={"x-api-key": key})
        assert answer.status == 200
        assert answer.headers["content-type"] == "application/json"
        assert "ratelimit" not in answer.headers
    assert used(cloud) == 0


def test_outside_of_the_api_there_is_nothing(api: ClientApi) -> None:
    for path in ("/", "/apix", "/API/devices", "/phone/pair", "/health/", "//api/devices"):
        answer = api.get(path, headers={"x-api-key": ""})
        assert (answer.status, answer.slug) == (404, "not-found")


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("GET", "/api/sms/send", "POST"),
        ("PUT", "/api/sms/send", "POST"),
        ("OPTIONS", "/api/sms/send", "POST"),
        ("POST", "/api/devices", "GET"),
        ("HEAD", "/api/devices", "GET"),
        ("DELETE", "/api/sms/job_7H2K9M4P1Q6R3T8V5W0X/status", "GET"),
        ("GET", "/api/sms/job_7H2K9M4P1Q6R3T8V5W0X/cancel", "POST"),
        ("POST", "/health", "GET"),
        ("POST", "/api/openapi.json", "GET"),
    ],
)
def test_another_method_is_told_which_ones_there_are(api: ClientApi, method: str, path: str, allow: str) -> None:
    answer = api.call(method, path)
    assert (answer.status, answer.slug, answer.headers["allow"]) == (405, "method-not-allowed", allow)


def test_every_answer_has_its_request_id(api: ClientApi) -> None:
    answers = [api.get("/health"), api.get("/api/devices"), api.get("/nowhere"), api.send(), api.post("/api/sms/send")]
    ids = [answer.headers["x-request-id"] for answer in answers]
    assert len(set(ids)) == len(ids)
    for answer in answers[2:]:
        assert answer.body["requestId"] == answer.headers["x-request-id"]


def test_the_request_after_the_last_is_told_to_wait(cloud: Cloud) -> None:
    with time_machine.travel(START, tick=False):
        api = ClientApi(cloud)
        for number in range(1, 101):
            answer = api.get("/api/devices")
            assert answer.status == 200
            assert answer.headers["ratelimit-policy"] == '"hour";q=100;w=3600'
            assert answer.headers["ratelimit"] == f'"hour";r={100 - number};t=2400'
        for _ in range(2):
            answer = api.get("/api/devices")
            assert (answer.status, answer.slug) == (429, "rate-limited")
            assert answer.headers["retry-after"] == "2400"
            assert answer.headers["ratelimit"] == '"hour";r=0;t=2400'
    with time_machine.travel(START + timedelta(minutes=39, seconds=59), tick=False):
        answer = api.get("/api/devices")
        assert (answer.status, answer.headers["retry-after"]) == (429, "1")
    with time_machine.travel(START + timedelta(minutes=40), tick=False):
        answer = api.get("/api/devices")
        assert (answer.status, answer.headers["ratelimit"]) == (200, '"hour";r=99;t=3600')


def test_refused_requests_count_too(cloud: Cloud) -> None:
    api = ClientApi(cloud, limit=6)
    refusals = [
        api.post("/api/sms/send", "no json"),
        api.post("/api/sms/send", {}),
        api.send(),
        api.get("/api/nowhere"),
        api.call("PUT", "/api/devices"),
        api.status("job_7H2K9M4P1Q6R3T8V5W0X"),
    ]
    assert [answer.status for answer in refusals] == [400, 400, 422, 404, 405, 404]
    left = [answer.headers["ratelimit"].split(";")[1] for answer in refusals]
    assert left == ["r=5", "r=4", "r=3", "r=2", "r=1", "r=0"]
    assert api.get("/api/devices").status == 429
    assert used(cloud) == 6


def test_a_limited_request_does_nothing(cloud: Cloud) -> None:
    api = ClientApi(cloud, limit=1)
    seeds.phone(api.account_id)
    assert api.send().status == 202
    before = api.kept()
    assert api.post("/api/sms/send", SEND).status == 429
    assert api.kept() == before


def test_clients_have_limits_of_their_own(cloud: Cloud) -> None:
    one, two = ClientApi(cloud, limit=1), ClientApi(cloud, limit=2)
    assert [one.get("/api/devices").status for _ in range(2)] == [200, 429]
    assert [two.get("/api/devices").status for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize("minute", [20, 60])
def test_many_at_once_are_counted_exactly(cloud: Cloud, monkeypatch: pytest.MonkeyPatch, minute: int) -> None:
    aws.one_call_at_a_time(monkeypatch)
    api = ClientApi(cloud, limit=25)
    start = int(START.timestamp() * 1000)
    for _ in range(10):
        clients.admit(api.tenant.key, start)

    def admit(_: int) -> Any:
        return clients.admit(api.tenant.key, start + minute * 60_000)

    with ThreadPoolExecutor(40) as pool:
        admissions = list(pool.map(admit, range(40)))
    left = 25 if minute == 60 else 15
    assert sum(not admission.over for admission in admissions) == left
    assert sorted(admission.remaining for admission in admissions if not admission.over) == list(range(left))
    assert used(cloud) == 25


def test_a_clock_that_runs_behind_opens_no_second_window(cloud: Cloud) -> None:
    api = ClientApi(cloud, limit=2)
    start = int(START.timestamp() * 1000)
    ahead, behind = start + 3_600_000, start
    outcomes = [clients.admit(api.tenant.key, moment) for moment in (ahead, behind, behind, ahead)]
    assert [outcome.over for outcome in outcomes if outcome] == [False, False, True, True]
    assert outcomes[2] is not None and outcomes[2].reset == 2 * 3600 - 20 * 60
