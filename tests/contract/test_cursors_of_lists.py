"""A cursor leads on in the list that gave it, and is refused by every other list, account and world."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import copy
from pathlib import Path
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
import time_machine

from smskit.clients.logic import clients
from smskit.models.webhook import Delivery, DeliveryStatus
from smskit.platform.ids import new_id
from smskit.platform.times import now_ms
from smskit.webhooks.logic import endpoints
from smskit.webhooks.store import deliveries
from tests.support import bulk, console
from tests.support.aws import Cloud
from tests.support.console import Console
from tests.support.http_events import Answer
from tests.support.inbox import ALICE, BOB, Inbox, sms
from tests.support.twilio import TwilioApi, refused

DOCS = Path(__file__).parents[2] / "docs"
TWILIO = "/2010-04-01/Accounts/{AccountSid}/Messages.json"


def paths_with(document: str, *names: str) -> list[str]:
    """The lists of a document that go on by one of these parameters."""
    paths = json.loads((DOCS / document).read_text(encoding="utf-8"))["paths"]
    given = {path: {each["name"] for each in item.get("get", {}).get("parameters", [])} for path, item in paths.items()}
    return sorted(path for path, has in given.items() if has & set(names))


LISTS = [*paths_with("openapi.json", "cursor", "PageToken"), "/api/sms/received"]
LISTS += paths_with("console-openapi.json", "cursor")


def kind(path: str) -> str:
    """The same for lists of the same things, whose cursors are the same as well."""
    if path in (TWILIO, "/api/sms", "/console/messages", "/console/messages/export.csv"):
        return "messages"
    return path.replace("/api/sms/batches", "/api/batches").removeprefix("/api").removeprefix("/console")


class Holder:
    """An account, or the test world of one, with two things in each of its lists."""

    def __init__(self, inbox: Inbox) -> None:
        self.api, account = inbox.api, inbox.account_id
        self.twilio = TwilioApi(self.api)
        self.owner = Console(console.person("owner", account))
        console.person("viewer", account)
        phone = inbox.phone()
        for number in (ALICE, ALICE, BOB, BOB):
            inbox.clock.shift(1)
            phone.receive(sms(sender=number))
        for number in ("+254733000001", "+254733000002"):
            assert self.api.post("/api/opt-outs", {"number": number}).status == 201
            assert self.api.call("DELETE", f"/api/opt-outs/{quote(number)}").status == 204
            assert self.api.post("/api/opt-outs", {"number": number}).status == 201
            inbox.clock.shift(1)
            made = bulk.send(self.api, bulk.rows(2))
            assert made.status == 202
            inbox.world.advance(5)
        clients.create(account, "another", now_ms(), 10)
        webhook = endpoints.register(account, "https://93.184.215.14/hooks", ["sms:sent"], now_ms()).endpoint.webhook_id
        for _ in range(2):
            inbox.clock.shift(1)
            tried = Delivery(
                webhook, new_id("dlv", now_ms()), "evt_0", "sms:sent", now_ms(), "{}", DeliveryStatus.FAILED
            )
            assert deliveries.create(tried, now_ms()) is None
        self.names = {
            "{AccountSid}": self.twilio.sid, "{batchId}": made.body["batchId"], "{number}": quote("+254733000001"),
            "{conversationId}": inbox.conversation()["conversationId"], "{webhookId}": webhook,
        }  # fmt: skip

    def ask(self, path: str, **query: str | int) -> Answer:
        """A page of a list."""
        where, text = path, urlencode(query)
        for name, value in self.names.items():
            where = where.replace(name, value)
        if path == TWILIO:
            return self.twilio.call("GET", where, query=text)
        if path.startswith("/console"):
            return self.owner.get(where, text)
        return self.api.get(where, query=text)

    def cursor(self, path: str) -> str:
        """What leads on behind the first thing in a list."""
        if path == TWILIO:
            (token,) = parse_qs(urlsplit(self.ask(path, PageSize=1).body["next_page_uri"]).query)["PageToken"]
            return token
        if path.endswith("export.csv"):
            path = "/console/messages"  # a file has 250 a piece
        answer = self.ask(path, limit=1)
        assert answer.status == 200, (path, answer.body)
        return str(answer.body["cursor"])


@pytest.fixture(scope="module")
def names() -> dict[str, str]:
    return {TWILIO: "PageToken", "/api/sms/received": "since"}


@pytest.fixture
def holders(cloud: Cloud) -> Iterator[tuple[Holder, Holder]]:
    with time_machine.travel("2026-06-23T10:00:00Z", tick=False) as clock:
        yield Holder(Inbox(cloud, clock)), Holder(Inbox(cloud, clock))


def is_refused(answer: Answer, name: str) -> bool:
    """Whether it names the cursor, and shows nothing."""
    if name == "PageToken":
        return refused(answer) == (400, 20001, ["#/PageToken"])
    return (answer.status, answer.slug, answer.pointers) == (400, "invalid-request", [f"#/{name}"])


def test_a_cursor_serves_the_list_that_gave_it_and_no_other(
    holders: tuple[Holder, Holder], names: dict[str, str]
) -> None:
    mine, other = holders
    assert len(LISTS) == 21
    given = {path: mine.cursor(path) for path in LISTS}
    for path in LISTS:
        name = names.get(path, "cursor")
        assert mine.ask(path, **{name: given[path]}).status == 200, path
        assert is_refused(other.ask(path, **{name: given[path]}), name), f"of another account: {path}"
        for source, cursor in given.items():
            if kind(source) != kind(path):
                assert is_refused(mine.ask(path, **{name: cursor}), name), f"{path} took one of {source}"


def test_the_test_world_takes_none_of_the_live_one(holders: tuple[Holder, Holder], names: dict[str, str]) -> None:
    live, test = holders[0], copy(holders[0])
    test.api = live.api.test_client()
    test.twilio = TwilioApi(test.api)
    for path in ("/api/sms", "/api/sms/batches", "/api/sms/received", "/api/conversations", "/api/opt-outs", TWILIO):
        name = names.get(path, "cursor")
        assert is_refused(test.ask(path, **{name: live.cursor(path)}), name), path
