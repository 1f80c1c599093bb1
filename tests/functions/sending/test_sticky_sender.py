"""Sends that name no phone prefer the SIM that the recipient wrote to last; when it isn't ready, another one sends."""

from __future__ import annotations

import pytest

from tests.support.inbox import ALICE, BOB, Inbox, sms
from tests.support.world import FakeRadioPhone

FLEET = 6


@pytest.fixture
def fleet(inbox: Inbox) -> list[FakeRadioPhone]:
    """Phones of which the third has got an SMS from Alice."""
    phones = [inbox.phone() for _ in range(FLEET)]
    phones[2].receive(sms())
    return phones


def takers(inbox: Inbox, fleet: list[FakeRadioPhone]) -> list[int]:
    """Which phones were offered what was sent."""
    inbox.world.pump("urgent", "standard", "bulk")
    return [position for position, phone in enumerate(fleet) for _ in phone.take_offers()]


@pytest.mark.parametrize("priority", [0, 5, 10])
def test_a_send_goes_to_the_owner_while_it_is_ready(inbox: Inbox, fleet: list[FakeRadioPhone], priority: int) -> None:
    for number in range(3):
        assert inbox.api.send(recipient=ALICE, priority=priority, message=str(number)).status == 202
    assert takers(inbox, fleet) == [2, 2, 2]


def test_a_send_that_the_owner_has_no_room_for_goes_to_another(inbox: Inbox, fleet: list[FakeRadioPhone]) -> None:
    for number in range(5):
        inbox.api.send(recipient=ALICE, message=str(number))
    found = takers(inbox, fleet)
    assert len(found) == 5 and found.count(2) == 3, "a SIM holds three at a time"


@pytest.mark.parametrize("how", ["with a word", "in silence"])
def test_a_send_goes_to_another_while_the_owner_is_gone(inbox: Inbox, fleet: list[FakeRadioPhone], how: str) -> None:
    fleet[2].drop(disconnect=how == "with a word")
    inbox.api.send(recipient=ALICE)
    (taker,) = takers(inbox, fleet) or _after_the_timer(inbox, fleet)
    assert taker != 2


def _after_the_timer(inbox: Inbox, fleet: list[FakeRadioPhone]) -> list[int]:
    inbox.world.advance(1)
    return takers(inbox, fleet)


def test_a_send_that_the_owner_leaves_unanswered_goes_to_another(inbox: Inbox, fleet: list[FakeRadioPhone]) -> None:
    inbox.api.send(recipient=ALICE)
    assert takers(inbox, fleet) == [2]
    inbox.world.advance(11)
    (taker,) = takers(inbox, fleet)
    assert taker != 2


def test_a_send_that_names_a_phone_goes_there(inbox: Inbox, fleet: list[FakeRadioPhone]) -> None:
    inbox.api.send(recipient=ALICE, devices=[fleet[4].device_id])
    assert takers(inbox, fleet) == [4]


def test_the_owner_is_the_phone_that_was_written_to_last(inbox: Inbox, fleet: list[FakeRadioPhone]) -> None:
    fleet[5].receive(sms())
    inbox.api.send(recipient=ALICE)
    assert takers(inbox, fleet) == [5]


def test_an_owner_sim_that_nobody_knows_is_passed_over(inbox: Inbox, fleet: list[FakeRadioPhone]) -> None:
    fleet[3].receive(sms(simSlot=6))
    inbox.api.send(recipient=ALICE)
    assert len(takers(inbox, fleet)) == 1


def test_others_are_spread_over_the_fleet(inbox: Inbox, fleet: list[FakeRadioPhone]) -> None:
    for number in range(12):
        inbox.api.send(recipient=BOB, message=str(number))
    assert len(set(takers(inbox, fleet))) > 1
