"""Erasure, CSV, settings, usage and overview, by the console's own door and the timers behind it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from smskit.accounts.logic import accounts
from smskit.dispatch.gateways import job_queues
from smskit.dispatch.store import jobs
from smskit.models.contact import conversation_id
from smskit.models.job import Job, JobStatus, Target
from smskit.platform.ids import new_id
from smskit.platform.times import now_ms
from smskit.sending.api import csv_export
from smskit.usage import store as usage_store
from smskit.usage.figures import SLOT_MS
from tests.support import console, seeds
from tests.support.aws import Cloud
from tests.support.console import Console
from tests.support.world import World

NUMBERS = ("+254712345678", "+254712345679")
DAY_MS = 86_400_000


@pytest.fixture
def world(cloud: Cloud) -> Iterator[World]:
    with time_machine.travel("2026-06-23T12:00:00Z", tick=False) as clock:
        yield World(cloud, clock, accounts.create("Acme", now_ms()).account_id)


@pytest.fixture
def home(world: World) -> Console:
    return Console(console.person("owner", world.account_id))


def store(account: str, recipient: str = NUMBERS[0], **changes: Any) -> Job:
    now = now_ms()
    plain: dict[str, Any] = {
        "job_id": new_id("job", now), "account_id": account, "client_id": "cli_0", "recipient": recipient,
        "message": "Hello", "segments": 1, "priority": 0, "created_at": now, "expires_at": now + DAY_MS,
        "conversation_id": conversation_id(account, recipient), "status": JobStatus.DELIVERED, "rank": 50,
    }  # fmt: skip
    job = Job(**plain | changes)
    assert jobs.create(job) is None
    return job


def left(world: World) -> set[str]:
    """Jobs that are not erased."""
    return {item["pk"] for item in world.cloud.items("jobs") if "erased" not in item}


def test_a_numbers_messages_are_erased_and_no_other(world: World, home: Console) -> None:
    for _ in range(60):
        store(home.account_id)
    kept = {store(home.account_id, NUMBERS[1]).job_id, store("acc_0000000000000000000A").job_id}
    answer = home.post("/console/erasures", {"number": "0712 345 678"})
    assert (answer.status, answer.body) == (202, {"number": NUMBERS[0]})
    world.advance(2)
    assert left(world) == kept
    late = store(home.account_id)
    world.advance(120)
    assert left(world) == kept | {late.job_id}, "what was sent after the request stays"
    (entry,) = [item for item in world.cloud.items("accounts") if item.get("action") == "number.erased"]
    assert NUMBERS[0] not in str(entry)


def test_what_waits_is_withdrawn_and_what_a_phone_holds_follows(world: World, home: Console) -> None:
    phone = world.add_phone()
    phone.connect()
    held = store(home.account_id, status=JobStatus.PENDING, rank=0)
    waits = store(home.account_id, status=JobStatus.PENDING, rank=0, targets=(Target(phone.device_id, 0),))
    job_queues.enqueue(held)
    world.pump()
    (offer,) = phone.take_offers()
    assert phone.claim(offer)[0]["verdict"] == "go"
    home.post("/console/erasures", {"number": NUMBERS[0]})
    world.advance(2)
    assert left(world) == {held.job_id} and waits.job_id not in left(world)
    phone.report("Sent", offer)
    world.advance(700)
    assert left(world) == set()
    assert not phone.offers


def test_an_erasure_of_no_number_is_refused(home: Console) -> None:
    for number in ("x", "+1", "", "020 123"):
        answer = home.post("/console/erasures", {"number": number})
        assert (answer.status, answer.slug, answer.pointers) == (400, "invalid-request", ["#/number"])
        assert "recipient" not in answer.text


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_the_pieces_of_a_csv_are_one_file(home: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_export, "ROWS", 4)
    made = {store(home.account_id, message=f'Line "{n}",\nnext').job_id for n in range(10)}
    store("acc_0000000000000000000A")
    text, query, pieces = "", "status=Delivered", 0
    while query:
        answer = home.get("/console/messages/export.csv", query)
        assert answer.status == 200 and answer.headers["content-type"] == "text/csv; charset=utf-8"
        text += answer.text
        pieces += 1
        link = answer.headers.get("link", "")
        assert link == "" or link.endswith('; rel="next"')
        query = link.partition("?")[2].partition(">")[0]
    header, *found = rows(text)
    assert header[0] == "jobId" and pieces == 3
    assert {row[0] for row in found} == made and all(row[4].startswith('Line "') for row in found)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+1+1", "'+1+1"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("\x00=1", "'\x00=1"),
        ("\ufeff=1", "'\ufeff=1"),
        ("\u200b\u2066 -1", "'\u200b\u2066 -1"),
        ("\u200bHi = there", "\u200bHi = there"),
        ("+254712345678", "+254712345678"),
        ("+254712345678=1", "'+254712345678=1"),
        ("Hi = there", "Hi = there"),
        ("", ""),
        (None, ""),
        (-1, "-1"),
    ],
)
def test_no_cell_is_a_formula(text: str | int | None, shown: str) -> None:
    assert csv_export.cell(text) == shown


def test_a_piece_of_the_longest_messages_fits_an_answer() -> None:
    long = Job("job_1", "acc_1", "cli_0", NUMBERS[0], "\U0001f600" * 1600, 46, 0, 0, 1, client_reference="\u20ac" * 64)
    text = csv_export.text([long] * csv_export.ROWS, {long.client_id: "\U0001f600" * 64}, header=True)
    assert len(json.dumps({"body": text, "headers": {}})) < 6 * 1024 * 1024 - 10_000


def test_a_message_shows_its_story_and_each_phone_that_took_it(world: World, home: Console) -> None:
    phone = world.add_phone(sims=2)
    phone.connect()
    job = world.job(validity=3600)
    world.pump()
    (first,) = phone.take_offers()
    phone.claim(first)
    phone.report("Failed", first, error="no_service")
    while not phone.offers:
        world.advance(1)
    (second,) = phone.take_offers()
    phone.claim(second)
    phone.report("Sent", second)
    phone.report("Delivered", second)
    shown = home.get(f"/console/messages/{job.job_id}").body
    assert shown["status"] == "Delivered" and shown["message"] == "Your code is 123456"
    assert [(entry["number"], entry["simSlot"], entry["outcome"], entry.get("detail")) for entry in shown["tries"]] == [
        (1, first["simSlot"], "attempt_failed", "no_service"),
        (2, second["simSlot"], "delivered", None),
    ]
    assert shown["timeline"][0]["event"] == "accepted"


def test_a_try_keeps_its_own_outcome_when_the_message_ends_later(world: World, home: Console) -> None:
    phone = world.add_phone()
    phone.connect()
    job = world.job(validity=60)
    world.pump()
    (offer,) = phone.take_offers()
    phone.claim(offer)
    phone.report("Failed", offer, error="no_service")
    failed_at = world.stamp()
    phone.drop()
    world.advance(90)
    shown = home.get(f"/console/messages/{job.job_id}").body
    (tried,) = shown["tries"]
    assert shown["status"] == "DeadLetter" and shown["timeline"][-1]["event"] == "dead_letter"
    assert (tried["outcome"], tried["detail"]) == ("attempt_failed", "no_service")
    assert tried["endedAt"] == failed_at.replace(".000Z", "Z")


def test_a_try_during_which_the_message_is_given_up_ends_with_it(world: World, home: Console) -> None:
    phone = world.add_phone()
    phone.connect()
    job = world.job(validity=60)
    world.pump()
    (offer,) = phone.take_offers()
    phone.claim(offer)
    world.clock.shift(61)
    phone.report("Failed", offer, error="no_service")
    (tried,) = home.get(f"/console/messages/{job.job_id}").body["tries"]
    assert (tried["outcome"], tried["detail"]) == ("dead_letter", "expired")


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("status=Lost", "#/status"), ("status=", "#/status"), ("status=Failed,", "#/status"),
        ("status=Failed,%20Sent", "#/status"), ("since=yesterday", "#/since"), ("until=2026-06-23", "#/until"),
        ("limit=0", "#/limit"), ("limit=101", "#/limit"), ("cursor=x", "#/cursor"), ("number=x", "#/number"),
        ("number=", "#/number"), ("deviceId=", "#/deviceId"),
    ],
)  # fmt: skip
def test_a_filter_that_nothing_can_meet_is_refused(home: Console, query: str, pointer: str) -> None:
    for path in ("/console/messages", "/console/messages/export.csv"):
        if path.endswith("csv") and query.startswith("limit"):
            continue  # a piece of the file is as long as it is
        answer = home.get(path, query)
        assert (answer.status, answer.slug, answer.pointers) == (400, "invalid-request", [pointer])
        assert "recipient" not in answer.text


def test_filters_by_the_door(home: Console) -> None:
    mine = store(home.account_id)
    store(home.account_id, NUMBERS[1])
    for number in ("%2B254712345678", "+254712345678", "0712345678"):
        found = home.get("/console/messages", f"number={number}&status=Delivered&since=2026-06-23T15:00:00%2B03:00")
        assert [entry["jobId"] for entry in found.body["messages"]] == [mine.job_id], found.text
        assert found.body["messages"][0]["message"] == "Hello" and found.body["hasMore"] is False
        assert "lookedBackTo" not in found.body


def test_several_states_at_once_in_the_list_and_in_its_csv(home: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    made = {status: store(home.account_id, status=status).job_id for status in JobStatus}
    wanted = {made[JobStatus.FAILED], made[JobStatus.DEAD_LETTER]}
    shown = home.get("/console/messages", "status=Failed,DeadLetter,Failed").body
    assert {entry["jobId"] for entry in shown["messages"]} == wanted
    monkeypatch.setattr(csv_export, "ROWS", 1)
    first = home.get("/console/messages/export.csv", "status=Failed,DeadLetter")
    query = first.headers["link"].partition("?")[2].partition(">")[0]
    second = home.get("/console/messages/export.csv", query)
    assert {row[0] for row in rows(first.text + second.text)[1:]} == wanted
    page = home.get("/console/messages", "status=Pending,Cancelled&limit=1").body
    assert page["lookedBackTo"] == page["messages"][0]["createdAt"] and page["hasMore"]


def test_settings_are_shown_changed_and_refused(home: Console) -> None:
    assert home.get("/console/settings").body == {
        "defaultValiditySeconds": 86_400, "retentionDays": 30, "timeZone": "UTC", "waitForPhone": False,
        "country": "KE", "confirmOptOut": True, "stopWords": [], "startWords": [], "helpWords": [],
    }  # fmt: skip
    wanted = {"timeZone": "Africa/Nairobi", "retentionDays": 7, "helpText": "Acme, 020 123", "stopWords": ["Toka"],
              "waitForPhone": True, "country": "GB"}  # fmt: skip
    assert home.patch("/console/settings", wanted).status == 200
    shown = home.get("/console/settings").body
    assert {name: shown[name] for name in wanted} == wanted | {"stopWords": ["toka"]}
    for wrong in ({"timeZone": "Mars/Base"}, {"timeZone": "../../etc/passwd"}, {"retentionDays": 0},
                  {"timeZone": "localtime"}, {"timeZone": "Factory"}, {"timeZone": "posix/Africa/Nairobi"},
                  {"defaultValiditySeconds": 29}, {"stopWords": ["start"]}, {"colour": "red"}, {"country": "ZZ"},
                  {"country": "gb"}, {"country": "GBR"}, {"country": "001"}, {"country": ""}):  # fmt: skip
        answer = home.patch("/console/settings", wrong)
        assert answer.status == 400
        assert [pointer.split("/")[1] for pointer in answer.pointers] == list(wrong)
    assert home.get("/console/settings").body == shown


def test_every_setting_of_keywords_is_changed_shown_and_taken_back(home: Console) -> None:
    wanted: dict[str, Any] = {
        "confirmOptOut": False, "optOutText": "No more.", "optInText": "Again.", "helpText": "Acme, 020 123",
        "stopWords": ["toka"], "startWords": ["anza"], "helpWords": ["msaada"],
    }  # fmt: skip
    for name, value in wanted.items():
        changed = home.patch("/console/settings", {name: value})
        assert changed.status == 200 and changed.body[name] == value
    shown = home.get("/console/settings").body
    assert {name: shown[name] for name in wanted} == wanted, "each change leaves the others"
    nothing = {name: "" if isinstance(value, str) else [] for name, value in wanted.items() if value is not False}
    assert home.patch("/console/settings", nothing | {"confirmOptOut": True}).status == 200
    bare = home.get("/console/settings").body
    assert not {"optOutText", "optInText", "helpText"} & set(bare) and bare["confirmOptOut"] is True
    assert bare["stopWords"] == bare["startWords"] == bare["helpWords"] == []


@pytest.mark.parametrize(
    "query", ["first=x", "last=2026-02-30", "first=2026-06-23&last=2026-06-22", "first=2026-01-01&last=2026-06-23"]
)
def test_days_that_cannot_be_shown_are_refused(home: Console, query: str) -> None:
    answer = home.get("/console/usage", query)
    assert (answer.status, answer.slug) == (400, "invalid-request")


def test_usage_has_a_line_for_each_day(home: Console) -> None:
    assert len(home.get("/console/usage").body["days"]) == 30
    shown = home.get("/console/usage", "first=2026-06-20&last=2026-06-23").body
    assert [day["day"] for day in shown["days"]] == ["2026-06-20", "2026-06-21", "2026-06-22", "2026-06-23"]
    assert shown["timeZone"] == "UTC" and shown["days"][0]["accepted"] == 0


def test_usage_of_today_has_a_line_for_each_hour_so_far(home: Console) -> None:
    home.patch("/console/settings", {"timeZone": "Africa/Nairobi"})
    slot = now_ms() // SLOT_MS - 2
    usage_store.count(home.account_id, usage_store.block_of(slot), "s", [(1, {(slot, "accepted"): 3})])
    shown = home.get("/console/usage/hours").body
    assert (shown["timeZone"], shown["day"], len(shown["hours"])) == ("Africa/Nairobi", "2026-06-23", 16)
    assert [(hour["hour"], hour["accepted"]) for hour in shown["hours"][-2:]] == [
        ("2026-06-23T11:00:00Z", 3), ("2026-06-23T12:00:00Z", 0),
    ]  # fmt: skip
    assert len(home.get("/console/usage/hours", "day=2026-06-22").body["hours"]) == 24
    refused = home.get("/console/usage/hours", "day=tomorrow")
    assert (refused.status, refused.pointers) == (400, ["#/day"])


def test_the_overview_follows_an_account_from_its_first_day(world: World, home: Console) -> None:
    fresh = home.get("/console/overview").body
    assert not any(fresh["steps"].values()) and fresh["devices"] == {"online": 0, "offline": 0}
    home.post("/console/clients", {"name": "Billing"})
    home.post("/console/webhooks", {"url": "https://93.184.215.14/hooks", "events": ["sms:sent"]})
    seeds.phone(home.account_id)
    seeds.phone(home.account_id, online=False)
    store(home.account_id)
    shown = home.get("/console/overview").body
    assert all(shown["steps"].values()) and shown["devices"] == {"online": 1, "offline": 1}
    assert shown["today"]["day"] == "2026-06-23" and shown["suspendedWebhooks"] == []


def test_a_message_that_was_sent_once_stays_sent_when_it_is_gone(world: World, home: Console) -> None:
    job = store(home.account_id)
    assert home.get("/console/overview").body["steps"]["messageSent"] is True
    world.cloud.dynamodb.delete_item(TableName=world.cloud.tables["jobs"], Key={"pk": {"S": job.job_id}})
    assert home.get("/console/overview").body["steps"]["messageSent"] is True


def test_a_message_that_only_the_figures_know_was_sent(home: Console) -> None:
    slot = now_ms() // SLOT_MS - 96 * 100
    usage_store.count(
        home.account_id, usage_store.block_of(slot), "s", [(1, {(slot, "accepted"): 1}), (2, {(slot, "failed"): 1})]
    )
    assert home.get("/console/overview").body["steps"]["messageSent"] is True


def test_a_message_that_could_not_be_queued_was_not_sent(home: Console) -> None:
    slot = now_ms() // SLOT_MS
    changes = [(1, {(slot, "accepted"): 1}), (2, {(slot, "accepted"): -1})]
    usage_store.count(home.account_id, usage_store.block_of(slot), "s", changes[:1])
    usage_store.count(home.account_id, usage_store.block_of(slot), "s", changes[1:])
    assert home.get("/console/overview").body["steps"]["messageSent"] is False
