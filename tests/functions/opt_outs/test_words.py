"""STOP, START, YES and HELP: what they change, what is answered, and by which SIM."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from smskit.accounts.logic import settings as account_settings
from smskit.accounts.logic.settings import SettingsChange
from smskit.contacts import store as contacts
from smskit.dispatch.store import jobs, pool
from smskit.models.job import JobStatus, Target
from smskit.models.lane import Lane, LaneKey
from smskit.models.opt_out import Effect
from smskit.opt_outs.logic import opt_out_list
from smskit.phones.store import lanes
from smskit.platform.ids import new_id
from smskit.platform.times import now_ms
from tests.support.aws import Cloud
from tests.support.keywords import NUMBER, receive
from tests.support.world import FakeRadioPhone, World

STOP = ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "OPT-OUT", "REMOVE", "ARRET",
        "ACHA", "SITISHA", "ONDOA")  # fmt: skip


@pytest.fixture
def world(cloud: Cloud) -> Iterator[World]:
    with time_machine.travel("2026-06-23T10:00:00Z", tick=False) as clock:
        yield World(cloud, clock)


def lane_of(world: World, phone: FakeRadioPhone, slot: int = 0) -> LaneKey:
    return LaneKey(world.account_id, phone.device_id, slot)


@pytest.fixture
def lane(world: World) -> LaneKey:
    """The SIM of a phone that is online."""
    phone = world.add_phone()
    phone.connect()
    return lane_of(world, phone)


def is_out(account_id: str, number: str = NUMBER) -> bool:
    return contacts.get(account_id, number).opted_out


def story(account_id: str, number: str = NUMBER) -> list[tuple[str, str | None]]:
    """Oldest first."""
    entries = opt_out_list.list_trail(account_id, number, 100, None).items
    return [(entry.effect.value, entry.reason) for entry in reversed(entries)]


def texts(world: World) -> list[str]:
    """All that was ever made to be sent."""
    return sorted(item["message"] for item in world.cloud.items("jobs"))


def settle(world: World, **changes: Any) -> None:
    account_settings.change(world.account_id, SettingsChange(**changes))
    account_settings.forget()


@pytest.mark.parametrize("word", STOP)
def test_a_stop_word_opts_out_with_an_entry_and_one_confirmation(world: World, word: str) -> None:
    phone = world.add_phone()
    phone.connect()
    assert receive(lane_of(world, phone), f" {word.lower()}\n") is Effect.OPTED_OUT
    assert is_out(world.account_id)
    assert story(world.account_id) == [("opted-out", word)]
    (offer,) = phone.take_offers()
    assert (offer["recipient"], offer["simSlot"], offer["segments"]) == (NUMBER, 0, 1)
    assert "opted out" in offer["message"]
    (verdict,) = phone.claim(offer)
    assert verdict["verdict"] == "go", "the confirmation goes out although its recipient has opted out"


def test_an_answer_is_kept_for_the_accounts_days(world: World, lane: LaneKey) -> None:
    settle(world, retention_days=1)
    receive(lane, "STOP")
    (answer,) = world.cloud.items("jobs")
    assert answer["ttl"] == answer["createdAt"] // 1000 + 86_400


@pytest.mark.parametrize(
    "content",
    ["STOP\x00", "\ufeffSTOP", "STOP\u200b", "STOP\u200e", "S\u00adTOP", "\uff33\uff34\uff2f\uff30", "stop.",
     "\u201cStop!\u201d", "stop \U0001f64f\U0001f3fe"],
)  # fmt: skip
def test_neither_what_is_around_a_stop_nor_its_encoding_hides_it(world: World, lane: LaneKey, content: str) -> None:
    assert receive(lane, content) is Effect.OPTED_OUT
    assert is_out(world.account_id)
    assert story(world.account_id) == [("opted-out", "STOP")]


@pytest.mark.parametrize("content", ["STOP it", "stopp", "please stop", "don't stop", "", "nope"])
def test_a_near_miss_changes_nothing(world: World, lane: LaneKey, content: str) -> None:
    assert receive(lane, content) is None
    assert not is_out(world.account_id)
    assert story(world.account_id) == [] and texts(world) == []


@pytest.mark.parametrize("word", ["YES", "START", "UNSTOP"])
def test_who_is_not_opted_out_cannot_opt_in(world: World, lane: LaneKey, word: str) -> None:
    assert receive(lane, word) is Effect.NONE
    assert story(world.account_id) == [] and texts(world) == []


@pytest.mark.parametrize("word", ["YES", "START", "UNSTOP"])
def test_who_is_opted_out_opts_in_again(world: World, word: str) -> None:
    phone = world.add_phone()
    phone.connect()
    receive(lane_of(world, phone), "STOP")
    assert receive(lane_of(world, phone), word) is Effect.OPTED_IN
    assert not is_out(world.account_id)
    assert story(world.account_id) == [("opted-out", "STOP"), ("opted-in", word)]
    assert "opted in" in phone.take_offers()[1]["message"]
    assert receive(lane_of(world, phone), word) is Effect.NONE
    assert len(texts(world)) == 2


def test_a_second_stop_is_neither_noted_nor_confirmed(world: World, lane: LaneKey) -> None:
    receive(lane, "STOP")
    world.clock.shift(60)
    assert receive(lane, "quit") is Effect.NONE
    assert story(world.account_id) == [("opted-out", "STOP")]
    assert len(texts(world)) == 1


def test_help_is_answered_with_the_accounts_text_and_only_then(world: World, lane: LaneKey) -> None:
    receive(lane, "HELP")
    assert texts(world) == []
    settle(world, help_text="Acme Ltd, 0800 000 000")
    assert receive(lane, "info") is Effect.HELP
    assert receive(lane, "HELP") is Effect.HELP
    assert texts(world) == ["Acme Ltd, 0800 000 000"] * 2
    assert story(world.account_id) == []


def test_who_is_opted_out_gets_help_too(world: World) -> None:
    settle(world, help_text="Acme Ltd")
    phone = world.add_phone()
    phone.connect()
    receive(lane_of(world, phone), "STOP")
    receive(lane_of(world, phone), "HELP")
    assert [verdict["verdict"] for verdict in phone.claim()] == ["go", "go"]


def test_confirmations_can_be_worded_and_switched_off(world: World, lane: LaneKey) -> None:
    settle(world, opt_out_text="Kwaheri", opt_in_text="Karibu tena", help_text="Acme")
    receive(lane, "STOP")
    receive(lane, "START")
    assert texts(world) == ["Karibu tena", "Kwaheri"]
    settle(world, confirm=False)
    receive(lane, "STOP")
    receive(lane, "HELP")
    receive(lane, "START")
    assert texts(world) == ["Acme", "Karibu tena", "Kwaheri"]
    assert len(story(world.account_id)) == 4


def test_words_of_the_account_work_there_and_nowhere_else(world: World, lane: LaneKey) -> None:
    settle(world, stop_words=["Basta", "no more"], start_words=["karibu"], help_words=["msaada"], help_text="Acme")
    assert receive(lane, "BASTA ") is Effect.OPTED_OUT
    assert receive(lane, "Karibu") is Effect.OPTED_IN
    assert receive(lane, "No  More") is Effect.OPTED_OUT
    assert receive(lane, "msaada") is Effect.HELP
    assert story(world.account_id)[2] == ("opted-out", "NO MORE")
    other = LaneKey(new_id("acc", now_ms()), lane.device_id, 0)
    lanes.save(None, Lane(other))
    assert receive(other, "basta") is None
    assert receive(other, "stop") is Effect.OPTED_OUT


def test_an_opt_out_concerns_one_account_and_one_number(world: World, lane: LaneKey) -> None:
    other = LaneKey(new_id("acc", now_ms()), new_id("dvc", now_ms()), 0)
    lanes.save(None, Lane(other))
    receive(lane, "STOP")
    assert not is_out(other.account_id) and story(other.account_id) == []
    assert not is_out(world.account_id, "+254712345679")
    assert receive(other, "START") is Effect.NONE
    assert is_out(world.account_id)


@pytest.mark.parametrize("sender", ["MPESA", "22141"])
def test_a_sender_without_a_number_cannot_opt_out(world: World, lane: LaneKey, sender: str) -> None:
    assert receive(lane, "STOP", sender) is None
    assert not is_out(world.account_id, sender) and texts(world) == []


def test_a_number_that_gets_no_sms_is_opted_out_without_an_answer(world: World, lane: LaneKey) -> None:
    landline = "+254202222222"
    assert receive(lane, "STOP", landline) is Effect.OPTED_OUT
    assert is_out(world.account_id, landline) and texts(world) == []


def test_the_answer_leaves_by_the_sim_that_got_the_word(world: World) -> None:
    idle, phone = world.add_phone(), world.add_phone(sims=2)
    idle.connect()
    phone.connect()
    receive(lane_of(world, phone, 1), "STOP")
    (offer,) = phone.take_offers()
    assert offer["simSlot"] == 1 and idle.offers == []


def test_an_answer_waits_for_its_phone_and_no_longer_than_an_hour(world: World) -> None:
    idle, phone = world.add_phone(), world.add_phone()
    idle.connect()
    receive(lane_of(world, phone), "STOP")
    world.advance(3000)
    phone.connect()
    assert len(phone.take_offers()) == 1 and idle.offers == []
    late = world.add_phone()
    receive(lane_of(world, late), "START")
    (job,) = [item for item in world.cloud.items("jobs") if "opted in" in item["message"]]
    world.clock.shift(3_601)
    world.tick()
    stored = jobs.get(job["pk"])
    assert stored is not None and stored.error is not None
    assert (stored.status, stored.error.code) == (JobStatus.DEAD_LETTER, "expired")
    late.connect()
    assert late.offers == []


def test_a_job_queued_before_the_stop_is_not_sent(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    job, other = world.job(), world.job(recipient="+254712345679")
    world.pump()
    receive(lane_of(world, phone), "STOP")
    verdicts = {verdict["jobId"]: verdict for verdict in phone.claim(*phone.take_offers())}
    assert (verdicts[job.job_id]["verdict"], verdicts[job.job_id]["reason"]) == ("gone", "opted-out")
    ended = world.stored(job)
    assert ended.error is not None
    assert (ended.status, ended.error.code) == (JobStatus.DEAD_LETTER, "opted-out")
    assert verdicts[other.job_id]["verdict"] == "go"
    (answer,) = [item for item in world.cloud.items("jobs") if item["clientId"] == "smskit"]
    assert verdicts[answer["pk"]]["verdict"] == "go"


def test_an_answer_says_whose_it_is_and_waits_in_the_pool_of_its_sim(world: World) -> None:
    phone = world.add_phone()
    receive(lane_of(world, phone), "STOP")
    (item,) = world.cloud.items("jobs")
    job = jobs.get(item["pk"])
    assert job is not None and job.exempt_from_opt_out and pool.contains(job)
    assert (job.client_id, job.targets) == ("smskit", (Target(phone.device_id, 0),))
    assert job.expires_at - job.created_at == 3_600_000
    assert "exempt" not in {name for other in [world.job()] for name in vars_of(world, other.job_id)}


def vars_of(world: World, job_id: str) -> set[str]:
    (item,) = [item for item in world.cloud.items("jobs") if item["pk"] == job_id]
    return set(item)
