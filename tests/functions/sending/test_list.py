"""The list of jobs, as programs read it: by state, number, reference and time, page by page, at a bounded cost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine

from smskit import aws
from smskit.dispatch.store import job_ends, job_texts
from smskit.models.job import JobStatus
from smskit.platform.times import now_ms
from smskit.sending.logic import job_list
from tests.support import console, seeds
from tests.support.aws import Cloud
from tests.support.client_api import ClientApi
from tests.support.console import Console
from tests.support.meter import Meter

ALICE, BOB = "+254712345678", "+254722000111"


@pytest.fixture
def clock(cloud: Cloud) -> Iterator[time_machine.Coordinates]:
    with time_machine.travel("2026-06-23T10:00:00Z", tick=False) as moment:
        yield moment


@pytest.fixture
def api(cloud: Cloud, clock: time_machine.Coordinates) -> ClientApi:
    made = ClientApi(cloud, limit=1_000)
    seeds.phone(made.account_id)
    return made


def send(api: ClientApi, clock: time_machine.Coordinates, count: int = 1, **changes: Any) -> list[str]:
    """Sends a second apart; the ids, newest first."""
    made: list[str] = []
    for _ in range(count):
        clock.shift(1)
        answer = api.send(**changes)
        assert answer.status == 202, answer.text
        made.insert(0, answer.body["jobId"])
    return made


def listed(api: ClientApi | Console, path: str = "/api/sms", name: str = "jobs", **asked: Any) -> list[str]:
    """The ids of all pages."""
    found: list[str] = []
    while True:
        answer = api.get(path, query=urlencode(asked))
        assert answer.status == 200, answer.text
        found += [job["jobId"] for job in answer.body[name]]
        assert answer.body["hasMore"] == ("cursor" in answer.body) == ("lookedBackTo" in answer.body)
        if not answer.body["hasMore"]:
            return found
        asked["cursor"] = answer.body["cursor"]


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_newest_first_by_each_filter_and_by_several(
    api: ClientApi, clock: time_machine.Coordinates, limit: int
) -> None:
    first = send(api, clock, 2, clientReference="order-1")
    second = send(api, clock, 2, recipient=BOB, clientReference="order-1")
    third = send(api, clock, 1, recipient=BOB)
    job_ends.close(second[0], JobStatus.CANCELLED, None, now_ms())
    ClientApi(api.cloud).send(clientReference="order-1")  # another account's
    everything = third + second + first
    assert listed(api, limit=limit) == everything
    assert listed(api, limit=limit, recipient="0722 000 111") == third + second
    assert listed(api, limit=limit, clientReference="order-1") == second + first
    assert listed(api, limit=limit, clientReference="order-1", recipient=ALICE) == first
    assert listed(api, limit=limit, status="Cancelled") == [second[0]]
    assert listed(api, limit=limit, status="Cancelled,Pending") == everything
    assert listed(api, limit=limit, status="Pending", clientReference="order-1") == [second[1], *first]
    assert listed(api, limit=limit, clientReference="ORDER-1") == []
    assert listed(api, limit=limit, since="2026-06-23T10:00:02Z", until="2026-06-23T10:00:04Z") == second + first[:1]
    assert listed(api, limit=limit, clientReference="order-1", until="2026-06-23T13:00:02+03:00") == first


def test_a_job_is_shown_as_its_status_shows_it(api: ClientApi, clock: time_machine.Coordinates) -> None:
    (job_id,) = send(api, clock, clientReference="x" * 64, priority=9)
    (shown,) = api.get("/api/sms").body["jobs"]
    assert shown == api.status(job_id).body
    assert api.get("/api/sms").body == {"jobs": [shown], "hasMore": False}


def test_the_console_looks_a_reference_up_as_well(api: ClientApi, clock: time_machine.Coordinates) -> None:
    made = send(api, clock, 3, clientReference="Bestellung 1042 – ä")
    send(api, clock, 1)
    home = Console(console.person("viewer", api.account_id))
    assert listed(home, "/console/messages", "messages", limit=2, clientReference="Bestellung 1042 – ä") == made
    piece = home.get("/console/messages/export.csv", urlencode({"clientReference": "Bestellung 1042 – ä"}))
    assert piece.text.count('"job_') == 3


def test_a_cursor_leads_on_in_its_own_list_only(api: ClientApi, clock: time_machine.Coordinates) -> None:
    send(api, clock, 4, clientReference="a", recipient=BOB)
    of_all = api.get("/api/sms", query="limit=1").body["cursor"]
    of_one = api.get("/api/sms", query="limit=1&clientReference=a").body["cursor"]
    other = ClientApi(api.cloud)
    for client, cursor, query in [
        (api, of_all, "clientReference=a"),
        (api, of_all, "status=Pending"),
        (api, of_all, "recipient=0722000111"),
        (api, of_one, ""),
        (api, of_one, "clientReference=b"),
        (other, of_all, ""),
        (api, "MS45ZjNhYzE3Ny4x", ""),
    ]:
        answer = client.get("/api/sms", query=f"{query}&cursor={cursor}".lstrip("&"))
        assert (answer.status, answer.slug, answer.pointers) == (400, "invalid-request", ["#/cursor"])
    feed = api.get("/api/sms/received").body["cursor"]
    assert api.get("/api/sms", query=f"cursor={feed}").pointers == ["#/cursor"]
    assert api.get("/api/sms/received", query=f"since={of_all}").status == 400
    later = api.get("/api/sms", query=f"cursor={of_all}&since=2026-06-23T10:00:02Z").body["jobs"]
    assert len(later) == 2, "another stretch of time is the same list"


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("status=Sending", "#/status"),
        ("status=pending", "#/status"),
        ("status=", "#/status"),
        ("recipient=hello", "#/recipient"),
        ("recipient=", "#/recipient"),
        ("clientReference=", "#/clientReference"),
        ("clientReference=" + "x" * 65, "#/clientReference"),
        ("since=yesterday", "#/since"),
        ("until=2026-02-29T10:00:00Z", "#/until"),
        ("until=2026-06-23T10:00:00", "#/until"),
        ("limit=0", "#/limit"),
        ("limit=101", "#/limit"),
        ("cursor=", "#/cursor"),
        ("reference=order-1", "#/reference"),
    ],
)
def test_what_cannot_be_asked_is_named(api: ClientApi, query: str, pointer: str) -> None:
    answer = api.get("/api/sms", query=query)
    assert (answer.status, answer.slug, answer.pointers) == (400, "invalid-request", [pointer])


def test_a_page_costs_two_requests_however_many_there_are(api: ClientApi, clock: time_machine.Coordinates) -> None:
    send(api, clock, 40, clientReference="often")
    (wanted,) = send(api, clock, 1, clientReference="once")
    send(api, clock, 40, clientReference="often")
    meter = Meter(aws.session())
    aws.client.cache_clear()
    assert listed(api, clientReference="once") == [wanted]
    assert (meter.requests["dynamodb.Query"], meter.requests["dynamodb.BatchGetItem"]) == (1, 1)
    meter.reset()
    assert len(api.get("/api/sms", query="limit=30").body["jobs"]) == 30
    assert (meter.requests["dynamodb.Query"], meter.requests["dynamodb.BatchGetItem"]) == (1, 1)
    meter.reset()
    assert listed(api, status="Failed") == []
    assert sum(meter.requests.values()) <= 2 + 2 * job_list.EXAMINED // job_list.CHUNK


def test_an_erased_job_is_in_no_list(api: ClientApi, clock: time_machine.Coordinates) -> None:
    (job_id,) = send(api, clock, clientReference="gone")
    job = job_ends.close(job_id, JobStatus.CANCELLED, None, now_ms())
    assert job_texts.erase(job)
    assert listed(api, clientReference="gone") == listed(api) == []


def test_a_reference_costs_a_send_one_index_entry_and_no_request(
    api: ClientApi, clock: time_machine.Coordinates
) -> None:
    send(api, clock)
    meter = Meter(aws.session())
    aws.client.cache_clear()
    send(api, clock)
    plain, requests = meter.wru, dict(meter.requests)
    meter.reset()
    send(api, clock, clientReference="order-1")
    assert (meter.wru, dict(meter.requests)) == (plain + 1, requests)
