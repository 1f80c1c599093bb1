"""Rules whose SIMs go, and messages that keep the rule they were accepted by."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from smskit import aws
from smskit.models.job import JobStatus
from smskit.phones.logic import settings as phone_settings
from smskit.phones.logic.settings import DeviceChange, SimChange
from tests.support import routing
from tests.support.aws import Cloud
from tests.support.inbox import ALICE, BOB, Inbox
from tests.support.meter import Meter
from tests.support.routing import chosen, refusal, rule, send, taken, takers
from tests.support.world import FakeRadioPhone


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel("2026-06-23T10:00:00Z", tick=False) as travelled:
        yield travelled


@pytest.fixture
def fleet(inbox: Inbox) -> list[FakeRadioPhone]:
    return [inbox.phone() for _ in range(5)]


def unusable(inbox: Inbox, phone: FakeRadioPhone, how: str) -> None:
    match how:
        case "disabled":
            phone_settings.change(inbox.account_id, phone.device_id, DeviceChange(is_enabled=False))
        case "removed":
            phone_settings.revoke(inbox.account_id, phone.device_id)
        case _:
            phone_settings.change_sim(inbox.account_id, phone.device_id, 0, SimChange(is_enabled=False))
    inbox.world.pump("timers")


HOW = ["disabled", "removed", "SIM disabled"]


@pytest.mark.parametrize("how", HOW)
def test_a_rule_of_which_no_sim_may_be_used_strands_nothing(
    inbox: Inbox, fleet: list[FakeRadioPhone], how: str
) -> None:
    routing.set_rules(
        inbox.account_id, rule(fleet[3], fallback="wait"), rule(fleet[3], name="Any", prefix="+25472", fallback="any")
    )
    fleet[3].drop()
    waiting = send(inbox)
    takers(inbox, fleet)
    unusable(inbox, fleet[3], how)
    inbox.world.advance(2)
    status = inbox.api.status(waiting).body
    assert status["status"] == JobStatus.DEAD_LETTER, "one that waited for it ends"
    assert refusal(inbox) == 'No SIM of the routing rule "Safaricom" is enabled', "the next ones aren't accepted"
    send(inbox, recipient=BOB)
    assert takers(inbox, fleet) != [], "where any may take it, any does"


@pytest.mark.parametrize("how", HOW)
def test_of_a_rule_with_several_the_others_go_on(inbox: Inbox, fleet: list[FakeRadioPhone], how: str) -> None:
    routing.set_rules(inbox.account_id, rule(fleet[3], fleet[1], fallback="wait"))
    unusable(inbox, fleet[3], how)
    send(inbox)
    assert takers(inbox, fleet) == [1]


def test_a_message_that_none_of_them_may_ever_send_is_refused(inbox: Inbox) -> None:
    small = inbox.world.add_phone(limit=2)
    small.connect()
    inbox.phone()
    routing.set_rules(inbox.account_id, rule(small, fallback="wait"))
    assert "more segments" in refusal(inbox, message="x" * 600)


def test_one_to_be_sent_later_keeps_the_rule_it_was_accepted_by(inbox: Inbox, fleet: list[FakeRadioPhone]) -> None:
    routing.set_rules(inbox.account_id, rule(fleet[3], fallback="wait"))
    job_id = send(inbox, sendAt="2026-06-23T10:01:00Z")
    routing.set_rules(inbox.account_id, rule(fleet[1], fallback="wait", name="Other"))
    inbox.world.advance(61)
    taken(inbox, fleet[3])
    assert chosen(inbox, job_id) == ("rule", "Safaricom")


def test_a_repeated_key_is_told_the_first_job_whatever_the_rules_are_by_then(
    inbox: Inbox, fleet: list[FakeRadioPhone]
) -> None:
    first = send(inbox, idempotencyKey="k")
    routing.set_rules(inbox.account_id, rule(fleet[3], fallback="wait"))
    assert send(inbox, idempotencyKey="k") == first


def test_each_row_of_a_bulk_request_goes_by_its_own_rule(inbox: Inbox, fleet: list[FakeRadioPhone]) -> None:
    fleet[4].drop()
    unusable(inbox, fleet[0], "removed")
    routing.set_rules(
        inbox.account_id,
        rule(fleet[3], fallback="wait"),
        rule(fleet[1], name="Airtel", prefix="+25472", fallback="wait"),
        rule(fleet[4], name="Telkom", prefix="+25477", fallback="wait"),
    )
    unusable(inbox, fleet[4], "disabled")
    recipients = [{"recipient": number} for number in (ALICE, BOB, "+254770000001", "+254733000001")]
    answer = inbox.api.post("/api/sms/send/bulk", {"message": "Hello", "recipients": recipients})
    assert answer.status == 202, answer.body
    (refused,) = answer.body["refused"]
    assert refused["row"] == 2 and "Telkom" in str(refused)
    inbox.world.advance(2)
    offered = {offer["recipient"]: position for position, phone in enumerate(fleet) for offer in phone.take_offers()}
    assert offered[ALICE] == 3 and offered[BOB] == 1
    assert "+254733000001" in offered


def test_no_rule_holds_in_a_test_world(inbox: Inbox, fleet: list[FakeRadioPhone]) -> None:
    routing.set_rules(inbox.account_id, rule(fleet[3], fallback="wait"))
    tests = inbox.api.test_client()
    answer = tests.send(recipient="+254700000001")
    assert answer.status == 202, answer.body
    stored = [item for item in inbox.cloud.items("jobs") if item["pk"] == answer.body["jobId"]]
    assert "route" not in stored[0] and "targets" not in stored[0]


@pytest.mark.parametrize("fallback", ["any", "wait"])
def test_a_message_costs_no_request_more_by_a_rule_whose_first_sim_is_free(
    cloud: Cloud, clock: time_machine.Coordinates, fallback: str
) -> None:
    meter = Meter(aws.session())  # before any client is made: clients copy the session's hooks
    inbox = Inbox(cloud, clock)
    phones = [inbox.phone() for _ in range(3)]
    counts = []
    for rules in ((), (rule(*phones, fallback=fallback),)):
        routing.set_rules(inbox.account_id, *rules)
        for message in ("Warms up", "Is counted"):
            meter.reset()
            send(inbox, message=message)
            inbox.world.pump("urgent", "standard", "bulk")
            counts.append(dict(meter.requests))
            (taker,) = [phone for phone in phones if phone.offers]
            (offer,) = taker.take_offers()
            taker.claim(offer)
            taker.report("Sent", offer)
    _, plain, _, routed = counts
    assert plain and routed == plain
