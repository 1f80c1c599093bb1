"""What is with a message, sentence by sentence, as support reads it out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from smskit.accounts.logic import settings as account_settings
from smskit.accounts.logic.settings import SettingsChange
from smskit.dispatch.logic import expiry
from smskit.dispatch.store import jobs
from smskit.models.account_settings import QuietHours
from smskit.models.device import Device
from smskit.models.job import JobError, TimelineEntry
from smskit.models.lane import MAX_STRIKES, Hold, LaneKey
from smskit.phones.logic import settings as phone_settings
from smskit.phones.logic.settings import DeviceChange, SimChange
from smskit.phones.store import device_items
from smskit.platform import table
from smskit.platform.times import now_ms
from tests.support import console, routing, seeds
from tests.support.client_api import ClientApi
from tests.support.console import Console
from tests.support.inbox import Inbox, sms
from tests.support.routing import rule
from tests.support.world import FakeRadioPhone, World

END = "It is given up at 24 June 10:00 UTC unless it was sent by then."
SPENT = {"hour": 495_058, "limit": 200}


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel("2026-06-23T10:00:00Z", tick=False) as travelled:
        yield travelled


def phone(api: ClientApi, name: str, **changes: Any) -> Device:
    return seeds.phone(api.account_id, name=name, **changes)


def waiting(api: ClientApi, **changes: Any) -> str:
    """A message that waits, whoever could take it."""
    answer = api.send(waitForPhone=True, **changes)
    assert answer.status == 202, answer.body
    job_id: str = answer.body["jobId"]
    return job_id


def said(api: ClientApi, job_id: str) -> str:
    answer = api.get(f"/api/sms/{job_id}/explain")
    assert answer.status == 200, answer.body
    assert (answer.body["jobId"], answer.body["status"]) == (job_id, api.status(job_id).body["status"])
    text: str = answer.body["explanation"]
    return text


def lane(device: Device, sim_slot: int = 0, **changes: Any) -> None:
    seeds.change_lane(device, sim_slot, **changes)


@pytest.mark.usefixtures("clock")
class TestWaiting:
    """Why it waits."""

    def test_for_a_phone(self, api: ClientApi) -> None:
        assert said(api, waiting(api)) == f"Waiting: the account has no phone. {END}"

    def test_two_of_three_at_their_limit_and_the_third_offline(self, api: ClientApi) -> None:
        desk, shelf = phone(api, "Front desk"), phone(api, "Shelf", sims=2)
        job_id = waiting(api)
        for slot in (0, 1):
            lane(shelf, slot, **SPENT, left=0)
        lane(desk, connection_id=None)
        assert said(api, job_id) == (
            f"Waiting: 2 of 3 SIMs are at their hourly limit until 11:00 UTC; SIM 1 of Front desk is Offline. {END}"
        )

    def test_for_a_phone_that_is_offline(self, api: ClientApi) -> None:
        phone(api, "Front desk", online=False)
        assert said(api, waiting(api)) == f"Waiting: SIM 1 of Front desk is Offline. {END}"

    def test_for_phones_that_are_all_offline(self, api: ClientApi) -> None:
        phone(api, "Front desk", online=False, sims=2)
        job_id = waiting(api)
        assert said(api, job_id) == f"Waiting: both SIMs are Offline. {END}"
        phone(api, "Shelf", online=False)
        assert said(api, job_id) == f"Waiting: all 3 SIMs are Offline. {END}"

    def test_for_a_phone_that_never_connected(self, api: ClientApi) -> None:
        phone(api, "Front desk", online=False, sims=0)
        assert said(api, waiting(api)) == f"Waiting: Front desk has never connected. {END}"

    def test_for_a_phone_that_fell_silent(self, api: ClientApi) -> None:
        phone(api, "Front desk", heartbeat_at=now_ms() - 3_600_000)
        assert said(api, waiting(api)) == f"Waiting: SIM 1 of Front desk is Offline. {END}"

    def test_its_turn(self, api: ClientApi) -> None:
        desk = phone(api, "Front desk")
        job_id = waiting(api)
        assert said(api, job_id) == f"Waiting: SIM 1 of Front desk is free, and gets it in a moment. {END}"
        held = {f"job_{n}": Hold(f"t{n}", now_ms(), now_ms() + 6_000, 1, "+254700000001", 0) for n in range(3)}
        lane(desk, held=held, credits=0)
        assert said(api, job_id) == f"Waiting: SIM 1 of Front desk is busy with other messages. {END}"

    def test_for_what_is_kept_for_urgent_ones(self, api: ClientApi) -> None:
        desk = phone(api, "Front desk")
        job_id = waiting(api)
        lane(desk, **SPENT, left=20)
        kept = "has left until 11:00 UTC only what is kept for priority 9 and 10"
        assert said(api, job_id) == f"Waiting: SIM 1 of Front desk {kept}. {END}"
        assert "is free" in said(api, waiting(api, priority=9))

    def test_for_a_new_hour_since_it_is_long(self, api: ClientApi) -> None:
        desk = phone(api, "Front desk")
        job_id = waiting(api, message="x" * 400)
        lane(desk, **SPENT, left=22)
        short = "has too little left for its 3 segments until 11:00 UTC"
        assert said(api, job_id) == f"Waiting: SIM 1 of Front desk {short}. {END}"

    def test_for_a_limit_that_people_raise(self, api: ClientApi) -> None:
        desk = phone(api, "Front desk")
        job_id = waiting(api, message="x" * 400)
        lane(desk, limit=2, left=2, hour=SPENT["hour"])
        never = "may never send its 3 segments by its hourly limit"
        assert said(api, job_id) == f"Waiting: SIM 1 of Front desk {never}. {END}"

    def test_for_the_end_of_a_rest(self, api: ClientApi) -> None:
        desk = phone(api, "Front desk")
        job_id = waiting(api)
        lane(desk, setbacks=3, rested_at=now_ms(), rests_until=now_ms() + 300_000)
        rest = "rests until 10:05 UTC, since its last messages failed there"
        assert said(api, job_id) == f"Waiting: SIM 1 of Front desk {rest}. {END}"

    def test_for_a_phone_that_answers(self, api: ClientApi) -> None:
        desk = phone(api, "Front desk")
        job_id = waiting(api)
        lane(desk, strikes=MAX_STRIKES)
        assert said(api, job_id) == f"Waiting: SIM 1 of Front desk left its last offers unanswered. {END}"

    def test_for_a_sim_that_is_ready(self, api: ClientApi) -> None:
        desk = phone(api, "Front desk")
        job_id = waiting(api)
        lane(desk, sim_ready=False)
        assert said(api, job_id) == f"Waiting: SIM 1 of Front desk says that it can't send now. {END}"

    def test_for_what_people_disabled(self, api: ClientApi) -> None:
        desk = phone(api, "Front desk", sims=2)
        job_id = waiting(api)
        phone_settings.change_sim(api.account_id, desk.device_id, 0, SimChange(is_enabled=False))
        assert said(api, job_id) == (
            f"Waiting: SIM 2 of Front desk is free, and gets it in a moment; SIM 1 of Front desk is disabled. {END}"
        )
        phone_settings.change(api.account_id, desk.device_id, DeviceChange(is_enabled=False))
        assert said(api, job_id) == f"Waiting: both SIMs are in phones that are disabled. {END}"

    def test_for_those_that_it_names(self, api: ClientApi) -> None:
        desk, shelf = phone(api, "Front desk", sims=2), phone(api, "Shelf")
        phone(api, "Not asked")
        named = [{"deviceId": desk.device_id, "simSlot": 1}, {"deviceId": shelf.device_id}]
        job_id = waiting(api, devices=named)
        lane(desk, 1, connection_id=None)
        lane(shelf, **SPENT, left=0)
        assert said(api, job_id) == (
            "Waiting: of those that it may go out by, SIM 1 of Shelf is at its hourly limit until 11:00 UTC; "
            f"SIM 2 of Front desk is Offline. {END}"
        )
        alone = waiting(api, devices=named[:1])
        assert said(api, alone) == f"Waiting: SIM 2 of Front desk, the only one that may send it, is Offline. {END}"

    def test_for_the_sims_of_its_rule(self, api: ClientApi) -> None:
        desk, shelf = phone(api, "Front desk", online=False), phone(api, "Shelf")
        phone(api, "Not asked")
        routing.set_rules(api.account_id, rule(desk, shelf, fallback="wait"))
        job_id = waiting(api)
        lane(shelf, **SPENT, left=0)
        only = 'The routing rule "Safaricom" lets it go by no other.'
        assert said(api, job_id) == (
            "Waiting: of those that it may go out by, SIM 1 of Shelf is at its hourly limit until 11:00 UTC; "
            f"SIM 1 of Front desk is Offline. {only} {END}"
        )
        routing.set_rules(api.account_id, rule(desk, fallback="wait"))
        alone = f"Waiting: SIM 1 of Front desk, the only one that may send it, is Offline. {only} {END}"
        assert said(api, waiting(api)) == alone

    def test_for_any_while_the_sims_of_its_rule_take_none(self, api: ClientApi) -> None:
        desk, _ = phone(api, "Front desk", online=False), phone(api, "Shelf", online=False)
        routing.set_rules(api.account_id, rule(desk))
        assert said(api, waiting(api)) == f"Waiting: both SIMs are Offline. {END}"

    def test_for_phones_of_its_rule_that_are_no_more(self, api: ClientApi) -> None:
        desk = phone(api, "Front desk", online=False)
        routing.set_rules(api.account_id, rule(desk, fallback="wait"))
        job_id = waiting(api)
        table.delete("devices", device_items.device_key(api.account_id, desk.device_id))
        gone = 'Waiting: the phones of the routing rule "Safaricom" aren\'t there any more.'
        assert said(api, job_id) == f"{gone} {END}"

    def test_for_phones_that_it_names_and_that_are_no_more(self, api: ClientApi) -> None:
        desk = phone(api, "Front desk", online=False)
        job_id = waiting(api, devices=[{"deviceId": desk.device_id}])
        table.delete("devices", device_items.device_key(api.account_id, desk.device_id))
        assert said(api, job_id) == f"Waiting: the phones that it names aren't there any more. {END}"

    def test_for_a_phone_that_was_removed(self, api: ClientApi) -> None:
        desk = phone(api, "Front desk", online=False)
        job_id = waiting(api, devices=[{"deviceId": desk.device_id}])
        phone_settings.revoke(api.account_id, desk.device_id)
        assert said(api, job_id) == (
            f"Waiting: SIM 1 of Front desk, the only one that may send it, was in a phone that was removed. {END}"
        )

    def test_for_another_since_one_gave_it_back(self, api: ClientApi) -> None:
        desk = phone(api, "Front desk")
        job = jobs.get(waiting(api))
        assert job is not None
        away = replace(job, avoid={f"{desk.device_id}#0": now_ms() + 30_000})
        assert jobs.keep_away(away, TimelineEntry("declined", now_ms(), detail="busy"))
        back = "gave it back a moment ago, and is asked again after 10:00:30 UTC"
        assert said(api, job.job_id) == f"Waiting: SIM 1 of Front desk {back}. {END}"

    def test_programs_are_told_it_too(self, api: ClientApi) -> None:
        desk = phone(api, "Front desk")
        job_id = waiting(api)
        lane(desk, **SPENT, left=0)
        assert api.get(f"/api/sms/{job_id}/explain").body["waitsFor"] == [
            {"deviceId": desk.device_id, "simSlot": 0, "reason": "hourly-limit", "until": "2026-06-23T11:00:00Z"}
        ]

    def test_times_are_those_of_the_account(self, api: ClientApi) -> None:
        account_settings.change(api.account_id, SettingsChange(time_zone="Africa/Nairobi"))
        assert said(api, waiting(api, validitySeconds=3_600)) == (
            "Waiting: the account has no phone. It is given up at 14:00 unless it was sent by then."
        )

    def test_of_a_large_fleet_the_first_are_looked_at(self, api: ClientApi, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("smskit.sending.logic.waits.MOST_PHONES", 2)
        for name in ("One", "Two", "Three"):
            phone(api, name, online=False)
        beyond = "These are the first 2 phones; there are more."
        assert said(api, waiting(api)) == f"Waiting: both SIMs are Offline. {beyond} {END}"


class TestOnItsWay:
    """Where it is, or went."""

    @pytest.fixture
    def desk(self, sent_world: tuple[World, ClientApi]) -> FakeRadioPhone:
        made = sent_world[0].add_phone()
        made.connect()
        return made

    def test_it_is_offered_taken_sent_and_delivered(
        self, sent_world: tuple[World, ClientApi], desk: FakeRadioPhone
    ) -> None:
        world, api = sent_world
        job_id = api.send().body["jobId"]
        world.pump()
        assert said(api, job_id) == (
            f"Waiting: SIM 1 of Phone was just offered it, and has until 10:00:05 UTC to take it. {END}"
        )
        (offer,) = desk.take_offers()
        desk.claim(offer)
        assert said(api, job_id) == "Being sent: SIM 1 of Phone took it at 10:00:00 UTC, as that SIM was free."
        world.advance(2)
        desk.report("Sent", offer)
        assert said(api, job_id) == (
            "Sent: SIM 1 of Phone handed it to the network at 10:00:02 UTC, as that SIM was free. "
            "The network hasn't confirmed yet that it arrived."
        )
        world.advance(3)
        desk.report("Delivered", offer)
        assert said(api, job_id) == (
            "Delivered: the network confirmed at 10:00:05 UTC that it arrived. It was sent by SIM 1 of Phone, "
            "as that SIM was free."
        )

    def test_it_failed(self, sent_world: tuple[World, ClientApi], desk: FakeRadioPhone) -> None:
        world, api = sent_world
        job_id = api.send(devices=[{"deviceId": desk.device_id}]).body["jobId"]
        world.pump()
        (offer,) = desk.take_offers()
        desk.claim(offer)
        assert said(api, job_id) == (
            "Being sent: SIM 1 of Phone took it at 10:00:00 UTC, as the sender had named that SIM."
        )
        world.advance(1)
        desk.report("Failed", offer, error="invalid_number")
        assert said(api, job_id) == ("Failed: SIM 1 of Phone could not send it at 10:00:01 UTC (as scripted).")

    def test_nobody_knows(self, sent_world: tuple[World, ClientApi], desk: FakeRadioPhone) -> None:
        world, api = sent_world
        job_id = api.send().body["jobId"]
        world.pump()
        (offer,) = desk.take_offers()
        desk.claim(offer)
        desk.report("Unknown", offer)
        assert said(api, job_id) == (
            "Outcome unknown: SIM 1 of Phone was told to send it and hasn't said what came of it. "
            "It may have gone out, so it isn't sent again by itself."
        )

    def test_its_phone_tells_no_deliveries(self, api: ClientApi, clock: time_machine.Coordinates) -> None:
        desk = phone(api, "Front desk", delivery_reports=False)
        job = jobs.get(waiting(api))
        assert job is not None
        key = LaneKey(api.account_id, desk.device_id, 0)
        jobs.assign(job.job_id, "t", key, "c", now_ms(), now_ms(), job.created_at)
        jobs.mark_sent(job.job_id, "t", now_ms())
        assert said(api, job.job_id) == (
            "Sent: SIM 1 of Front desk handed it to the network at 10:00:00 UTC, as that SIM was free. "
            "This phone can't tell whether messages arrive, so it stays Sent."
        )

    def test_its_phone_is_no_more(self, sent_world: tuple[World, ClientApi], desk: FakeRadioPhone) -> None:
        world, api = sent_world
        job_id = api.send().body["jobId"]
        world.pump()
        (offer,) = desk.take_offers()
        desk.claim(offer)
        table.delete("devices", device_items.device_key(api.account_id, desk.device_id))
        assert said(api, job_id) == "Being sent: a phone took it at 10:00:00 UTC, as that SIM was free."

    @pytest.mark.parametrize(
        ("is_there", "why"),
        [
            (True, 'as the routing rule "Safaricom" names that SIM for this number'),
            (False, 'in place of the SIMs that the routing rule "Safaricom" names for this number'),
        ],
    )
    def test_by_a_sim_of_its_rule_or_in_place_of_them(
        self, sent_world: tuple[World, ClientApi], desk: FakeRadioPhone, is_there: bool, why: str
    ) -> None:
        world, api = sent_world
        named = desk if is_there else world.add_phone(sims=0)
        routing.set_rules(api.account_id, rule(named))
        job_id = api.send().body["jobId"]
        world.pump()
        (offer,) = desk.take_offers()
        desk.claim(offer)
        assert said(api, job_id) == f"Being sent: SIM 1 of Phone took it at 10:00:00 UTC, {why}."
        desk.report("Sent", offer)
        assert said(api, job_id) == (
            f"Sent: SIM 1 of Phone handed it to the network at 10:00:00 UTC, {why}. "
            "The network hasn't confirmed yet that it arrived."
        )

    def test_by_the_sim_that_the_recipient_wrote_to(self, inbox: Inbox) -> None:
        made = inbox.phone()
        made.receive(sms())
        job_id = inbox.api.send(recipient="+254712345678").body["jobId"]
        inbox.world.pump()
        (offer,) = made.take_offers()
        made.claim(offer)
        at = f"{datetime.fromtimestamp(now_ms() // 1000, UTC):%H:%M:%S} UTC"
        assert said(inbox.api, job_id) == (
            f"Being sent: SIM 1 of Phone took it at {at}, as the recipient had written to that SIM last."
        )


@pytest.mark.usefixtures("clock")
class TestNotSent:
    """Why it went nowhere, or not yet."""

    @pytest.mark.parametrize(
        ("error", "text"),
        [
            (expiry.EXPIRED,
             "Not sent: no phone could send it before its validity ended, at 24 June 10:00 UTC."),
            (expiry.OPTED_OUT, "Not sent: the recipient opted out before it went out."),
            (JobError("device-disabled", "x"), "Not sent: it might go out only by a phone that was disabled."),
            (JobError("sim-disabled", "x"), "Not sent: it might go out only by a SIM that was disabled."),
            (JobError("device-revoked", "x"),
             "Not sent: it might go out only by a phone that was removed from the account."),
            (JobError("attempts-exhausted", "3 attempts did not get the message sent; last: radio_off"),
             "Not sent (3 attempts did not get the message sent; last: radio_off)."),
            (JobError("attempts-exhausted", ""), "Not sent."),
            (JobError("dispatch-error", "The job could not be dispatched, after several tries."),
             "Not sent (The job could not be dispatched, after several tries)."),
        ],
    )  # fmt: skip
    def test_it_was_given_up(self, api: ClientApi, error: JobError, text: str) -> None:
        job = jobs.get(waiting(api))
        assert job is not None and expiry.give_up(job, error, now_ms()) is not None
        assert said(api, job.job_id) == text

    @pytest.mark.parametrize(
        ("error", "text"),
        [
            (JobError("device-disabled", "x"),
             'Not sent: it might go out only by a phone that was disabled, as the routing rule "Safaricom" says.'),
            (JobError("sim-disabled", "x"),
             'Not sent: it might go out only by a SIM that was disabled, as the routing rule "Safaricom" says.'),
            (JobError("device-revoked", "x"),
             "Not sent: it might go out only by a phone that was removed from the account, "
             'as the routing rule "Safaricom" says.'),
            (expiry.OPTED_OUT, "Not sent: the recipient opted out before it went out."),
        ],
    )  # fmt: skip
    def test_it_was_given_up_by_its_rule(self, api: ClientApi, error: JobError, text: str) -> None:
        routing.set_rules(api.account_id, rule(phone(api, "Front desk"), fallback="wait"))
        job = jobs.get(waiting(api))
        assert job is not None and expiry.give_up(job, error, now_ms()) is not None
        assert said(api, job.job_id) == text

    def test_it_was_withdrawn(self, api: ClientApi) -> None:
        job_id = waiting(api)
        api.post(f"/api/sms/{job_id}/cancel")
        assert said(api, job_id) == "Cancelled at 10:00:00 UTC, before a phone had it."

    def test_it_was_withdrawn_another_day(self, api: ClientApi, clock: time_machine.Coordinates) -> None:
        job_id = waiting(api)
        api.post(f"/api/sms/{job_id}/cancel")
        clock.shift(86_400)
        assert said(api, job_id) == "Cancelled at 23 June 10:00:00 UTC, before a phone had it."

    def test_it_is_to_be_sent_later(self, api: ClientApi) -> None:
        job_id = waiting(api, sendAt="2026-06-23T14:00:00+03:00")
        assert said(api, job_id) == "Scheduled: it goes out at 11:00 UTC, as was asked."

    def test_it_is_held_in_quiet_hours(self, api: ClientApi) -> None:
        quiet = QuietHours(22 * 60, 12 * 60)
        account_settings.change(api.account_id, SettingsChange(quiet_hours=(quiet,), time_zone="UTC"))
        assert said(api, waiting(api)) == (
            "Scheduled: it fell into the account's quiet hours, and goes out when they end, at 12:00."
        )


def test_people_read_the_same(api: ClientApi) -> None:
    job_id = waiting(api)
    home = Console(console.person("viewer", api.account_id))
    assert home.get(f"/console/messages/{job_id}/explain").body == api.get(f"/api/sms/{job_id}/explain").body


def test_another_accounts_message_is_none(api: ClientApi) -> None:
    foreign = seeds.tenant()
    answer = api.get(f"/api/sms/{waiting(api)}/explain", headers={"x-api-key": foreign.key})
    assert (answer.status, answer.slug) == (404, "not-found")
