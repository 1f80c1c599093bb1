"""Names beside the ids of who wrote a message, wherever the console shows it; programs see the ids."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from smskit import aws, settings
from smskit.accounts.logic import audit_log
from smskit.accounts.store import members
from smskit.clients.logic import clients, names
from smskit.dispatch.store import jobs
from smskit.models.audit import Action
from smskit.models.contact import conversation_id
from smskit.models.job import Job
from smskit.models.lane import LaneKey
from smskit.models.member import Member
from smskit.platform.ids import new_id
from smskit.platform.times import now_ms
from tests.support import console, keywords, seeds
from tests.support.aws import Cloud
from tests.support.client_api import SEND, ClientApi
from tests.support.console import Console, invited
from tests.support.meter import Meter
from tests.support.user_pool import UserPool

NUMBER = keywords.NUMBER


@pytest.fixture(autouse=True)
def pool(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> UserPool:
    return UserPool(monkeypatch)


@pytest.fixture
def home(api: ClientApi) -> Console:
    seeds.phone(api.account_id)
    return Console(console.person("owner", api.account_id))


def store(account: str, author: str) -> str:
    now = now_ms()
    job = Job(new_id("job", now), account, author, NUMBER, "Hello", 1, 0, now, now + 3_600_000,
              conversation_id=conversation_id(account, NUMBER))  # fmt: skip
    assert jobs.create(job) is None
    return job.job_id


def shown(home: Console) -> dict[str, Any]:
    """The name beside each author, as the list shows it; the details, a thread and the CSV must show the same."""
    listed = home.get("/console/messages", "limit=100").body["messages"]
    found = {entry["clientId"]: entry.get("clientName") for entry in listed}
    for entry in listed:
        assert home.get(f"/console/messages/{entry['jobId']}").body.get("clientName") == entry.get("clientName")
    rows = list(csv.DictReader(io.StringIO(home.get("/console/messages/export.csv").text, newline="")))
    assert {row["clientId"]: row["clientName"] or None for row in rows} == found
    thread = home.get(f"/console/conversations/{conversation_id(home.account_id, NUMBER)}/messages", "limit=100")
    if thread.status == 200:
        sent = [entry for entry in thread.body["messages"] if entry["direction"] == "out"]
        assert {entry["clientId"]: entry.get("clientName") for entry in sent} == found
    return found


def test_clients_and_people_are_named_everywhere(api: ClientApi, home: Console) -> None:
    colleague = console.colleague(home, "operator")
    assert home.who is not None and colleague.who is not None
    keywords.receive(LaneKey(api.account_id, seeds.phone(api.account_id).device_id, 0), "Hello there")
    api.send(recipient=NUMBER)
    for who in (home, colleague):
        assert who.post("/console/messages", SEND | {"recipient": NUMBER}).status == 202
    store(api.account_id, "smskit")
    assert shown(home) == {
        api.tenant.client_id: "backend", home.who.source: home.who.email, colleague.who.source: colleague.who.email,
        "smskit": None,
    }  # fmt: skip
    clients.change(api.account_id, api.tenant.client_id, "Booking service", None)
    assert shown(home)[api.tenant.client_id] == "Booking service"
    cancelled = home.post(f"/console/messages/{store(api.account_id, home.who.source)}/cancel").body
    assert cancelled["clientName"] == home.who.email
    thread = api.get(f"/api/conversations/{conversation_id(api.account_id, NUMBER)}/messages").text
    assert "clientId" in thread and "clientName" not in thread and "@example.com" not in thread


def test_who_left_is_named_as_long_as_the_log_names_them(home: Console, cloud: Cloud) -> None:
    person_id = invited(home)
    author = f"operator:{person_id}"
    store(home.account_id, author)
    assert shown(home) == {author: "amina@example.com"}
    assert home.delete(f"/console/members/{person_id}").status == 200
    assert shown(home) == {author: "amina@example.com"}
    (former,) = [item for item in cloud.items("accounts") if item["sk"].startswith("former#")]
    assert former["ttl"] - now_ms() // 1000 in range(settings.audit_seconds() - 60, settings.audit_seconds() + 1)
    assert person_id not in home.get("/console/members").text
    assert shown(Console(console.person("owner"))) == {}


def test_who_was_invited_again_goes_by_the_address_of_now(home: Console) -> None:
    who = console.colleague(home, "operator")
    assert who.who is not None
    author = who.who.source
    store(home.account_id, author)
    home.delete(f"/console/members/{who.who.person_id}")
    again = Member(who.who.person_id, home.account_id, who.who.role, "new@example.com", now_ms())
    members.add(again, audit_log.entry(who.who, Action.MEMBER_INVITED, again.person_id, now_ms()))
    assert shown(home) == {author: "new@example.com"}


def test_names_of_another_account_are_not_shown(home: Console) -> None:
    foreign = console.owner()
    assert foreign.who is not None
    client, _ = clients.create(foreign.account_id, "Theirs", now_ms())
    store(home.account_id, client.client_id)
    store(home.account_id, foreign.who.source)
    assert shown(home) == {client.client_id: None, foreign.who.source: None}


def test_a_client_beyond_the_first_page_is_named_and_a_page_of_names_has_a_price(home: Console, cloud: Cloud) -> None:
    made = [clients.create(home.account_id, f"Client {number}", now_ms())[0] for number in range(60)]
    people = [console.colleague(home, "viewer").who for _ in range(40)]
    authors = [client.client_id for client in made] + [person.source for person in people if person]
    for author in authors:
        store(home.account_id, author)
    meter = Meter(aws.session())
    aws.client.cache_clear()
    page = home.get("/console/messages", "limit=100").body["messages"]
    assert len(page) == 100 and all(entry["clientName"] for entry in page)
    assert meter.requests["dynamodb.BatchGetItem"] == 3, "jobs, clients, people"


def test_what_is_no_id_costs_no_look_and_an_unknown_one_has_no_name(home: Console) -> None:
    meter = Meter(aws.session())
    aws.client.cache_clear()
    assert names.of_authors(home.account_id, ["smskit", "cli_0", "operator:"]) == {} and not meter.requests
    assert names.of_authors(home.account_id, [new_id("cli", now_ms()), "operator:nobody"]) == {}
