"""Orders of events that are narrow, and in which a job waited, went out wrong, or cost what it should not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from smskit import aws
from smskit.dispatch.logic import matching, offers
from smskit.platform.times import now_ms
from tests.support.client_api import ClientApi
from tests.support.path import lane_of
from tests.support.world import FakeRadioPhone, World

NUMBERS = [f"+2547123456{number:02d}" for number in range(10)]


def before_a_write_of_a_lane(act: Callable[[], None]) -> list[str]:
    """Let something happen just before the next write of a lane."""
    met: list[str] = []

    def hook(params: dict[str, Any], **_: Any) -> None:
        if not met and '"window"' in params["body"].decode():
            met.append("met")
            act()

    for operation in ("PutItem", "TransactWriteItems"):
        aws.client("dynamodb").meta.events.register_first(f"before-call.dynamodb.{operation}", hook)
    return met


def busy_phone(world: World) -> FakeRadioPhone:
    """A phone whose window is full of an ordinary message: it may still have one urgent job."""
    phone = world.add_phone()
    phone.window = 1
    phone.connect()
    world.job(0, recipient=NUMBERS[0])
    world.pump()
    phone.claim(*phone.take_offers())
    assert (lane_of(world, phone).credits, lane_of(world, phone).readiness) == (0, 1)
    return phone


def offered(phone: FakeRadioPhone) -> list[str]:
    return [offer["jobId"] for offer in phone.offers]


def test_an_otp_that_comes_while_its_lane_gets_the_credit_for_it_back_is_seen(world: World) -> None:
    """The lane has looked, the dispatcher finds it at credit -1 and publishes, the lane is written at credit 0."""
    phone = busy_phone(world)
    first = world.job(10, recipient=NUMBERS[1])
    world.pump()
    (offer,) = phone.take_offers()
    phone.claim(offer)
    assert (offer["jobId"], lane_of(world, phone).credits) == (first.job_id, -1)
    made = []

    def otp_comes() -> None:
        made.append(world.job(10, recipient=NUMBERS[2]).job_id)
        world.pump("urgent")

    met = before_a_write_of_a_lane(otp_comes)
    phone.report("Sent", offer)
    assert met and offered(phone) == made


@pytest.mark.parametrize("how", ["silent", "declined", "failed"])
def test_a_busy_phone_gets_the_otp_that_a_free_one_may_not_have(world: World, how: str) -> None:
    busy, free = busy_phone(world), world.add_phone()
    free.connect()
    otp = world.job(10, recipient=NUMBERS[1])
    world.pump()
    (offer,) = free.take_offers()
    if how == "declined":
        free.say({"type": "decline", "items": [{"jobId": offer["jobId"], "token": offer["token"], "reason": "x"}]})
    elif how == "failed":
        free.claim(offer)
        free.report("Failed", offer, error="no_service")
    world.advance(3)
    assert offered(busy) == [otp.job_id]


def test_an_otp_whose_offer_never_came_to_be_goes_to_its_own_phone_by_the_early_timer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dispatcher died between the timer and the hold, and there is no other phone."""

    class DiedError(BaseException):
        pass

    phone = world.add_phone()
    phone.connect()
    otp = world.job(10)
    arm = offers.Tries.arm

    def die_behind(*arguments: Any) -> None:
        arm(*arguments)
        raise DiedError

    with monkeypatch.context() as crash:
        crash.setattr(offers.Tries, "arm", die_behind)
        with pytest.raises(DiedError):
            world.pump("urgent")
    world.advance(3)
    assert offered(phone) == [otp.job_id]


def test_under_a_key_that_is_used_again_the_text_that_was_taken_back_is_never_sent(
    sent_world: tuple[World, ClientApi],
) -> None:
    """SQS had the first message, though its answer was lost; the client was told that nothing was kept."""
    world, api = sent_world
    phone = world.add_phone()
    phone.connect()
    lost: list[str] = []

    def lose(**_: Any) -> None:
        if not lost:
            lost.append("lost")
            raise ReadTimeoutError(endpoint_url="https://sqs")

    aws.client("sqs").meta.events.register_last("after-call.sqs.SendMessage", lose)
    assert api.send(recipient=NUMBERS[1], message="OLD text", idempotencyKey="k").status == 503
    world.clock.shift(2)
    assert api.send(recipient=NUMBERS[2], message="NEW text", idempotencyKey="k").status == 202
    world.pump()
    sent = []
    for _ in range(2):
        for offer in phone.take_offers():
            (verdict,) = phone.claim(offer)
            if verdict["verdict"] == "go":
                sent.append((offer["recipient"], offer["message"]))
                phone.report("Sent", offer)
        world.advance(60)
    assert sent == [(NUMBERS[2], "NEW text")]


def test_an_offer_of_what_was_taken_back_is_refused_though_its_job_was_made_anew(
    sent_world: tuple[World, ClientApi],
) -> None:
    world, api = sent_world
    phone = world.add_phone()
    phone.connect()
    sqs = aws.client("sqs").meta.events

    def lose(**_: Any) -> None:
        raise ReadTimeoutError(endpoint_url="https://sqs")

    sqs.register_last("after-call.sqs.SendMessage", lose)
    assert api.send(recipient=NUMBERS[1], message="OLD text", idempotencyKey="k").status == 503
    sqs.unregister("after-call.sqs.SendMessage", lose)
    world.pump()
    (old,) = phone.take_offers()
    world.clock.shift(2)
    assert api.send(recipient=NUMBERS[2], message="NEW text", idempotencyKey="k").status == 202
    (verdict,) = phone.claim(old)
    assert verdict["verdict"] == "gone"


def test_what_waits_behind_hundreds_of_overdue_jobs_is_found_when_the_janitor_has_ended_them(world: World) -> None:
    phone = world.add_phone()
    phone.window = 1
    phone.connect()
    world.job(0, recipient=NUMBERS[0])
    world.pump()
    (held,) = phone.take_offers()
    phone.claim(held)
    campaign = []
    for number in range(240):
        world.clock.shift(0.001)
        campaign.append(world.job(0, validity=1200, recipient=f"+2547124{number:05d}"))
    world.cloud.sqs.purge_queue(QueueUrl=world.cloud.queues["bulk"])
    matching.publish(campaign, now_ms())
    world.clock.shift(1)
    fresh = world.job(0, recipient=NUMBERS[3])
    world.pump()
    for _ in range(4):
        world.clock.shift(295)
        phone.say({"type": "heartbeat", "sims": [{"simSlot": 0, "isReady": True}]})
    world.clock.shift(21)
    phone.report("Sent", held)
    for _ in range(6):
        world.advance(10)
    world.tick()
    for _ in range(2):  # a heartbeat would come within five minutes; nobody else looks
        world.advance(4)
    assert set(offered(phone)) == {fresh.job_id}


@pytest.mark.parametrize("how", ["silent", "another journal"])
def test_what_may_have_been_sent_stays_spent_in_the_hours_budget(world: World, how: str) -> None:
    phone = world.add_phone(limit=10)
    phone.window = 10
    phone.connect()
    for number in range(30):
        world.job(0, recipient=f"+2547123{number:05d}")
    world.pump()
    went = [verdict for verdict in phone.claim(*phone.take_offers()) if verdict["verdict"] == "go"]
    assert len(went) == 9  # of ten, one is kept for urgent jobs
    if how == "silent":
        world.advance(300)
        phone.say({"type": "heartbeat"})
        world.advance(330)
    else:
        phone.drop()
        world.clock.shift(5)
        phone.journal_id = "another"
        phone.connect()
    world.advance(5)
    assert phone.offers == []
