"""By which SIM a message goes: named, known, by a rule, or whichever is free."""

from __future__ import annotations

import pytest

from smskit.dispatch.logic import matching
from smskit.dispatch.store import jobs
from smskit.models.job import Target
from smskit.models.lane import MAX_SETBACKS
from smskit.phones.store import ready_lanes
from tests.support import routing
from tests.support.inbox import ALICE, Inbox, sms
from tests.support.routing import chosen, refusal, rule, send, taken, takers
from tests.support.setbacks import change
from tests.support.world import FakeRadioPhone

FLEET = 5


@pytest.fixture
def fleet(inbox: Inbox) -> list[FakeRadioPhone]:
    return [inbox.phone() for _ in range(FLEET)]


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
