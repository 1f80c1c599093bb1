"""What an answer that got lost leaves behind: the request was carried out, and nobody was told."""

from __future__ import annotations

import json
from dataclasses import replace

from botocore.exceptions import ReadTimeoutError

from smskit.dispatch.store import pool
from smskit.phones.store import lanes
from tests.support.path import behind, lane_of, refuse
from tests.support.world import World


def lose_the_answer() -> None:
    raise ReadTimeoutError(endpoint_url="https://dynamodb")


def test_an_offer_goes_out_although_the_answer_to_its_credit_was_lost(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    job = world.job()
    met = behind("UpdateItem", lose_the_answer, when=lambda body: job.job_id in json.dumps(body))
    world.pump()
    assert met and [offer["jobId"] for offer in phone.offers] == [job.job_id]
    phone.claim(phone.offers[0])
    assert lane_of(world, phone).held.keys() == {job.job_id}


def test_an_offer_goes_out_although_the_answer_to_its_entrys_removal_was_lost(world: World) -> None:
    job = world.job()
    world.pump()
    assert pool.contains(job)
    met = behind("DeleteItem", lose_the_answer, when=lambda body: job.job_id in json.dumps(body))
    phone = world.add_phone()
    phone.connect()
    assert met and [offer["jobId"] for offer in phone.offers] == [job.job_id]
    assert not pool.contains(job)


def test_an_entry_that_stands_after_a_lost_answer_was_not_taken(world: World) -> None:
    job = world.job()
    world.pump()
    refused = refuse("DeleteItem", "InternalServerError", 1, when=lambda body: job.job_id in json.dumps(body))
    assert not pool.take(pool.scopes(job)[0], job)
    assert refused and pool.contains(job)


def test_an_offer_on_a_lane_that_is_written_whole_goes_out_although_the_answer_was_lost(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    lane = lane_of(world, phone)
    lanes.save(lane, replace(lane, setbacks=1))
    job = world.job()
    met = behind(
        "PutItem", lose_the_answer, when=lambda body: job.job_id in json.dumps(body) and "held" in json.dumps(body)
    )
    world.pump()
    assert met and [offer["jobId"] for offer in phone.offers] == [job.job_id]


def test_lanes_go_offline_although_the_answer_to_the_disconnect_was_lost(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    met = behind("UpdateItem", lose_the_answer, when=lambda body: "presence = :offline" in body["UpdateExpression"])
    world.gateway("$disconnect", phone)
    assert met and not lane_of(world, phone).is_online
