"""By which SIM a message goes: named, known, by a rule, or whichever is free."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from smskit import aws
from smskit.dispatch.logic import matching
from smskit.dispatch.store import jobs
from smskit.models.job import JobStatus, Target
from smskit.models.lane import MAX_SETBACKS
from smskit.phones.logic import settings as phone_settings
from smskit.phones.logic.settings import DeviceChange, SimChange
from smskit.phones.store import ready_lanes
from tests.support import routing
from tests.support.aws import Cloud
from tests.support.inbox import ALICE, BOB, Inbox, sms
from tests.support.meter import Meter
from tests.support.routing import rule
from tests.support.setbacks import change
from tests.support.world import FakeRadioPhone

FLEET = 5


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel("2026-06-23T10:00:00Z", tick=False) as travelled:
        yield travelled


@pytest.fixture
def fleet(inbox: Inbox) -> list[FakeRadioPhone]:
    return [inbox.phone() for _ in range(FLEET)]


def takers(inbox: Inbox, fleet: list[FakeRadioPhone]) -> list[int]:
    """Which phones are offered what was sent, one for each offer."""
    inbox.world.pump("urgent", "standard", "bulk")
    return [position for position, phone in enumerate(fleet) for _ in phone.take_offers()]


def send(inbox: Inbox, **changes: Any) -> str:
    answer = inbox.api.send(**({"recipient": ALICE} | changes))
    assert answer.status == 202, answer.body
    return str(answer.body["jobId"])


def refusal(inbox: Inbox, **changes: Any) -> str:
    """Why a send is refused; nothing of it is kept."""
    before = inbox.api.kept()
    answer = inbox.api.send(**({"recipient": ALICE} | changes))
    assert answer.status == 422, answer.body
    assert answer.body["type"].endswith("/no-eligible-device")
    assert inbox.api.kept() == before
    return str(answer.body["detail"])


def chosen(inbox: Inbox, job_id: str) -> tuple[str, str | None]:
    """Why it went where it did, by its timeline."""
    (entry,) = [each for each in inbox.api.status(job_id).body["timeline"] if each["event"] == "assigned"]
    return entry["choice"], entry.get("rule")


def taken(inbox: Inbox, phone: FakeRadioPhone) -> None:
    """The phone takes what it was offered."""
    inbox.world.pump("urgent", "standard", "bulk")
    assert [said["verdict"] for said in phone.claim()] == ["go"]


@pytest.mark.parametrize("priority", [0, 5, 10])
@pytest.mark.parametrize("fallback", ["any", "wait"])
def test_a_message_goes_by_the_first_sim_of_its_rule_that_is_free(
    inbox: Inbox, fleet: list[FakeRadioPhone], fallback: str, priority: int
) -> None:
    routing.set_rules(inbox.account_id, rule(fleet[3], fleet[1], fallback=fallback))
    for number in range(8):
        send(inbox, message=str(number), priority=priority)
        inbox.world.pump("urgent", "standard", "bulk")
    room = 4 if priority == 10 else 3
    found = takers(inbox, fleet)
    assert found.count(3) >= 3 and found.count(1) >= 3
    if fallback == "wait":
        assert set(found) == {1, 3} and found.count(3) <= room
    else:
        assert len(found) == 8


def test_numbers_of_no_rule_go_anywhere(inbox: Inbox, fleet: list[FakeRadioPhone]) -> None:
    routing.set_rules(inbox.account_id, rule(fleet[3], prefix="+25473"))
    for number in range(12):
        send(inbox, message=str(number))
    assert len(set(takers(inbox, fleet))) > 2


@pytest.mark.parametrize("fallback", ["any", "wait"])
def test_a_batch_goes_by_it_too(inbox: Inbox, fleet: list[FakeRadioPhone], fallback: str) -> None:
    """Ten messages in one run, more than the first SIM has room for."""
    routing.set_rules(inbox.account_id, rule(fleet[3], fleet[1], fallback=fallback))
    for number in range(10):
        send(inbox, message=str(number))
    found = takers(inbox, fleet)
    assert found.count(3) == found.count(1) == 3
    assert len(found) == (10 if fallback == "any" else 6)


def test_while_none_of_its_sims_is_free_any_takes_it_and_its_timeline_says_so(
    inbox: Inbox, fleet: list[FakeRadioPhone]
) -> None:
    routing.set_rules(inbox.account_id, rule(fleet[3]))
    fleet[3].drop()
    job_id = send(inbox)
    inbox.world.pump("urgent", "standard", "bulk")
    (taker,) = [phone for phone in fleet if phone.offers]
    taken(inbox, taker)
    assert chosen(inbox, job_id) == ("fallback", "Safaricom")


def test_one_that_waits_for_its_sims_goes_once_one_is_back(inbox: Inbox, fleet: list[FakeRadioPhone]) -> None:
    routing.set_rules(inbox.account_id, rule(fleet[3], fleet[1], fallback="wait"))
    for phone in (fleet[3], fleet[1]):
        phone.drop()
    job_id = send(inbox)
    assert takers(inbox, fleet) == []
    fleet[1].connect()
    taken(inbox, fleet[1])
    assert chosen(inbox, job_id) == ("rule", "Safaricom")


def test_an_order_of_the_request_not_to_wait_is_kept(inbox: Inbox, fleet: list[FakeRadioPhone]) -> None:
    routing.set_rules(inbox.account_id, rule(fleet[3], fallback="wait"))
    fleet[3].drop()
    assert refusal(inbox, waitForPhone=False) == 'No SIM of the routing rule "Safaricom" is online'
    fleet[3].connect()
    send(inbox, waitForPhone=False)
    assert takers(inbox, fleet) == [3]


def test_what_the_sender_names_comes_before_any_rule(inbox: Inbox, fleet: list[FakeRadioPhone]) -> None:
    routing.set_rules(inbox.account_id, rule(fleet[3], fallback="wait"))
    job_id = send(inbox, devices=[{"deviceId": fleet[2].device_id}])
    taken(inbox, fleet[2])
    assert chosen(inbox, job_id) == ("named", None)


@pytest.mark.parametrize("fallback", ["any", "wait"])
def test_the_sim_that_the_recipient_knows_comes_before_the_rule_and_the_rule_behind_it(
    inbox: Inbox, fleet: list[FakeRadioPhone], fallback: str
) -> None:
    routing.set_rules(inbox.account_id, rule(fleet[3], fallback=fallback))
    fleet[2].receive(sms(sender=ALICE))
    first = send(inbox)
    taken(inbox, fleet[2])
    assert chosen(inbox, first) == ("known", None)
    fleet[2].drop()
    second = send(inbox, message="Again")
    taken(inbox, fleet[3])
    assert chosen(inbox, second) == ("rule", "Safaricom")


def test_a_reply_goes_by_the_sim_that_was_written_to(inbox: Inbox, fleet: list[FakeRadioPhone]) -> None:
    routing.set_rules(inbox.account_id, rule(fleet[3], fallback="wait"))
    fleet[2].receive(sms(sender=ALICE))
    (conversation,) = inbox.feed()["messages"]
    path = f"/api/conversations/{conversation['conversationId']}/reply"
    assert inbox.api.post(path, {"message": "Hello"}).status == 202
    assert takers(inbox, fleet) == [2]


def test_one_that_is_free_is_told_as_that(inbox: Inbox) -> None:
    phone = inbox.phone()
    job_id = send(inbox)
    taken(inbox, phone)
    assert chosen(inbox, job_id) == ("free", None)


def test_a_sim_on_trial_comes_behind_any_that_is_sound(inbox: Inbox, fleet: list[FakeRadioPhone]) -> None:
    routing.set_rules(inbox.account_id, rule(fleet[3]))
    change(inbox.world, fleet[3], setbacks=MAX_SETBACKS)
    send(inbox)
    (taker,) = takers(inbox, fleet)
    assert taker != 3


def test_a_sim_that_an_urgent_message_may_not_go_to_hides_no_busy_one(inbox: Inbox) -> None:
    """As when the rule's first SIM was offered it, and hasn't answered."""
    asked, busy = inbox.phone(), inbox.phone()
    for number in range(3):
        inbox.world.job(0, Target(busy.device_id, 0), recipient=f"+2547330000{number:02d}")
    inbox.world.pump()
    assert len(busy.take_offers()) == 3
    routing.set_rules(inbox.account_id, rule(asked))
    job = jobs.get(send(inbox, priority=10))
    assert job is not None and job.route is not None
    found = matching.candidates(job, matching.Seen(), lambda key: key.device_id != asked.device_id)
    assert [(kind, key.device_id) for kind, key in found] == [(ready_lanes.BUSY, busy.device_id)]


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
