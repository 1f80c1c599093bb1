"""Offers, ends and reports that meet at the wrong moment, and what is counted of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from smskit.dispatch.logic import matching, phone_changes
from smskit.dispatch.store import jobs, pool
from smskit.errors import AnswerLostError, ContentionError
from smskit.models.job import JobStatus, Target
from smskit.phones.logic import settings as device_settings
from smskit.phones.logic.settings import DeviceChange
from smskit.platform import dynamodb, patience
from smskit.platform.ids import new_id
from smskit.platform.times import now_ms
from smskit.sending.logic import cancel
from tests.functions.dispatch.test_given_up import run_too_often
from tests.support.path import lane_of
from tests.support.setbacks import backlog, connected, statuses
from tests.support.world import World


def test_a_job_whose_message_was_given_up_is_another_phones_once_it_came_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = connected(world)
    job = world.job(5)
    world.pump()
    assert dead.take_offers()
    run_too_often(world, job, monkeypatch)
    dead.drop()  # the timer of its offer puts the job back
    world.advance(18)
    other = connected(world)
    world.advance(1)
    (offer,) = other.offers
    world.advance(1)  # and now comes the timer that ends what is in nobody's hands
    assert other.claim(offer)[0]["verdict"] == "go"


def test_an_offer_to_the_old_socket_while_the_new_one_comes_up_is_made_again_with_the_hello(world: World) -> None:
    phone = connected(world)
    world.advance(5)
    world.wire.open[phone.connection] = lambda frame: None  # nobody reads it, and the gateway doesn't know yet
    began = now_ms()
    world.clock.shift(0.3)
    job = world.job(10, validity=60)
    world.pump()
    world.clock.shift(0.3)
    world.connections += 1
    phone.connection, phone.connected_at = f"conn{world.connections:04d}=", began
    world.wire.open[phone.connection] = phone._take
    assert world.gateway("$connect", phone)["statusCode"] == 200
    phone.say(phone.hello_frame())
    assert [offer["jobId"] for offer in phone.offers] == [job.job_id]
    assert not lane_of(world, phone).strikes


@pytest.mark.parametrize("at_once", [True, False], ids=["in one frame", "one by one"])
def test_failures_for_good_count_as_many_as_they_are(world: World, at_once: bool) -> None:
    phone = world.add_phone(limit=10_000)
    phone.window = 10
    phone.connect()
    queued = backlog(world, 60)
    world.pump()
    while phone.offers:
        offers = phone.take_offers()
        phone.claim(*offers)
        for some in [offers] if at_once else [[offer] for offer in offers]:
            phone.report("Failed", *some, error="permission_denied")
    assert statuses(world, queued).count(JobStatus.FAILED) <= 12


def test_a_cancel_whose_answer_is_lost_is_a_cancel(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    job = world.job(5)
    world.pump()
    plain, lost = dynamodb._once, list[str]()

    def once(name: str, arguments: dict[str, Any]) -> Any:
        answer = plain(name, arguments)
        if not lost and name == "update_item" and ":from" in arguments["ExpressionAttributeValues"]:
            lost.append(name)
            raise AnswerLostError("ReadTimeout")
        return answer

    monkeypatch.setattr(dynamodb, "_once", once)
    monkeypatch.setattr(patience, "pause", lambda _: None)
    assert cancel.cancel(world.account_id, job.job_id, now_ms()).status is JobStatus.CANCELLED
    assert lost and not pool.contains(job)
    with pytest.raises(Exception, match="Only a Pending job"):
        cancel.cancel(world.account_id, job.job_id, now_ms() + 1)


def test_pieces_that_fail_do_not_multiply(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    off, away = connected(world), connected(world)
    away.drop()
    first = world.job(1, Target(off.device_id), Target(away.device_id))
    world.cloud.sqs.purge_queue(QueueUrl=world.cloud.queues["standard"])
    made = [replace(first, job_id=new_id("job", now_ms()), created_at=now_ms() + number) for number in range(100)]
    for job in made:
        jobs.create(job)
    pool.publish(made)
    off.drop()
    device_settings.change(world.account_id, off.device_id, DeviceChange(is_enabled=False))
    runs, end = list[str](), matching.end_if_refused

    def fails_at_first(job: Any, *given: Any) -> bool:
        position = made.index(job)
        runs.extend([job.job_id] if position % phone_changes.PIECE == 0 else [])
        if runs.count(job.job_id) == 1:
            raise ContentionError("throttled")
        return end(job, *given)

    monkeypatch.setattr(matching, "end_if_refused", fails_at_first)
    for _ in range(40):
        world.advance(16)
    assert len(runs) <= 3 * len(made) // phone_changes.PIECE  # of itself, and of the change that began it
