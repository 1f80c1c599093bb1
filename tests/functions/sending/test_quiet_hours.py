"""Quiet hours: what would go out in them is sent at their end, on the clock on the wall, also when that is set."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine

from smskit import aws
from smskit.accounts.logic import settings as account_settings
from smskit.accounts.logic.settings import SettingsChange
from smskit.models.account_settings import QuietHours
from smskit.platform import zones
from smskit.platform.times import minute_of
from smskit.sending.logic import quiet_hours
from tests.support import console, seeds
from tests.support.aws import Cloud
from tests.support.client_api import ClientApi
from tests.support.console import Console
from tests.support.meter import Meter

NIGHT = QuietHours(minute_of("22:00"), minute_of("07:00"))


@pytest.fixture
def clock(cloud: Cloud) -> Iterator[time_machine.Coordinates]:
    with time_machine.travel("2026-06-23T20:30:00Z", tick=False) as moment:  # 23:30 in Nairobi
        yield moment


@pytest.fixture
def api(cloud: Cloud, clock: time_machine.Coordinates) -> ClientApi:
    made = ClientApi(cloud, limit=1_000)
    seeds.phone(made.account_id)
    account_settings.change(made.account_id, SettingsChange(time_zone="Africa/Nairobi", quiet_hours=(NIGHT,)))
    return made


def end(quiet: QuietHours, zone: str, at: str, priority: int = 0) -> str | None:
    """The end of the quiet hours that a moment is in, in UTC; None outside of them."""
    moment, tz = round(datetime.fromisoformat(at).timestamp() * 1000), zones.zone(zone)
    if not quiet_hours._is_quiet(quiet, moment, tz):
        return None
    found = quiet_hours._end(quiet, moment, tz)
    assert found > moment and not quiet_hours._is_quiet(quiet, found, tz)
    return datetime.fromtimestamp(found / 1000, zones.zone("UTC")).isoformat(timespec="minutes")[:16]


@pytest.mark.parametrize(
    ("at", "until"),
    [
        # The clocks go forward at 01:00 UTC on 29 March: that night has an hour less.
        ("2026-03-28T21:59:59Z", None),
        ("2026-03-28T22:00:00Z", "2026-03-29T06:00"),
        ("2026-03-29T00:59:59Z", "2026-03-29T06:00"),
        ("2026-03-29T01:00:00Z", "2026-03-29T06:00"),
        ("2026-03-29T05:59:59Z", "2026-03-29T06:00"),
        ("2026-03-29T06:00:00Z", None),
        ("2026-03-29T20:59:59Z", None),
        ("2026-03-29T21:00:00Z", "2026-03-30T06:00"),
        # They go back at 01:00 UTC on 25 October: that one has an hour more.
        ("2026-10-24T20:59:59Z", None),
        ("2026-10-24T21:00:00Z", "2026-10-25T07:00"),
        ("2026-10-25T00:30:00Z", "2026-10-25T07:00"),
        ("2026-10-25T01:30:00Z", "2026-10-25T07:00"),
        ("2026-10-25T06:59:59.999Z", "2026-10-25T07:00"),
        ("2026-10-25T07:00:00Z", None),
        ("2026-10-25T21:59:59Z", None),
        ("2026-10-25T22:00:00Z", "2026-10-26T07:00"),
    ],
)
def test_across_both_changes_of_the_clock_in_london(at: str, until: str | None) -> None:
    assert end(NIGHT, "Europe/London", at) == until


@pytest.mark.parametrize("day", ["2026-03-29", "2026-06-23", "2026-10-25", "2026-12-31"])
def test_nairobi_has_the_same_night_all_the_year(day: str) -> None:
    assert end(NIGHT, "Africa/Nairobi", f"{day}T18:59:59Z") is None
    assert str(end(NIGHT, "Africa/Nairobi", f"{day}T19:00:00Z")).endswith("T04:00")
    assert end(NIGHT, "Africa/Nairobi", f"{day}T03:59:59Z") == f"{day}T04:00"
    assert end(NIGHT, "Africa/Nairobi", f"{day}T04:00:00Z") is None


@pytest.mark.parametrize(
    ("begins", "ends", "zone", "at", "until"),
    [
        ("12:00", "14:00", "UTC", "2026-06-23T13:00:00Z", "2026-06-23T14:00"),
        ("12:00", "14:00", "UTC", "2026-06-23T14:00:00Z", None),
        ("00:00", "23:59", "UTC", "2026-06-23T00:00:00Z", "2026-06-23T23:59"),
        ("22:00", "00:00", "UTC", "2026-12-31T23:59:00Z", "2027-01-01T00:00"),
        ("22:00", "00:00", "UTC", "2026-12-31T00:00:00Z", None),
        # Their end never comes, since the clock is set over it: they end with that.
        ("22:00", "01:30", "Europe/London", "2026-03-29T00:10:00Z", "2026-03-29T01:00"),
        ("22:00", "01:30", "Europe/London", "2026-03-28T22:30:10Z", "2026-03-29T01:00"),
        # It comes twice: they end with its first coming, and the hour that comes again is quiet again.
        ("22:00", "01:30", "Europe/London", "2026-10-25T00:10:00Z", "2026-10-25T00:30"),
        ("22:00", "01:30", "Europe/London", "2026-10-25T00:45:00Z", None),
        ("22:00", "01:30", "Europe/London", "2026-10-25T01:10:00Z", "2026-10-25T01:30"),
        # A zone that is half an hour ahead of others, and one that changes by half an hour.
        ("22:00", "07:00", "Asia/Kolkata", "2026-06-23T16:30:00Z", "2026-06-24T01:30"),
        ("22:00", "07:00", "Australia/Lord_Howe", "2026-10-03T12:00:00Z", "2026-10-03T20:00"),
        # Samoa left out 30 December 2011.
        ("22:00", "07:00", "Pacific/Apia", "2011-12-30T09:30:00Z", "2011-12-30T17:00"),
    ],
)
def test_any_hours_in_any_zone(begins: str, ends: str, zone: str, at: str, until: str | None) -> None:
    assert end(QuietHours(minute_of(begins), minute_of(ends)), zone, at) == until


def test_what_is_accepted_in_them_is_kept_to_their_end_and_the_answer_says_so(api: ClientApi) -> None:
    answer = api.send(validitySeconds=60)
    job_id = answer.body["jobId"]
    assert (answer.status, answer.body) == (
        202, {"jobId": job_id, "status": "Scheduled", "sendAt": "2026-06-24T04:00:00Z", "quietHours": True},
    )  # fmt: skip
    shown = api.status(job_id).body
    assert (shown["status"], shown["sendAt"], shown["createdAt"]) == (
        "Scheduled", "2026-06-24T04:00:00Z", "2026-06-23T20:30:00Z",
    )  # fmt: skip
    assert [(entry["event"], entry.get("detail")) for entry in shown["timeline"]] == [
        ("accepted", None), ("quiet_hours", "2026-06-24T04:00:00Z"),
    ]  # fmt: skip
    assert api.cloud.queued() == 0
    assert api.post(f"/api/sms/{job_id}/cancel").body["status"] == "Cancelled"


def test_urgent_messages_go_out_all_the_same_unless_the_account_says_otherwise(api: ClientApi) -> None:
    assert [api.send(priority=priority).body["status"] for priority in (8, 9, 10)] == [
        "Scheduled", "Pending", "Pending",
    ]  # fmt: skip
    for exempt, shown in (((), ["Scheduled", "Scheduled"]), ((0,), ["Pending", "Scheduled"])):
        changed = (QuietHours(NIGHT.begins, NIGHT.ends, exempt),)
        account_settings.change(api.account_id, SettingsChange(quiet_hours=changed))
        assert [api.send(priority=priority).body["status"] for priority in (0, 10)] == shown


def test_a_time_that_lies_in_them_is_put_to_their_end_too(api: ClientApi) -> None:
    asked = "2026-06-24T23:00:00+03:00"
    answer = api.send(sendAt=asked)
    assert (answer.body["sendAt"], answer.body["quietHours"]) == ("2026-06-25T04:00:00Z", True)
    outside = api.send(sendAt="2026-06-24T12:00:00+03:00")
    assert outside.body["sendAt"] == "2026-06-24T09:00:00Z" and "quietHours" not in outside.body
    moved = api.call("PATCH", f"/api/sms/{outside.body['jobId']}", {"sendAt": asked})
    assert moved.body["sendAt"] == "2026-06-25T04:00:00Z"
    assert [entry["event"] for entry in moved.body["timeline"]] == ["accepted", "scheduled", "quiet_hours"]


def test_a_key_is_told_the_same_on_either_side_of_their_edge(api: ClientApi, clock: time_machine.Coordinates) -> None:
    clock.move_to("2026-06-23T18:59:59Z")
    before = api.send(idempotencyKey="before")
    assert before.body["status"] == "Pending"
    clock.shift(2)
    assert api.send(idempotencyKey="before").body == before.body
    inside = api.send(idempotencyKey="inside")
    assert inside.body["quietHours"] is True
    clock.move_to("2026-06-24T05:00:00Z")
    assert api.send(idempotencyKey="inside").body == inside.body
    assert len(api.cloud.items("jobs")) == 2


def test_without_them_nothing_is_kept(api: ClientApi) -> None:
    account_settings.change(api.account_id, SettingsChange(quiet_hours=()))
    assert api.send().body["status"] == "Pending"


def test_they_cost_a_send_nothing(api: ClientApi) -> None:
    api.send(priority=9)
    meter = Meter(aws.session())
    aws.client.cache_clear()  # type: ignore[attr-defined]
    api.send(priority=9)
    inside = (dict(meter.requests), meter.wru, meter.rru)
    account_settings.change(api.account_id, SettingsChange(quiet_hours=()))
    meter.reset()
    api.send(priority=9)
    assert (dict(meter.requests), meter.wru, meter.rru) == inside


def test_owners_set_and_end_them_and_the_log_tells_of_it(api: ClientApi) -> None:
    owner, operator = (Console(console.person(role, api.account_id)) for role in ("owner", "operator"))
    asked = {"quietHours": {"from": "21:30", "to": "06:00", "exemptPriorities": [10, 9, 10]}}
    assert operator.patch("/console/settings", asked).status == 403
    shown = owner.patch("/console/settings", asked).body["quietHours"]
    assert shown == {"from": "21:30", "to": "06:00", "exemptPriorities": [9, 10]}
    kept = owner.patch("/console/settings", {"timeZone": "Europe/London"}).body["quietHours"]
    assert kept == shown, "another change leaves them"
    plain = owner.patch("/console/settings", {"quietHours": {"from": "22:00", "to": "07:00"}}).body["quietHours"]
    assert plain["exemptPriorities"] == [9, 10]
    assert "quietHours" not in owner.patch("/console/settings", {"quietHours": {}}).body
    told = [item for item in api.cloud.items("accounts") if item.get("action") == "settings.changed"]
    assert sum("quietHours" in str(entry) for entry in told) == 3


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"from": "22:00"}, "#/quietHours"),
        ({"to": "07:00"}, "#/quietHours"),
        ({"exemptPriorities": [9]}, "#/quietHours"),
        ({"from": "22:00", "to": "22:00"}, "#/quietHours/to"),
        ({"from": "24:00", "to": "07:00"}, "#/quietHours/from"),
        ({"from": "22:00", "to": "7:00"}, "#/quietHours/to"),
        ({"from": "22:60", "to": "07:00"}, "#/quietHours/from"),
        ({"from": "22:00:00", "to": "07:00"}, "#/quietHours/from"),
        ({"from": 22, "to": "07:00"}, "#/quietHours/from"),
        ({"from": "22:00", "to": "07:00", "exemptPriorities": [11]}, "#/quietHours/exemptPriorities/0"),
        ({"from": "22:00", "to": "07:00", "exemptPriorities": [True]}, "#/quietHours/exemptPriorities/0"),
        ({"from": "22:00", "to": "07:00", "until": "08:00"}, "#/quietHours/until"),
        ([], "#/quietHours"),
        (None, "#/quietHours"),
    ],
)
def test_hours_that_cannot_be_are_named_and_change_nothing(api: ClientApi, wrong: Any, pointer: str) -> None:
    owner = Console(console.person("owner", api.account_id))
    before = owner.get("/console/settings").body
    answer = owner.patch("/console/settings", {"quietHours": wrong, "helpText": "changed"})
    assert (answer.status, answer.pointers) == (400, [pointer])
    assert owner.get("/console/settings").body == before
