"""What a message costs on slow networks, where every claim comes too late or is said twice."""

from __future__ import annotations

import random

import pytest

from smskit.dispatch.logic.due_offers import MAX_HEDGES
from tests.model import arrivals
from tests.model.running import Runner
from tests.model.slow import slow_network
from tests.model.violations import violations

FLEET, SECONDS = 40, 120
SLOW, SOUND = (2_900, 3_100), (0, 0)
OFFER_S = 10


@pytest.mark.parametrize(("priority", "hedges"), [(0, 0), (10, MAX_HEDGES)])
def test_an_offer_that_is_claimed_too_late_leads_to_one_more_and_not_to_two(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, priority: int, hedges: int
) -> None:
    network = slow_network(runner, monkeypatch.setattr, 5, [SLOW] * FLEET)
    job_id = network.accept(1, priority)
    network.go(SECONDS)
    assert SECONDS // OFFER_S - 2 <= network.offers[job_id] <= (1 + hedges) * SECONDS // OFFER_S


def test_lanes_that_lose_a_message_to_another_offer_it_no_more(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    network = slow_network(runner, monkeypatch.setattr, 5, [SLOW] * FLEET)
    accepted = [network.accept(number, 0) for number in range(5)]
    network.go(SECONDS)
    assert max(network.offers[job_id] for job_id in accepted) <= 2 * SECONDS // OFFER_S


def test_a_phone_whose_claims_are_late_comes_behind_others_although_it_says_them_again(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = slow_network(runner, monkeypatch.setattr, 5, [SLOW, SOUND, SOUND, SOUND])
    for number in range(100):
        network.accept(number, 5)
        network.go(3)
    assert network.given[network.phones[0]] <= 5
    assert sum(network.given.values()) >= 100


@pytest.mark.parametrize("seed", [*range(12), 22, 23, 25, 66, 75, 125, 130, 150])
def test_once_the_network_is_quick_again_all_that_waited_comes_to_its_end(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    choice = random.Random(seed)
    lags = [choice.choice([(4_400, 5_600), (2_500, 4_500), (100, 6_000), (4_900, 5_100)]) for _ in range(1 + seed % 4)]
    network = slow_network(runner, monkeypatch.setattr, seed, lags)
    for _ in range(choice.randint(1, 4)):
        arrivals.accept(network)
        network.go(choice.randint(0, 5))
    network.go(choice.choice([30, 60]))
    assert max(network.offers.values(), default=0) <= 50
    network.lag.clear()
    network.go(60)
    network.settle()
    assert violations(network) == []
