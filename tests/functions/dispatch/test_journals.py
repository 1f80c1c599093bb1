"""What a phone's journal can say of a job that had `go`, and what nobody can say without it."""

from __future__ import annotations

from typing import Any

import pytest

from smskit.dispatch.logic import hello
from smskit.models.job import JobStatus
from smskit.phones.store import devices
from tests.support.path import lane_of
from tests.support.world import FakeRadioPhone, World


def claimed(world: World, phone: FakeRadioPhone) -> Any:
    """A job that the phone has claimed and got `go` for, as its connection is lost."""
    phone.connect()
    job = world.job()
    world.pump()
    assert phone.claim()[0]["verdict"] == "go"
    world.clock.shift(1)
    phone.drop()
    world.clock.shift(1)
    return job


def error_of(world: World, job: Any) -> str | None:
    stored = world.stored(job)
    return stored.error.code if stored.error else None


def test_the_same_journal_may_disown_what_it_lacks(world: World) -> None:
    phone = world.add_phone()
    job = claimed(world, phone)
    phone.connect()
    assert world.stored(job).status is JobStatus.PENDING
    assert [offer["jobId"] for offer in phone.offers] == [job.job_id]


@pytest.mark.parametrize("other", ["another journal", None])
def test_under_another_journal_what_had_go_is_unknown_and_never_sent_again(world: World, other: str | None) -> None:
    phone = world.add_phone()
    job = claimed(world, phone)
    phone.journal_id = other
    phone.connect()
    assert error_of(world, job) == "outcome_unknown" and not phone.offers
    assert not lane_of(world, phone).held and lane_of(world, phone).credits == 3
    world.advance(700)
    assert error_of(world, job) == "outcome_unknown" and not phone.offers
    assert [entry.event for entry in world.stored(job).timeline][-1] == "outcome_unknown"


def test_a_job_that_is_named_stands_under_any_journal(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    job = world.job()
    world.pump()
    (offer,) = phone.take_offers()
    phone.claim(offer)
    world.clock.shift(1)
    phone.journal_id = "another journal"
    named = [{"jobId": offer["jobId"], "token": offer["token"], "state": "Claimed"}]
    welcome = phone.connect(named)
    assert [entry["action"] for entry in welcome["resolve"]] == ["go"]
    assert world.stored(job).status is JobStatus.ASSIGNED


def test_a_phone_that_never_says_a_journal_can_disown_nothing(world: World) -> None:
    phone = world.add_phone()
    phone.journal_id = None
    job = claimed(world, phone)
    phone.connect()
    assert error_of(world, job) == "outcome_unknown"


def test_the_first_journal_does_not_count_as_the_same_when_it_comes_back(world: World) -> None:
    """What was claimed meanwhile stands in the other one."""
    phone = world.add_phone()
    first = phone.journal_id
    phone.connect()
    phone.drop()
    world.clock.shift(1)
    phone.journal_id = None
    job = claimed(world, phone)
    phone.journal_id = first
    phone.connect()
    assert error_of(world, job) == "outcome_unknown"


def test_an_unclaimed_offer_goes_back_under_any_journal(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    job = world.job()
    world.pump()
    world.clock.shift(1)
    phone.journal_id = "another journal"
    phone.connect()
    assert world.stored(job).status is JobStatus.PENDING
    assert [offer["jobId"] for offer in phone.offers] == [job.job_id]


def test_a_hello_that_dies_half_way_leaves_the_journal_as_another_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = world.add_phone()
    job = claimed(world, phone)
    phone.journal_id = "another journal"

    class DiedError(BaseException):
        pass

    def dies(*_: Any, **__: Any) -> None:
        raise DiedError

    with monkeypatch.context() as crash:
        crash.setattr(hello, "_reconcile_lane", dies)
        with pytest.raises(DiedError):
            phone.connect()
    phone.connect()
    assert error_of(world, job) == "outcome_unknown"
    device = devices.get(world.account_id, phone.device_id)
    assert device is not None and device.journal_id == "another journal"


def test_a_later_word_of_the_phone_corrects_what_was_unknown(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    job = world.job()
    world.pump()
    (offer,) = phone.take_offers()
    phone.claim(offer)
    world.clock.shift(1)
    phone.journal_id = "another journal"
    phone.connect()
    phone.report("Sent", offer)
    assert world.stored(job).status is JobStatus.SENT


@pytest.mark.parametrize("wrong", ["", "x" * 65, 7])
def test_a_journal_that_is_no_id_is_refused(world: World, wrong: Any) -> None:
    phone = world.add_phone()
    phone.connect(hello=False)
    answer = phone.say(phone.hello_frame() | {"journalId": wrong})
    assert answer["type"] == "error" and "journalId" in answer["message"]
