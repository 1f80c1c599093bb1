"""Keyword messages that come twice, meet each other, or whose handler dies between two requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import botocore.client
import pytest
import time_machine

from smskit.accounts.logic import settings as account_settings
from smskit.contacts import store as contacts
from smskit.dispatch.logic import matching
from smskit.dispatch.store import pool
from smskit.errors import TransactionRefusedError
from smskit.models.lane import LaneKey
from smskit.models.opt_out import Effect
from smskit.opt_outs.logic import opt_out_list, opt_outs
from smskit.platform import table
from smskit.platform.times import now_ms
from tests.support import aws
from tests.support.aws import Cloud
from tests.support.keywords import NUMBER, receive
from tests.support.world import FakeRadioPhone, World


class KilledError(BaseException):
    """The end of a process."""


@pytest.fixture
def world(cloud: Cloud) -> Iterator[World]:
    with time_machine.travel("2026-06-23T10:00:00Z", tick=False) as clock:
        yield World(cloud, clock)


@pytest.fixture
def phone(world: World) -> FakeRadioPhone:
    made = world.add_phone()
    made.connect()
    return made


@pytest.fixture
def lane(world: World, phone: FakeRadioPhone) -> LaneKey:
    return LaneKey(world.account_id, phone.device_id, 0)


def die(patch: pytest.MonkeyPatch, number: int, *, after: bool) -> Callable[[], int]:
    """Let the process die before or after its `number`th AWS request; tells how many it made."""
    original, made = botocore.client.BaseClient._make_api_call, [0]

    def counted(self: Any, operation: str, arguments: Any) -> Any:
        made[0] += 1
        if made[0] == number and not after:
            raise KilledError
        answer = original(self, operation, arguments)
        if made[0] == number and after:
            raise KilledError
        return answer

    patch.setattr(botocore.client.BaseClient, "_make_api_call", counted)
    return lambda: made[0]


def once_before(patch: pytest.MonkeyPatch, module: Any, name: str, act: Callable[[], Any]) -> None:
    """Let `act` happen right before the next call of a function, once."""
    original = getattr(module, name)

    def first(*args: Any, **more: Any) -> Any:
        patch.setattr(module, name, original)
        act()
        return original(*args, **more)

    patch.setattr(module, name, first)


def story(account_id: str) -> list[str]:
    entries = opt_out_list.list_trail(account_id, NUMBER, 100, None).items
    return [entry.effect.value for entry in reversed(entries)]


def gone_out(world: World, phone: FakeRadioPhone, seconds: int = 60) -> int:
    """Let the phone send what it is offered for a while; how many messages it sent."""
    sent = 0
    for _ in range(seconds):
        offers = phone.take_offers()
        if offers:
            verdicts = phone.claim(*offers)
            going = [verdict for verdict in verdicts if verdict["verdict"] == "go"]
            sent += len(going)
            if going:
                phone.report("Sent", *going)
        world.advance(1)
    return sent


def requests_of_a_stop(world: World, lane: LaneKey, monkeypatch: pytest.MonkeyPatch) -> int:
    with monkeypatch.context() as patch:
        count = die(patch, 0, after=False)
        receive(lane, "STOP", "+254712345699")
    return count()


def test_a_stop_makes_as_many_requests_as_the_crash_tests_know(
    world: World, lane: LaneKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert requests_of_a_stop(world, lane, monkeypatch) <= max(CRASHES)


CRASHES = range(1, 20)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("number", CRASHES)
def test_a_handler_that_dies_at_any_request_leaves_one_opt_out_and_one_confirmation(
    world: World, phone: FakeRadioPhone, lane: LaneKey, monkeypatch: pytest.MonkeyPatch, number: int, after: bool
) -> None:
    with monkeypatch.context() as patch:
        requests = die(patch, number, after=after)
        try:
            receive(lane, "STOP", phone_message_id="7")
        except KilledError:
            pass
        else:
            assert requests() < number
    account_settings.forget()
    world.clock.shift(1)
    receive(lane, "STOP", phone_message_id="7")
    assert contacts.get(world.account_id, NUMBER).opted_out
    assert story(world.account_id) == ["opted-out"]
    assert len(world.cloud.items("jobs")) == 1
    assert gone_out(world, phone) == 1


def test_a_confirmation_whose_maker_died_is_offered_by_the_timer_that_it_set_before(
    world: World, phone: FakeRadioPhone, lane: LaneKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dying(*_: Any) -> bool:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(matching, "match", dying)
        with pytest.raises(KilledError):
            receive(lane, "STOP")
    assert phone.offers == []
    world.advance(12)
    assert len(phone.offers) == 1


def test_the_same_message_five_times_is_confirmed_once(world: World, phone: FakeRadioPhone, lane: LaneKey) -> None:
    effects = [receive(lane, "STOP", phone_message_id="7") for _ in range(5)]
    assert effects == [Effect.OPTED_OUT] * 5
    assert gone_out(world, phone) == 1
    receive(lane, "STOP", phone_message_id="7")
    assert gone_out(world, phone) == 0
    assert story(world.account_id) == ["opted-out"] and len(world.cloud.items("jobs")) == 1


@pytest.mark.parametrize(("module", "name"), [(table, "transact"), (pool, "publish_new"), (matching, "match")])
def test_the_same_message_from_two_connections_at_once_is_confirmed_once(
    world: World, phone: FakeRadioPhone, lane: LaneKey, monkeypatch: pytest.MonkeyPatch, module: Any, name: str
) -> None:
    once_before(monkeypatch, module, name, lambda: receive(lane, "STOP", phone_message_id="7"))
    receive(lane, "STOP", phone_message_id="7")
    assert story(world.account_id) == ["opted-out"]
    assert len(world.cloud.items("jobs")) == 1
    assert gone_out(world, phone) == 1


def test_a_repetition_after_an_hour_confirms_nothing_any_more(world: World, lane: LaneKey) -> None:
    with pytest.MonkeyPatch.context() as patch, pytest.raises(KilledError):
        die(patch, 7, after=False)
        receive(lane, "STOP", phone_message_id="7")
    assert story(world.account_id) == ["opted-out"] and world.cloud.items("jobs") == []
    world.clock.shift(3_600)
    receive(lane, "STOP", phone_message_id="7")
    assert world.cloud.items("jobs") == []


def test_a_start_that_meets_a_stop_sees_what_it_did(
    world: World, lane: LaneKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    once_before(monkeypatch, table, "transact", lambda: receive(lane, "STOP"))
    assert receive(lane, "START") is Effect.OPTED_IN
    assert story(world.account_id) == ["opted-out", "opted-in"]
    assert not contacts.get(world.account_id, NUMBER).opted_out


def test_two_stops_that_meet_are_one_opt_out(world: World, lane: LaneKey, monkeypatch: pytest.MonkeyPatch) -> None:
    once_before(monkeypatch, table, "transact", lambda: receive(lane, "STOP"))
    assert receive(lane, "QUIT") is Effect.NONE
    assert story(world.account_id) == ["opted-out"] and len(world.cloud.items("jobs")) == 1


def test_a_stop_by_sms_and_one_by_the_api_that_meet_are_one_opt_out(
    world: World, lane: LaneKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    once_before(monkeypatch, table, "transact", lambda: receive(lane, "STOP"))
    opt_out, is_new = opt_outs.add(world.account_id, NUMBER, "api:cli_0", "asked", now_ms())
    assert (opt_out.reason, is_new) == ("STOP", False)
    assert story(world.account_id) == ["opted-out"]


def test_many_stops_and_starts_at_once_leave_a_story_that_alternates_and_ends_as_things_are(
    world: World, lane: LaneKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws.one_call_at_a_time(monkeypatch)
    with ThreadPoolExecutor(8) as threads:
        effects = list(threads.map(lambda number: receive(lane, ("STOP", "START")[number % 2]), range(24)))
    told = story(world.account_id)
    assert told == [("opted-out", "opted-in")[number % 2] for number in range(len(told))]
    assert contacts.get(world.account_id, NUMBER).opted_out is (told[-1] == "opted-out")
    assert len(told) == sum(effect is not Effect.NONE for effect in effects)
    assert len(world.cloud.items("jobs")) == len(told)


def test_the_story_is_in_the_order_of_the_changes_also_when_a_clock_runs_behind(world: World, lane: LaneKey) -> None:
    receive(lane, "STOP")
    world.clock.shift(-5)
    receive(lane, "START")
    receive(lane, "STOP")
    entries = opt_out_list.list_trail(world.account_id, NUMBER, 100, None).items
    assert [entry.effect.value for entry in entries] == ["opted-out", "opted-in", "opted-out"]
    assert len({entry.at for entry in entries}) == 3


def test_a_refused_confirmation_for_another_reason_is_not_swallowed(
    world: World, lane: LaneKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: Any) -> bool:
        raise TransactionRefusedError(["None", "TransactionConflict"])

    with monkeypatch.context() as patch:
        patch.setattr(pool, "publish_new", busy)
        with pytest.raises(TransactionRefusedError):
            receive(lane, "STOP", phone_message_id="7")
    assert world.cloud.items("jobs") == []
    receive(lane, "STOP", phone_message_id="7")
    assert len(world.cloud.items("jobs")) == 1
